/* Text operands of pickles as CPython's unpickler reads them: memo keys, base-0 integers, the
 * escapes of STRING and UNICODE. */
#include "base/banned.h"
#include "base/text.h"
#include "format/pickle_vm.h"

/* Digits of a number in base (2..36) with single underscores between them, as int() takes them. */
static bool digits(const char *s, size_t n, unsigned base, uint64_t *ret, bool *ret_big)
{
	uint64_t v = 0;
	bool under = true;

	*ret_big = false;
	for (size_t i = 0; i < n; i++) {
		unsigned c = (unsigned char)s[i], d;

		if (c == '_' && !under) {
			under = true;
			continue;
		}
		d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'z' ? (c | 32) - 'a' + 10 : 99;
		if (d >= base)
			return false;
		under = false;
		if (__builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v))
			*ret_big = true;
	}
	*ret = v;
	return n && !under;
}

static void trim(const char **s, size_t *n)
{
	while (*n && isspace((unsigned char)**s)) {
		(*s)++;
		(*n)--;
	}
	while (*n && isspace((unsigned char)(*s)[*n - 1]))
		(*n)--;
}

bool pk_index(const char *s, size_t n, uint64_t *ret)
{
	bool big;

	trim(&s, &n);
	if (n && *s == '+') {
		s++;
		n--;
	}
	return digits(s, n, 10, ret, &big) && !big && *ret <= INT64_MAX;
}

bool pk_int(const char *s, size_t n, int64_t *ret, bool *ret_odd)
{
	const char *start = s;
	size_t len = n;
	bool minus = false, big = false, ok;
	unsigned base = 10;
	uint64_t v = 0;

	trim(&s, &n);
	*ret_odd = s != start || n != len;
	if (n && (*s == '+' || *s == '-')) {
		*ret_odd |= *s == '+';
		minus = *s == '-';
		s++;
		n--;
	}
	if (n > 1 && *s == '0') {
		char x = (char)(s[1] | 32);

		*ret_odd = true;
		base = x == 'x' ? 16 : x == 'o' ? 8 : x == 'b' ? 2 : 8;
		/* C's strtol knows no 0o and 0b, but takes 010 as octal; int() then takes the rest */
		if (x == 'x' || x == 'o' || x == 'b') {
			s += 2;
			n -= 2;
		}
	}
	*ret_odd |= memchr(s, '_', n) != NULL || n > 4300;
	ok = digits(s, n, base, &v, &big);
	*ret = big || v > INT64_MAX ? INT64_MAX : (int64_t)v;
	if (minus)
		*ret = -*ret;
	return ok; /* over 4300 digits newer Pythons refuse, older ones go on: so do we */
}

uint64_t pk_len(struct pk_val v)
{
	return v.a | (uint64_t)v.flags << 32;
}

struct pk_val pk_str(enum pk_kind kind, enum pk_enc enc, uint64_t off, uint64_t len)
{
	return (struct pk_val){ .kind = (uint8_t)kind, .enc = (uint8_t)enc, .flags = (uint16_t)(len >> 32),
				.a = (uint32_t)len, .b = off };
}

static unsigned hex_of(const uint8_t *p, size_t n, size_t want, uint32_t *ret)
{
	uint32_t v = 0;

	if (n < want)
		return 0;
	for (size_t i = 0; i < want; i++) {
		unsigned c = p[i] | 32u;

		if (!isxdigit(p[i]))
			return 0;
		v = v << 4 | (c <= '9' ? (p[i] & 15u) : c - 'a' + 10);
	}
	*ret = v;
	return (unsigned)want;
}

/* raw-unicode-escape: only \uXXXX and \UXXXXXXXX, all else is latin-1. */
static void raw_unicode(const uint8_t *p, size_t n, struct au_buf *b)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t cp = p[i];

		if (p[i] == '\\' && i + 1 < n && (p[i + 1] == 'u' || p[i + 1] == 'U'))
			i += hex_of(p + i + 2, n - i - 2, p[i + 1] == 'u' ? 4 : 8, &cp) ?
			     (p[i + 1] == 'u' ? 5U : 9U) : 0U;
		au_utf8_put(b, cp);
	}
}

static void one_escape(const uint8_t *p, size_t n, size_t *i, struct au_buf *b)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	const char *hit = strchr(from, p[*i + 1]);
	uint32_t v = 0;

	(*i)++;
	if (p[*i] && hit) {
		au_buf_byte(b, (uint8_t)to[hit - from]);
	} else if (p[*i] == 'x' && hex_of(p + *i + 1, n - *i - 1, 2, &v)) {
		au_utf8_put(b, v);
		*i += 2;
	} else if (p[*i] >= '0' && p[*i] <= '7') {
		size_t k = 0;

		for (; k < 3 && *i + k < n && p[*i + k] >= '0' && p[*i + k] <= '7'; k++)
			v = v * 8 + (p[*i + k] & 7u);
		*i += k - 1;
		au_utf8_put(b, v & 0xff);
	} else if (p[*i] != '\n') {
		au_buf_byte(b, '\\');
		au_utf8_put(b, p[*i]);
	}
}

/* The escapes of a Python 2 string literal. */
static void string_escape(const uint8_t *p, size_t n, struct au_buf *b)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n)
			one_escape(p, n, &i, b);
		else
			au_buf_byte(b, p[i]);
	}
}

void pk_text(struct pk_cur *c, struct pk_val v, uint64_t len, struct au_buf *b, size_t max)
{
	uint8_t local[512], *p = local;
	size_t n = len < max ? (size_t)len : max, got;

	if (n > sizeof(local))
		p = au_xalloc(n);
	got = pk_copy(c, v.b, n, p, n);
	if (v.kind == PK_BYTES || v.enc == PK_E_UTF8)
		au_buf_add(b, p, got);
	else if (v.enc == PK_E_RAWUNI)
		raw_unicode(p, got, b);
	else if (v.enc == PK_E_ESCAPE)
		string_escape(p, got, b);
	else
		for (size_t i = 0; i < got; i++)
			au_utf8_put(b, p[i]);
	if (p != local)
		au_xfree(p);
}
