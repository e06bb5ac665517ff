/* Text helpers; see text.h. */
#include "base/banned.h"
#include "base/text.h"
#include "base/arena.h"
#include "base/buf.h"

bool au_ieq(const char *a, const char *b)
{
	for (; *a && au_lower(*a) == au_lower(*b); a++, b++)
		;
	return au_lower(*a) == au_lower(*b);
}

bool au_istarts(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++)
		if (au_lower(*s) != au_lower(*prefix))
			return false;
	return true;
}

bool au_iends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && au_ieq(s + n - m, suffix);
}

const char *au_istr(const char *s, const char *needle)
{
	for (; *s; s++)
		if (au_istarts(s, needle))
			return s;
	return *needle ? NULL : s;
}

bool au_starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool au_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

const char *au_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

size_t au_utf8_at(const uint8_t *p, size_t n, uint32_t *ret_cp)
{
	uint32_t cp, least;
	size_t len;

	if (!n)
		return 0;
	if (p[0] < 0x80) {
		cp = p[0];
		len = 1;
		least = 0;
	} else if (p[0] >= 0xc2 && p[0] < 0xe0) {
		cp = p[0] & 0x1fU;
		len = 2;
		least = 0x80;
	} else if (p[0] >= 0xe0 && p[0] < 0xf0) {
		cp = p[0] & 0x0fU;
		len = 3;
		least = 0x800;
	} else if (p[0] >= 0xf0 && p[0] < 0xf5) {
		cp = p[0] & 0x07U;
		len = 4;
		least = 0x10000;
	} else {
		return 0;
	}
	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (p[i] & 0x3fU);
	}
	if (cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0;
	if (ret_cp)
		*ret_cp = cp;
	return len;
}

bool au_utf8_valid(const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n;) {
		size_t k = au_utf8_at(p + i, n - i, NULL);

		if (!k)
			return false;
		i += k;
	}
	return true;
}

void au_utf8_put(struct au_buf *b, uint32_t cp)
{
	uint8_t s[4];
	size_t n;

	if (cp < 0x80) {
		s[0] = (uint8_t)cp;
		n = 1;
	} else if (cp < 0x800) {
		s[0] = (uint8_t)(0xc0 | cp >> 6);
		s[1] = (uint8_t)(0x80 | (cp & 0x3f));
		n = 2;
	} else if (cp < 0x10000) {
		s[0] = (uint8_t)(0xe0 | cp >> 12);
		s[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		s[2] = (uint8_t)(0x80 | (cp & 0x3f));
		n = 3;
	} else {
		s[0] = (uint8_t)(0xf0 | cp >> 18);
		s[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
		s[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		s[3] = (uint8_t)(0x80 | (cp & 0x3f));
		n = 4;
	}
	au_buf_add(b, s, n);
}

enum { EDIT_MAX = 128 };

unsigned au_edit_distance(const char *a, const char *b, unsigned max)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned row[EDIT_MAX + 1];

	if (n > EDIT_MAX || m > EDIT_MAX || (n > m ? n - m : m - n) > max)
		return max + 1;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diag = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned up = row[j];
			unsigned best = diag + (au_lower(a[i - 1]) != au_lower(b[j - 1]));

			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diag = up;
			row[j] = best;
		}
	}
	return row[m] > max ? max + 1 : row[m];
}

const char *au_suggest(const char *word, const char *const *list)
{
	const char *best = NULL;
	unsigned least = (unsigned)(strlen(word) / 2 < 3 ? strlen(word) / 2 : 3);

	for (; *list; list++) {
		unsigned d = au_edit_distance(word, *list, least);

		if (d <= least && (!best || d < au_edit_distance(word, best, least)))
			best = *list;
	}
	return best;
}

/* One [class] at p against c; *ret_len gets its length, 0 when it is no class. */
static bool in_class(const char *p, char c, size_t *ret_len)
{
	size_t i = 1;
	bool neg = p[i] == '!' || p[i] == '^', hit = false;

	i += neg;
	for (size_t first = i; p[i] && (p[i] != ']' || i == first); i++) {
		if (p[i + 1] == '-' && p[i + 2] && p[i + 2] != ']') {
			hit |= c >= p[i] && c <= p[i + 2];
			i += 2;
		} else {
			hit |= c == p[i];
		}
	}
	*ret_len = p[i] == ']' ? i + 1 : 0;
	return hit != neg && c != '/';
}

bool au_glob(const char *p, const char *s)
{
	const char *star = NULL, *star_s = NULL;  /* '*'  */
	const char *deep = NULL, *deep_s = NULL;  /* '**' */

	while (*s || *p) {
		size_t k = 1;

		if (p[0] == '*' && p[1] == '*') {
			p += 2;
			if (*p == '/')
				p++;
			deep = p;
			deep_s = s;
			star = NULL;
			continue;
		}
		if (*p == '*') {
			star = ++p;
			star_s = s;
			continue;
		}
		if (*s && ((*p == '?' && *s != '/') || (*p == '[' && in_class(p, *s, &k) && k) ||
			   (*p == *s && *p != '?'))) {
			p += *p == '[' && *s != '[' ? k : 1;
			s++;
			continue;
		}
		if (star && *star_s && *star_s != '/') {
			p = star;
			s = ++star_s;
			continue;
		}
		if (deep && *deep_s) {
			p = deep;
			s = ++deep_s;
			star = NULL;
			continue;
		}
		return false;
	}
	return true;
}

void au_hex(const uint8_t *p, size_t n, char *ret)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		ret[2 * i] = digit[p[i] >> 4];
		ret[2 * i + 1] = digit[p[i] & 15];
	}
	ret[2 * n] = 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = au_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool au_unhex(const char *s, size_t n, uint8_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(s[2 * i]);
		int lo = hi < 0 ? -1 : hex_digit(s[2 * i + 1]);

		if (lo < 0)
			return false;
		ret[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

/* Code points that would move or hide text around them. */
static bool is_tricky(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad || (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
	       (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}

char *au_printable(struct au_arena *a, const void *data, size_t n, size_t max)
{
	const uint8_t *p = data;
	struct au_buf b;
	char *s;

	au_buf_init(&b, max + 32);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t k = au_utf8_at(p + i, n - i, &cp);

		if (b.len >= max) {
			au_buf_str(&b, "…");
			break;
		}
		if (!k) {
			au_buf_fmt(&b, "\\x%02x", p[i++]);
			continue;
		}
		if (cp == '\n')
			au_buf_str(&b, "\\n");
		else if (cp == '\t')
			au_buf_byte(&b, ' ');
		else if (is_tricky(cp) && cp < 0x80)
			au_buf_fmt(&b, "\\x%02x", (unsigned)cp);
		else if (is_tricky(cp))
			au_buf_fmt(&b, "\\u{%04x}", (unsigned)cp);
		else
			au_buf_add(&b, p + i, k);
		i += k;
	}
	s = au_arena_strn(a, au_buf_cstr(&b), b.len);
	au_buf_release(&b);
	return s;
}
