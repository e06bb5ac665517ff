/* Fingerprints: the words of a text as 32-bit hashes, eight hex digits each.
 *
 *   assay-fingerprint 1
 *   id LicenseRef-Name
 *   name Full Name
 *   words 1234
 *   0123abcd4567...      (twelve words a line)
 */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/internal.h"

enum { FP_MAX_WORDS = 60000 };

int au_licence_fingerprint(const uint8_t *text, size_t len, const char *id, const char *name,
			   struct au_arena *a, char **ret, size_t *ret_n)
{
	size_t cap = len < FP_MAX_WORDS ? len + 8 : FP_MAX_WORDS;
	struct au_stream s = {
		.hash = au_arena_array(a, cap, 4), .off = au_arena_array(a, cap, 4),
		.end = au_arena_array(a, cap, 4), .kind = au_arena_array(a, cap, 1), .cap = cap,
	};
	struct au_buf b;

	if (len > UINT32_MAX || au_tokenise(text, len, 0, &s) < len)
		return AU_LIMIT;
	au_buf_init(&b, 16u * FP_MAX_WORDS);
	au_buf_fmt(&b, "assay-fingerprint 1\nid %s\nname %s\nwords %zu\n", id, name ? name : id, s.n);
	for (size_t i = 0; i < s.n; i++) {
		uint32_t h = s.kind[i] & AU_TOK_COPY ? au_word_hash("copyright", 9)
						     : au_word_canon(s.hash[i]);

		au_buf_fmt(&b, "%08" PRIx32 "%s", h, i % 12 == 11 || i + 1 == s.n ? "\n" : "");
	}
	*ret = au_arena_strn(a, au_buf_cstr(&b), b.len);
	*ret_n = b.len;
	au_buf_release(&b);
	return AU_OK;
}

/* The value of "key value\n" at *at, which moves on; NULL when it is not there. */
static const char *field(const char *p, size_t n, size_t *at, const char *key, struct au_arena *a)
{
	size_t k = strlen(key), from = *at + k + 1, to = from;

	if (n - *at <= k || memcmp(p + *at, key, k) || p[*at + k] != ' ')
		return NULL;
	while (to < n && p[to] != '\n')
		to++;
	if (to - from > 400)
		return NULL;
	*at = to < n ? to + 1 : to;
	return au_arena_strn(a, p + from, to - from);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int au_fingerprint_parse(const void *data, size_t n, struct au_arena *a, struct au_fingerprint *ret)
{
	const char *p = data, *v, *id, *name, *words;
	char *end;
	size_t at = 0, k = 0, got = 0;
	unsigned long want;
	uint32_t *hash, h = 0;

	v = field(p, n, &at, "assay-fingerprint", a);
	id = v && !strcmp(v, "1") ? field(p, n, &at, "id", a) : NULL;
	name = id ? field(p, n, &at, "name", a) : NULL;
	words = name ? field(p, n, &at, "words", a) : NULL;
	if (!words || !*id)
		return AU_BAD;
	for (const char *c = id; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.')
			return AU_BAD;
	want = strtoul(words, &end, 10);
	if (*end)
		return AU_BAD;
	if (want > FP_MAX_WORDS)
		return AU_LIMIT;
	hash = au_arena_array(a, want + 1, 4);
	for (; at < n; at++) {
		int d = digit(p[at]);

		if (p[at] == '\n' || p[at] == '\r')
			continue;
		if (d < 0)
			return AU_BAD;
		h = h << 4 | (uint32_t)d;
		if (++k % 8)
			continue;
		if (got >= want)
			return AU_BAD;
		hash[got++] = h;
	}
	if (got != want || k % 8)
		return AU_BAD;
	*ret = (struct au_fingerprint){ .id = id, .name = name, .hash = hash, .n = got };
	return AU_OK;
}
