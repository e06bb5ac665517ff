/* The tokeniser; see token.h. A table gives each byte a class; everything rare is a helper. */
#include "base/banned.h"
#include "licence/token.h"

enum cls { SEP, WRD, DIG, NL, LT, AMP, BSL, HYP, APO, HI, BRK, STP };

/* SEP is 0. Letters and digits are filled by ranges (GNU C). */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
static const uint8_t class_of[256] = {
	['a' ... 'z'] = WRD, ['A' ... 'Z'] = WRD, ['0' ... '9'] = DIG, ['\n'] = NL, ['\r'] = NL,
	['<'] = LT, ['&'] = AMP, ['\\'] = BSL, ['-'] = HYP, ['\''] = APO, [']'] = BRK,
	['.'] = STP, [':'] = STP, [';'] = STP, [0x80 ... 0xff] = HI,
};
#pragma GCC diagnostic pop

/* SPDX equivalent words, and spellings met as often. */
static const char *const pairs[] = {
	"licence", "license", "licences", "licenses", "licenced", "licensed",
	"acknowledgement", "acknowledgment", "analogue", "analog", "analyse", "analyze",
	"artefact", "artifact", "authorisation", "authorization", "authorised", "authorized",
	"calibre", "caliber", "cancelled", "canceled", "catalogue", "catalog", "centre", "center",
	"emphasised", "emphasized", "favour", "favor", "favourite", "favorite",
	"fulfil", "fulfill", "fulfilment", "fulfillment", "https", "http",
	"initialise", "initialize", "judgement", "judgment", "labelling", "labeling",
	"labour", "labor", "maximise", "maximize", "modelled", "modeled", "modelling", "modeling",
	"offence", "offense", "optimise", "optimize", "organisation", "organization",
	"organise", "organize", "practise", "practice", "programme", "program",
	"realise", "realize", "recognise", "recognize", "signalling", "signaling",
	"utilisation", "utilization", "whilst", "while", "wilful", "wilfull",
	"merchantibility", "merchantability", "noncommerical", "noncommercial",
	"acknowledgements", "acknowledgments", "organisations", "organizations",
	"recognised", "recognized", "honour", "honor", "owner", "holder", "owners", "holders",
	NULL,
};

const char *const *au_word_pairs(void)
{
	return pairs;
}

static inline uint32_t finish(uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2c1b3c6dU;
	return h ^ h >> 13;
}

uint32_t au_word_hash(const char *s, size_t n)
{
	uint32_t h = 0x811c9dc5U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 0x01000193U;
	return finish(h);
}

uint32_t au_word_canon(uint32_t hash)
{
	for (size_t i = 0; pairs[i]; i += 2)
		if (au_word_hash(pairs[i], strlen(pairs[i])) == hash)
			return au_word_hash(pairs[i + 1], strlen(pairs[i + 1]));
	return hash;
}

struct lexer {
	const uint8_t *p;
	size_t n, at;
	struct au_stream *s;
	bool line_start, stop;
	uint32_t h_copyright, h_c;
};

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0;
}

static bool is_alpha(uint8_t c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t peek(const struct lexer *x, size_t i)
{
	return i < x->n ? x->p[i] : 0;
}

/* Case-insensitive word at i, followed by no letter. */
static bool word_at(const struct lexer *x, size_t i, const char *w)
{
	size_t k = 0;

	for (; w[k]; k++)
		if ((peek(x, i + k) | 32) != w[k])
			return false;
	return !is_alpha(peek(x, i + k));
}

static size_t skip_blank(const struct lexer *x, size_t i)
{
	while (i < x->n && (x->p[i] == ' ' || x->p[i] == '\t'))
		i++;
	return i;
}

/* "(c)", the sign in UTF-8 or Latin-1, "&copy;" at i: its length, else 0. */
static size_t sign_at(const struct lexer *x, size_t i)
{
	if (peek(x, i) == '(' && (peek(x, i + 1) | 32) == 'c' && peek(x, i + 2) == ')')
		return 3;
	if (peek(x, i) == 0xc2 && peek(x, i + 1) == 0xa9)
		return 2;
	if (peek(x, i) == 0xa9 && (i == 0 || x->p[i - 1] < 0x80))
		return 1;
	if (peek(x, i) == '&' && (word_at(x, i + 1, "copy") || !strncmp((const char *)x->p + i,
	    "&#169;", x->n - i < 6 ? x->n - i : 6)))
		return 6;
	return 0;
}

static size_t line_end(const struct lexer *x, size_t i)
{
	const uint8_t *e = memchr(x->p + i, '\n', x->n - i);
	const uint8_t *r = memchr(x->p + i, '\r', e ? (size_t)(e - x->p) - i : x->n - i);

	if (r)
		e = r;
	return e ? (size_t)(e - x->p) : x->n;
}

static bool has_year(const struct lexer *x, size_t i, size_t end)
{
	for (; i + 4 <= end; i++)
		if ((x->p[i] == '1' || x->p[i] == '2') && is_digit(x->p[i + 1]) &&
		    is_digit(x->p[i + 2]) && is_digit(x->p[i + 3]) && !is_digit(peek(x, i + 4)))
			return true;
	return false;
}

/* Where the text proper begins when a paragraph was wrapped around a copyright line. */
static size_t prose_at(const struct lexer *x, size_t i, size_t end)
{
	static const char *const w[] = { "permission", "redistribution", "licensed", "everyone",
		"this", "all", "the", "you", "these", "use", "unless", "is", "released" };

	for (size_t k = i + 1; k < end; k++) {
		if (!is_alpha(x->p[k]) || is_alpha(x->p[k - 1]))
			continue;
		for (size_t j = 0; j < sizeof(w) / sizeof(*w); j++)
			if ((x->p[k] | 32) == w[j][0] && (j < 4 || x->p[k - 2] == '.') &&
			    word_at(x, k, w[j]))
				return k;
	}
	return end;
}

/* A line that only says who holds the rights: skipped whole. Long lines are prose. */
static bool copyright_line(struct lexer *x, size_t i)
{
	size_t e = line_end(x, i), j = i, k;

	if (e - i > 200)
		return false;
	if (word_at(x, j, "portions"))
		j = skip_blank(x, j + 8);
	k = sign_at(x, j);
	if (k) {
		if (!has_year(x, j, e) && !word_at(x, skip_blank(x, j + k), "copyright"))
			return false;
	} else if (word_at(x, j, "copyright")) {
		j = skip_blank(x, j + 9);
		while (j < e && (x->p[j] == ':' || x->p[j] == '*' || x->p[j] == '-'))
			j = skip_blank(x, j + 1);
		if (!sign_at(x, j) && !has_year(x, j, e) && !strchr("<[{$", peek(x, j)) &&
		    !word_at(x, j, "by") && !word_at(x, j, "yyyy") && !word_at(x, j, "year"))
			return false;
	} else if (word_at(x, j, "all") && e - j < 26 &&
		   word_at(x, skip_blank(x, j + 3), "rights")) {
		x->at = e;
		return true;
	} else {
		return false;
	}
	x->at = prose_at(x, i, e);
	x->stop = true;
	return true;
}

static void emit(struct lexer *x, uint32_t h, size_t from, size_t to, unsigned kind)
{
	struct au_stream *s = x->s;

	if (x->line_start)
		kind |= AU_TOK_LINE;
	if (x->stop)
		kind |= AU_TOK_STOP;
	x->line_start = x->stop = false;
	s->hash[s->n] = h;
	s->off[s->n] = (uint32_t)from;
	s->end[s->n] = (uint32_t)to;
	s->kind[s->n] = (uint8_t)kind;
	s->n++;
}

/* The word before may be what a number belongs to ("version 2."). */
static bool wants_number(const struct lexer *x)
{
	static const char *const w[] = { "version", "v", "license", "licence", "gpl", "gplv", "lgpl",
		"agpl", "section", "sections", "paragraph", "clause", "article", "and", "or", "mpl",
		"of", "to", "apache", "level", "exhibit", "attachment", "schedule", "part" };
	const struct au_stream *s = x->s;
	size_t i, n;

	if (!s->n || (s->kind[s->n - 1] & AU_TOK_NUMBER))
		return s->n && x->at - s->end[s->n - 1] < 2;
	n = s->end[s->n - 1] - s->off[s->n - 1];
	for (i = 0; i < sizeof(w) / sizeof(*w); i++)
		if (n == strlen(w[i]) && word_at(x, s->off[s->n - 1], w[i]))
			return true;
	return false;
}

/* "1.", "2)", "(a)", "iv.", "1.2.3 Title": the number of a list item. Returns bytes, 0 if none. */
static size_t bullet(const struct lexer *x, size_t i)
{
	size_t k = i;
	bool open = i > 0 && x->p[i - 1] == '(', start = x->line_start;
	uint8_t c;

	if (i > 0 && !start && !open && !is_space(x->p[i - 1]) && x->p[i - 1] != '*' &&
	    x->p[i - 1] != '>')
		return 0;
	if (is_digit(x->p[i])) {
		while (k - i < 2 && is_digit(peek(x, k)))
			k++;
		if (is_digit(peek(x, k)))
			return 0;
		while (peek(x, k) == '.' && is_digit(peek(x, k + 1)) && k - i < 10)
			for (k++; is_digit(peek(x, k)); k++)
				;
	} else {
		while (k - i < 4 && strchr("ivxIVX", peek(x, k)) && peek(x, k))
			k++;
		if (k == i || is_alpha(peek(x, k)))
			k = i + 1;
		if (is_alpha(peek(x, k)) || is_digit(peek(x, k)))
			return 0;
	}
	c = peek(x, k);
	if (open && c == ')')
		return k + 1 - i;
	if (c == ')' || c == '.') {
		if (c == '.' && !is_space(peek(x, k + 1)) && peek(x, k + 1) != '*' &&
		    peek(x, k + 1) != '<')
			return 0;
		if (!start && c == '.' && (wants_number(x) || (is_alpha(x->p[i]) && !x->stop)))
			return 0;
		if (start && is_digit(x->p[i]) && wants_number(x))
			return 0;
		return k + 1 - i;
	}
	/* "1.1 Definitions", "2.3. The" */
	if (start && k - i > 2 && c == ' ' && !wants_number(x)) {
		c = peek(x, skip_blank(x, k));
		if ((c >= 'A' && c <= 'Z') || c == '"' || c == '*' || c == 0xe2)
			return k - i;
	}
	return 0;
}

static const char *const tags[] = {
	"a", "abbr", "acronym", "address", "article", "b", "big", "blockquote", "body", "br", "center",
	"cite", "code", "dd", "div", "dl", "dt", "em", "font", "footer", "h", "head", "header", "hr",
	"html", "i", "img", "input", "kbd", "label", "li", "link", "main", "meta", "nav", "ol", "p", "pre",
	"script", "section", "small", "span", "strong", "style", "sub", "sup", "table", "tbody", "td",
	"tfoot", "th", "thead", "title", "tr", "tt", "u", "ul", "var",
};

/* A tag or comment of HTML at '<': the offset behind it; else i + 1. Placeholders such as <year>
 * are words. */
static size_t html_tag(const struct lexer *x, size_t i)
{
	size_t j = i + 1, k, lim = i + 2000 < x->n ? i + 2000 : x->n;
	bool close = peek(x, j) == '/';
	const uint8_t *e;

	if (!memcmp(x->p + i, "<!--", x->n - i < 4 ? x->n - i : 4))
		return i + 4;
	e = memchr(x->p + i, '>', lim - i);
	if (!e)
		return i + 1;
	if (peek(x, j) == '!' || peek(x, j) == '?')
		return (size_t)(e - x->p) + 1;
	j += close;
	for (k = j; is_alpha(peek(x, k)); k++)
		;
	if (close && k > j)
		return (size_t)(e - x->p) + 1;
	for (size_t t = 0; t < sizeof(tags) / sizeof(*tags); t++)
		if (k - j == strlen(tags[t]) && word_at(x, j, tags[t])) {
			uint8_t c = peek(x, k);

			if (c == '>' || c == ' ' || c == '\n' || c == '/' || (is_digit(c) && t))
				return (size_t)(e - x->p) + 1;
		}
	return i + 1;
}

/* Does the tag that ends before `to` break the line? */
static bool block_tag(const struct lexer *x, size_t i)
{
	size_t j = i + 1 + (peek(x, i + 1) == '/');
	uint8_t c = peek(x, j) | 32, d = peek(x, j + 1) | 32;

	return (c == 'p' && !is_alpha(d)) || c == 'h' || (c == 'b' && d == 'r') || (c == 'd' && d == 'i') ||
	       c == 'l' || c == 't' || (c == 'u' && d == 'l');
}

static size_t entity(const struct lexer *x, size_t i)
{
	for (size_t k = i + 1; k < x->n && k < i + 10; k++) {
		if (x->p[k] == ';')
			return k + 1;
		if (!is_alpha(x->p[k]) && !is_digit(x->p[k]) && x->p[k] != '#')
			break;
	}
	return i + 1;
}

/* A word that ended at a hyphen goes on after it when a letter follows, on this line or, behind
 * a comment leader, on the next. Returns where it goes on, or 0. */
static size_t join(const struct lexer *x, size_t i)
{
	size_t j = i + 1;

	if (peek(x, i - 1) == '-' || !is_alpha(x->p[i - 1]))
		return 0;
	if (is_alpha(peek(x, j)))
		return j;
	j = skip_blank(x, j);
	if (peek(x, j) != '\n' && peek(x, j) != '\r')
		return 0;
	while (j < x->n && j < i + 40 && (is_space(x->p[j]) || strchr("*#/;%|!>", x->p[j])))
		j++;
	return is_alpha(peek(x, j)) && (x->p[j] & 32) >= (x->p[i - 1] & 32) ? j : 0;
}

/* An apostrophe written as an entity at i: its length, else 0. */
static size_t apos_entity(const struct lexer *x, size_t i)
{
	static const char *const e[] = { "&#x27;", "&#39;", "&apos;", "&rsquo;", "&#8217;", "&#x2019;" };

	for (size_t k = 0; k < sizeof(e) / sizeof(*e); k++) {
		size_t n = strlen(e[k]);

		if (x->n - i > n && !memcmp(x->p + i, e[k], n) && is_alpha(x->p[i + n]))
			return n;
	}
	return 0;
}

/* Latin letters with accents to their base letter; 0 when the sequence is no letter. */
static uint8_t fold(uint8_t b0, uint8_t b1)
{
	static const char low[] = "aaaaaaaceeeeiiiidnooooo oouuuuypy";

	if (b0 != 0xc3 || b1 < 0x80 || b1 > 0xbf)
		return 0;
	b1 = (uint8_t)((b1 & 0x1f));
	if (b1 == 0x1f)
		return 's';
	return (uint8_t)(low[b1] == ' ' ? 0 : low[b1]);
}

/* Reads a word from x->at; leaves x->at behind it. */
static void word(struct lexer *x)
{
	const uint8_t *p = x->p;
	size_t i = x->at, from = i, end = i, n = x->n;
	uint32_t h = 0x811c9dc5U;
	unsigned kind = p[i] >= 'A' && p[i] <= 'Z' ? AU_TOK_UPPER : 0;

	for (;;) {
		uint8_t c = i < n ? p[i] : 0, cl = class_of[c];

		if (cl == WRD) {
			h = (h ^ (c | 32)) * 0x01000193U;
			end = ++i;
		} else if (cl == APO && i + 1 < n && is_alpha(p[i + 1]) && i > from) {
			i++;
		} else if (cl == HYP) {
			size_t j = join(x, i);

			if (!j)
				break;
			i = j;
		} else if (cl == AMP && apos_entity(x, i)) {
			i += apos_entity(x, i);
		} else if (c == 0xe2 && i + 3 < n && p[i + 1] == 0x80 && p[i + 2] == 0x99 &&
			   is_alpha(p[i + 3])) {
			i += 3;
		} else if (c == 0xc3 && i + 1 < n && fold(c, p[i + 1])) {
			h = (h ^ fold(c, p[i + 1])) * 0x01000193U;
			end = i += 2;
		} else {
			break;
		}
	}
	h = finish(h);
	if (h == x->h_copyright)
		kind |= AU_TOK_COPY;
	x->at = i > from ? i : from + 1;
	emit(x, h, from, end, kind);
}

static void number(struct lexer *x)
{
	size_t i = x->at, from = i;
	uint32_t h = 0x811c9dc5U;

	while (i < x->n && is_digit(x->p[i]))
		h = (h ^ x->p[i++]) * 0x01000193U;
	x->at = i;
	emit(x, finish(h), from, i, AU_TOK_NUMBER);
}

/* Bytes over 0x7f: quotes, dashes and blanks part words; accented letters begin one; anything
 * else (other scripts) is a word of its own per character. */
static void high(struct lexer *x)
{
	const uint8_t *p = x->p;
	size_t i = x->at, k = sign_at(x, i), len;
	uint8_t c = p[i];

	if (k) {
		x->at = i + k;
		if (!x->s->n || !(x->s->kind[x->s->n - 1] & AU_TOK_COPY))
			emit(x, x->h_copyright, i, i + k, AU_TOK_COPY);
		return;
	}
	if (c == 0xc3 && i + 1 < x->n && fold(c, p[i + 1])) {
		word(x);
		return;
	}
	len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	if (len > x->n - i)
		len = x->n - i;
	x->at = i + len;
	if (c == 0xe2 || c == 0xc2 || len == 1 || (c == 0xef && len == 3 && p[i + 1] >= 0xbb) ||
	    (c == 0xe3 && len == 3 && p[i + 1] == 0x80))
		return;
	emit(x, au_word_hash((const char *)p + i, len), i, i + len, 0);
}

/* At the first letter of a line: words that only lead a comment. */
static size_t leader(const struct lexer *x, size_t i)
{
	if (word_at(x, i, "dnl") || word_at(x, i, "rem"))
		return 3;
	return 0;
}

static void start_of_word(struct lexer *x)
{
	size_t k, i = x->at;
	uint8_t c = x->p[i];

	if (x->line_start) {
		k = leader(x, i);
		if (k) {
			x->at = i + k;
			return;
		}
		if (((c | 32) == 'c' || (c | 32) == 'p' || (c | 32) == 'a') && copyright_line(x, i))
			return;
	}
	if (is_digit(c) || !is_alpha(peek(x, i + 1)) || strchr("ivxIVX", c)) {
		k = bullet(x, i);
		if (k) {
			x->at = i + k;
			x->stop = true;
			return;
		}
	}
	if (is_digit(c))
		number(x);
	else
		word(x);
}

/* Everything that is neither letter, digit nor plain separator. */
static void special(struct lexer *x, enum cls cl)
{
	const uint8_t *p = x->p;
	size_t i = x->at, j;

	switch (cl) {
	case NL:
		x->line_start = true;
		x->at = i + 1;
		return;
	case LT:
		j = html_tag(x, i);
		if (j > i + 1 && block_tag(x, i))
			x->line_start = x->stop = true;
		x->at = j;
		return;
	case AMP:
		j = sign_at(x, i);
		if (j && !(x->s->n && (x->s->kind[x->s->n - 1] & AU_TOK_COPY)))
			emit(x, x->h_copyright, i, i + j, AU_TOK_COPY);
		x->at = entity(x, i);
		return;
	case BSL:
		j = peek(x, i + 1);
		x->line_start = x->line_start || j == 'n';
		x->at = i + ((j == 'n' || j == 'r' || j == 't') && !is_alpha(peek(x, i + 2) & 0xdf) ? 2 : 1);
		if (j == 'n' || j == 't')
			x->at = i + 2;
		return;
	case BRK:
		x->at = i + 1;
		if (peek(x, i + 1) == '(') {
			const uint8_t *e = memchr(p + i, ')', x->n - i < 300 ? x->n - i : 300);

			if (e && !memchr(p + i, ' ', (size_t)(e - p) - i))
				x->at = (size_t)(e - p) + 1;
		}
		return;
	case STP:
		x->stop = true;
		x->at = i + 1;
		return;
	case HI:
		if (x->line_start && sign_at(x, i) && copyright_line(x, i))
			return;
		high(x);
		return;
	default:
		x->at = i + 1;
	}
}

size_t au_tokenise(const uint8_t *text, size_t len, size_t from, struct au_stream *s)
{
	struct lexer x = { .p = text, .n = len, .at = from, .s = s, .line_start = true, .stop = true };

	x.h_copyright = au_word_hash("copyright", 9);
	s->n = 0;
	while (x.at < len && s->n + 2 < s->cap) {
		uint8_t c = text[x.at];
		enum cls cl = class_of[c];

		if (cl == SEP) {
			size_t k = c == '(' ? sign_at(&x, x.at) : 0;

			if (k && x.line_start && copyright_line(&x, x.at))
				continue;
			if (k && (has_year(&x, x.at, x.at + 16 < len ? x.at + 16 : len) ||
				  (s->n && (s->kind[s->n - 1] & AU_TOK_COPY)))) {
				if (!s->n || !(s->kind[s->n - 1] & AU_TOK_COPY))
					emit(&x, x.h_copyright, x.at, x.at + k, AU_TOK_COPY);
				x.at += k;
				continue;
			}
			x.at++;
		} else if (cl == WRD || cl == DIG) {
			start_of_word(&x);
		} else {
			special(&x, cl);
		}
	}
	return x.at;
}
