/* JSON beside weights and datasets: configurations, adapters, pipelines, Croissant, data packages. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

/* A local path says nothing about origin beyond this target. */
static bool is_hub_name(const char *s)
{
	return *s && *s != '/' && *s != '.' && !strchr(s, '\\') && strlen(s) < 200;
}

static void base_of(struct au_decl *d, const struct au_node *doc, const char *key, const char *relation)
{
	const struct au_node *v = au_node_get(doc, key);

	if (au_node_text(v) && is_hub_name(v->text))
		au_decl_fact(d, "declared.base_model", v->text, relation, au_decl_line(d, v->line));
}

void au_decl_config(struct au_decl *d)
{
	struct au_node *doc = au_decl_json(d);
	const struct au_node *name;

	if (!doc || doc->type != AU_NODE_MAP)
		return;
	au_decl_licences(d, doc, "license");
	au_decl_licences(d, doc, "licence");
	base_of(d, doc, "base_model_name_or_path", "adapter");
	base_of(d, doc, "_base_model_name_or_path", NULL);
	/* transformers writes here what the weights were loaded from: own name or the base's. */
	name = au_node_get(doc, "_name_or_path");
	if (au_node_text(name) && is_hub_name(name->text))
		au_decl_fact(d, "declared.model_id", name->text, "loaded-from", au_decl_line(d, name->line));
	au_decl_each(d, doc, "model_type", "declared.tag", "model_type");
	au_decl_each(d, doc, "architectures", "declared.tag", "architecture");
	au_decl_each(d, doc, "_class_name", "declared.tag", "pipeline");
}

/* A licence in schema.org: text, address, or an object with name and url; or a list of them. */
static void schema_licence(struct au_decl *d, const struct au_node *v)
{
	const char *s;

	if (au_node_text(v)) {
		au_decl_licence(d, v->text, au_decl_line(d, v->line));
	} else if (v && v->type == AU_NODE_MAP) {
		s = au_node_str(v, "@id") ? au_node_str(v, "@id") : au_node_str(v, "url");
		if (!s || !au_declare_alias(d->a, d->db, s))
			s = au_node_str(v, "name") ? au_node_str(v, "name") : s;
		au_decl_licence(d, s, au_decl_line(d, v->line));
	}
}

void au_decl_croissant(struct au_decl *d)
{
	struct au_node *doc = au_decl_json(d);
	const struct au_node *lic = au_node_get(doc, "license");

	if (!doc || doc->type != AU_NODE_MAP)
		return;
	if (!lic)
		lic = au_node_get(doc, "sc:license");
	if (lic && lic->type == AU_NODE_SEQ)
		AU_EACH(c, lic)
			schema_licence(d, c);
	else
		schema_licence(d, lic);
	if (!lic && au_node_get(doc, "@context") == NULL)
		AU_EACH(c, doc)                  /* dataset_infos.json: one object a configuration */
			au_decl_licences(d, c, "license");
	if (au_node_get(doc, "@context")) {
		au_decl_each(d, doc, "name", "declared.model_id", NULL);
		au_decl_each(d, doc, "isBasedOn", "declared.dataset", "source");
	}
}

void au_decl_datapackage(struct au_decl *d)
{
	struct au_node *doc = au_decl_json(d);

	if (!doc)
		return;
	if (au_node_text(au_node_get(doc, "license")))
		au_decl_licences(d, doc, "license");
	AU_EACH(l, au_node_get(doc, "licenses")) {
		const char *s = au_node_str(l, "name");

		if (!s)
			s = au_node_str(l, "path") ? au_node_str(l, "path") : au_node_str(l, "title");
		au_decl_licence(d, s, au_decl_line(d, l->line));
	}
	AU_EACH(r, au_node_get(doc, "resources"))
		AU_EACH(l, au_node_get(r, "licenses"))
			au_decl_licence(d, au_node_str(l, "name"), au_decl_line(d, l->line));
	au_decl_each(d, doc, "name", "declared.model_id", NULL);
}
