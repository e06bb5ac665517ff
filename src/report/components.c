/* Components and their conclusions as records; which component an entry belongs to. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/map.h"
#include "report/internal.h"

const struct au_legal *au_report_legal(const struct au_report *r)
{
	return r->legal ? r->legal : r->audit->legal;
}

static void add_claims(au_rec *o, const char *key, const struct au_claim *c, size_t n)
{
	au_rec *list = au_rec_add_array(o, key);

	for (size_t i = 0; i < n; i++, c++) {
		au_rec *x = au_rec_push_object(list);

		au_rec_str(x, "raw", c->raw);
		au_rec_str(x, "expression", c->expr);
		au_rec_str(x, "family", c->family);
		au_rec_str(x, "class", au_class_name(c->cls));
		au_rec_str(x, "source", c->source);
		if (c->kind == AU_CLAIM_FOUND) {
			au_rec_str(x, "verdict", au_found_name(c->verdict));
			au_rec_double(x, "score", c->score);
			au_rec_str(x, "nearest", c->nearest);
		}
		if (c->kind == AU_CLAIM_INHERITED) {
			au_rec_str(x, "via", c->via);
			au_rec_bool(x, "via_dataset", c->via_dataset);
			au_rec_u64(x, "hops", c->hops);
			au_rec_str(x, "basis", c->basis);
		}
		if (c->entry)
			au_report_add_path(x, c->entry->path);
		au_report_add_span(x, c->span);
	}
}

static void add_lineage(au_rec *o, const struct au_component *c)
{
	au_rec *list = au_rec_add_array(o, "lineage");

	for (size_t i = 0; i < c->n_lineage; i++) {
		const struct au_lineage *l = &c->lineage[i];
		au_rec *x = au_rec_push_object(list);

		au_rec_str(x, "name", l->name);
		au_rec_bool(x, "dataset", l->dataset);
		au_rec_str(x, "in_target", l->in_target ? l->in_target->dir : NULL);
		au_rec_str(x, "known", l->known);
		if (l->entry)
			au_report_add_path(x, l->entry->path);
		au_report_add_span(x, l->span);
	}
}

static void add_obligations(au_rec *o, const struct au_component *c)
{
	au_rec *list = au_rec_add_array(o, "obligations");

	for (size_t i = 0; i < c->n_obligations; i++) {
		const struct au_obligation *b = &c->obligations[i];
		au_rec *x = au_rec_push_object(list), *uses;

		au_rec_str(x, "id", b->id);
		au_rec_str(x, "text", b->text);
		au_rec_str(x, "licence", b->licence);
		au_rec_str(x, "clause", b->clause);
		uses = au_rec_add_array(x, "uses");
		for (unsigned u = 1; u < AU_USE_ALL; u <<= 1)
			if (b->uses & u)
				au_rec_push_str(uses, au_use_name(u));
		au_rec_bool(x, "applies", b->applies);
		au_rec_bool(x, "prohibits", b->prohibits);
		au_rec_str(x, "threshold", b->threshold);
	}
}

static void add_strings(au_rec *o, const char *key, const char *const *list, size_t n)
{
	au_rec *a = au_rec_add_array(o, key);

	for (size_t i = 0; i < n; i++)
		au_rec_push_str(a, list[i]);
}

au_rec *au_report_component(const struct au_component *c)
{
	au_rec *o = au_rec_object(), *conflicts;
	char print[33];

	au_rec_str(o, "type", au_component_type_name(c->type));
	au_rec_str(o, "name", c->name);
	au_rec_str(o, "version", c->version);
	au_rec_str(o, "purl", c->purl);
	au_rec_str(o, "dir", c->dir);
	au_rec_str(o, "parent", c->parent ? c->parent->dir : NULL);
	au_rec_str(o, "manifest", c->manifest ? c->manifest->path : NULL);
	au_rec_str(o, "text", c->text ? c->text->path : NULL);
	au_rec_str(o, "notice", c->notice ? c->notice->path : NULL);
	au_rec_str(o, "use_policy", c->use_policy ? c->use_policy->path : NULL);
	au_rec_u64(o, "entries", c->n_entries);
	au_rec_str(o, "status", au_legal_status_name(c->status));
	au_rec_str(o, "expression", c->expr);
	au_rec_str(o, "class", au_class_name(c->cls));
	add_strings(o, "reasons", c->reasons, c->n_reasons);
	add_claims(o, "declared", c->declared, c->n_declared);
	add_claims(o, "found", c->found, c->n_found);
	add_claims(o, "inherited", c->inherited, c->n_inherited);
	add_lineage(o, c);
	add_obligations(o, c);
	add_strings(o, "copyrights", c->copyrights, c->n_copyrights);
	conflicts = au_rec_add_array(o, "conflicts");
	for (size_t i = 0; i < c->n_conflicts; i++) {
		au_report_fingerprint(c->conflicts[i], print);
		au_rec_push_str(conflicts, print);
	}
	return o;
}

struct au_report_owner { struct au_map of; };

struct au_report_owner *au_report_owners(struct au_arena *a, const struct au_legal *l)
{
	struct au_report_owner *o = AU_NEW(a, struct au_report_owner);

	au_map_init(&o->of, a);
	for (size_t i = 0; l && i < l->n_components; i++) {
		const struct au_component *c = &l->components[i];

		for (size_t k = 0; k < c->n_entries; k++)
			*au_map_put(&o->of, (const char *)&c->entries[k], sizeof(c->entries[k])) =
				(void *)(uintptr_t)(i + 1);
	}
	return o;
}

size_t au_report_owner_of(const struct au_report_owner *o, const struct au_entry *e)
{
	void *v = au_map_get(&o->of, (const char *)&e, sizeof(e));

	return v ? (size_t)(uintptr_t)v - 1 : SIZE_MAX;
}
