/* SPDX licence expressions (SPDX 2.3 annex D, with AdditionRef of SPDX 3): parse, canonical
 * print, walk. Operators bind WITH > AND > OR; ids and operators are read in any case. Trees live
 * in the caller's arena. Depth and length are bounded: AU_EXPR_MAX bytes, AU_EXPR_DEPTH brackets. */
#ifndef AU_LICENCE_EXPR_H
#define AU_LICENCE_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_licence_db;

enum { AU_EXPR_MAX = 16384, AU_EXPR_DEPTH = 64 };

enum au_expr_op { AU_EXPR_ID, AU_EXPR_WITH, AU_EXPR_AND, AU_EXPR_OR };

struct au_expr {
	enum au_expr_op op;
	const char *id;          /* AU_EXPR_ID: canonical spelling, without "+" */
	bool plus;               /* "ID+" where no -or-later id takes its place */
	bool known;              /* on the list, a LicenseRef-, DocumentRef- or AdditionRef- */
	bool ref;                /* LicenseRef-, DocumentRef-, AdditionRef- */
	bool deprecated;         /* was written with a deprecated id; `id` is its successor */
	struct au_expr *l, *r;   /* operators; of WITH, r is the exception */
};

enum au_expr_flags {
	AU_EXPR_STRICT = 1,      /* refuse ids that are not known */
	AU_EXPR_LENIENT = 2,     /* also "/" and "," for OR, "|" "||" "&" "&&", surrounding quotes */
};

struct au_expr_error { const char *what; size_t at; };

/* Parse n bytes. db may be NULL: then no id is known but references. AU_OK, AU_BAD or AU_LIMIT;
 * ret_err may be NULL. */
int au_expr_parse(const char *s, size_t n, const struct au_licence_db *db, unsigned flags,
		  struct au_arena *a, struct au_expr **ret, struct au_expr_error *ret_err);
/* Canonical text with the fewest brackets. */
char *au_expr_print(const struct au_expr *e, struct au_arena *a);
/* Parse and print; NULL when it is no expression. */
const char *au_expr_canonical(const char *s, size_t n, const struct au_licence_db *db,
			      unsigned flags, struct au_arena *a);
/* Call fn for every licence and exception id, from left to right, until it returns non-zero;
 * returns that. */
int au_expr_each(const struct au_expr *e, int (*fn)(const struct au_expr *, void *), void *user);
/* What a deprecated SPDX id is written as today ("GPL-2.0+" is "GPL-2.0-or-later"), or NULL. */
const char *au_expr_deprecated(const char *id);

#endif
