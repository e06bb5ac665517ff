/* Facts roll up to components: a directory with a card, a package manifest or weights of its own;
 * see legal.h. */
#include "base/banned.h"
#include "legal/internal.h"
#include "base/text.h"
#include "declare/declare.h"

enum { COMPONENTS_MAX = 100000, CLAIMS_MAX = 2000, COPYRIGHTS_MAX = 500 };

const char *au_legal_dir(struct au_arena *a, const struct au_entry *e)
{
	const char *slash = strrchr(e->path, '/');

	return slash ? au_arena_strn(a, e->path, (size_t)(slash - e->path)) : "";
}

/* One directory up in place; false at the root. */
static bool up(char *dir)
{
	char *slash = strrchr(dir, '/');

	if (!*dir)
		return false;
	*(slash ? slash : dir) = 0;
	return true;
}

enum strength { NOTHING, WEAK, STRONG };

struct evidence {
	enum strength strength;
	enum au_component_type type;
};

static bool is_parts_list(uint64_t source)
{
	return source == AU_DECL_CYCLONEDX || source == AU_DECL_SPDX;
}

static struct evidence by_source(uint64_t src)
{
	switch (src) {
	case AU_DECL_MODEL_CARD:
		return (struct evidence){ STRONG, AU_COMP_MODEL };
	case AU_DECL_DATASET_CARD: case AU_DECL_CROISSANT: case AU_DECL_DATAPACKAGE:
		return (struct evidence){ STRONG, AU_COMP_DATASET };
	case AU_DECL_CONFIG: case AU_DECL_GGUF: case AU_DECL_SAFETENSORS: case AU_DECL_ONNX:
		return (struct evidence){ WEAK, AU_COMP_MODEL };
	case AU_DECL_RECORDS:
		return (struct evidence){ WEAK, AU_COMP_DATASET };
	case AU_DECL_CYCLONEDX: case AU_DECL_SPDX: case AU_DECL_REUSE: case AU_DECL_CFF: case AU_DECL_OTHER:
		return (struct evidence){ NOTHING, AU_COMP_DIRECTORY };
	default:
		return (struct evidence){ STRONG, AU_COMP_PACKAGE };
	}
}

/* What an entry's facts say of the directory it lies in: the strongest, the first of equals. */
static struct evidence evidence_of(const struct au_entry *e)
{
	struct evidence best = { NOTHING, AU_COMP_DIRECTORY };

	AU_EACH_FACT(f, e) {
		struct evidence ev;

		if (!au_starts(f->topic, "declared.") || !strcmp(f->topic, "declared.problem") ||
		    !strcmp(f->topic, "declared.notice"))
			continue;
		ev = by_source(!strcmp(f->topic, "declared.records") ? AU_DECL_RECORDS : f->num);
		if (ev.strength > best.strength)
			best = ev;
	}
	if (best.strength == NOTHING && e->n_bids && e->bids[0].format &&
	    (e->bids[0].format->flags & AU_FMT_MODEL) && e->bids[0].score >= 60)
		best = (struct evidence){ WEAK, AU_COMP_MODEL };
	return best;
}

static size_t lookup(const struct au_legal_build *b, const char *dir)
{
	const void *v = au_map_get(&b->by_dir, dir, strlen(dir));

	return v ? (size_t)(uintptr_t)v - 1 : SIZE_MAX;
}

/* The component of dir or of the nearest directory above it. */
static size_t nearest(const struct au_legal_build *b, const char *dir)
{
	char *d = au_arena_str(b->a, dir);

	do {
		size_t i = lookup(b, d);

		if (i != SIZE_MAX)
			return i;
	} while (up(d));
	return SIZE_MAX;
}

static void work_init(struct au_comp_work *w)
{
	au_vec_init(&w->entries, sizeof(struct au_entry *), SIZE_MAX / 64);
	au_vec_init(&w->declared, sizeof(struct au_claim), CLAIMS_MAX);
	au_vec_init(&w->found, sizeof(struct au_claim), CLAIMS_MAX);
	au_vec_init(&w->inherited, sizeof(struct au_claim), CLAIMS_MAX);
	au_vec_init(&w->lineage, sizeof(struct au_lineage), CLAIMS_MAX);
	au_vec_init(&w->reasons, sizeof(char *), 200);
	au_vec_init(&w->duties, sizeof(struct au_obligation), CLAIMS_MAX);
	au_vec_init(&w->conflicts, sizeof(struct au_finding *), CLAIMS_MAX);
	au_vec_init(&w->copyrights, sizeof(char *), COPYRIGHTS_MAX);
	w->parent = SIZE_MAX;
}

struct candidate {
	const char *dir;
	const struct au_entry *e;
	struct evidence ev;
};

static int by_dir(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;
	int c = strcmp(a->dir, b->dir);

	return c ? c : (a->e->job > b->e->job) - (a->e->job < b->e->job);
}

static int by_depth(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;
	size_t la = strlen(a->dir), lb = strlen(b->dir);

	if (a->ev.strength != b->ev.strength)
		return a->ev.strength > b->ev.strength ? -1 : 1;
	return la < lb ? -1 : la > lb ? 1 : by_dir(pa, pb);
}

/* "debian/copyright" and "x.dist-info/METADATA" speak of the directory above or of themselves. */
static const char *subject_dir(struct au_legal_build *b, const struct au_entry *e)
{
	char *dir = au_arena_str(b->a, au_legal_dir(b->a, e));

	if (!strcmp(au_basename(dir), "debian") || au_ends(dir, ".egg-info") || !strcmp(au_basename(dir), "META-INF"))
		up(dir);
	return dir;
}

/* A weak candidate makes a component only where nothing of its kind lies above. */
static bool covered(const struct au_legal_build *b, const struct candidate *c, const struct candidate *made)
{
	size_t i = nearest(b, c->dir);

	if (i == SIZE_MAX)
		return false;
	return lookup(b, c->dir) == i || c->ev.strength == WEAK ?
	       made[i].ev.type != AU_COMP_PACKAGE || lookup(b, c->dir) == i : false;
}

static size_t choose(struct au_legal_build *b, struct candidate *all, size_t n, struct candidate *ret)
{
	size_t made = 0;

	qsort(all, n, sizeof(*all), by_depth);
	for (size_t i = 0; i < n && made < COMPONENTS_MAX; i++) {
		size_t at = lookup(b, all[i].dir);

		if (at != SIZE_MAX) {
			/* A package's manifest beside a model's card: the model gives the type. */
			if (all[i].ev.strength == STRONG && ret[at].ev.type == AU_COMP_PACKAGE &&
			    all[i].ev.type != AU_COMP_PACKAGE)
				ret[at].ev.type = all[i].ev.type;
			continue;
		}
		if (covered(b, &all[i], ret))
			continue;
		ret[made] = all[i];
		*au_map_put(&b->by_dir, all[i].dir, strlen(all[i].dir)) = (void *)(uintptr_t)++made;
	}
	return made;
}

/* The root catches what belongs to no other component. */
static bool needs_root(const struct au_legal_build *b)
{
	for (size_t i = 0; i < b->audit->n_entries; i++) {
		const struct au_entry *e = b->audit->entries[i];
		bool says = false;

		if (nearest(b, au_legal_dir(b->a, e)) != SIZE_MAX)
			continue;
		AU_EACH_FACT(f, e)
			says |= !strcmp(f->topic, "licence.match") || !strcmp(f->topic, "declared.licence");
		if (says)
			return true;
	}
	return false;
}

static void make(struct au_legal_build *b)
{
	struct au_legal *l = b->legal;
	size_t n = b->audit->n_entries, used = 0, made;
	struct candidate *all = AU_ARRAY(b->a, struct candidate, n + 1);
	struct candidate *kept = AU_ARRAY(b->a, struct candidate, n + 1);

	for (size_t i = 0; i < n; i++) {
		struct evidence ev = evidence_of(b->audit->entries[i]);

		if (ev.strength != NOTHING)
			all[used++] = (struct candidate){ subject_dir(b, b->audit->entries[i]),
							  b->audit->entries[i], ev };
	}
	au_map_init(&b->by_dir, b->a);
	made = choose(b, all, used, kept);
	if (!made || (lookup(b, "") == SIZE_MAX && needs_root(b))) {
		kept[made++] = (struct candidate){ "", NULL, { NOTHING, AU_COMP_DIRECTORY } };
	}
	qsort(kept, made, sizeof(*kept), by_dir);
	au_map_init(&b->by_dir, b->a);
	l->components = AU_ARRAY(b->a, struct au_component, made);
	b->work = AU_ARRAY(b->a, struct au_comp_work, made);
	l->n_components = made;
	for (size_t i = 0; i < made; i++) {
		const char *base = au_basename(kept[i].dir);

		l->components[i].type = kept[i].ev.type;
		l->components[i].dir = kept[i].dir;
		l->components[i].manifest = kept[i].e;
		l->components[i].name = *base ? base : au_basename(b->audit->target ? b->audit->target : "");
		if (!*l->components[i].name)
			l->components[i].name = ".";
		work_init(&b->work[i]);
		*au_map_put(&b->by_dir, kept[i].dir, strlen(kept[i].dir)) = (void *)(uintptr_t)(i + 1);
	}
}

static struct au_claim *claim(struct au_vec *v, enum au_claim_kind kind, const struct au_entry *e,
			      const struct au_fact *f)
{
	struct au_claim *c = au_vec_push(v);

	if (!c)
		return NULL;
	c->kind = kind;
	c->entry = e;
	c->span = f->span;
	c->raw = f->text;
	return c;
}

static bool said_already(const struct au_vec *v, const struct au_entry *e, const char *raw, const char *expr)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct au_claim *c = AU_AT(v, struct au_claim, i);

		if (c->entry == e && (expr ? c->expr && !strcmp(c->expr, expr) : !c->expr && !strcmp(c->raw, raw)))
			return true;
	}
	return false;
}

static void take_declared(struct au_legal_build *b, struct au_comp_work *w, const struct au_entry *e,
			  const struct au_fact *f)
{
	bool records = !strcmp(f->topic, "declared.records");
	struct au_claim *c;

	if (is_parts_list(f->num) && !records)
		return;
	if (said_already(&w->declared, e, f->text, f->aux))
		return;
	c = claim(&w->declared, AU_CLAIM_DECLARED, e, f);
	if (!c)
		return;
	c->expr = f->aux;
	c->cls = au_class_of(b->a, b->db, f->aux);
	c->source = au_decl_source_name(records ? AU_DECL_RECORDS : f->num);
	if (!f->aux) {
		const char *x, *family = "other";

		/* The reader has said it as declared.family; asking again spares a search for it. */
		if (!au_declare_normalise(b->a, NULL, f->text, &x, &family))
			c->family = family;
		else
			c->family = "other";
	}
}

static enum au_found_verdict verdict_of(const char *word)
{
	for (unsigned v = AU_FOUND_NONE; v <= AU_FOUND_UNKNOWN; v++)
		if (word && !strcmp(word, au_found_name((enum au_found_verdict)v)))
			return (enum au_found_verdict)v;
	return AU_FOUND_MATCH;
}

/* licence.match: text = id (the nearest for modified and unknown), aux = verdict, num = score in
 * thousandths. */
static void take_found(struct au_legal_build *b, struct au_comp_work *w, const struct au_entry *e,
		       const struct au_fact *f)
{
	struct au_claim *c = claim(&w->found, AU_CLAIM_FOUND, e, f);

	if (!c)
		return;
	c->verdict = verdict_of(f->aux);
	c->score = (double)f->num / 1000.0;
	c->cls = AU_CLASS_UNKNOWN;
	c->source = c->verdict == AU_FOUND_REFERENCE ? "licence notice" : "licence text";
	if (c->verdict == AU_FOUND_UNKNOWN || c->verdict == AU_FOUND_MODIFIED) {
		c->nearest = f->text;
		c->family = c->verdict == AU_FOUND_UNKNOWN ? "unknown" : "modified";
	} else if (f->text) {
		c->expr = f->text;
		c->cls = au_class_of(b->a, b->db, f->text);
	}
	if (!w->text && c->verdict != AU_FOUND_REFERENCE)
		w->text = e;
}

static void take_lineage(struct au_comp_work *w, const struct au_entry *e, const struct au_fact *f)
{
	struct au_lineage *l;

	for (size_t i = 0; i < w->lineage.n; i++)
		if (!strcmp(AU_AT(&w->lineage, struct au_lineage, i)->name, f->text))
			return;
	l = au_vec_push(&w->lineage);
	if (!l)
		return;
	l->name = f->text;
	l->dataset = !strcmp(f->topic, "declared.dataset");
	l->entry = e;
	l->span = f->span;
}

/* Names, best last: config's loaded-from, card's model-index, GGUF's source, the package. */
static void take_name(struct au_component *c, struct au_comp_work *w, const struct au_fact *f)
{
	bool package = !strcmp(f->topic, "declared.package");
	int rank = package ? 5 : f->aux && !strcmp(f->aux, "source") ? 4
		 : f->aux && !strcmp(f->aux, "loaded-from") ? 1 : 2;
	const char *name = package ? f->aux : f->text, *at;

	if (is_parts_list(f->num) || !name || !*name || strlen(name) > 200)
		return;
	if (rank == 1 || rank <= w->name_rank)
		return;         /* loaded-from may as well be the base's name */
	c->name = name;
	w->name_rank = rank;
	if (!package)
		return;
	c->purl = f->text;
	at = strrchr(f->text, '@');
	c->version = at && at != f->text ? at + 1 : NULL;
}

static void take_copyright(struct au_comp_work *w, const char *text)
{
	const char **slot;

	for (size_t i = 0; i < w->copyrights.n; i++)
		if (!strcmp(*AU_AT(&w->copyrights, const char *, i), text))
			return;
	slot = au_vec_push(&w->copyrights);
	if (slot)
		*slot = text;
}

static void take_file(struct au_comp_work *w, const struct au_entry *e)
{
	const char *base = au_basename(e->name);

	if (!w->text && (au_istarts(base, "licen") || au_istarts(base, "copying") ||
			 au_istarts(base, "unlicense") || au_istarts(base, "eula") ||
			 au_istr(base, "_license") || au_istr(base, "-license")) && !au_iends(base, ".py"))
		w->text = e;
	if (!w->notice && au_istarts(base, "notice"))
		w->notice = e;
	if (!w->use_policy && (au_istr(base, "use_policy") || au_istr(base, "use-policy") ||
			       au_istr(base, "acceptable") || au_istr(base, "prohibited") ||
			       au_istr(base, "usage_polic") || au_istr(base, "attachment_a")))
		w->use_policy = e;
}

static void gather(struct au_legal_build *b, size_t i, const struct au_entry *e)
{
	struct au_component *c = &b->legal->components[i];
	struct au_comp_work *w = &b->work[i];
	const struct au_entry **slot = au_vec_push(&w->entries);

	if (slot)
		*slot = e;
	take_file(w, e);
	AU_EACH_FACT(f, e) {
		if (!strcmp(f->topic, "licence.match"))
			take_found(b, w, e, f);
		if (!f->text)
			continue;
		if (!strcmp(f->topic, "declared.licence") || !strcmp(f->topic, "declared.records"))
			take_declared(b, w, e, f);
		else if (!strcmp(f->topic, "declared.base_model") || !strcmp(f->topic, "declared.dataset"))
			take_lineage(w, e, f);
		else if (!strcmp(f->topic, "declared.package") || !strcmp(f->topic, "declared.model_id"))
			take_name(c, w, f);
		else if (!strcmp(f->topic, "declared.copyright") || !strcmp(f->topic, "licence.copyright"))
			take_copyright(w, f->text);
		else if (!strcmp(f->topic, "declared.notice") && !w->shown)
			w->shown = f;
		w->has_notices |= au_starts(f->topic, "declared.") && f->num == AU_DECL_MODEL_CARD;
	}
	if (e->job < b->audit->n_jobs && b->audit->models && b->audit->models[e->job].id && w->name_rank < 6 &&
	    c->type != AU_COMP_PACKAGE) {
		c->name = b->audit->models[e->job].id;
		c->version = b->audit->models[e->job].revision;
		w->name_rank = 6;
	}
}

static const char *lower(struct au_arena *a, const char *s)
{
	char *out = au_arena_str(a, s);

	for (char *p = out; *p; p++)
		*p = au_lower(*p);
	return out;
}

void au_legal_components(struct au_legal_build *b)
{
	struct au_legal *l = b->legal;

	make(b);
	for (size_t i = 0; i < b->audit->n_entries; i++) {
		const struct au_entry *e = b->audit->entries[i];
		size_t at = nearest(b, subject_dir(b, e));

		if (at != SIZE_MAX)
			gather(b, at, e);
	}
	au_map_init(&b->by_name, b->a);
	for (size_t i = 0; i < l->n_components; i++) {
		char *dir = au_arena_str(b->a, l->components[i].dir);
		const char *key = lower(b->a, l->components[i].name), *slash = strrchr(key, '/');

		if (up(dir))
			b->work[i].parent = nearest(b, dir);
		if (!au_map_get(&b->by_name, key, strlen(key)))
			*au_map_put(&b->by_name, key, strlen(key)) = (void *)(uintptr_t)(i + 1);
		if (slash && !au_map_get(&b->by_name, slash + 1, strlen(slash + 1)))
			*au_map_put(&b->by_name, slash + 1, strlen(slash + 1)) = (void *)(uintptr_t)(i + 1);
	}
}
