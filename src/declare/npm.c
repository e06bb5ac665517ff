/* package.json and composer.json. Legacy npm wrote objects and arrays; an array is a choice. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

static const char *one_of(const struct au_node *v)
{
	if (au_node_text(v))
		return v->text;
	if (!au_node_str(v, "type"))
		return au_node_str(v, "name") ? au_node_str(v, "name") : au_node_str(v, "url");
	return au_node_str(v, "type");
}

/* Array of names or objects: an OR over them when all resolve, else each by itself. */
static void choice(struct au_decl *d, const struct au_node *list)
{
	const char *all = NULL, *raw = NULL, *x, *family;
	bool resolved = true;

	AU_EACH(c, list) {
		const char *s = one_of(c);

		if (!s)
			continue;
		raw = raw ? au_arena_fmt(d->a, "%s, %s", raw, s) : s;
		if (strlen(raw) > 1000 || !au_declare_normalise(d->a, d->db, s, &x, &family)) {
			resolved = false;
			break;
		}
		if (strstr(x, " AND "))
			x = au_arena_fmt(d->a, "(%s)", x);
		all = all ? au_arena_fmt(d->a, "%s OR %s", all, x) : x;
	}
	if (all && resolved) {
		au_decl_licence_as(d, raw, all, au_decl_line(d, list->line));
		return;
	}
	AU_EACH(c, list)
		au_decl_licence(d, one_of(c), au_decl_line(d, c->line));
}

static void field(struct au_decl *d, const struct au_node *doc, const char *key)
{
	const struct au_node *v = au_node_get(doc, key);

	if (v && v->type == AU_NODE_SEQ)
		choice(d, v);
	else if (v && one_of(v))
		au_decl_licence(d, one_of(v), au_decl_line(d, v->line));
}

static void people(struct au_decl *d, const struct au_node *doc)
{
	const struct au_node *a = au_node_get(doc, "author");

	if (au_node_text(a))
		au_decl_fact(d, "declared.author", a->text, NULL, au_decl_line(d, a->line));
	else
		au_decl_each(d, a, "name", "declared.author", NULL);
	AU_EACH(p, au_node_get(doc, "authors"))
		au_decl_each(d, p, "name", "declared.author", NULL);
}

static void manifest(struct au_decl *d, const char *type)
{
	struct au_node *doc = au_decl_json(d);
	const struct au_node *name = au_node_get(doc, "name");

	if (!doc || doc->type != AU_NODE_MAP)
		return;
	if (au_node_text(name))
		au_decl_package(d, type, name->text, au_node_str(doc, "version"),
				au_decl_line(d, name->line));
	field(d, doc, "license");
	field(d, doc, "licence");
	if (!au_node_get(doc, "license"))
		field(d, doc, "licenses");
	people(d, doc);
}

void au_decl_npm(struct au_decl *d)
{
	manifest(d, "npm");
}

void au_decl_composer(struct au_decl *d)
{
	manifest(d, "composer");
}
