/* Cargo.toml, pyproject.toml, REUSE.toml and REUSE's .license files. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

void au_decl_cargo(struct au_decl *d)
{
	struct au_node *doc = au_decl_toml(d);
	const struct au_node *pkg = au_node_get(doc, "package");

	if (!pkg)
		pkg = au_node_path(doc, "workspace.package");
	if (!pkg)
		return;
	au_decl_package(d, "cargo", au_node_str(pkg, "name"), au_node_str(pkg, "version"),
			au_decl_line(d, pkg->line));
	au_decl_licences(d, pkg, "license");
	au_decl_each(d, pkg, "license-file", "declared.licence_link", NULL);
	au_decl_each(d, pkg, "authors", "declared.author", NULL);
}

static void project(struct au_decl *d, const struct au_node *p)
{
	const struct au_node *lic = au_node_get(p, "license");

	if (!p)
		return;
	au_decl_package(d, "pypi", au_node_str(p, "name"), au_node_str(p, "version"),
			au_decl_line(d, p->line));
	if (lic && lic->type == AU_NODE_MAP) {
		au_decl_licences(d, lic, "text");
		au_decl_each(d, lic, "file", "declared.licence_link", NULL);
	} else {
		au_decl_licences(d, p, "license");
	}
	au_decl_each(d, p, "license-files", "declared.licence_link", NULL);
	AU_EACH(c, au_node_get(p, "classifiers"))
		if (au_node_text(c) && au_starts(c->text, "License ::"))
			au_decl_licence(d, c->text, au_decl_line(d, c->line));
	AU_EACH(a, au_node_get(p, "authors")) {
		if (au_node_text(a))
			au_decl_fact(d, "declared.author", a->text, NULL, au_decl_line(d, a->line));
		else
			au_decl_each(d, a, "name", "declared.author", NULL);
	}
}

void au_decl_pyproject(struct au_decl *d)
{
	struct au_node *doc = au_decl_toml(d);

	project(d, au_node_get(doc, "project"));
	if (!au_node_get(doc, "project"))
		project(d, au_node_path(doc, "tool.poetry"));
}

void au_decl_reuse_toml(struct au_decl *d)
{
	struct au_node *doc = au_decl_toml(d);

	AU_EACH(a, au_node_get(doc, "annotations")) {
		au_decl_licences(d, a, "SPDX-License-Identifier");
		au_decl_each(d, a, "SPDX-FileCopyrightText", "declared.copyright", NULL);
	}
}

void au_decl_reuse_sidecar(struct au_decl *d)
{
	static const char tag[] = "SPDX-License-Identifier:", copy[] = "SPDX-FileCopyrightText:";

	for (const char *line = d->p; *line;) {
		size_t len = strcspn(line, "\n");
		const char *s = au_arena_strn(d->a, line, len < 1000 ? len : 1000), *hit;
		struct au_span at = au_decl_at(d, (size_t)(line - d->p), len);

		hit = strstr(s, tag);
		if (hit)
			au_decl_licence(d, hit + sizeof(tag) - 1 + strspn(hit + sizeof(tag) - 1, " "), at);
		hit = strstr(s, copy);
		if (hit)
			au_decl_fact(d, "declared.copyright", hit + sizeof(copy) - 1 +
				     strspn(hit + sizeof(copy) - 1, " "), NULL, at);
		line += len + (line[len] != 0);
	}
}
