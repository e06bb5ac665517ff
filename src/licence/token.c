/* Text to words; see token.h. One pass, table driven; nothing depends on the locale. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/text.h"
#include "licence/token.h"

enum { WORD_MAX = 64, NOTICE_WORDS = 14, NOTICE_LINE = 28 };

uint32_t au_word(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 0x100000001b3ULL;
	h = au_mix64(h);
	return (uint32_t)h ? (uint32_t)h : 1;
}

/* Spellings that the matching guidelines call equal, and a few that licensors vary freely. */
static const char *const equal[][2] = {
	{ "acknowledgement", "acknowledgment" }, { "analogue", "analog" }, { "analyse", "analyze" },
	{ "artefact", "artifact" }, { "authorisation", "authorization" }, { "authorised", "authorized" },
	{ "calibre", "caliber" }, { "cancelled", "canceled" }, { "capitalisations", "capitalizations" },
	{ "catalogue", "catalog" }, { "categorise", "categorize" }, { "centre", "center" },
	{ "copyrighted", "copyright" },
	{ "emphasised", "emphasized" }, { "favour", "favor" }, { "favourite", "favorite" },
	{ "fulfil", "fulfill" }, { "fulfilment", "fulfillment" }, { "initialise", "initialize" },
	{ "judgement", "judgment" }, { "labelling", "labeling" }, { "labour", "labor" },
	{ "licence", "license" }, { "licenced", "licensed" }, { "licences", "licenses" },
	{ "maximise", "maximize" }, { "modelled", "modeled" }, { "modelling", "modeling" },
	{ "offence", "offense" }, { "optimise", "optimize" }, { "organisation", "organization" },
	{ "organise", "organize" }, { "practise", "practice" }, { "programme", "program" },
	{ "realise", "realize" }, { "recognise", "recognize" }, { "signalling", "signaling" },
	{ "utilisation", "utilization" }, { "whilst", "while" }, { "wilful", "willful" },
	{ "percent", "per cent" }, { "rightsholder", "copyrightholder" },
};

static const char *const joined[] = { "non", "sub", "re", "co", "un", "pre", "multi", NULL };

/* Words a licence body starts with: a copyright notice in the same line ends before them. */
static const char *const body[] = {
	"permission", "redistribution", "redistributions", "licensed", "this", "the", "all", "released",
	"distributed", "everyone", "you", "license", "use", "unless", "dual", "under", "see", "spdx",
	"subject", "is", "are", "portions", "mit", "bsd", "apache", "gnu", NULL
};

struct lex {
	struct au_tokens *t;
	const uint8_t *p;
	size_t n, at;
	uint32_t line;
	bool html, line_start, sentence;   /* sentence: a bullet may stand here */
	size_t notice;                     /* words of a copyright notice still to drop */
	bool notice_line;                  /* until the end of the line */
	uint32_t body[sizeof(body) / sizeof(*body)];
};

void au_tokens_release(struct au_tokens *t)
{
	au_xfree(t->word);
	au_xfree(t->at);
	au_xfree(t->end);
	au_xfree(t->line);
	*t = (struct au_tokens){ 0 };
}

static void push(struct lex *l, uint32_t h, size_t at, size_t end)
{
	struct au_tokens *t = l->t;

	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 4096;
		t->word = au_xrealloc(t->word, t->cap * 4);
		t->at = au_xrealloc(t->at, t->cap * 4);
		t->end = au_xrealloc(t->end, t->cap * 4);
		t->line = au_xrealloc(t->line, t->cap * 4);
	}
	t->word[t->n] = h;
	t->at[t->n] = (uint32_t)at;
	t->end[t->n] = (uint32_t)end;
	t->line[t->n++] = l->line;
}

static bool starts(const struct lex *l, size_t at, const char *s)
{
	size_t n = strlen(s);

	return at + n <= l->n && !strncasecmp((const char *)l->p + at, s, n);
}

static bool looks_html(const uint8_t *p, size_t n)
{
	static const char *const marks[] = { "<html", "<!doctype", "<p>", "<br", "<div", "<body", "</p>", "<pre",
					     "<h1", "<h2", "<li>", "</a>", "<span", "</ul>" };
	size_t hits = 0, end = n < 16384 ? n : 16384;

	for (size_t i = 0; i + 4 < end; i++) {
		if (p[i] != '<')
			continue;
		for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++)
			if (i + strlen(marks[k]) <= n && !strncasecmp((const char *)p + i, marks[k], strlen(marks[k])))
				hits++;
	}
	return hits >= 2;
}

/* Latin letters with marks to their base letter; 0 when it is no such letter. */
static char fold(uint32_t cp)
{
	static const char latin[] = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

	if (cp >= 0xc0 && cp < 0x100)
		return latin[cp - 0xc0];
	return 0;
}

/* One tag, comment, script or style element of HTML at '<'. */
static bool skip_tag(struct lex *l)
{
	size_t i = l->at + 1;
	uint8_t c = i < l->n ? l->p[i] : 0;

	if (!isalpha(c) && c != '/' && c != '!' && c != '?')
		return false;
	if (starts(l, l->at, "<!--")) {
		l->at += 4; /* what is commented out is text too: licences live there */
		return true;
	}
	for (size_t end = i + 2000; i < l->n && i < end && l->p[i] != '>'; i++)
		if (l->p[i] == '\n')
			l->line++;
	l->at = i < l->n ? i + 1 : l->n;
	return true;
}

static bool entity(struct lex *l, uint32_t *ret)
{
	static const struct { const char *s; uint32_t cp; } names[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
		{ "&nbsp;", ' ' }, { "&copy;", 0xa9 }, { "&ldquo;", '"' }, { "&rdquo;", '"' }, { "&lsquo;", '\'' },
		{ "&rsquo;", '\'' }, { "&ndash;", '-' }, { "&mdash;", '-' }, { "&#169;", 0xa9 }, { "&#xa9;", 0xa9 },
		{ "&sect;", ' ' }, { "&bull;", ' ' }, { "&reg;", ' ' }, { "&trade;", ' ' }, { "&middot;", ' ' },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (starts(l, l->at, names[i].s)) {
			l->at += strlen(names[i].s);
			*ret = names[i].cp;
			return true;
		}
	}
	if (starts(l, l->at, "&#")) {
		char *end;
		const char *from = (const char *)l->p + l->at + 2;
		char digits[12];
		size_t k = 0;

		while (k + 1 < sizeof(digits) && l->at + 2 + k < l->n && isalnum((uint8_t)from[k])) {
			digits[k] = from[k];
			k++;
		}
		digits[k] = 0;
		*ret = digits[0] == 'x' || digits[0] == 'X' ? (uint32_t)strtoul(digits + 1, &end, 16)
							    : (uint32_t)strtoul(digits, &end, 10);
		l->at += 2 + k;
		if (l->at < l->n && l->p[l->at] == ';')
			l->at++;
		return true;
	}
	return false;
}

static bool is_bullet_word(const char *w, size_t n)
{
	static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii" };

	if (n == 1)
		return true;
	if (n == 2 && isdigit((uint8_t)w[0]) && isdigit((uint8_t)w[1]))
		return true;
	for (size_t i = 0; i < sizeof(roman) / sizeof(*roman); i++)
		if (strlen(roman[i]) == n && !memcmp(roman[i], w, n))
			return true;
	return n <= 5 && isdigit((uint8_t)w[0]) && w[1] == '.'; /* 1.1 */
}

/* "1." "a)" "(iv)" where a sentence may begin. next: the byte behind the word. */
static bool is_bullet(const struct lex *l, const char *w, size_t n, size_t from, uint8_t next)
{
	bool open = from && l->p[from - 1] == '(';
	uint8_t after = l->at + 1 < l->n ? l->p[l->at + 1] : '\n';

	if (!is_bullet_word(w, n))
		return false;
	if (next == ')')
		return open || l->sentence || l->line_start;
	return (l->sentence || l->line_start) && (next == '.' || next == ':') && (isspace(after) || after == '\\');
}

static uint32_t fold_word(char *w, size_t n)
{
	/* "2.0" and "2" are one version */
	if (isdigit((uint8_t)w[0])) {
		while (n > 2 && w[n - 1] == '0' && w[n - 2] == '.')
			n -= 2;
		while (n && w[n - 1] == '.')
			n--;
	}
	for (size_t i = 0; i < sizeof(equal) / sizeof(*equal); i++)
		if (equal[i][0][0] == w[0] && strlen(equal[i][0]) == n && !memcmp(equal[i][0], w, n))
			return au_word(equal[i][1], strlen(equal[i][1]));
	return au_word(w, n);
}

static size_t line_words(const struct lex *l, size_t at)
{
	size_t n = 0;
	bool in = false;

	for (; at < l->n && l->p[at] != '\n' && n <= NOTICE_LINE; at++) {
		bool w = isalnum(l->p[at]) || l->p[at] >= 0x80;

		n += w && !in;
		in = w;
	}
	return n;
}

/* A copyright sign or word: drop it and what it introduces. A "copyright" in running text
 * ("the above copyright notice") is an ordinary word. */
static bool starts_notice(const struct lex *l, size_t at)
{
	size_t k = at;

	while (k < l->n && k < at + 12 && (isspace(l->p[k]) || strchr(":,.(-", l->p[k]) || l->p[k] == 0xc2))
		k++;
	if (k >= l->n)
		return false;
	if (isdigit(l->p[k]) || l->p[k] == '<' || l->p[k] == '[' || l->p[k] == '{' || l->p[k] == 0xa9 || l->p[k] == '$' ||
	    starts(l, k, "c)") || starts(l, k, "&copy") || starts(l, k, "by ") || starts(l, k, "yyyy") ||
	    starts(l, k, "year"))
		return true;
	return l->line_start && isupper(l->p[k]) && !starts(l, k, "notice") && !starts(l, k, "license") &&
	       !starts(l, k, "and ") && !starts(l, k, "holder") && !starts(l, k, "law") && !starts(l, k, "statement") &&
	       !starts(l, k, "owner") && !starts(l, k, "permission");
}

static void begin_notice(struct lex *l, size_t at)
{
	l->t->copyrights++;
	l->notice_line = line_words(l, at) <= NOTICE_LINE;
	l->notice = NOTICE_WORDS;
}

static bool is_body(const struct lex *l, uint32_t h)
{
	for (size_t i = 0; body[i]; i++)
		if (l->body[i] == h)
			return true;
	return false;
}

/* Words of a notice are dropped; true when this one was. */
static bool in_notice(struct lex *l, const char *w, size_t n, uint32_t h)
{
	if (!l->notice)
		return false;
	if (l->notice_line)
		return true;
	if (isdigit((uint8_t)w[0]) || (n == 1 && w[0] == 'c'))
		return true;
	if (is_body(l, h) && l->notice < NOTICE_WORDS) {
		l->notice = 0;
		return false;
	}
	l->notice--;
	return true;
}

static void end_line(struct lex *l)
{
	l->line++;
	l->line_start = true;
	if (l->notice_line) {
		l->notice = 0;
		l->notice_line = false;
	}
}

/* "all rights reserved" belongs to copyright notices: its three words go when complete. */
static void drop_reserved(struct lex *l)
{
	struct au_tokens *t = l->t;

	if (t->n >= 3 && t->word[t->n - 1] == au_word("reserved", 8) && t->word[t->n - 2] == au_word("rights", 6) &&
	    t->word[t->n - 3] == au_word("all", 3))
		t->n -= 3;
}

static bool is_comment_word(const struct lex *l, const char *w, size_t n)
{
	return l->line_start && ((n == 3 && (!memcmp(w, "dnl", 3) || !memcmp(w, "rem", 3))));
}

static bool is_joined(const char *w, size_t n)
{
	for (size_t i = 0; joined[i]; i++)
		if (strlen(joined[i]) == n && !memcmp(joined[i], w, n))
			return true;
	return false;
}

/* Behind a hyphen: at the end of a line (with comment leaders on the next) or inside a word that is
 * one without it. Returns where the word goes on, or 0. */
static size_t hyphen(struct lex *l, const char *w, size_t n)
{
	size_t k = l->at + 1;

	if (k < l->n && isalnum(l->p[k]))
		return is_joined(w, n) ? k : 0;
	while (k < l->n && (l->p[k] == ' ' || l->p[k] == '\r'))
		k++;
	if (k >= l->n || l->p[k] != '\n' || n < 2)
		return 0;
	k++;
	while (k < l->n && strchr(" \t*#/;%", l->p[k]))
		k++;
	if (k >= l->n || !islower(l->p[k]))
		return 0;
	end_line(l);
	l->line_start = false;
	return k;
}

static void word(struct lex *l)
{
	size_t from = l->at, n = 0;
	char w[WORD_MAX];
	uint32_t h;

	while (l->at < l->n) {
		uint8_t c = l->p[l->at];
		uint32_t cp;
		size_t k;

		if (isalnum(c)) {
			if (n < WORD_MAX)
				w[n++] = au_lower((char)c);
			l->at++;
		} else if (c == '\'' && l->at + 1 < l->n && isalpha(l->p[l->at + 1]) && n) {
			l->at++;
		} else if (c == '.' && n && isdigit((uint8_t)w[n - 1]) && l->at + 1 < l->n && isdigit(l->p[l->at + 1]) &&
			   isdigit((uint8_t)w[0])) {
			if (n < WORD_MAX)
				w[n++] = '.';
			l->at++;
		} else if (c == '-' && n && (k = hyphen(l, w, n < WORD_MAX ? n : WORD_MAX)) != 0) {
			l->at = k;
		} else if (c >= 0x80 && (k = au_utf8_at(l->p + l->at, l->n - l->at, &cp)) != 0) {
			if (cp == 0x2019 && n) { /* an apostrophe as typeset */
				l->at += k;
				continue;
			}
			if (cp < 0xc0 || (cp >= 0x2000 && cp < 0x2e80 && cp != 0x212a) || (cp >= 0x3000 && cp < 0x3040) || cp >= 0xff00)
				break;
			if (fold(cp) && n < WORD_MAX) {
				w[n++] = fold(cp);
			} else {
				if (cp >= 0x2e80 && n) /* scripts without spaces: a word each */
					break;
				for (size_t i = 0; i < k && n < WORD_MAX; i++)
					w[n++] = (char)l->p[l->at + i];
			}
			l->at += k;
			if (cp >= 0x2e80)
				break;
		} else {
			break;
		}
	}
	if (!n) {
		l->at++;
		return;
	}
	if (is_comment_word(l, w, n))
		return;
	if (is_bullet(l, w, n, from, l->at < l->n ? l->p[l->at] : ' ')) {
		l->line_start = false;
		l->sentence = false;
		return;
	}
	h = fold_word(w, n);
	if (!l->notice && n == 9 && !memcmp(w, "copyright", 9) && starts_notice(l, l->at))
		begin_notice(l, l->at);
	else if (!in_notice(l, w, n, h) && !(n == 4 && !memcmp(w, "http", 4)) && !(n == 5 && !memcmp(w, "https", 5)) &&
		 !(n == 3 && !memcmp(w, "www", 3)))
		push(l, h, from, l->at);
	drop_reserved(l);
	l->line_start = false;
	l->sentence = false;
}

/* The address of a markdown link, "](address)", is no text. */
static bool skip_link(struct lex *l)
{
	size_t k = l->at + 2;

	if (!starts(l, l->at, "](") || (!starts(l, k, "http") && !starts(l, k, "#") && !starts(l, k, "./") && !starts(l, k, "mailto:")))
		return false;
	while (k < l->n && k < l->at + 500 && l->p[k] != ')' && l->p[k] != '\n')
		k++;
	if (k >= l->n || l->p[k] != ')')
		return false;
	l->at = k + 1;
	return true;
}

static void sign(struct lex *l, uint32_t cp)
{
	if (cp == 0xa9 && !l->notice)
		begin_notice(l, l->at);
	if (cp == '.' || cp == ';' || cp == ':' || cp == '*' || cp == 0x2022)
		l->sentence = true;
}

void au_tokenise(struct au_tokens *t, const uint8_t *p, size_t n)
{
	struct lex l = { .t = t, .p = p, .n = n, .line = 1, .line_start = true, .html = looks_html(p, n) };

	t->n = 0;
	t->copyrights = 0;
	for (size_t i = 0; body[i]; i++)
		l.body[i] = au_word(body[i], strlen(body[i]));
	while (l.at < n) {
		uint8_t c = p[l.at];
		uint32_t cp = 0;
		size_t k;

		if (isalnum(c)) {
			word(&l);
		} else if (c == '\n') {
			end_line(&l);
			l.at++;
		} else if (c == '<' && l.html && skip_tag(&l)) {
			continue;
		} else if (c == '&' && entity(&l, &cp)) {
			sign(&l, cp);
		} else if (c == '(' && l.at + 2 < n && (p[l.at + 1] | 32) == 'c' && p[l.at + 2] == ')' && !l.notice &&
			   (isspace(l.at + 3 < n ? p[l.at + 3] : ' ') || isdigit(p[l.at + 3])) &&
			   (l.line_start || starts_notice(&l, l.at + 3))) {
			l.at += 3;
			begin_notice(&l, l.at);
		} else if (c == ']' && skip_link(&l)) {
			continue;
		} else if (c >= 0x80) {
			k = au_utf8_at(p + l.at, n - l.at, &cp);
			if (k && (fold(cp) || cp >= 0x100) && !(cp >= 0x2000 && cp < 0x2e80) && !(cp >= 0x3000 && cp < 0x3040) && cp < 0xff00) {
				word(&l);
			} else {
				sign(&l, k ? cp : c == 0xa9 ? 0xa9 : 0); /* Latin-1's sign too */
				l.at += k ? k : 1;
			}
		} else {
			sign(&l, c);
			l.at++;
		}
	}
}
