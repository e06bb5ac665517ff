/* From claims to a conclusion: declared, then the texts, then what is inherited; each step leaves
 * a reason. */
#include "base/banned.h"
#include "legal/internal.h"
#include "base/text.h"
#include "declare/lexpr.h"

void au_reason(struct au_legal_build *b, size_t i, const char *fmt, ...)
{
	const char **slot = au_vec_push(&b->work[i].reasons);
	va_list ap;
	char *raw;

	if (!slot)
		return;
	va_start(ap, fmt);
	raw = au_arena_vfmt(b->a, fmt, ap);
	va_end(ap);
	*slot = au_printable(b->a, raw, strlen(raw), 600);
}

const char *au_place(struct au_arena *a, const struct au_entry *e, struct au_span span)
{
	return span.line ? au_arena_fmt(a, "%s:%u", e->path, span.line) : e->path;
}

struct cover {
	const char *family;
	const char *prefix;
	bool anywhere;       /* prefix may stand within the id */
};

static const struct cover covers[] = {
	{ "apache", "Apache-", false }, { "bsd", "BSD-", false }, { "gpl", "GPL-", false },
	{ "lgpl", "LGPL-", false }, { "agpl", "AGPL-", false }, { "gfdl", "GFDL-", false },
	{ "cc", "CC", false }, { "mpl", "MPL-", false }, { "openrail", "RAIL", true },
	{ "llama", "LLama", true }, { "gemma", "Gemma", true }, { "file", "", false }, { "text", "", false },
	{ "other", "", false }, { "unknown", "", false }, { "research", "", false },
};

bool au_family_covers(const char *family, const char *id)
{
	for (size_t i = 0; i < sizeof(covers) / sizeof(*covers); i++) {
		if (strcmp(family, covers[i].family) != 0)
			continue;
		return covers[i].anywhere ? au_istr(id, covers[i].prefix) != NULL
					  : au_istarts(id, covers[i].prefix);
	}
	return false;
}

/* Length of an id without "-only", "-or-later" and '+': a text cannot tell them apart. */
static size_t stem(const char *id)
{
	static const char *const tails[] = { "-only", "-or-later", "+", NULL };
	size_t n = strcspn(id, " ");

	for (size_t i = 0; tails[i]; i++) {
		size_t t = strlen(tails[i]);

		if (n > t && !strncmp(id + n - t, tails[i], t))
			return n - t;
	}
	return n;
}

static bool same_licence(const char *x, const char *y)
{
	size_t n = stem(x);

	return n == stem(y) && !strncasecmp(x, y, n);
}

bool au_expr_within(struct au_arena *a, const char *expr, const char *all)
{
	size_t n, m;
	const char *const *x = au_lexpr_ids(a, au_lexpr_parse(a, expr), &n);
	const char *const *y = au_lexpr_ids(a, au_lexpr_parse(a, all), &m);

	for (size_t i = 0; i < n; i++) {
		bool hit = false;

		for (size_t k = 0; k < m; k++)
			hit |= same_licence(x[i], y[k]);
		if (!hit)
			return false;
	}
	return n > 0;
}

static void worsen(struct au_component *c, enum au_legal_status s)
{
	if (s > c->status)
		c->status = s;
}

/* Other claims resolve the family word: "apache" beside an Apache-2.0 classifier or text. */
static bool resolved_by(const struct au_claim *unresolved, const struct au_vec *others)
{
	for (size_t i = 0; i < others->n; i++) {
		const struct au_claim *o = AU_AT(others, struct au_claim, i);

		if (o->expr && o != unresolved && o->verdict != AU_FOUND_REFERENCE &&
		    au_family_covers(unresolved->family, o->expr))
			return true;
	}
	return false;
}

static const char *declared_part(struct au_legal_build *b, size_t i)
{
	struct au_comp_work *w = &b->work[i];
	struct au_component *c = &b->legal->components[i];
	const char *expr = NULL;

	for (size_t k = 0; k < w->declared.n; k++) {
		const struct au_claim *d = AU_AT(&w->declared, struct au_claim, k);
		const char *at = au_place(b->a, d->entry, d->span);

		if (d->expr) {
			if (!expr || !au_expr_within(b->a, d->expr, expr))
				au_reason(b, i, "The %s declares %s (%s).", d->source, d->expr, at);
			if (!expr || !au_expr_within(b->a, d->expr, expr))
				expr = au_lexpr_and(b->a, expr, d->expr);
		} else if (resolved_by(d, &w->declared) || resolved_by(d, &w->found)) {
			au_reason(b, i, "The %s says '%.60s' (%s), which another statement makes exact.",
				  d->source, d->raw, at);
		} else {
			au_reason(b, i, "The %s says '%.60s' (%s), which names no exact licence.", d->source,
				  d->raw, at);
			worsen(c, AU_LEGAL_REVIEW);
		}
	}
	return expr;
}

static bool licence_file(const struct au_component *c, const struct au_claim *f)
{
	const char *base = au_basename(f->entry->name);
	const char *rest = f->entry->path + strlen(c->dir);

	return (au_istarts(base, "licen") || au_istarts(base, "copying") || au_istr(base, "license")) &&
	       au_starts(f->entry->path, c->dir) && !strchr(*rest == '/' ? rest + 1 : rest, '/');
}

/* Adds to *expr what the texts say beyond it. False: a text at the top is changed or unknown, so
 * that nothing may be asserted. */
static bool found_part(struct au_legal_build *b, size_t i, const char **expr)
{
	struct au_comp_work *w = &b->work[i];
	struct au_component *c = &b->legal->components[i];
	const char *declared = *expr;
	bool assertable = true;

	for (size_t k = 0; k < w->found.n; k++) {
		const struct au_claim *f = AU_AT(&w->found, struct au_claim, k);
		const char *at = au_place(b->a, f->entry, f->span);

		if (!f->expr) {
			au_reason(b, i, "The text in %s is %s%s%s: it is not read as that licence.", at,
				  f->verdict == AU_FOUND_MODIFIED ? "a changed licence" : "in no index",
				  f->nearest ? ", nearest to " : "", f->nearest ? f->nearest : "");
			worsen(c, AU_LEGAL_REVIEW);
			assertable &= !licence_file(c, f);
			continue;
		}
		if (f->verdict == AU_FOUND_REFERENCE || (*expr && au_expr_within(b->a, f->expr, *expr))) {
			if (declared && f->verdict != AU_FOUND_REFERENCE && au_expr_within(b->a, f->expr, declared))
				au_reason(b, i, "The text in %s bears %s out.", at, f->expr);
			continue;
		}
		au_reason(b, i, "The text in %s is %s%s.", at, f->expr,
			  f->verdict == AU_FOUND_PARTIAL ? ", in part" : "");
		*expr = au_lexpr_and(b->a, *expr, f->expr);
	}
	return assertable;
}

/* Notices count when nobody declared and no text lies here. */
static const char *reference_part(struct au_legal_build *b, size_t i)
{
	struct au_comp_work *w = &b->work[i];
	const char *expr = NULL;

	for (size_t k = 0; k < w->found.n; k++) {
		const struct au_claim *f = AU_AT(&w->found, struct au_claim, k);

		if (f->verdict != AU_FOUND_REFERENCE || !f->expr || (expr && au_expr_within(b->a, f->expr, expr)))
			continue;
		au_reason(b, i, "A notice in %s names %s.", au_place(b->a, f->entry, f->span), f->expr);
		expr = au_lexpr_and(b->a, expr, f->expr);
	}
	return expr;
}

static void inherited_part(struct au_legal_build *b, size_t i, const char **expr, enum au_class *worst)
{
	struct au_comp_work *w = &b->work[i];
	struct au_component *c = &b->legal->components[i];

	for (size_t k = 0; k < w->inherited.n; k++) {
		const struct au_claim *h = AU_AT(&w->inherited, struct au_claim, k);

		if (!h->expr) {
			au_reason(b, i, "The licence of the %s '%.80s' is not known (%s).", h->source, h->via, h->basis);
			worsen(c, AU_LEGAL_REVIEW);
			continue;
		}
		if (h->via_dataset) {
			if (h->cls >= AU_CLASS_NO_DERIVATIVES) {
				au_reason(b, i, "The dataset '%.80s' is under %s: whether its terms reach the model "
					  "is for a lawyer to say.", h->via, h->expr);
				worsen(c, AU_LEGAL_REVIEW);
			}
			continue;
		}
		if (h->cls <= AU_CLASS_PERMISSIVE || (*expr && au_expr_within(b->a, h->expr, *expr)))
			continue;
		au_reason(b, i, "The base model '%.80s' is under %s, whose terms pass on (%s).", h->via, h->expr,
			  h->basis);
		if (h->cls > *worst)
			*worst = h->cls;
		*expr = au_lexpr_and(b->a, *expr, h->expr);
	}
}

void au_legal_conclude(struct au_legal_build *b, size_t i)
{
	struct au_comp_work *w = &b->work[i];
	struct au_component *c = &b->legal->components[i];
	enum au_class worst = AU_CLASS_PUBLIC_DOMAIN;
	const char *expr = declared_part(b, i);
	bool said = expr != NULL, assertable = found_part(b, i, &expr);

	if (!expr) {
		expr = reference_part(b, i);
		if (expr)
			worsen(c, AU_LEGAL_REVIEW);
	}
	inherited_part(b, i, &expr, &worst);
	if (!assertable) {
		au_reason(b, i, "No licence is asserted, because a licence file is changed or unknown.");
		expr = NULL;
	}
	if (!expr && !w->declared.n && !w->found.n && !w->inherited.n) {
		au_reason(b, i, "Nothing states a licence: all rights are reserved.");
		c->expr = "NONE";
		c->cls = AU_CLASS_UNKNOWN;
		c->status = AU_LEGAL_NONE;
		return;
	}
	if (!expr || (!said && !w->found.n)) {
		worsen(c, AU_LEGAL_REVIEW);
		if (expr)
			au_reason(b, i, "The component itself states no exact licence.");
	}
	c->expr = expr && (said || w->found.n) ? expr : "NOASSERTION";
	c->cls = strcmp(c->expr, "NOASSERTION") ? au_class_of(b->a, b->db, c->expr) : AU_CLASS_UNKNOWN;
	if (worst > c->cls)
		c->cls = worst;
}
