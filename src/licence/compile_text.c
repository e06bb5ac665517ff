/* Texts and fingerprints to templates: words, and which of them may be absent. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/compile.h"
#include "licence/expr.h"

static bool starts_with(const uint16_t *t, size_t n, const uint16_t *w, size_t nw)
{
	return n >= nw && !memcmp(t, w, nw * sizeof(*t));
}

/* Short lines at the very top are titles and may be absent. */
static void mark_title(struct lic_build *b, const char *text, size_t n, uint8_t *mark, size_t nt)
{
	const struct au_stream *s = &b->s;
	size_t i = 0;

	for (int line = 0; line < 6 && i < nt; line++) {
		size_t j = i + 1, last;

		while (j < nt && !(s->kind[j] & AU_TOK_LINE))
			j++;
		last = s->end[j - 1];
		while (last < n && strchr(" \t*_\")", text[last]) && text[last])
			last++;
		if (j - i > 14 || j >= nt ||
		    (last < n && (text[last] == '.' || text[last] == ';' || text[last] == ',')))
			break;
		if (!(s->kind[j] & (AU_TOK_UPPER | AU_TOK_NUMBER)) && text[s->off[j]] != '<' &&
		    s->off[j] && text[s->off[j] - 1] != '"' && text[s->off[j] - 1] != '(' &&
		    text[s->off[j] - 1] != '<')
			break;
		memset(mark + i, TM_OPTIONAL, j - i);
		i = j;
	}
}

/* Only words for any holder ("the copyright holder", "the author") make a slot: a template that
 * names somebody means somebody. */
static bool anybody(const struct lic_build *b, const uint16_t *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (t[i] != LIC_COPY && !(AU_AT(&b->word, struct lic_word, t[i])->flag & WF_LIMIT))
			return false;
	return true;
}

static void mark_span(const struct lic_build *b, const struct lic_mark *m, const uint16_t *t, uint8_t *mark, size_t n)
{
	for (size_t i = 0; i + m->n_from <= n; i++) {
		size_t j, from = i + m->n_from, lim = from + m->max;

		if (!starts_with(t + i, n - i, m->from, m->n_from))
			continue;
		if (m->to_end) {
			if (i > 120)
				memset(mark + i, TM_OPTIONAL, n - i);
			continue;
		}
		if (m->optional && !m->n_to) {
			memset(mark + i, TM_OPTIONAL, m->n_from);
			continue;
		}
		for (j = from; j < n && j <= lim; j++)
			if (starts_with(t + j, n - j, m->to, m->n_to))
				break;
		if (j >= n || j > lim)
			continue;
		if (m->optional)
			memset(mark + i, TM_OPTIONAL, j - i);
		else if (m->any || anybody(b, t + from, j - from))
			memset(mark + from, TM_SLOT, j - from);
	}
}

static struct lic_text *push_text(struct lic_build *b, const char *id, uint16_t *t, size_t n,
				  uint8_t *mark, uint32_t flags)
{
	struct lic_text *x;
	uint32_t lic;

	for (size_t i = 0; i < b->n_marks; i++)
		mark_span(b, &b->marks[i], t, mark, n);
	lic_build_licence(b, id, &lic);
	x = au_vec_push(&b->text);
	*x = (struct lic_text){ .tok = t, .mark = mark, .n = (uint32_t)n, .lic = lic, .flags = flags };
	AU_AT(&b->lic, struct lic_rec, lic)->n_words = (uint32_t)n;
	if (flags & LIC_T_FINGERPRINT)
		AU_AT(&b->lic, struct lic_rec, lic)->flags |= 2;
	return x;
}

/* Another template with one phrase for another that licensors use in its place. */
static void add_variant(struct lic_build *b, const char *id, const struct lic_mark *v,
			const uint16_t *t, const uint8_t *mark, size_t nt, uint32_t flags)
{
	size_t n = nt - v->n_from + v->n_to;
	uint16_t *w;
	uint8_t *m;

	for (size_t i = 0; i + v->n_from <= nt; i++) {
		if (!starts_with(t + i, nt - i, v->from, v->n_from))
			continue;
		w = au_arena_array(b->a, n + 1, sizeof(*w));
		m = au_arena_alloc(b->a, n + 1);
		memcpy(w, t, i * sizeof(*w));
		memcpy(m, mark, i);
		memcpy(w + i, v->to, v->n_to * sizeof(*w));
		memcpy(w + i + v->n_to, t + i + v->n_from, (nt - i - v->n_from) * sizeof(*w));
		memcpy(m + i + v->n_to, mark + i + v->n_from, nt - i - v->n_from);
		push_text(b, id, w, n, m, flags);
		return;
	}
}

void lic_build_text(struct lic_build *b, const char *id, const char *text, size_t n, uint32_t flags)
{
	size_t nt, len = strlen(id);
	const char *now = au_expr_deprecated(id);
	uint16_t *t = lic_build_tokens(b, text, n, &nt);
	uint8_t *mark = au_arena_alloc(b->a, nt + 1);

	if (nt < 12)
		return;
	/* "-or-later" is said in a notice: the text itself is the one of "-only" */
	if (now && !strchr(now, ' '))
		id = now;
	len = strlen(id);
	if (au_ends(id, "-or-later"))
		id = au_arena_fmt(b->a, "%.*s-only", (int)(len - 9), id);
	mark_title(b, text, n, mark, nt);
	for (size_t i = 0; i < b->n_variants; i++)
		add_variant(b, id, &b->variants[i], t, mark, nt, flags);
	push_text(b, id, t, nt, mark, flags);
}

int lic_build_fingerprint(struct lic_build *b, const char *path, uint32_t flags)
{
	struct au_fingerprint fp;
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	uint16_t *t;
	int rc;
	uint32_t lic;

	if (!p)
		return AU_IO;
	rc = au_fingerprint_parse(p, n, b->a, &fp);
	if (rc != AU_OK)
		return rc;
	t = au_arena_array(b->a, fp.n + 1, sizeof(*t));
	for (size_t i = 0; i < fp.n; i++)
		t[i] = lic_build_word(b, fp.hash[i], NULL, 0, false);
	lic_build_licence(b, fp.id, &lic);
	if (AU_AT(&b->lic, struct lic_rec, lic)->n_words && strncmp(fp.id, "LicenseRef-", 11))
		return AU_OK; /* its text is there already */
	if (fp.name && !AU_AT(&b->lic, struct lic_rec, lic)->name) {
		uint32_t name = lic_build_str(b, fp.name);

		AU_AT(&b->lic, struct lic_rec, lic)->name = name;
	}
	push_text(b, fp.id, t, fp.n, au_arena_alloc(b->a, fp.n + 1), flags);
	return AU_OK;
}

/* Of licences with one text, the one to name: no deprecated ids, "-only" before "-or-later",
 * then the shortest id. */
static unsigned rank(const char *id)
{
	return (au_expr_deprecated(id) ? 4000U : 0) + (au_ends(id, "-or-later") ? 2000U : 0) +
	       (unsigned)strlen(id);
}

static const char *text_id(const struct lic_build *b, const struct lic_text *t)
{
	return (const char *)b->str.p + AU_AT(&b->lic, struct lic_rec, t->lic)->id;
}

static int by_words(const void *a, const void *b)
{
	const struct lic_text *x = *(const struct lic_text *const *)a;
	const struct lic_text *y = *(const struct lic_text *const *)b;
	int c;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	c = memcmp(x->tok, y->tok, x->n * sizeof(*x->tok));
	return c ? c : x < y ? -1 : x > y;
}

/* Word-identical texts become one; n = 0 marks the ones that go. */
void lic_build_dedupe(struct lic_build *b)
{
	struct lic_text **v = au_arena_array(b->a, b->text.n + 1, sizeof(*v));
	size_t i, j, keep = 0;

	for (i = 0; i < b->text.n; i++)
		v[i] = AU_AT(&b->text, struct lic_text, i);
	qsort(v, b->text.n, sizeof(*v), by_words);
	for (i = 0; i < b->text.n; i = j) {
		struct lic_text *best = v[i];

		for (j = i + 1; j < b->text.n && v[j]->n == v[i]->n &&
		     !memcmp(v[j]->tok, v[i]->tok, v[i]->n * sizeof(*v[i]->tok)); j++)
			if (rank(text_id(b, v[j])) < rank(text_id(b, best)))
				best = v[j];
		for (size_t k = i; k < j; k++)
			if (v[k] != best)
				v[k]->lic |= 0x80000000U;
	}
	for (i = 0; i < b->text.n; i++) {
		struct lic_text t = *AU_AT(&b->text, struct lic_text, i);

		if (!(t.lic & 0x80000000U))
			*AU_AT(&b->text, struct lic_text, keep++) = t;
	}
	b->text.n = keep;
}
