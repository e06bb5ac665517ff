/* Datasets whose records carry a licence each: JSON lines, CSV and TSV. One pass, bounded: what is
 * kept is a count by value. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/json.h"
#include "io/view.h"

enum { LINE_MAX_BYTES = 4 * 1024 * 1024, VALUES_MAX = 256, FIELD_MAX = 200 };

struct count {
	uint64_t n;
	struct au_span first;
};

struct counts {
	struct au_decl *d;
	struct au_map map;
	uint64_t too_many;
};

static void counts_init(struct counts *c, struct au_decl *d)
{
	*c = (struct counts){ .d = d };
	au_map_init(&c->map, d->a);
}

static void count(struct counts *c, const char *value, size_t len, uint64_t off, uint64_t line)
{
	struct count *k;

	if (!len)
		return;
	if (len > FIELD_MAX)
		len = FIELD_MAX;
	k = au_map_get(&c->map, value, len);
	if (!k && c->map.n == VALUES_MAX) {
		c->too_many++;
		return;
	}
	if (!k) {
		k = AU_NEW(c->d->a, struct count);
		k->first = (struct au_span){ off, len, (uint32_t)line, (uint32_t)line };
		*au_map_put(&c->map, value, len) = k;
	}
	k->n++;
}

static void tell(struct counts *c)
{
	struct au_decl *d = c->d;

	for (size_t i = 0; i < c->map.n; i++) {
		const char *key = c->map.items[i].key, *x = NULL, *family = NULL;
		const struct count *k = c->map.items[i].value;
		struct au_fact *f;

		au_declare_normalise(d->a, d->db, key, &x, &family);
		f = au_emit(d->job, d->e, "declared.records", key, x, k->first);
		f->num = k->n;
	}
	if (c->too_many)
		au_decl_fact(d, "declared.problem", au_arena_fmt(d->a,
			     "%llu records carry yet other licence values", (unsigned long long)c->too_many),
			     "dataset records", au_span(0, 0));
}

static bool is_licence_key(const char *s, size_t n)
{
	static const char *const keys[] = { "license", "licence", "licenses", "license_name", "license_type",
					    "detected_licenses", "max_stars_repo_licenses", "gha_license_id",
					    "license_id", NULL };

	for (size_t i = 0; keys[i]; i++)
		if (strlen(keys[i]) == n && !strncasecmp(keys[i], s, n))
			return true;
	return false;
}

/* Licence values of one record: a member at depth 1 or 2, a string or a list of strings. */
static void record(struct counts *c, const uint8_t *p, size_t n, uint64_t off, uint64_t line)
{
	bool want = false;
	unsigned list = 0;
	struct au_json j;

	au_json_init(&j, p, n);
	for (;;) {
		enum au_json_event ev = au_json_next(&j);

		if (ev == AU_JSON_END || ev == AU_JSON_ERROR)
			break;
		if (ev == AU_JSON_KEY) {
			want = j.depth <= 2 && is_licence_key(j.text, j.len);
			list = 0;
		} else if (ev == AU_JSON_ARRAY && want) {
			list = 1;
		} else if (ev == AU_JSON_STRING && want) {
			count(c, j.text, j.len, off + j.tok_at, line);
			want = list;
		} else if (!(ev == AU_JSON_ARRAY_END && list)) {
			want = false;
		} else {
			want = false;
			list = 0;
		}
	}
	au_json_release(&j);
}

struct lines {
	struct counts c;
	struct au_buf buf;      /* a line that crosses chunks */
	uint64_t line, line_off;
	uint64_t dropped;       /* lines longer than the maximum */
	bool skip;
};

static void one_line(struct lines *l, const uint8_t *p, size_t n)
{
	if (n && memmem(p, n, "licen", 5))
		record(&l->c, p, n, l->line_off, l->line);
}

static int on_chunk(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct lines *l = ctx;

	for (size_t i = 0; i < n;) {
		const uint8_t *nl = memchr(p + i, '\n', n - i);
		size_t len = nl ? (size_t)(nl - p) - i : n - i;

		if (!nl || l->buf.len) {
			if (!l->skip && au_buf_add(&l->buf, p + i, len) != AU_OK) {
				l->skip = true;
				l->dropped++;
			}
		} else if (!l->skip) {
			one_line(l, p + i, len);
		}
		if (nl) {
			if (l->buf.len && !l->skip)
				one_line(l, l->buf.p, l->buf.len);
			au_buf_clear(&l->buf);
			l->buf.full = false;
			l->skip = false;
			l->line++;
			l->line_off = at + i + len + 1;
		}
		i += len + (nl != NULL);
	}
	return AU_OK;
}

void au_decl_jsonl(struct au_decl *d)
{
	struct lines l = { .line = 1 };

	counts_init(&l.c, d);
	au_buf_init(&l.buf, LINE_MAX_BYTES);
	au_view_stream(d->v, 0, au_view_size(d->v), on_chunk, &l);
	if (l.buf.len && !l.skip)
		one_line(&l, l.buf.p, l.buf.len);
	au_buf_release(&l.buf);
	tell(&l.c);
	if (l.dropped)
		au_emit_coverage(d->job, d->e, "limit", 0, "%llu records longer than %d bytes were not looked into",
				 (unsigned long long)l.dropped, LINE_MAX_BYTES);
}

struct csv {
	struct counts c;
	char sep;
	char field[FIELD_MAX + 1];
	size_t len;
	unsigned col, wanted;   /* columns from 0; wanted UINT_MAX: not found */
	uint64_t line, off, row;
	bool quoted, was_quote;
};

static int end_field(struct csv *c, bool end_row)
{
	if (!c->row && c->wanted == UINT_MAX && is_licence_key(c->field, c->len))
		c->wanted = c->col;
	else if (c->row && c->col == c->wanted)
		count(&c->c, c->field, c->len, c->off, c->line);
	c->len = 0;
	c->col = end_row ? 0 : c->col + 1;
	c->row += end_row;
	return end_row && c->wanted == UINT_MAX ? AU_NOTME : AU_OK;
}

static int csv_chunk(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct csv *c = ctx;

	for (size_t i = 0; i < n; i++) {
		char ch = (char)p[i];

		if (ch == '\n')
			c->line++;
		if (ch == '"') {
			if (c->was_quote && !c->quoted && c->len < FIELD_MAX)
				c->field[c->len++] = ch;
			c->quoted = !c->quoted;
			c->was_quote = !c->quoted;
			continue;
		}
		c->was_quote = false;
		if (!c->quoted && (ch == c->sep || ch == '\n')) {
			if (end_field(c, ch == '\n') != AU_OK)
				return AU_NOTME;
			c->off = at + i + 1;
		} else if (ch != '\r' && c->len < FIELD_MAX) {
			c->field[c->len++] = ch;
		}
	}
	return AU_OK;
}

void au_decl_csv(struct au_decl *d)
{
	struct csv c = { .sep = au_iends(d->e->name, ".tsv") ? '\t' : ',', .wanted = UINT_MAX, .line = 1 };

	counts_init(&c.c, d);
	if (au_view_stream(d->v, 0, au_view_size(d->v), csv_chunk, &c) != AU_OK)
		return;
	if (c.len)
		end_field(&c, true);
	tell(&c.c);
}

void au_decl_member_json(struct au_decl *d)
{
	struct counts c;

	counts_init(&c, d);
	if (memmem(d->p, d->n, "licen", 5))
		record(&c, (const uint8_t *)d->p, d->n, 0, 1);
	tell(&c);
}
