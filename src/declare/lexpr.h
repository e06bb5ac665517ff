/* A small licence expression tree: what policy and the legal room evaluate. Grammar of SPDX 2.3
 * annex D; an id and its WITH exception are one unit. */
#ifndef AU_DECLARE_LEXPR_H
#define AU_DECLARE_LEXPR_H

#include <stdbool.h>
#include <stddef.h>

struct au_arena;

enum au_lexpr_op { AU_LX_ID, AU_LX_AND, AU_LX_OR };

enum { AU_LEXPR_DEPTH = 32, AU_LEXPR_MAX = 65536 };

struct au_lexpr {
	enum au_lexpr_op op;
	const char *id;                 /* AU_LX_ID: "MIT", "GPL-2.0-only WITH Classpath-exception-2.0" */
	struct au_lexpr *first, *next;  /* operands; next operand of the parent */
};

/* A tree, or NULL when s is not a well-formed expression (or nested deeper than AU_LEXPR_DEPTH).
 * Ids are not checked against any list; "X+" stays as it is. */
struct au_lexpr *au_lexpr_parse(struct au_arena *a, const char *s);
/* Printed with the fewest parentheses, operators upper case. */
const char *au_lexpr_print(struct au_arena *a, const struct au_lexpr *x);
/* Distinct ids in order of appearance, NULL-terminated. */
const char *const *au_lexpr_ids(struct au_arena *a, const struct au_lexpr *x, size_t *ret_n);
/* The id without its exception and trailing '+'. */
const char *au_lexpr_base(struct au_arena *a, const char *id);
/* a AND b, flattened and without repeats; either may be NULL (then the other, or NULL). */
const char *au_lexpr_and(struct au_arena *a, const char *x, const char *y);

/* OR passes if one side does, AND needs all: fn judges one id (with its exception). */
bool au_lexpr_pass(const struct au_lexpr *x, bool (*fn)(void *ctx, const char *id), void *ctx);
/* Rank: fn's value of an id; the least over OR, the greatest over AND. */
int au_lexpr_rank(const struct au_lexpr *x, int (*fn)(void *ctx, const char *id), void *ctx);

#endif
