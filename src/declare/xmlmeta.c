/* XML manifests: Maven's pom.xml and NuGet's *.nuspec. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"
#include "io/xml.h"

static const char *text_of(struct au_decl *d, const struct au_xml *x)
{
	const char *s = au_buf_cstr(&x->text);
	size_t n;

	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return n ? au_arena_strn(d->a, s, n) : NULL;
}

static struct au_span here(struct au_decl *d, const struct au_xml *x)
{
	const char *p = d->p + x->tok_at;
	size_t lead = x->tok_at < d->n ? strspn(p, " \t\r\n") : 0;

	return au_decl_at(d, x->tok_at + lead, x->at - x->tok_at > lead ? x->at - x->tok_at - lead : 0);
}

struct pom {
	const char *group, *artifact, *version, *name, *url;
	struct au_span at, name_at;
};

static void pom_text(struct au_decl *d, struct au_xml *x, struct pom *p)
{
	const char *s = text_of(d, x);

	if (!s)
		return;
	if (au_xml_path(x, "project/groupId") || (!p->group && au_xml_path(x, "project/parent/groupId")))
		p->group = s;
	else if (au_xml_path(x, "project/artifactId")) {
		p->artifact = s;
		p->at = here(d, x);
	} else if (au_xml_path(x, "project/version"))
		p->version = s;
	else if (au_xml_path(x, "project/licenses/license/name")) {
		p->name = s;
		p->name_at = here(d, x);
	} else if (au_xml_path(x, "project/licenses/license/url")) {
		p->url = s;
		if (!p->name)
			p->name_at = here(d, x);
	} else if (au_xml_path(x, "project/developers/developer/name"))
		au_decl_fact(d, "declared.author", s, NULL, here(d, x));
}

/* Several licences in a pom are a choice by Maven's own words, but many mean "and": each is told. */
static void pom_licence(struct au_decl *d, struct pom *p)
{
	if (p->name && p->url && !au_declare_alias(d->a, d->db, p->name) &&
	    au_declare_alias(d->a, d->db, p->url))
		au_decl_licence_as(d, p->name, au_declare_alias(d->a, d->db, p->url), p->name_at);
	else
		au_decl_licence(d, p->name ? p->name : p->url, p->name_at);
	if (p->url)
		au_decl_fact(d, "declared.licence_link", p->url, NULL, p->name_at);
	p->name = p->url = NULL;
}

void au_decl_pom(struct au_decl *d)
{
	enum au_xml_event ev;
	struct pom p = { 0 };
	struct au_xml x;

	au_xml_init(&x, d->p, d->n);
	while ((ev = au_xml_next(&x)) != AU_XML_END && ev != AU_XML_ERROR) {
		if (ev == AU_XML_TEXT_EVENT)
			pom_text(d, &x, &p);
		else if (ev == AU_XML_CLOSE && !strcmp(x.name, "license") && au_xml_path(&x, "project/licenses"))
			pom_licence(d, &p);
	}
	if (p.artifact)
		au_decl_package(d, "maven", au_arena_fmt(d->a, "%s/%s", p.group ? p.group : "", p.artifact),
				p.version, p.at);
	if (ev == AU_XML_ERROR)
		au_decl_problem(d, x.tok_line, x.err);
	au_xml_release(&x);
}

static void nuspec_text(struct au_decl *d, const struct au_xml *x, const char *type, const char **name,
			struct au_span *name_at, const char **version)
{
	const char *s = text_of(d, x);

	if (!s)
		return;
	if (au_xml_path(x, "package/metadata/id")) {
		*name = s;
		*name_at = here(d, x);
	} else if (au_xml_path(x, "package/metadata/version"))
		*version = s;
	else if (au_xml_path(x, "package/metadata/license") && !strcmp(type, "file"))
		au_decl_fact(d, "declared.licence_link", s, NULL, here(d, x));
	else if (au_xml_path(x, "package/metadata/license"))
		au_decl_licence(d, s, here(d, x));
	else if (au_xml_path(x, "package/metadata/licenseUrl") && !au_istr(s, "aka.ms/deprecateLicenseUrl"))
		au_decl_licence(d, s, here(d, x));
	else if (au_xml_path(x, "package/metadata/authors"))
		au_decl_fact(d, "declared.author", s, NULL, here(d, x));
	else if (au_xml_path(x, "package/metadata/copyright"))
		au_decl_fact(d, "declared.copyright", s, NULL, here(d, x));
}

void au_decl_nuspec(struct au_decl *d)
{
	const char *name = NULL, *version = NULL;
	struct au_span at = { 0 };
	enum au_xml_event ev;
	char type[32] = "";
	struct au_xml x;

	au_xml_init(&x, d->p, d->n);
	while ((ev = au_xml_next(&x)) != AU_XML_END && ev != AU_XML_ERROR) {
		if (ev == AU_XML_OPEN && !strcmp(x.name, "license")) {
			type[0] = 0;
			au_xml_attr(&x, "type", type, sizeof(type));
		} else if (ev == AU_XML_TEXT_EVENT) {
			nuspec_text(d, &x, type, &name, &at, &version);
		}
	}
	if (name)
		au_decl_package(d, "nuget", name, version, at);
	if (ev == AU_XML_ERROR)
		au_decl_problem(d, x.tok_line, x.err);
	au_xml_release(&x);
}
