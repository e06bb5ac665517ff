/* Building the legal result; see legal.h. */
#include "base/banned.h"
#include "legal/internal.h"
#include "declare/lexpr.h"

static void *take(struct au_legal_build *b, struct au_vec *v, size_t *ret_n)
{
	void *p = v->n ? au_arena_dup(b->a, v->p, v->n * v->size) : NULL;

	*ret_n = v->n;
	au_vec_release(v);
	return p;
}

static void seal(struct au_legal_build *b, size_t i)
{
	struct au_component *c = &b->legal->components[i];
	struct au_comp_work *w = &b->work[i];

	c->entries = take(b, &w->entries, &c->n_entries);
	c->declared = take(b, &w->declared, &c->n_declared);
	c->found = take(b, &w->found, &c->n_found);
	c->inherited = take(b, &w->inherited, &c->n_inherited);
	c->lineage = take(b, &w->lineage, &c->n_lineage);
	c->reasons = take(b, &w->reasons, &c->n_reasons);
	c->obligations = take(b, &w->duties, &c->n_obligations);
	c->copyrights = take(b, &w->copyrights, &c->n_copyrights);
	au_vec_release(&w->conflicts);
	c->text = w->text;
	c->notice = w->notice;
	c->use_policy = w->use_policy;
	c->shown = w->shown ? w->shown->text : NULL;
	c->card = w->has_notices;
	c->parent = w->parent == SIZE_MAX ? NULL : &b->legal->components[w->parent];
}

static void totals(struct au_legal_build *b)
{
	struct au_legal *l = b->legal;
	const char *expr = NULL;
	bool gap = false;

	l->status = AU_LEGAL_CLEAR;
	l->cls = AU_CLASS_PUBLIC_DOMAIN;
	for (size_t i = 0; i < l->n_components; i++) {
		const struct au_component *c = &l->components[i];

		l->n_by_class[c->cls]++;
		if (c->cls > l->cls)
			l->cls = c->cls;
		if (c->status > l->status)
			l->status = c->status;
		gap |= !strcmp(c->expr, "NONE") || !strcmp(c->expr, "NOASSERTION");
		if (!gap && i < 500)
			expr = au_lexpr_and(b->a, expr, c->expr);
	}
	l->expr = gap || !expr ? "NOASSERTION" : expr;
	if (l->n_components == 1)
		l->expr = l->components[0].expr;
}

struct au_legal *au_legal_build(struct au_arena *a, const struct au_audit *audit, unsigned uses)
{
	struct au_legal_build b = {
		.a = a, .audit = audit, .db = audit->run ? audit->run->licences : NULL,
		.legal = AU_NEW(a, struct au_legal),
	};

	b.legal->uses = uses;
	au_tables_init(&b.tables, a);
	au_legal_components(&b);
	au_legal_inherit(&b);
	for (size_t i = 0; i < b.legal->n_components; i++) {
		au_legal_conclude(&b, i);
		au_legal_duties(&b, i);
	}
	for (size_t i = 0; i < b.legal->n_components; i++)
		seal(&b, i);
	totals(&b);
	return b.legal;
}

const struct au_component *au_legal_component_of(const struct au_legal *l, const struct au_entry *e)
{
	for (size_t i = 0; i < l->n_components; i++)
		for (size_t k = 0; k < l->components[i].n_entries; k++)
			if (l->components[i].entries[k] == e)
				return &l->components[i];
	return NULL;
}
