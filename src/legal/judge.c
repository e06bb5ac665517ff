/* The legal judge: conflicts between what is declared, found and inherited, with evidence on both
 * sides (`related`). Rules are in rules.c. */
#include "base/banned.h"
#include "legal/judge.h"
#include "base/map.h"
#include "base/text.h"
#include "declare/declare.h"
#include "declare/lexpr.h"

static void hang(struct au_judging *j, const struct au_finding *f)
{
	const struct au_finding **slot = au_vec_push(&j->conflicts);

	if (slot)
		*slot = f;
}

static void relate(struct au_judging *j, struct au_finding *f, const struct au_entry *e,
		   struct au_span span, const char *text)
{
	struct au_related *r = AU_ARRAY(j->job->arena, struct au_related, f->n_related + 1);

	if (f->n_related)
		memcpy(r, f->related, f->n_related * sizeof(*r));
	r[f->n_related] = (struct au_related){ e, span, au_arena_str(j->job->arena, text) };
	f->related = r;
	f->n_related++;
}

static struct au_finding *about(struct au_judging *j, enum au_lic_rule rule, const struct au_entry *e,
				struct au_span span, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

static struct au_finding *about(struct au_judging *j, enum au_lic_rule rule, const struct au_entry *e,
				struct au_span span, const char *key, const char *fmt, ...)
{
	va_list ap;
	const char *text;
	struct au_finding *f;

	va_start(ap, fmt);
	text = au_arena_vfmt(j->job->scratch, fmt, ap);
	va_end(ap);
	f = au_find(j->job, &au_lic_rules[rule], e, span, key, "%s", text);
	hang(j, f);
	return f;
}

static void quote(struct au_judging *j, struct au_finding *f, const char *raw)
{
	f->evidence = au_printable(j->job->arena, raw, strlen(raw), AU_EVIDENCE_MAX);
}

/* First declared claim with an expression, the card's before others'. */
static const struct au_claim *main_claim(const struct au_component *c)
{
	for (size_t i = 0; i < c->n_declared; i++)
		if (c->declared[i].expr)
			return &c->declared[i];
	return NULL;
}

static bool is_text(const struct au_claim *f)
{
	return f->verdict == AU_FOUND_EXACT || f->verdict == AU_FOUND_MATCH || f->verdict == AU_FOUND_PARTIAL;
}

static bool text_bears_out(struct au_judging *j, const struct au_component *c, const char *expr)
{
	for (size_t i = 0; i < c->n_found; i++)
		if (is_text(&c->found[i]) && c->found[i].expr && au_expr_within(j->a, c->found[i].expr, expr))
			return true;
	return false;
}

static bool in_licence_file(const struct au_claim *f)
{
	const char *base = au_basename(f->entry->name);

	return au_istarts(base, "licen") || au_istarts(base, "copying") || au_istr(base, "license");
}

static void contradictions(struct au_judging *j, const struct au_component *c)
{
	const struct au_claim *d = main_claim(c);

	if (!d || text_bears_out(j, c, d->expr))
		return;
	for (size_t i = 0; i < c->n_found; i++) {
		const struct au_claim *f = &c->found[i];
		struct au_finding *hit;

		if (!is_text(f) || !f->expr || !in_licence_file(f) || au_expr_within(j->a, f->expr, d->expr))
			continue;
		hit = about(j, AU_LIC_TEXT_CONTRADICTS, d->entry, d->span,
			    au_arena_fmt(j->a, "%s>%s", d->expr, f->expr),
			    "The %s of '%s' declares %s, but the licence text shipped with it is %s. "
			    "The text is what was granted; %s terms are %s.", d->source, c->name, d->expr,
			    f->expr, f->expr, au_class_name(f->cls));
		if (f->cls <= d->cls)
			hit->sev = AU_MEDIUM;
		quote(j, hit, d->raw);
		relate(j, hit, f->entry, f->span, au_arena_fmt(j->a, "text of %s", f->expr));
		return;
	}
}

static bool parent_has_text(struct au_judging *j, const struct au_component *c, const char *expr)
{
	for (const struct au_component *p = c->parent; p; p = p->parent)
		if (text_bears_out(j, p, expr))
			return true;
	return false;
}

static void missing_text(struct au_judging *j, const struct au_component *c)
{
	const struct au_claim *d = main_claim(c);

	if (!d || c->text || d->cls == AU_CLASS_PUBLIC_DOMAIN || parent_has_text(j, c, d->expr))
		return;
	quote(j, about(j, AU_LIC_TEXT_MISSING, d->entry, d->span, d->expr,
		       "The %s of '%s' declares %s, but no licence text is shipped with it. "
		       "Whoever passes it on cannot keep the notice that the licence asks for.",
		       d->source, c->name, d->expr), d->raw);
}

/* One file a component may hold many (debian/copyright, REUSE): those say of parts. */
static bool speaks_of_whole(const struct au_claim *d)
{
	static const char *const parts[] = { "debian/copyright", "REUSE", "dataset records", "CITATION.cff", NULL };

	for (size_t i = 0; parts[i]; i++)
		if (!strcmp(d->source, parts[i]))
			return false;
	return true;
}

static void disagreement(struct au_judging *j, const struct au_component *c)
{
	const struct au_claim *first = NULL;

	for (size_t i = 0; i < c->n_declared; i++) {
		const struct au_claim *d = &c->declared[i];
		struct au_finding *hit;

		if (!d->expr || !speaks_of_whole(d))
			continue;
		if (!first) {
			first = d;
			continue;
		}
		if (d->entry == first->entry || au_expr_within(j->a, d->expr, first->expr) ||
		    au_expr_within(j->a, first->expr, d->expr))
			continue;
		hit = about(j, AU_LIC_DECLARED_DISAGREE, first->entry, first->span,
			    au_arena_fmt(j->a, "%s>%s", first->expr, d->expr),
			    "Two declarations of '%s' disagree: the %s says %s, the %s says %s.", c->name,
			    first->source, first->expr, d->source, d->expr);
		quote(j, hit, first->raw);
		relate(j, hit, d->entry, d->span, au_arena_fmt(j->a, "%s: %s", d->source, d->raw));
		return;
	}
}

static bool binding(enum au_class c)
{
	return c >= AU_CLASS_STRONG_COPYLEFT && c <= AU_CLASS_PROPRIETARY;
}

static bool declared_within(struct au_judging *j, const struct au_component *c, const char *expr)
{
	for (size_t i = 0; i < c->n_declared; i++)
		if (c->declared[i].expr && au_expr_within(j->a, expr, c->declared[i].expr))
			return true;
	return false;
}

static void laundering(struct au_judging *j, const struct au_component *c)
{
	const struct au_claim *d = main_claim(c);

	for (size_t i = 0; d && i < c->n_inherited; i++) {
		const struct au_claim *h = &c->inherited[i];
		struct au_finding *hit;

		if (h->via_dataset || !h->expr || !binding(h->cls) || h->cls <= d->cls ||
		    declared_within(j, c, h->expr))
			continue;
		hit = about(j, AU_LIC_LAUNDERING, d->entry, d->span, au_arena_fmt(j->a, "%s>%s", h->expr, d->expr),
			    "'%s' is declared %s, but it derives from '%s', which is under %s (%s). "
			    "A derivative cannot shed the terms of its base.", c->name, d->expr, h->via, h->expr,
			    au_class_name(h->cls));
		quote(j, hit, d->raw);
		relate(j, hit, h->entry, h->span, au_arena_fmt(j->a, "base '%s': %s, %s", h->via, h->expr, h->basis));
		return;
	}
}

static void datasets(struct au_judging *j, const struct au_component *c)
{
	for (size_t i = 0; i < c->n_inherited; i++) {
		const struct au_claim *h = &c->inherited[i], *d = main_claim(c);
		struct au_finding *hit;

		if (!h->via_dataset || !h->expr ||
		    (h->cls != AU_CLASS_NON_COMMERCIAL && h->cls != AU_CLASS_NO_DERIVATIVES) ||
		    (d && d->cls >= AU_CLASS_NO_DERIVATIVES && d->cls != AU_CLASS_UNKNOWN))
			continue;
		hit = about(j, AU_LIC_DATASET_RESTRICTED, h->entry, h->span,
			    au_arena_fmt(j->a, "%s>%s", h->via, h->expr),
			    "'%s' was made from the dataset '%s', which is under %s (%s)%s%s.", c->name, h->via,
			    h->expr, au_class_name(h->cls), d ? ", and is itself declared " : "",
			    d ? d->expr : "");
		if (d)
			relate(j, hit, d->entry, d->span, au_arena_fmt(j->a, "%s: %s", d->source, d->raw));
	}
}

static void unresolved(struct au_judging *j, const struct au_component *c)
{
	bool resolved = main_claim(c) != NULL;

	for (size_t i = 0; i < c->n_declared; i++) {
		const struct au_claim *d = &c->declared[i];
		struct au_finding *hit;
		bool by_text = false;

		if (d->expr)
			continue;
		for (size_t k = 0; k < c->n_found; k++)
			by_text |= is_text(&c->found[k]) && c->found[k].expr &&
				   au_family_covers(d->family, c->found[k].expr);
		for (size_t k = 0; k < c->n_declared; k++)
			by_text |= c->declared[k].expr && au_family_covers(d->family, c->declared[k].expr);
		if (by_text || (resolved && !strcmp(d->family, "file")))
			continue;
		hit = about(j, AU_LIC_UNRESOLVED, d->entry, d->span, d->raw,
			    "The %s of '%s' says '%.80s', which names no exact licence. "
			    "It is not read as permissive.", d->source, c->name, d->raw);
		quote(j, hit, d->raw);
		if (!speaks_of_whole(d))
			hit->sev = AU_LOW;
	}
}

static void nothing_said(struct au_judging *j, const struct au_component *c)
{
	const struct au_entry *e = c->manifest ? c->manifest : c->n_entries ? c->entries[0] : NULL;

	if (c->status != AU_LEGAL_NONE || c->type == AU_COMP_DIRECTORY || !e)
		return;
	about(j, AU_LIC_NONE, e, au_span(0, 0), c->dir,
	      "Nothing states a licence for the %s '%s'. Without one all rights are reserved.",
	      au_component_type_name(c->type), c->name);
}

/* The match is the file: not a piece of a long debian/copyright or a source file's header. */
static bool whole_file(const struct au_claim *f)
{
	return in_licence_file(f) && f->span.len >= f->entry->size / 2;
}

static bool told_of_file(const struct au_component *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (c->found[k].entry == c->found[i].entry && c->found[k].verdict == c->found[i].verdict &&
		    (c->found[k].nearest == c->found[i].nearest ||
		     (c->found[k].nearest && c->found[i].nearest && !strcmp(c->found[k].nearest, c->found[i].nearest))))
			return true;
	return false;
}

/* Edits matter most where a whole licence file was edited. Pieces elsewhere are often summaries or
 * several texts run together: told, but not as a conflict. One finding a file and licence. */
static void changed_texts(struct au_judging *j, const struct au_component *c)
{
	for (size_t i = 0; i < c->n_found; i++) {
		const struct au_claim *f = &c->found[i];
		bool edited = f->verdict == AU_FOUND_MODIFIED;
		struct au_finding *hit;

		if ((!edited && f->verdict != AU_FOUND_UNKNOWN) || told_of_file(c, i))
			continue;
		hit = about(j, edited ? AU_LIC_EDITED : AU_LIC_UNKNOWN_TEXT, f->entry, f->span,
			    f->nearest ? f->nearest : "unknown",
			    edited ? "The licence text of '%s' is near %s, but its wording was changed. "
				     "It is not that licence until a lawyer has read the difference."
				   : "A licence text of '%s' is in no index (nearest: %s). A person has to read it.",
			    c->name, f->nearest ? f->nearest : "none");
		if (!whole_file(f))
			hit->sev = edited && in_licence_file(f) ? AU_MEDIUM : AU_LOW;
	}
}

static void unknown_base(struct au_judging *j, const struct au_component *c)
{
	for (size_t i = 0; i < c->n_inherited; i++) {
		const struct au_claim *h = &c->inherited[i];

		if (h->expr || h->via_dataset || h->hops > 1)
			continue;
		about(j, AU_LIC_BASE_UNKNOWN, h->entry, h->span, h->via,
		      "'%s' derives from '%.100s', whose licence is not known here.", c->name, h->via);
	}
}

static void barred_uses(struct au_judging *j, const struct au_component *c, unsigned uses)
{
	const struct au_claim *d = main_claim(c);
	const struct au_entry *e = d ? d->entry : c->manifest ? c->manifest : c->n_entries ? c->entries[0] : NULL;

	for (size_t i = 0; e && uses && i < c->n_obligations; i++) {
		const struct au_obligation *o = &c->obligations[i];

		if (!o->prohibits || !o->applies)
			continue;
		for (unsigned u = 1; u < AU_USE_ALL; u <<= 1)
			if (o->uses & uses & u)
				about(j, AU_LIC_USE_BARRED, e, d ? d->span : au_span(0, 0),
				      au_arena_fmt(j->a, "%s:%s:%s", o->licence, o->id, au_use_name(u)),
				      "'%s' is under %s, which bars the use '%s'. %s", c->name, o->licence,
				      au_use_name(u), o->text);
	}
}

static void component(struct au_judging *j, struct au_legal *l, struct au_component *c)
{
	au_vec_init(&j->conflicts, sizeof(struct au_finding *), 5000);
	contradictions(j, c);
	disagreement(j, c);
	laundering(j, c);
	changed_texts(j, c);
	datasets(j, c);
	au_judge_notices(j, c, about);
	au_judge_compatibility(j, c, about);
	unresolved(j, c);
	missing_text(j, c);
	unknown_base(j, c);
	nothing_said(j, c);
	barred_uses(j, c, l->uses);
	for (size_t i = 0; i < j->conflicts.n; i++) {
		const struct au_finding *f = *AU_AT(&j->conflicts, const struct au_finding *, i);

		if (f->sev >= AU_HIGH && c->status < AU_LEGAL_CONFLICT)
			c->status = AU_LEGAL_CONFLICT;
		else if (f->sev >= AU_LOW && c->status < AU_LEGAL_REVIEW)
			c->status = AU_LEGAL_REVIEW;
	}
	c->n_conflicts = j->conflicts.n;
	c->conflicts = c->n_conflicts ? au_arena_dup(j->job->arena, j->conflicts.p,
						     c->n_conflicts * sizeof(struct au_finding *)) : NULL;
	if (c->status > l->status)
		l->status = c->status;
	au_vec_release(&j->conflicts);
}

void au_legal_judge(struct au_job *closing, struct au_legal *legal)
{
	struct au_judging j = { .job = closing, .a = closing->arena, .legal = legal };

	au_tables_init(&j.tables, j.a);
	for (size_t i = 0; i < legal->n_components; i++)
		component(&j, legal, &legal->components[i]);
}

static void target(struct au_job *closing, const struct au_audit *audit)
{
	if (audit->legal)
		au_legal_judge(closing, audit->legal);
}

const struct au_judge au_judge_legal = {
	.name = "legal",
	.rules = au_lic_rules,
	.n_rules = AU_LIC_N,
	.target = target,
};
