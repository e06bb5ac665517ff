/* Gathers the sources of the index; see compile.h. */
#include "base/banned.h"
#include <dirent.h>
#include <sys/stat.h>
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "io/json.h"
#include "licence/compile.h"
#include "licence/expr.h"

enum { MAX_TEXT_TOKENS = 60000, MAX_STR = 64 << 20, SLOTS = 1 << 17 };

char *lic_slurp(struct au_arena *a, const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	char *p;

	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode) || st.st_size > (64 << 20)) {
		fclose(f);
		return NULL;
	}
	p = au_arena_alloc(a, (size_t)st.st_size + 1);
	*ret_n = fread(p, 1, (size_t)st.st_size, f);
	fclose(f);
	return p;
}

static void list_into(struct au_arena *a, const char *dir, const char *ending, struct au_vec *v,
		      int depth)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		struct stat st;
		char *path;

		if (e->d_name[0] == '.' || !strcmp(e->d_name, "node_modules"))
			continue;
		path = au_arena_fmt(a, "%s/%s", dir, e->d_name);
		if (stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode) && depth < 4) {
			list_into(a, path, ending, v, depth + 1);
		} else if (S_ISREG(st.st_mode) && au_ends(path, ending)) {
			char **p = au_vec_push(v);

			if (p)
				*p = path;
		}
	}
	if (d)
		closedir(d);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **lic_list(struct au_arena *a, const char *dir, const char *ending, size_t *ret_n)
{
	struct au_vec v;
	char **r;

	au_vec_init(&v, sizeof(char *), 100000);
	list_into(a, dir, ending, &v, 0);
	r = au_arena_dup(a, v.p ? v.p : "", v.n * sizeof(char *));
	*ret_n = v.n;
	au_vec_release(&v);
	if (*ret_n)
		qsort(r, *ret_n, sizeof(char *), by_text);
	return r;
}

uint32_t lic_build_str(struct lic_build *b, const char *s)
{
	uint32_t at = (uint32_t)b->str.len;

	if (!s || !*s)
		return 0;
	if (au_buf_add(&b->str, s, strlen(s) + 1) != AU_OK)
		return 0;
	return at;
}

uint16_t lic_build_word(struct lic_build *b, uint32_t hash, const char *s, size_t n, bool number)
{
	uint32_t at = hash & b->slot_mask;
	struct lic_word *w;

	for (; b->slot[at]; at = (at + 1) & b->slot_mask) {
		w = AU_AT(&b->word, struct lic_word, b->slot[at]);
		if (w->hash != hash)
			continue;
		if (!w->str && s)
			w->str = lic_build_str(b, au_arena_strn(b->a, s, n));
		if (number)
			w->flag |= WF_NUMBER;
		return (uint16_t)b->slot[at];
	}
	if (b->word.n > 65000)
		return number ? LIC_NUM : LIC_OOV;
	w = au_vec_push(&b->word);
	w->hash = hash;
	w->str = s ? lic_build_str(b, au_arena_strn(b->a, s, n)) : 0;
	w->flag = number ? WF_NUMBER : 0;
	b->slot[at] = (uint32_t)b->word.n - 1;
	return (uint16_t)b->slot[at];
}

uint16_t *lic_build_tokens(struct lic_build *b, const char *s, size_t n, size_t *ret_n)
{
	uint16_t *t;

	au_tokenise((const uint8_t *)s, n, 0, &b->s);
	t = au_arena_array(b->a, b->s.n + 1, sizeof(*t));
	for (size_t i = 0; i < b->s.n; i++) {
		const char *w = s + b->s.off[i];
		size_t len = b->s.end[i] - b->s.off[i];
		uint32_t h = b->s.hash[i], c = au_word_canon(h);
		char low[64];

		if (len >= sizeof(low))
			len = sizeof(low) - 1;
		for (size_t k = 0; k < len; k++)
			low[k] = au_lower(w[k]);
		if (b->s.kind[i] & AU_TOK_COPY)
			t[i] = LIC_COPY;
		else
			t[i] = lic_build_word(b, c, c == h ? low : NULL, len,
					      b->s.kind[i] & AU_TOK_NUMBER);
	}
	*ret_n = b->s.n;
	return t;
}

struct lic_rec *lic_build_licence(struct lic_build *b, const char *id, uint32_t *ret_index)
{
	struct lic_rec *r;

	for (size_t i = 0; i < b->lic.n; i++) {
		r = AU_AT(&b->lic, struct lic_rec, i);
		if (!strcasecmp((char *)b->str.p + r->id, id)) {
			*ret_index = (uint32_t)i;
			return r;
		}
	}
	r = au_vec_push(&b->lic);
	r->id = lic_build_str(b, id);
	*ret_index = (uint32_t)b->lic.n - 1;
	return r;
}

static int add_spdx(struct lic_build *b, const char *path)
{
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	struct au_node *root;

	if (!p)
		return AU_IO;
	if (au_json_load(b->a, p, n, 1000000, NULL, &root, NULL) != AU_OK)
		return AU_BAD;
	AU_EACH(c, root) {
		uint32_t i;
		struct lic_rec *r = lic_build_licence(b, c->key, &i);
		const char *name = au_node_str(c, "name");

		if (!r->name)
			r->name = lic_build_str(b, name);
		r = AU_AT(&b->lic, struct lic_rec, i);
		if (!r->url)
			r->url = lic_build_str(b, au_node_str(c, "url"));
		r->flags |= au_node_bool(c, "osiApproved", false);
	}
	AU_EACH(c, root) {
		const struct au_node *t = au_node_get(c, "licenseText");

		if (t && t->len)
			lic_build_text(b, c->key, t->text, t->len, 0);
	}
	return AU_OK;
}

static void set_str(struct lic_build *b, uint32_t lic, uint32_t *(*field)(struct lic_rec *),
		    const char *s)
{
	uint32_t v = lic_build_str(b, s);

	if (v)
		*field(AU_AT(&b->lic, struct lic_rec, lic)) = v;
}

static uint32_t *f_name(struct lic_rec *r) { return &r->name; }
static uint32_t *f_family(struct lic_rec *r) { return &r->family; }
static uint32_t *f_class(struct lic_rec *r) { return &r->class_; }
static uint32_t *f_hub(struct lic_rec *r) { return &r->hub; }
static uint32_t *f_url(struct lic_rec *r) { return &r->url; }

static int add_record(struct lic_build *b, const char *path)
{
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	struct au_node *root;
	const char *id;
	uint32_t i;

	if (!p)
		return AU_IO;
	if (au_yaml_load(b->a, p, n, 1 << 20, &root, NULL) != AU_OK)
		return AU_BAD;
	id = au_node_str(root, "id");
	if (!id)
		return AU_OK;
	lic_build_licence(b, id, &i);
	set_str(b, i, f_name, au_node_str(root, "name"));
	set_str(b, i, f_family, au_node_str(root, "family"));
	set_str(b, i, f_class, au_node_str(root, "class"));
	set_str(b, i, f_hub, au_node_str(root, "hub"));
	set_str(b, i, f_url, au_node_str(root, "url"));
	return AU_OK;
}

/* A user's text: NAME.txt is LicenseRef-NAME. */
static int add_user_text(struct lic_build *b, const char *path)
{
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	const char *base = au_basename(path);
	char *id;
	uint32_t i;

	if (!p)
		return AU_IO;
	id = au_arena_fmt(b->a, "%s%.*s", au_istarts(base, "LicenseRef-") ? "" : "LicenseRef-",
			  (int)(strlen(base) - 4), base);
	for (char *c = id; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '.')
			*c = '-';
	lic_build_licence(b, id, &i);
	lic_build_text(b, id, p, n, LIC_T_USER);
	return AU_OK;
}

/* Takes the licences, words and texts of an index that exists. */
static void take_base(struct lic_build *b, const struct au_licence_db *db)
{
	for (size_t i = LIC_FIRST; i < db->n_words; i++) {
		const char *s = lic_str(db, db->word[i]);
		struct lic_word *w = au_vec_push(&b->word);

		w->flag = db->flag[i];
		w->str = lic_build_str(b, s);
	}
	for (size_t k = 0; k <= db->vocab_mask; k++) {
		uint32_t id = db->vocab[k].id, at = db->vocab[k].hash & b->slot_mask;
		struct lic_word *w;

		if (id < LIC_FIRST)
			continue;
		w = AU_AT(&b->word, struct lic_word, id);
		if (au_word_canon(db->vocab[k].hash) != db->vocab[k].hash)
			continue;
		w->hash = db->vocab[k].hash;
		while (b->slot[at])
			at = (at + 1) & b->slot_mask;
		b->slot[at] = id;
	}
	for (size_t i = 0; i < db->n_lic; i++) {
		const struct lic_rec *o = &db->lic[i];
		struct lic_rec *r = au_vec_push(&b->lic);
		struct lic_rec c = {
			.id = lic_build_str(b, lic_str(db, o->id)),
			.name = lic_build_str(b, lic_str(db, o->name)),
			.family = lic_build_str(b, lic_str(db, o->family)),
			.class_ = lic_build_str(b, lic_str(db, o->class_)),
			.hub = lic_build_str(b, lic_str(db, o->hub)),
			.url = lic_build_str(b, lic_str(db, o->url)),
			.flags = o->flags, .n_words = o->n_words,
		};

		*r = c;
	}
	for (size_t i = 0; i < db->n_tmpl; i++) {
		const struct lic_tmpl *o = &db->tmpl[i];
		struct lic_text *t = au_vec_push(&b->text);

		*t = (struct lic_text){ .n = o->n, .lic = o->lic, .flags = o->flags };
		t->tok = au_arena_dup(b->a, db->tok + o->tok, o->n * sizeof(*t->tok));
		t->mark = au_arena_dup(b->a, db->mark + o->tok, o->n);
	}
	for (size_t i = 0; i < db->n_node; i++)
		*(struct lic_node *)au_vec_push(&b->node) = db->node[i];
	for (size_t i = 0; i < db->h->sec[SEC_EDGE].n; i++)
		*(struct lic_edge *)au_vec_push(&b->edge) = db->edge[i];
	for (size_t i = 0; i < db->n_rule; i++) {
		struct lic_rule r = db->rule[i];

		r.name = lic_build_str(b, lic_str(db, r.name));
		r.expr = lic_build_str(b, lic_str(db, r.expr));
		*(struct lic_rule *)au_vec_push(&b->rule) = r;
	}
}

static int each(struct lic_build *b, const char *dir, const char *ending,
		int (*fn)(struct lic_build *, const char *))
{
	size_t n;
	char **list = lic_list(b->a, dir, ending, &n);

	for (size_t i = 0; i < n; i++) {
		int rc = fn(b, list[i]);

		if (rc != AU_OK) {
			if (!b->error)
				b->error = au_arena_fmt(b->a, "cannot use '%s'", list[i]);
			return rc;
		}
	}
	return AU_OK;
}

static int ship_fp(struct lic_build *b, const char *path)
{
	return lic_build_fingerprint(b, path, LIC_T_FINGERPRINT);
}

static int user_fp(struct lic_build *b, const char *path)
{
	return lic_build_fingerprint(b, path, LIC_T_FINGERPRINT | LIC_T_USER);
}

static void build_init(struct lic_build *b, struct au_arena *a)
{
	*b = (struct lic_build){ .a = a };
	au_vec_init(&b->word, sizeof(struct lic_word), 65536);
	au_vec_init(&b->lic, sizeof(struct lic_rec), 65536);
	au_vec_init(&b->text, sizeof(struct lic_text), 65536);
	au_vec_init(&b->node, sizeof(struct lic_node), 1 << 22);
	au_vec_init(&b->edge, sizeof(struct lic_edge), 1 << 22);
	au_vec_init(&b->rule, sizeof(struct lic_rule), 1 << 16);
	au_vec_init(&b->alias, sizeof(struct lic_alias), 1 << 16);
	au_buf_init(&b->str, MAX_STR);
	au_buf_byte(&b->str, 0);
	b->slot = au_arena_array(a, SLOTS, sizeof(uint32_t));
	b->slot_mask = SLOTS - 1;
	b->s = (struct au_stream){
		.hash = au_arena_array(a, MAX_TEXT_TOKENS, 4), .off = au_arena_array(a, MAX_TEXT_TOKENS, 4),
		.end = au_arena_array(a, MAX_TEXT_TOKENS, 4), .kind = au_arena_array(a, MAX_TEXT_TOKENS, 1),
		.cap = MAX_TEXT_TOKENS,
	};
	for (int i = 0; i < LIC_FIRST; i++)
		au_vec_push(&b->word);
	AU_AT(&b->word, struct lic_word, LIC_NUM)->flag = WF_NUMBER;
	AU_AT(&b->word, struct lic_word, LIC_COPY)->hash = au_word_hash("copyright", 9);
	b->slot[au_word_hash("copyright", 9) & b->slot_mask] = LIC_COPY;
}

static void build_release(struct lic_build *b)
{
	au_vec_release(&b->word);
	au_vec_release(&b->lic);
	au_vec_release(&b->text);
	au_vec_release(&b->node);
	au_vec_release(&b->edge);
	au_vec_release(&b->rule);
	au_vec_release(&b->alias);
	au_buf_release(&b->str);
}

static int gather(struct lic_build *b, const struct au_licence_sources *src)
{
	int rc = AU_OK;
	const char *marks = src->rules ? au_arena_fmt(b->a, "%s/notices/marks.yaml", src->rules) : NULL;

	if (src->base)
		take_base(b, src->base);
	if (marks && !access(marks, R_OK))
		rc = lic_build_marks(b, marks);
	if (rc == AU_OK && src->spdx) {
		rc = add_spdx(b, src->spdx);
		if (rc != AU_OK)
			b->error = au_arena_fmt(b->a, "cannot read '%s'", src->spdx);
	}
	if (rc == AU_OK && src->records)
		rc = each(b, src->records, ".yaml", add_record);
	if (rc == AU_OK && src->fingerprints)
		rc = each(b, src->fingerprints, ".fp", ship_fp);
	if (rc == AU_OK && src->texts)
		rc = each(b, src->texts, ".txt", add_user_text);
	if (rc == AU_OK && src->texts)
		rc = each(b, src->texts, ".fp", user_fp);
	if (rc == AU_OK && src->rules)
		rc = lic_build_notices(b, au_arena_fmt(b->a, "%s/notices", src->rules));
	return rc;
}

int au_licence_compile(const struct au_licence_sources *src, struct au_arena *a, uint8_t **ret,
		       size_t *ret_len, const char **ret_error)
{
	struct lic_build b;
	int rc;

	build_init(&b, a);
	rc = gather(&b, src);
	if (rc == AU_OK) {
		lic_build_dedupe(&b);
		rc = lic_build_finish(&b, ret, ret_len);
	}
	if (rc != AU_OK && ret_error)
		*ret_error = b.error ? b.error : "cannot make the licence index";
	build_release(&b);
	return rc;
}

int au_licence_db_extend(const struct au_licence_db *base, const char *dir, const char *rules,
			 struct au_arena *a, const struct au_licence_db **ret,
			 const char **ret_error)
{
	struct au_licence_sources src = { .base = base, .texts = dir, .rules = rules };
	uint8_t *blob = NULL;
	size_t len = 0;
	int rc = au_licence_compile(&src, a, &blob, &len, ret_error);

	return rc == AU_OK ? au_licence_db_open(blob, len, a, ret) : rc;
}
