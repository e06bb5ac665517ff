/* YAML: model and dataset cards (front matter of a README), CITATION.cff, conda recipes. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

/* Length of the front matter of p, closing mark left out, or 0. The hub takes it only at the very
 * beginning of the file. */
static size_t front_matter(const char *p, size_t n)
{
	size_t at = n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? 3 : 0;

	if (n - at < 4 || memcmp(p + at, "---", 3) != 0 || (p[at + 3] != '\n' && p[at + 3] != '\r'))
		return 0;
	for (at += 3; at < n; at++) {
		if (p[at] != '\n' || n - at < 4 || memcmp(p + at + 1, "---", 3) != 0)
			continue;
		if (n - at == 4 || p[at + 4] == '\n' || p[at + 4] == '\r' || p[at + 4] == ' ')
			return at + 1;
	}
	return 0;
}

static bool is_dataset(const struct au_node *doc)
{
	static const char *const data[] = { "task_categories", "size_categories", "dataset_info",
					    "annotations_creators", "source_datasets", "multilinguality", NULL };
	static const char *const model[] = { "library_name", "pipeline_tag", "base_model", "model-index",
					     "datasets", "widget", NULL };
	bool d = false, m = false;

	for (size_t i = 0; data[i]; i++)
		d |= au_node_get(doc, data[i]) != NULL;
	for (size_t i = 0; model[i]; i++)
		m |= au_node_get(doc, model[i]) != NULL;
	return d && !m;
}

static void tags(struct au_decl *d, const struct au_node *doc)
{
	const struct au_node *list = au_node_get(doc, "tags");

	AU_EACH(t, list) {
		struct au_span at = au_decl_line(d, t->line);

		if (!au_node_text(t))
			continue;
		au_decl_fact(d, "declared.tag", t->text, NULL, at);
		if (au_starts(t->text, "license:"))
			au_decl_licence(d, t->text + 8, at);
		else if (au_starts(t->text, "base_model:"))
			au_decl_fact(d, "declared.base_model", strrchr(t->text, ':') + 1, NULL, at);
		else if (au_starts(t->text, "dataset:"))
			au_decl_fact(d, "declared.dataset", t->text + 8, NULL, at);
	}
}

/* `license: other` says nothing; the name beside it may. */
static void other_name(struct au_decl *d, const struct au_node *doc)
{
	const struct au_node *name = au_node_get(doc, "license_name");
	const struct au_node *lic = au_node_get(doc, "license");
	const char *expr = NULL, *family = NULL;

	if (!au_node_text(name))
		return;
	au_decl_fact(d, "declared.licence_name", name->text, NULL, au_decl_line(d, name->line));
	if (au_node_text(lic) && !au_ieq(lic->text, "other") && !au_ieq(lic->text, "unknown"))
		return;
	if (au_declare_normalise(d->a, d->db, name->text, &expr, &family))
		au_decl_licence_as(d, name->text, expr, au_decl_line(d, name->line));
}

/* `model-index: - name: x`, and `model_name` of older cards. */
static void own_name(struct au_decl *d, const struct au_node *doc)
{
	const struct au_node *list = au_node_get(doc, "model-index");

	AU_EACH(m, list)
		au_decl_each(d, m, "name", "declared.model_id", NULL);
	au_decl_each(d, doc, "model_name", "declared.model_id", NULL);
	au_decl_each(d, doc, "pipeline_tag", "declared.tag", "task");
	au_decl_each(d, doc, "pretty_name", "declared.model_id", NULL);
}

/* Lines that some licences demand to be shown. */
static void notices(struct au_decl *d)
{
	static const char *const lines[] = {
		"Built with Meta Llama 3", "Built with Llama", "Llama 2 is licensed under",
		"Built with Qwen", "Improved using Qwen", "Powered by Stability AI", "Built with DINO",
		"Gemma is provided under and subject to", NULL,
	};

	for (size_t i = 0; lines[i]; i++) {
		const char *hit = au_istr(d->p, lines[i]);

		if (hit)
			au_decl_fact(d, "declared.notice", lines[i], NULL,
				     au_decl_at(d, (size_t)(hit - d->p), strlen(lines[i])));
	}
}

void au_decl_card(struct au_decl *d)
{
	size_t len = front_matter(d->p, d->n);
	struct au_node *doc = len ? au_decl_yaml(d, 0, len) : NULL;

	notices(d);
	if (!doc || doc->type != AU_NODE_MAP)
		return;
	if (is_dataset(doc))
		d->src = AU_DECL_DATASET_CARD;
	AU_EACH(k, doc)
		if (k->dup_key && au_ieq(k->key, "license"))
			au_decl_problem(d, k->line, "the key 'license' stands twice");
	au_decl_licences(d, doc, "license");
	au_decl_licences(d, doc, "licence");
	au_decl_licences(d, doc, "licenses");
	other_name(d, doc);
	au_decl_each(d, doc, "license_link", "declared.licence_link", NULL);
	au_decl_each(d, doc, "base_model", "declared.base_model", au_node_str(doc, "base_model_relation"));
	au_decl_each(d, doc, "datasets", "declared.dataset", NULL);
	au_decl_each(d, doc, "source_datasets", "declared.dataset", "source");
	own_name(d, doc);
	tags(d, doc);
}

void au_decl_cff(struct au_decl *d)
{
	struct au_node *doc = au_decl_yaml(d, 0, d->n);

	au_decl_licences(d, doc, "license");
	au_decl_each(d, doc, "license-url", "declared.licence_link", NULL);
	au_decl_each(d, doc, "title", "declared.model_id", NULL);
	AU_EACH(p, au_node_get(doc, "authors"))
		au_decl_each(d, p, au_node_get(p, "name") ? "name" : "family-names", "declared.author", NULL);
}

/* Conda recipes are templates: lines with Jinja are blanked before they are read as YAML. */
void au_decl_conda(struct au_decl *d)
{
	char *p = au_arena_strn(d->a, d->p, d->n), *line = p;
	struct au_node *doc;
	const struct au_node *about, *pkg;

	while (*line) {
		char *end = line + strcspn(line, "\n");
		char *open = memmem(line, (size_t)(end - line), "{", 1);

		if (open && (open[1] == '{' || open[1] == '%'))
			memset(line, ' ', (size_t)(end - line));
		line = end + (*end != 0);
	}
	d->p = p;
	doc = au_decl_yaml(d, 0, d->n);
	about = au_node_get(doc, "about");
	if (!about)
		return;
	au_decl_licences(d, about, "license");
	au_decl_each(d, about, "license_file", "declared.licence_link", NULL);
	pkg = au_node_get(doc, "package");
	if (pkg)
		au_decl_package(d, "conda", au_node_str(pkg, "name"), au_node_str(pkg, "version"),
				au_decl_line(d, pkg->line));
}
