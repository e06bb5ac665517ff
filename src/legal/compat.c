/* Combinations: the licence of a component against those of the texts inside it and of the packages
 * below it. */
#include "base/banned.h"
#include "legal/judge.h"
#include "base/text.h"
#include "declare/lexpr.h"

enum { PAIRS_MAX = 200 };

struct pair {
	const char *out, *in, *why;
	enum au_compat worst;
};

/* The best over the OR sides of both: a choice that works is a way out. ids only. */
static enum au_compat judge_pair(struct au_judging *j, const struct au_lexpr *out, const struct au_lexpr *in,
				 struct pair *ret);

static enum au_compat over(struct au_judging *j, const struct au_lexpr *split, const struct au_lexpr *other,
			   bool split_is_out, struct pair *ret)
{
	bool any = split->op == AU_LX_OR;
	enum au_compat best = any ? AU_COMPAT_NO : AU_COMPAT_YES;

	for (const struct au_lexpr *c = split->first; c; c = c->next) {
		struct pair p = { 0 };
		enum au_compat r = split_is_out ? judge_pair(j, c, other, &p) : judge_pair(j, other, c, &p);

		if (any && r != AU_COMPAT_NO)
			return r;
		if (r == AU_COMPAT_NO) {
			*ret = p;
			best = AU_COMPAT_NO;
		}
	}
	return best;
}

static enum au_compat judge_pair(struct au_judging *j, const struct au_lexpr *out, const struct au_lexpr *in,
				 struct pair *ret)
{
	enum au_compat r;

	if (in->op != AU_LX_ID)
		return over(j, in, out, false, ret);
	if (out->op != AU_LX_ID)
		return over(j, out, in, true, ret);
	/* The matrix knows exceptions only where it lists them; a weakened copyleft is not judged. */
	if (strstr(in->id, " WITH "))
		return AU_COMPAT_UNKNOWN;
	r = au_compatible(&j->tables, au_lexpr_base(j->a, out->id), au_lexpr_base(j->a, in->id), &ret->why);
	ret->out = out->id;
	ret->in = in->id;
	return r;
}

static bool incompatible(struct au_judging *j, const char *out, const char *in, struct pair *ret)
{
	struct au_lexpr *o = au_lexpr_parse(j->a, out), *i = au_lexpr_parse(j->a, in);

	return o && i && judge_pair(j, o, i, ret) == AU_COMPAT_NO && ret->in;
}

static const struct au_claim *leading(const struct au_component *c)
{
	for (size_t i = 0; i < c->n_declared; i++)
		if (c->declared[i].expr && strcmp(c->declared[i].source, "debian/copyright") != 0)
			return &c->declared[i];
	return NULL;
}

static void tell(struct au_judging *j, const struct au_claim *lead, const struct pair *p, const char *whole,
		 const struct au_entry *e, struct au_span span, const char *part, au_about_fn *about)
{
	struct au_finding *f = about(j, AU_LIC_INCOMPATIBLE, e, span, au_arena_fmt(j->a, "%s>%s", p->in, p->out),
				     "%s is under %s, which cannot go into '%s' under %s: %s.", part, p->in,
				     whole, p->out, p->why);
	struct au_related *r = AU_NEW(j->job->arena, struct au_related);

	*r = (struct au_related){ lead->entry, lead->span, lead->raw };
	f->related = r;
	f->n_related = 1;
}

static void texts_inside(struct au_judging *j, const struct au_component *c, const struct au_claim *lead,
			 au_about_fn *about)
{
	unsigned told = 0;

	for (size_t i = 0; i < c->n_found && told < PAIRS_MAX; i++) {
		const struct au_claim *f = &c->found[i];
		const char *base = au_basename(f->entry->name);
		struct pair p = { 0 };
		bool again = false;

		/* A licence file of another licence is a contradiction, told elsewhere. */
		if (!f->expr || au_istarts(base, "licen") || au_istarts(base, "copying") ||
		    au_istarts(base, "readme") || au_expr_within(j->a, f->expr, lead->expr))
			continue;
		for (size_t k = 0; k < i; k++)
			again |= c->found[k].expr && !strcmp(c->found[k].expr, f->expr);
		if (again || !incompatible(j, lead->expr, f->expr, &p))
			continue;
		tell(j, lead, &p, c->name, f->entry, f->span, au_arena_fmt(j->a, "'%s'", f->entry->path), about);
		told++;
	}
}

/* A package judged against the nearest package or model that it lies in. */
static void against_parent(struct au_judging *j, const struct au_component *c, au_about_fn *about)
{
	const struct au_component *up = c->parent;
	const struct au_claim *lead = NULL, *own = leading(c);
	struct pair p = { 0 };

	if (c->type != AU_COMP_PACKAGE || !own)
		return;
	while (up && !(lead = leading(up)))
		up = up->parent;
	if (lead && incompatible(j, lead->expr, own->expr, &p))
		tell(j, lead, &p, up->name, own->entry, own->span, au_arena_fmt(j->a, "The package '%s'", c->name),
		     about);
}

void au_judge_compatibility(struct au_judging *j, const struct au_component *c, au_about_fn *about)
{
	const struct au_claim *lead = leading(c);

	if (lead)
		texts_inside(j, c, lead, about);
	against_parent(j, c, about);
}
