/* The legal room's tables under rules/: known licences of hub models, compatibility, obligations.
 * Compiled in as they are written; read when first asked for. */
#ifndef AU_LEGAL_TABLES_H
#define AU_LEGAL_TABLES_H

#include "base/node.h"
#include "legal/legal.h"

struct au_legal_tables {
	struct au_arena *arena;
	const struct au_node *hub, *compat, *duties;   /* NULL until asked for */
};

/* t lives as long as a. */
void au_tables_init(struct au_legal_tables *t, struct au_arena *a);
/* Licence expression of a well-known model or dataset by its hub name ("org/name", or a bare name as
 * GGUF metadata gives it), or NULL. "unknown" rows give NULL with *ret_basis set. */
const char *au_hub_licence(struct au_legal_tables *t, const char *name, bool dataset,
			   const char **ret_basis);

enum au_compat { AU_COMPAT_YES, AU_COMPAT_NO, AU_COMPAT_CHECK, AU_COMPAT_UNKNOWN };
/* May a part under `in` go into a work whose leading licence is `out`? Ids without exception.
 * *ret_why: the reason and its source. */
enum au_compat au_compatible(struct au_legal_tables *t, const char *out, const char *in,
			     const char **ret_why);

/* The duties of one licence id from the rule file, called in file order. */
void au_duties(struct au_legal_tables *t, const char *id, enum au_class cls,
	       void (*fn)(void *ctx, const struct au_obligation *o), void *ctx);

/* Class of one id (its exception ignored), by the records, then the table of names. */
enum au_class au_class_of_id(const struct au_licence_db *db, const char *id);
/* Class of an expression: freest side of an OR, worst of an AND; AU_CLASS_UNKNOWN when NULL. */
enum au_class au_class_of(struct au_arena *a, const struct au_licence_db *db, const char *expr);

/* Source texts, for tests and for `rules list`. */
const char *au_table_text(const char *name, size_t *ret_len);

#endif
