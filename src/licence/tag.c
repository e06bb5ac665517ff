/* SPDX-License-Identifier tags in raw bytes (SPDX 2.3 annex E). */
#include "base/banned.h"
#include "base/arena.h"
#include "base/text.h"
#include "licence/expr.h"
#include "licence/internal.h"

static size_t expression_end(const uint8_t *p, size_t n, size_t at)
{
	size_t end = at;

	while (end < n && p[end] != '\n' && p[end] != '\r' && p[end] != '"' && p[end] != '<' &&
	       p[end] != '\\' && p[end] != '`' && end - at < 1000)
		end++;
	return end;
}

/* The longest front of the rest of the line that is an expression: comment ends stay outside. */
static const char *longest(const struct au_licence_db *db, const uint8_t *p, size_t n, size_t *ret_n,
			   struct au_arena *a)
{
	struct au_arena *tmp = au_arena_new();
	const char *r = NULL;

	for (int tries = 0; n && !r && tries < 24; tries++) {
		while (n && !isalnum(p[n - 1]) && p[n - 1] != ')' && p[n - 1] != '+')
			n--;
		if (n && au_expr_canonical((const char *)p, n, db, 0, tmp)) {
			r = au_expr_canonical((const char *)p, n, db, 0, a);
			*ret_n = n;
			break;
		}
		while (n && !isspace(p[n - 1]) && p[n - 1] != ')')
			n--;
		if (n && p[n - 1] == ')')
			n--;
	}
	au_arena_free(tmp);
	return r;
}

void lic_tags(const struct au_licence_db *db, const uint8_t *text, size_t len, struct au_arena *a,
	      struct au_vec *v)
{
	static const char key[] = "License-Identifier:";
	size_t at = 0;

	while (at + sizeof(key) < len) {
		const uint8_t *p = memmem(text + at, len - at, "dentifier:", 10);
		struct au_licence_match *m;
		size_t from, n;
		const char *e;

		if (!p)
			return;
		at = (size_t)(p - text) + 10;
		if (at < sizeof(key) - 1 + 5 ||
		    strncasecmp((const char *)text + at - (sizeof(key) - 1), key, sizeof(key) - 1) ||
		    strncasecmp((const char *)text + at - (sizeof(key) - 1) - 5, "SPDX-", 5))
			continue;
		from = at;
		while (at < len && (text[at] == ' ' || text[at] == '\t'))
			at++;
		n = expression_end(text, len, at) - at;
		e = longest(db, text + at, n, &n, a);
		if (!e)
			continue;
		m = au_vec_push(v);
		if (!m)
			return;
		from -= sizeof(key) - 1 + 5;
		*m = (struct au_licence_match){ .verdict = AU_LICENCE_REFERENCE, .expression = e,
			.score = 1, .off = from, .len = at + n - from, .rule = "tag" };
		at += n;
	}
}
