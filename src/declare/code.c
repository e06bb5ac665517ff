/* Manifests that are programs, read as text and never run: setup.py, *.gemspec; and setup.cfg,
 * go.mod. Only literals are taken: `license="MIT"`; what is computed stays unread. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t blank_at(const char *s)
{
	return strspn(s, " \t\r\n");
}

/* A string literal at s (after a prefix such as r or u): its text, or NULL. *ret_end behind it. */
static const char *literal(struct au_decl *d, const char *s, const char **ret_end)
{
	const char *end;
	size_t q = 1;

	if ((*s == 'r' || *s == 'u' || *s == 'b') && (s[1] == '"' || s[1] == '\''))
		s++;
	if (*s != '"' && *s != '\'')
		return NULL;
	if (s[1] == *s && s[2] == *s)
		q = 3;
	for (end = s + q; *end && strncmp(end, s, q) != 0; end++)
		if (*end == '\\' && end[1])
			end++;
		else if (q == 1 && *end == '\n')
			return NULL;
	if (!*end)
		return NULL;
	*ret_end = end + q;
	return au_arena_strn(d->a, s + q, (size_t)(end - s) - q);
}

/* `key = "text"` or `key: "text"`: the next one at or behind *at. */
static const char *keyword(struct au_decl *d, const char *key, const char *op, const char **at,
			   struct au_span *ret)
{
	size_t n = strlen(key);

	for (const char *s = strstr(*at, key); s; s = strstr(s + 1, key)) {
		const char *v = s + n, *end, *text;

		if ((s > d->p && (word_char(s[-1]) || s[-1] == '#')) || word_char(*v))
			continue;
		v += blank_at(v);
		if (strncmp(v, op, strlen(op)) != 0 || v[strlen(op)] == '=')
			continue;
		v += strlen(op);
		v += blank_at(v);
		text = literal(d, v, &end);
		if (!text)
			continue;
		*ret = au_decl_at(d, (size_t)(s - d->p), (size_t)(end - s));
		*at = end;
		return text;
	}
	return NULL;
}

static const char *first(struct au_decl *d, const char *key, struct au_span *ret)
{
	const char *at = d->p;

	return keyword(d, key, "=", &at, ret);
}

void au_decl_setup_py(struct au_decl *d)
{
	struct au_span at = { 0 }, other;
	const char *name = first(d, "name", &at), *s, *p = d->p, *end;

	if (!strstr(d->p, "setup("))
		return;
	if (name)
		au_decl_package(d, "pypi", name, first(d, "version", &other), at);
	s = first(d, "license", &at);
	if (s)
		au_decl_licence(d, s, at);
	s = first(d, "author", &at);
	au_decl_fact(d, "declared.author", s, NULL, at);
	while ((p = strstr(p, "License ::"))) {
		if (p > d->p && (p[-1] == '"' || p[-1] == '\'') && (s = literal(d, p - 1, &end))) {
			au_decl_licence(d, s, au_decl_at(d, (size_t)(p - d->p), strlen(s)));
			p = end;
		} else {
			p++;
		}
	}
}

/* INI: section [metadata], keys license and classifiers (indented list). */
void au_decl_setup_cfg(struct au_decl *d)
{
	bool meta = false, list = false;
	const char *name = NULL, *version = NULL;
	struct au_span name_at = { 0 };

	for (size_t at = 0; at < d->n;) {
		const char *line = d->p + at;
		size_t len = strcspn(line, "\n");
		const char *s = au_arena_strn(d->a, line, len < 1000 ? len : 1000), *eq = strpbrk(s, "=:");
		const char *v = eq ? eq + 1 + strspn(eq + 1, " \t") : "";
		struct au_span span = au_decl_at(d, at, len);
		size_t key = eq ? (size_t)(eq - s) : 0;

		at += len + 1;
		while (key && isspace((unsigned char)s[key - 1]))
			key--;
		if (*s == '[')
			meta = au_starts(s, "[metadata]");
		else if (meta && list && isspace((unsigned char)*s) && strstr(s, "License ::"))
			au_decl_licence(d, strstr(s, "License ::"), span);
		else if (!isspace((unsigned char)*s) && meta && key) {
			list = key >= 10 && !strncmp(s, "classifier", 10);
			if (key == 7 && !strncmp(s, "license", 7))
				au_decl_licence(d, v, span);
			else if (key == 4 && !strncmp(s, "name", 4)) {
				name = v;
				name_at = span;
			} else if (key == 7 && !strncmp(s, "version", 7) && !strstr(v, "attr:"))
				version = v;
		}
	}
	if (name)
		au_decl_package(d, "pypi", name, version, name_at);
}

/* `s.license = "MIT"`, `spec.licenses = ["MIT", "GPL-2.0"]` (an array is a choice). */
void au_decl_gemspec(struct au_decl *d)
{
	struct au_span span = { 0 }, other;
	const char *name = first(d, "name", &span), *s, *end, *all = NULL, *x = NULL, *family;

	if (name)
		au_decl_package(d, "gem", name, first(d, "version", &other), span);
	s = first(d, "license", &span);
	if (s)
		au_decl_licence(d, s, span);
	s = strstr(d->p, ".licenses");
	if (!s)
		return;
	end = s + strcspn(s, "\n");
	span = au_decl_at(d, (size_t)(s - d->p), (size_t)(end - s));
	for (s += 9 + strspn(s + 9, " =["); s < end && *s != ']';) {
		const char *one = literal(d, s, &s);

		if (!one)
			break;
		if (!au_declare_normalise(d->a, d->db, one, &x, &family)) {
			au_decl_licence(d, one, span);
			return;
		}
		all = all ? au_arena_fmt(d->a, "%s OR %s", all, x) : x;
		s += strspn(s, ", ");
	}
	if (all)
		au_decl_licence_as(d, all, all, span);
}

/* go.mod names the module and what it requires; licences lie in the vendored directories. */
void au_decl_gomod(struct au_decl *d)
{
	const char *s = d->p;

	while (*s) {
		size_t len = strcspn(s, "\r\n");

		if (au_starts(s, "module ") || au_starts(s, "module\t")) {
			const char *v = s + 7 + strspn(s + 7, " \t\"");

			au_decl_package(d, "golang", au_arena_strn(d->a, v, strcspn(v, " \t\r\n\"")), NULL,
					au_decl_at(d, (size_t)(s - d->p), len));
			return;
		}
		s += len;
		s += strspn(s, "\r\n");
	}
}
