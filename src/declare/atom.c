/* Single licence names; see atom.h. */
#include "base/banned.h"
#include "declare/atom.h"
#include "declare/names.h"
#include "base/arena.h"
#include "base/text.h"
#include "licence/licence.h"

enum { WORDS_MAX = 40 };

struct words {
	char buf[AU_FOLD_MAX];
	const char *w[WORDS_MAX];
	size_t n;
};

static bool split_words(const char *s, struct words *ret)
{
	size_t len = strlen(s);
	char *p = ret->buf;

	ret->n = 0;
	if (!au_name_fold(s, len, ret->buf))
		return false;
	while (*p && ret->n < WORDS_MAX) {
		ret->w[ret->n++] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = 0;
	}
	return !*p;
}

static bool in(const char *w, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(w, *list))
			return true;
	return false;
}

static bool has(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->w[i], word))
			return true;
	return false;
}

static const char *table_id(struct au_arena *a, const char *s)
{
	char key[AU_FOLD_MAX];
	struct au_name row;

	if (!au_name_fold(s, strlen(s), key) || !au_name_find(key, &row) ||
	    (row.cls_len == 9 && !memcmp(row.cls, "exception", 9)))
		return NULL;
	return au_arena_strn(a, row.id, row.id_len);
}

/* The one number among the words, "" when there is none, NULL when there are several. */
static const char *one_number(const struct words *w)
{
	const char *hit = "";

	for (size_t i = 0; i < w->n; i++) {
		if (!isdigit((unsigned char)*w->w[i]))
			continue;
		if (*hit && strcmp(hit, w->w[i]) != 0)
			return NULL;
		hit = w->w[i];
	}
	return hit;
}

static const char *with_zero(struct au_arena *a, const char *number)
{
	return strchr(number, '.') ? number : au_arena_fmt(a, "%s.0", number);
}

static const char *const gnu_words[] = {
	"gnu", "general", "public", "lesser", "library", "affero", "gpl", "lgpl", "agpl", "gfdl", "fdl",
	"free", "documentation", "or", "later", "any", "+", "only", "at", "your", "option", "newer",
	"greater", "higher", "above", "and", "strict", "l", "linux", NULL,
};
static const char *const gnu_heads[] = { "gpl", "lgpl", "agpl", "gfdl", "fdl", "gnu", "affero", NULL };
static const char *const later_words[] = { "+", "later", "newer", "greater", "higher", "above", "any", NULL };

/* "gpl", "lgpl", "agpl" or "gfdl" when every word belongs to a GNU licence's name, else NULL. */
static const char *gnu_kind(const struct words *w)
{
	bool head = false;

	for (size_t i = 0; i < w->n; i++) {
		if (!isdigit((unsigned char)*w->w[i]) && !in(w->w[i], gnu_words))
			return NULL;
		head |= in(w->w[i], gnu_heads);
	}
	if (!head && !(has(w, "general") && has(w, "public")))
		return NULL;
	if (has(w, "affero") || has(w, "agpl"))
		return "agpl";
	if (has(w, "lesser") || has(w, "library") || has(w, "lgpl"))
		return "lgpl";
	return has(w, "gfdl") || has(w, "fdl") || has(w, "documentation") ? "gfdl" : "gpl";
}

static const char *gnu_id(struct au_arena *a, const struct words *w)
{
	const char *kind = gnu_kind(w), *number = kind ? one_number(w) : NULL;
	bool later = false;
	char *id;

	if (!number || !*number)
		return NULL;
	for (size_t i = 0; i < w->n; i++)
		later |= in(w->w[i], later_words);
	id = au_arena_fmt(a, "%s-%s-%s", kind, with_zero(a, number), later ? "or-later" : "only");
	return table_id(a, id);
}

static const char *const cc_words[] = {
	"creative", "commons", "cc", "by", "attribution", "nc", "noncommercial", "non", "commercial",
	"sa", "sharealike", "share", "alike", "nd", "noderivs", "noderivatives", "no", "derivatives",
	"derivative", "derivs", "works", "international", "unported", "generic", "deed", "intl", "zero",
	"public", "domain", "dedication", "universal", "ccby", "int", "common", NULL,
};

static const char *cc_id(struct au_arena *a, const struct words *w)
{
	const char *number = one_number(w);
	bool nc, nd, sa;

	for (size_t i = 0; i < w->n; i++)
		if (!isdigit((unsigned char)*w->w[i]) && !in(w->w[i], cc_words))
			return NULL;
	if (!has(w, "cc") && !has(w, "creative") && !has(w, "ccby"))
		return NULL;
	if (has(w, "zero") || has(w, "0"))
		return "CC0-1.0";
	if (!number || !*number || !(has(w, "by") || has(w, "attribution") || has(w, "ccby")))
		return NULL;
	nc = has(w, "nc") || has(w, "noncommercial") || has(w, "commercial");
	nd = has(w, "nd") || has(w, "noderivs") || has(w, "noderivatives") || has(w, "derivatives") ||
	     has(w, "derivs") || has(w, "derivative");
	sa = has(w, "sa") || has(w, "sharealike") || has(w, "alike");
	return table_id(a, au_arena_fmt(a, "CC-BY%s%s%s-%s", nc ? "-NC" : "", nd ? "-ND" : "",
					sa ? "-SA" : "", with_zero(a, number)));
}

static const char *last_segments(struct au_arena *a, const char *url, unsigned n)
{
	static const char *const tails[] = { ".html", ".htm", ".php", ".txt", ".md", ".en", "/legalcode",
					     "/deed", "/", NULL };
	const char *start = strstr(url, "://");
	size_t len;
	char *s = au_arena_str(a, start ? start + 3 : url);
	bool cut = true;

	s[strcspn(s, "?#")] = 0;
	while (cut) {
		cut = false;
		for (size_t i = 0; tails[i]; i++) {
			len = strlen(s);
			if (au_iends(s, tails[i])) {
				s[len - strlen(tails[i])] = 0;
				cut = true;
			}
		}
	}
	for (len = strlen(s); len; len--)
		if (s[len - 1] == '/' && !--n)
			break;
	return len ? s + len : NULL;
}

static const char *odc_id(struct au_arena *a, const char *url)
{
	const char *s = au_istr(url, "/licenses/") + 10;

	return au_istarts(s, "odbl") ? "ODbL-1.0" : au_istarts(s, "by") ? "ODC-By-1.0"
		: au_istarts(s, "pddl") ? "PDDL-1.0" : table_id(a, s);
}

/* Addresses where licences live: the last part of the path names it. */
static const char *url_id(struct au_arena *a, const char *url)
{
	const char *one = last_segments(a, url, 1), *two = last_segments(a, url, 2), *id = NULL;

	if (!one)
		return au_istr(url, "unlicense.org") ? "Unlicense" : NULL;
	if (au_istr(url, "creativecommons.org/publicdomain/zero"))
		return "CC0-1.0";
	if (au_istr(url, "creativecommons.org/licenses/") && two)
		return table_id(a, au_arena_fmt(a, "CC-%s", two));
	if (au_istr(url, "apache.org/licenses"))
		return table_id(a, au_arena_fmt(a, "Apache-%s", au_istarts(one, "license-") ? one + 8 : one));
	if (au_istr(url, "mozilla.org/") && two)
		return table_id(a, two);
	if (au_istr(url, "opendatacommons.org/licenses/"))
		return odc_id(a, url);
	if (au_istr(url, "boost.org/license_1_0"))
		return "BSL-1.0";
	if (au_istr(url, "ai.google.dev/gemma/terms"))
		return "LicenseRef-Gemma-Terms";
	if (au_istr(url, "unlicense.org"))
		return "Unlicense";
	/* A file of a repository says nothing by its name. */
	if (!au_istr(url, "licen") && !au_istr(url, "legal") && !au_istr(url, "spdx"))
		return NULL;
	if (!au_istr(url, "/blob/") && !au_istr(url, "/raw/") && !au_istr(url, "/tree/"))
		id = au_atom_id(a, NULL, one);
	return id;
}

static const char *strip_classifier(const char *s)
{
	const char *last = s;

	for (const char *p = strstr(s, "::"); p; p = strstr(p + 2, "::"))
		last = p + 2;
	return last + strspn(last, " ");
}

/* Ids of the licence index that the table of names does not have: a user's own licences. Records of
 * mere family words ("bsd", "openrail", "other") have no text and are no answer. */
static const char *index_id(const struct au_licence_db *db, const char *s)
{
	const struct au_licence *rec = db ? au_licence_find(db, s) : NULL;

	return rec && !rec->exception && !rec->deprecated && (rec->words || rec->fingerprint) ? rec->id : NULL;
}

const char *au_atom_id(struct au_arena *a, const struct au_licence_db *db, const char *s)
{
	struct words w;
	const char *id;
	size_t n;

	s = strip_classifier(s);
	if (au_istarts(s, "spdx:"))
		s += 5;
	n = strlen(s);
	if (!n || n >= AU_FOLD_MAX)
		return NULL;
	if (strstr(s, "://") || au_istarts(s, "www."))
		return url_id(a, s);
	if (!strpbrk(s, " \t/()") &&
	    (!strncmp(s, "LicenseRef-", 11) || !strncmp(s, "DocumentRef-", 12))) {
		id = table_id(a, s);
		return id ? id : au_arena_str(a, s);
	}
	if (strpbrk(s, "/|,;&") && !table_id(a, s))
		return strchr(s, ',') && !strpbrk(s, "/|;&") && split_words(s, &w) ? gnu_id(a, &w) : NULL;
	id = table_id(a, s);
	if (!id && split_words(s, &w)) {
		id = gnu_id(a, &w);
		if (!id)
			id = cc_id(a, &w);
	}
	if (id && !strchr(id, ' ') && split_words(s, &w) && gnu_kind(&w) && gnu_id(a, &w))
		id = gnu_id(a, &w);
	if (!id && s[n - 1] == '+') {
		id = table_id(a, au_arena_strn(a, s, n - 1));
		id = id && !strchr(id, ' ') ? au_arena_fmt(a, "%s+", id) : NULL;
	}
	return id ? id : index_id(db, s);
}

/* "Bison exception", "Linux-syscall-note exception", "LLVM-exception": with and without the word. */
const char *au_atom_exception(struct au_arena *a, const char *s)
{
	char key[AU_FOLD_MAX], with[AU_FOLD_MAX + 24];
	struct au_name row;
	size_t n;

	if (!au_name_fold(s, strlen(s), key))
		return NULL;
	snprintf(with, sizeof(with), "with %s", key);
	n = strlen(with);
	if (!au_name_find(with, &row)) {
		if (n > 10 && !strcmp(with + n - 10, " exception"))
			with[n - 10] = 0;
		else
			snprintf(with + n, sizeof(with) - n, " exception");
		if (!au_name_find(with, &row))
			return NULL;
	}
	return au_arena_strn(a, row.id, row.id_len);
}

struct family {
	const char *word, *family;
};

/* First hit wins; looked up among the folded words, or as the start of the whole. */
static const struct family families[] = {
	{ "openrail", "openrail" }, { "rail", "openrail" }, { "agpl", "agpl" }, { "affero", "agpl" },
	{ "lgpl", "lgpl" }, { "lesser", "lgpl" }, { "gfdl", "gfdl" }, { "gpl", "gpl" }, { "gnu", "gpl" },
	{ "llama", "llama" }, { "gemma", "gemma" }, { "bsd", "bsd" }, { "apache", "apache" },
	{ "asl", "apache" }, { "mpl", "mpl" }, { "mozilla", "mpl" }, { "cc", "cc" },
	{ "creative", "cc" }, { "proprietary", "proprietary" }, { "unlicensed", "proprietary" },
	{ "commercial", "proprietary" }, { "private", "proprietary" }, { "reserved", "proprietary" },
	{ "closed", "proprietary" }, { "none", "none" }, { "noassertion", "unknown" },
	{ "unknown", "unknown" }, { "unspecified", "unknown" }, { "tbd", "unknown" },
	{ "domain", "public-domain" }, { "file", "file" }, { "see", "file" }, { "txt", "file" },
	{ "other", "other" }, { "research", "research" }, { "academic", "research" },
	{ "noncommercial", "non-commercial" },
};

const char *au_atom_family(struct au_arena *a, const char *s)
{
	struct words w;

	(void)a;
	if (!*s)
		return "unknown";
	if (strstr(s, "://"))
		return au_istr(s, "creativecommons") ? "cc" : "file";
	if (au_istr(s, "non-commercial") || au_istr(s, "non commercial"))
		return "non-commercial";
	if (au_ieq(s, "LICENSE") || au_istarts(s, "LICENSE.") || au_istarts(s, "COPYING") ||
	    au_istarts(s, "SEE LICEN"))
		return "file";
	if (strlen(s) >= AU_FOLD_MAX)
		return "text";
	if (!split_words(s, &w) || !w.n)
		return w.n ? "other" : "unknown";
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (has(&w, families[i].word))
			return families[i].family;
	return "other";
}
