/* Bills of material found in the tree: CycloneDX JSON, SPDX JSON and SPDX tag-value. What they
 * declare about their main subject counts as declared; what they say of parts is listed as tags. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

enum { PARTS_MAX = 20000 };

static void cdx_licences(struct au_decl *d, const struct au_node *component)
{
	AU_EACH(l, au_node_get(component, "licenses")) {
		const struct au_node *lic = au_node_get(l, "license");
		const char *s = au_node_str(l, "expression");

		if (!s)
			s = au_node_str(lic, "id") ? au_node_str(lic, "id") : au_node_str(lic, "name");
		au_decl_licence(d, s, au_decl_line(d, lic ? lic->line : l->line));
	}
}

static void cdx_component(struct au_decl *d, const struct au_node *c)
{
	struct au_span at = au_decl_line(d, c->line);

	if (au_node_str(c, "purl"))
		au_decl_fact(d, "declared.package", au_node_str(c, "purl"), au_node_str(c, "name"), at);
	else if (au_node_str(c, "name"))
		au_decl_package(d, "generic", au_node_str(c, "name"), au_node_str(c, "version"), at);
	cdx_licences(d, c);
}

void au_decl_cyclonedx(struct au_decl *d, const struct au_node *doc)
{
	const struct au_node *subject = au_node_path(doc, "metadata.component");
	size_t n = 0;

	d->src = AU_DECL_CYCLONEDX;
	if (subject)
		cdx_component(d, subject);
	AU_EACH(c, au_node_get(doc, "components"))
		if (n++ < PARTS_MAX)
			cdx_component(d, c);
}

static void spdx_licence(struct au_decl *d, const struct au_node *p, const char *key)
{
	const char *s = au_node_str(p, key);

	if (s && strcmp(s, "NOASSERTION") != 0 && strcmp(s, "NONE") != 0)
		au_decl_licence(d, s, au_decl_line(d, au_node_get(p, key)->line));
}

void au_decl_spdx(struct au_decl *d, const struct au_node *doc)
{
	size_t n = 0;

	d->src = AU_DECL_SPDX;
	AU_EACH(p, au_node_get(doc, "packages")) {
		if (n++ == PARTS_MAX)
			break;
		au_decl_package(d, "generic", au_node_str(p, "name"), au_node_str(p, "versionInfo"),
				au_decl_line(d, p->line));
		spdx_licence(d, p, "licenseDeclared");
		if (au_node_str(p, "copyrightText"))
			au_decl_each(d, p, "copyrightText", "declared.copyright", NULL);
	}
}

void au_decl_any_json(struct au_decl *d)
{
	struct au_node *doc = au_decl_json(d);
	const char *format = au_node_str(doc, "bomFormat");

	if (format && !strcmp(format, "CycloneDX"))
		au_decl_cyclonedx(d, doc);
	else if (au_node_str(doc, "spdxVersion"))
		au_decl_spdx(d, doc);
}

void au_decl_spdx_tags(struct au_decl *d)
{
	const char *line = d->p, *name = NULL;
	size_t n = 0;

	if (!strstr(d->p, "SPDXVersion:"))
		return;
	while (*line && n < PARTS_MAX) {
		size_t len = strcspn(line, "\r\n");
		const char *s = au_arena_strn(d->a, line, len < 2000 ? len : 2000);
		const char *v = strchr(s, ':');
		struct au_span at = au_decl_at(d, (size_t)(line - d->p), len);

		v = v ? v + 1 + strspn(v + 1, " ") : "";
		if (au_starts(s, "PackageName:")) {
			name = v;
			n++;
			au_decl_package(d, "generic", name, NULL, at);
		} else if (au_starts(s, "PackageLicenseDeclared:") && strcmp(v, "NOASSERTION") != 0 &&
			   strcmp(v, "NONE") != 0) {
			au_decl_licence(d, v, at);
		}
		line += len;
		line += strspn(line, "\r\n");
	}
}
