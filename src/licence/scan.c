/* One text: words, windows, the lanes in turn, and the answers with their places. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/expr.h"
#include "licence/internal.h"

struct au_licence_scratch *au_licence_scratch_new(const struct au_licence_db *db)
{
	struct au_licence_scratch *x = au_xalloc(sizeof(*x));
	size_t cap = LIC_WINDOW + 8;

	memset(x, 0, sizeof(*x));
	x->s = (struct au_stream){ .hash = au_xalloc(cap * 4), .off = au_xalloc(cap * 4),
		.end = au_xalloc(cap * 4), .kind = au_xalloc(cap), .id = au_xalloc(cap * 2),
		.cap = cap };
	x->hit = au_xalloc(LIC_MAX_HITS * sizeof(*x->hit));
	x->hit2 = au_xalloc(LIC_MAX_HITS * sizeof(*x->hit2));
	x->count = au_xalloc((db->n_tmpl + 1) * sizeof(*x->count));
	x->cand = au_xalloc(LIC_MAX_CAND * sizeof(*x->cand));
	x->op = au_xalloc((LIC_MAX_OPS + 8) * sizeof(*x->op));
	x->run = au_xalloc(LIC_MAX_RUNS * sizeof(*x->run));
	x->diag = au_xalloc((LIC_MAX_D + 1) * (LIC_MAX_D + 1) * sizeof(*x->diag));
	x->rev = au_xalloc(4096 * sizeof(*x->rev));
	x->exclude = -1;
	return x;
}

void au_licence_scratch_free(struct au_licence_scratch *x)
{
	if (!x)
		return;
	au_xfree(x->s.hash);
	au_xfree(x->s.off);
	au_xfree(x->s.end);
	au_xfree(x->s.kind);
	au_xfree(x->s.id);
	au_xfree(x->hit);
	au_xfree(x->hit2);
	au_xfree(x->count);
	au_xfree(x->cand);
	au_xfree(x->op);
	au_xfree(x->run);
	au_xfree(x->diag);
	au_xfree(x->rev);
	au_xfree(x);
}

void au_licence_exclude(const struct au_licence_db *db, struct au_licence_scratch *x,
			const char *id)
{
	const struct au_licence *l = id ? au_licence_find(db, id) : NULL;

	x->exclude = l ? (int)(l - db->pub) : -1;
}

static void tell(const struct au_licence_db *db, const struct au_licence_scratch *x, size_t base,
		 const struct lic_found *f, struct au_vec *out)
{
	struct au_licence_match *m = au_vec_push(out);
	const char *id = f->has_lic ? db->pub[f->lic].id : NULL;
	uint64_t off = base + x->s.off[f->q0], end = base + x->s.end[f->q1 - 1];

	if (!m)
		return;
	*m = (struct au_licence_match){
		.verdict = f->verdict, .score = f->score, .off = off, .len = end - off,
		.rule = f->rule, .inserted = f->cost.inserted,
		.missing = f->cost.missing + f->cost.head + f->cost.tail,
		.changed = f->cost.changed,
	};
	if (id && au_expr_deprecated(id))
		id = au_expr_deprecated(id);
	if (f->expr)
		m->expression = f->expr;
	else if (f->verdict == AU_LICENCE_EXACT || f->verdict == AU_LICENCE_MATCH ||
		 f->verdict == AU_LICENCE_PARTIAL)
		m->expression = id;
	if (f->verdict != AU_LICENCE_REFERENCE)
		m->nearest = id;
}

static int by_place(const void *a, const void *b)
{
	const struct au_licence_match *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	return strcmp(x->expression ? x->expression : "", y->expression ? y->expression : "");
}

static void lines(const uint8_t *text, size_t len, struct au_licence_match *m, size_t n)
{
	uint64_t at = 0;
	uint32_t line = 1;

	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = text + at, *e = text + (m[i].off < len ? m[i].off : len);
		uint32_t l;

		while (p < e && (p = memchr(p, '\n', (size_t)(e - p)))) {
			line++;
			p++;
		}
		at = m[i].off;
		m[i].line = l = line;
		p = e;
		e = text + (m[i].off + m[i].len < len ? m[i].off + m[i].len : len);
		while (p < e && (p = memchr(p, '\n', (size_t)(e - p)))) {
			l++;
			p++;
		}
		m[i].line_end = l;
	}
}

/* Two windows see the same thing: the same verdict and name, overlapping. */
static size_t unique(struct au_licence_match *m, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool dup = false;

		for (size_t j = k; j > 0 && j + 8 > k && !dup; j--) {
			const struct au_licence_match *o = &m[j - 1];

			dup = o->off + o->len >= m[i].off + m[i].len && o->off <= m[i].off &&
			      o->verdict <= m[i].verdict && o->rule == m[i].rule &&
			      ((!o->expression && !m[i].expression) ||
			       (o->expression && m[i].expression &&
				!strcmp(o->expression, m[i].expression)));
		}
		if (!dup)
			m[k++] = m[i];
	}
	return k;
}

/* "GPL" of the family of o: the letters before the first hyphen. */
static bool same_family(const char *a, const char *o)
{
	size_t n = strcspn(a, "-");

	return o && !strncmp(a, o, n) && o[n] == '-';
}

/* A name without a version says nothing more when the same file names one with it. */
static size_t drop_generic(struct au_licence_match *m, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool drop = false;

		for (size_t j = 0; j < n && !drop && m[i].rule && !strcmp(m[i].rule, "generic"); j++)
			drop = j != i && m[j].rule && strcmp(m[j].rule, "generic") &&
			       same_family(m[i].expression, m[j].expression);
		m[i].missing |= drop ? 0x80000000U : 0;
	}
	for (size_t i = 0; i < n; i++)
		if (!(m[i].missing & 0x80000000U))
			m[k++] = m[i];
	return k;
}

/* A notice that says "or later" speaks for the licence's text in the same file. */
static void later(struct au_licence_match *m, size_t n, struct au_arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const char *e = m[i].expression;

		if (!e || m[i].verdict > AU_LICENCE_MATCH || !au_ends(e, "-only"))
			continue;
		e = au_arena_fmt(a, "%.*s-or-later", (int)(strlen(e) - 5), e);
		for (size_t j = 0; j < n; j++)
			if (m[j].verdict == AU_LICENCE_REFERENCE && m[j].expression &&
			    !strcmp(m[j].expression, e))
				m[i].expression = e;
	}
}

static size_t window(const struct au_licence_db *db, struct au_licence_scratch *x,
		     const uint8_t *text, size_t len, size_t from, struct au_vec *out)
{
	size_t stop = au_tokenise(text, len, from, &x->s);
	uint32_t n = (uint32_t)x->s.n, end;
	struct au_vec v;

	if (!n)
		return len;
	lic_vocab_map(db, &x->s);
	end = lic_seed(db, x, 0, n);
	au_vec_init(&v, sizeof(struct lic_found), 4096);
	lic_decide(db, x, 0, n, &v);
	lic_notices(db, x, 0, end, &v);
	lic_unknown(db, x, 0, end, &v);
	for (size_t i = 0; i < v.n; i++)
		tell(db, x, 0, AU_AT(&v, struct lic_found, i), out);
	au_vec_release(&v);
	if (end < n)
		return x->s.off[end > LIC_OVERLAP * 2 ? end - LIC_OVERLAP : end];
	if (stop < len)
		return x->s.off[n > LIC_OVERLAP * 2 ? n - LIC_OVERLAP : n - 1];
	return len;
}

int au_licence_scan(const struct au_licence_db *db, struct au_licence_scratch *x,
		    const uint8_t *text, size_t len, const struct au_licence_hint *hint,
		    struct au_arena *a, struct au_licence_match **ret, size_t *ret_n)
{
	struct au_vec out;
	size_t at = 0;

	*ret = NULL;
	*ret_n = 0;
	if (len > UINT32_MAX)
		return AU_LIMIT;
	if (hint && hint->kind == AU_LICENCE_SOURCE && !au_licence_prefilter(text, len))
		return AU_OK;
	x->text = text;
	au_vec_init(&out, sizeof(struct au_licence_match), 1 << 16);
	while (at < len && !(hint && hint->kind == AU_LICENCE_MANIFEST)) {
		size_t next = window(db, x, text, len, at, &out);

		at = next > at ? next : len;
	}
	lic_tags(db, text, len, a, &out);
	if (out.n) {
		qsort(out.p, out.n, sizeof(struct au_licence_match), by_place);
		out.n = unique(out.p, out.n);
		out.n = drop_generic(out.p, out.n);
		later(out.p, out.n, a);
		lines(text, len, out.p, out.n);
		*ret = au_arena_dup(a, out.p, out.n * sizeof(struct au_licence_match));
		*ret_n = out.n;
	}
	au_vec_release(&out);
	return AU_OK;
}
