/* Files of "Field: value" lines: Python's PKG-INFO, R's DESCRIPTION, debian/copyright (DEP-5). */
#include "base/banned.h"
#include "declare/read.h"
#include "base/buf.h"
#include "base/text.h"

enum { VALUE_MAX = 16 * 1024 };

/* Walk over fields; continuation lines begin with a blank. An empty line ends a paragraph. */
struct fields {
	struct au_decl *d;
	size_t at;
	bool paragraph;            /* an empty line stood before this field */
	const char *name, *value;  /* in scratch; the value's first line ... */
	const char *more;          /* ... and all of it, lines joined by '\n' */
	struct au_span span;       /* of the first line */
};

static size_t line_len(const struct au_decl *d, size_t at)
{
	const char *nl = memchr(d->p + at, '\n', d->n - at);

	return nl ? (size_t)(nl - d->p) - at : d->n - at;
}

static const char *clean(struct au_arena *a, const char *s, size_t n)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return au_arena_strn(a, s, n);
}

static void continuation(struct fields *f, struct au_buf *all)
{
	struct au_decl *d = f->d;

	while (f->at < d->n && (d->p[f->at] == ' ' || d->p[f->at] == '\t')) {
		size_t len = line_len(d, f->at);

		if (au_buf_byte(all, '\n') == 0)
			au_buf_add(all, d->p + f->at, len);
		f->at += len + 1;
	}
}

static bool next(struct fields *f)
{
	struct au_decl *d = f->d;
	struct au_buf all;

	f->paragraph = !f->at;
	while (f->at < d->n) {
		size_t from = f->at, len = line_len(d, from);
		const char *s = d->p + from, *colon = memchr(s, ':', len);

		f->at += len + 1;
		if (!len || (len == 1 && *s == '\r')) {
			f->paragraph = true;
			continue;
		}
		if (!colon || colon == s || isspace((unsigned char)*s) || *s == '#')
			continue;
		f->name = au_arena_strn(d->a, s, (size_t)(colon - s));
		f->value = clean(d->a, colon + 1, len - 1 - (size_t)(colon - s));
		f->span = au_decl_at(d, from, len);
		au_buf_init(&all, VALUE_MAX);
		au_buf_str(&all, f->value);
		continuation(f, &all);
		f->more = clean(d->a, au_buf_cstr(&all), all.len);
		au_buf_release(&all);
		return true;
	}
	return false;
}

void au_decl_pkg_info(struct au_decl *d)
{
	struct fields f = { .d = d };
	const char *name = NULL;

	if (!memmem(d->p, d->n < 4096 ? d->n : 4096, "Metadata-Version:", 17))
		return;
	while (next(&f) && !(f.paragraph && f.at && name && !strcmp(f.name, "Description"))) {
		if (f.paragraph && f.span.line > 1)
			break;                      /* the long description follows the headers */
		if (au_ieq(f.name, "Name"))
			name = f.value;
		else if (au_ieq(f.name, "Version") && name)
			au_decl_package(d, "pypi", name, f.value, f.span);
		else if (au_ieq(f.name, "License") || au_ieq(f.name, "License-Expression"))
			au_decl_licence(d, f.more, f.span);
		else if (au_ieq(f.name, "Classifier") && au_starts(f.value, "License ::"))
			au_decl_licence(d, f.value, f.span);
		else if (au_ieq(f.name, "License-File"))
			au_decl_fact(d, "declared.licence_link", f.value, NULL, f.span);
		else if (au_ieq(f.name, "Author"))
			au_decl_fact(d, "declared.author", f.value, NULL, f.span);
	}
}

/* "MIT + file LICENSE": the file holds the names of year and holder only. */
static const char *without_file(struct au_arena *a, const char *s)
{
	const char *plus = au_istr(s, "+ file LICEN");

	return plus ? clean(a, s, (size_t)(plus - s)) : s;
}

void au_decl_cran(struct au_decl *d)
{
	struct fields f = { .d = d };
	const char *name = NULL;

	while (next(&f)) {
		if (!strcmp(f.name, "Package"))
			name = f.value;
		else if (!name)
			return;
		else if (!strcmp(f.name, "Version"))
			au_decl_package(d, "cran", name, f.value, f.span);
		else if (!strcmp(f.name, "License"))
			au_decl_licence(d, without_file(d->a, f.more), f.span);
		else if (!strcmp(f.name, "Author"))
			au_decl_fact(d, "declared.author", f.value, NULL, f.span);
	}
}

/* DEP-5's "Artistic" is version 1.0; elsewhere the bare name says no version. */
static const char *dep5_names(struct au_arena *a, const char *s)
{
	const char *hit = strstr(s, "Artistic");

	if (!hit || isalnum((unsigned char)hit[8]) || hit[8] == '-')
		return s;
	return au_arena_fmt(a, "%.*sArtistic-1.0%s", (int)(hit - s), s, hit + 8);
}

/* Debian's short names: "GPL-2+", "BSD-3-clause", "Expat"; "and/or" never occurs in DEP-5. */
void au_decl_dep5(struct au_decl *d)
{
	struct fields f = { .d = d };
	const char *files = NULL;
	unsigned paragraphs = 0;

	if (!memmem(d->p, d->n < 4096 ? d->n : 4096, "copyright-format", 16) &&
	    !memmem(d->p, d->n < 65536 ? d->n : 65536, "\nFiles:", 7))
		return;
	while (next(&f)) {
		if (f.paragraph) {
			files = NULL;
			paragraphs++;
		}
		if (au_ieq(f.name, "Upstream-Name"))
			au_decl_package(d, "deb", f.value, NULL, f.span);
		else if (au_ieq(f.name, "Files"))
			files = f.value;
		else if (au_ieq(f.name, "License") && (files || paragraphs == 1))
			au_decl_licence(d, dep5_names(d->a, f.value), f.span);
		else if (au_ieq(f.name, "Copyright") && files)
			au_decl_fact(d, "declared.copyright", f.more, NULL, f.span);
	}
}
