/* Small text helpers: ASCII folding, UTF-8 checks, edit distance, globbing, hex. Pure functions. */
#ifndef AU_BASE_TEXT_H
#define AU_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_buf;

static inline char au_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* ASCII only, independent of the locale. */
bool au_ieq(const char *a, const char *b);
bool au_istarts(const char *s, const char *prefix);
bool au_iends(const char *s, const char *suffix);
/* First place of needle in s, ASCII case ignored, or NULL. */
const char *au_istr(const char *s, const char *needle);
bool au_starts(const char *s, const char *prefix);
bool au_ends(const char *s, const char *suffix);
/* Last component of a '/' path; never NULL. */
const char *au_basename(const char *path);

/* Length of the well-formed UTF-8 sequence at p (1..4), 0 when malformed (RFC 3629: no
 * surrogates, no overlongs). *ret_cp gets the code point when ret_cp is not NULL. */
size_t au_utf8_at(const uint8_t *p, size_t n, uint32_t *ret_cp);
bool au_utf8_valid(const void *p, size_t n);
/* Append code point as UTF-8. */
void au_utf8_put(struct au_buf *b, uint32_t cp);

/* Levenshtein distance, ASCII case ignored, capped: returns max + 1 when it is larger.
 * Strings over 128 bytes count as max + 1. */
unsigned au_edit_distance(const char *a, const char *b, unsigned max);
/* The candidate nearest to word within 3 edits (and under half its length), or NULL: for
 * "did you mean". list ends with NULL. */
const char *au_suggest(const char *word, const char *const *list);

/* Shell glob over a '/' path: '*' and '?' stop at '/', '**' does not; [a-z] classes. Linear
 * backtracking only (one star at a time), so no pattern is exponential. */
bool au_glob(const char *pattern, const char *path);

void au_hex(const uint8_t *p, size_t n, char *ret); /* ret: 2n + 1 bytes */
/* Exactly n bytes from 2n hex digits. */
bool au_unhex(const char *s, size_t n, uint8_t *ret);

/* Evidence for a terminal or a message: controls, ESC, bidirectional overrides and malformed
 * bytes become \xNN or \u{NNNN}; at most max bytes, then "…". Result in the arena. */
char *au_printable(struct au_arena *a, const void *p, size_t n, size_t max);

#endif
