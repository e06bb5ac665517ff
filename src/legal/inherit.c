/* Licences inherited from base models and datasets: through components of the same target, and
 * through the table of well-known hub models. */
#include "base/banned.h"
#include "legal/internal.h"
#include "base/text.h"

enum { HOPS_MAX = 8 };

static size_t in_target(const struct au_legal_build *b, size_t self, const char *name)
{
	char key[200];
	size_t n = strlen(name);
	const char *slash;
	const void *v;

	if (!n || n >= sizeof(key))
		return SIZE_MAX;
	for (size_t i = 0; i <= n; i++)
		key[i] = au_lower(name[i]);
	v = au_map_get(&b->by_name, key, n);
	slash = strrchr(key, '/');
	if (!v && slash)
		v = au_map_get(&b->by_name, slash + 1, strlen(slash + 1));
	return v && (size_t)(uintptr_t)v - 1 != self ? (size_t)(uintptr_t)v - 1 : SIZE_MAX;
}

static bool has_claim(const struct au_vec *v, const char *expr, const char *via)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct au_claim *c = AU_AT(v, struct au_claim, i);

		if (!strcmp(c->via, via) && (c->expr ? expr && !strcmp(c->expr, expr) : !expr))
			return true;
	}
	return false;
}

static void add(struct au_legal_build *b, size_t i, const struct au_lineage *from, const char *via,
		const char *expr, unsigned hops, bool dataset, const char *basis)
{
	struct au_comp_work *w = &b->work[i];
	struct au_claim *c;

	if (has_claim(&w->inherited, expr, via))
		return;
	c = au_vec_push(&w->inherited);
	if (!c)
		return;
	*c = (struct au_claim){
		.kind = AU_CLAIM_INHERITED, .raw = via, .via = via, .expr = expr, .hops = hops,
		.family = expr ? NULL : "unknown", .via_dataset = dataset,
		.cls = au_class_of(b->a, b->db, expr), .source = dataset ? "dataset" : "base model",
		.basis = basis, .entry = from->entry, .span = from->span,
	};
}

/* What a component of this target says of itself becomes what its derivative inherits. */
static void from_component(struct au_legal_build *b, size_t i, size_t base, const struct au_lineage *from,
			   unsigned hops, bool dataset);

static void walk(struct au_legal_build *b, size_t i, size_t at, const struct au_lineage *first,
		 unsigned hops, bool dataset)
{
	struct au_comp_work *w = &b->work[at];

	if (w->visiting || hops > HOPS_MAX)
		return;
	w->visiting = true;
	for (size_t k = 0; k < w->lineage.n; k++) {
		struct au_lineage *l = AU_AT(&w->lineage, struct au_lineage, k);
		const struct au_lineage *from = first ? first : l;
		size_t base = in_target(b, at, l->name);
		const char *basis = NULL, *known = au_hub_licence(&b->tables, l->name, l->dataset, &basis);
		bool data = dataset || l->dataset;

		l->known = known;
		if (base != SIZE_MAX)
			l->in_target = &b->legal->components[base];
		if (known || basis)
			add(b, i, from, l->name, known, hops, data, basis);
		if (base != SIZE_MAX && base != i)
			from_component(b, i, base, from, hops, data);
		else if (!known && !basis)
			add(b, i, from, l->name, NULL, hops, data,
			    "neither in this target nor in the table of known models");
	}
	w->visiting = false;
}

static void from_component(struct au_legal_build *b, size_t i, size_t base, const struct au_lineage *from,
			   unsigned hops, bool dataset)
{
	const struct au_comp_work *w = &b->work[base];
	const struct au_component *c = &b->legal->components[base];

	for (size_t k = 0; k < w->declared.n; k++) {
		const struct au_claim *d = AU_AT(&w->declared, struct au_claim, k);

		if (d->expr)
			add(b, i, from, c->name, d->expr, hops, dataset, "declared in this target");
	}
	for (size_t k = 0; k < w->found.n; k++) {
		const struct au_claim *f = AU_AT(&w->found, struct au_claim, k);

		if (f->expr && (f->verdict == AU_FOUND_EXACT || f->verdict == AU_FOUND_MATCH))
			add(b, i, from, c->name, f->expr, hops, dataset, "its text lies in this target");
	}
	walk(b, i, base, from, hops + 1, dataset);
}

void au_legal_inherit(struct au_legal_build *b)
{
	for (size_t i = 0; i < b->legal->n_components; i++)
		walk(b, i, i, NULL, 1, false);
}
