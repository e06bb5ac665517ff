/* The table of licence names, rules/licence-names.tsv: folded name, id, class. Compiled in. */
#ifndef AU_DECLARE_NAMES_H
#define AU_DECLARE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum { AU_FOLD_MAX = 256 };

struct au_name {
	const char *id, *cls;
	size_t id_len, cls_len;
};

/* A name folded to its words: lower case, digits apart from letters, "2.0" as "2", without words
 * that tell nothing ("the", "license", "version"...). False when longer than AU_FOLD_MAX. */
bool au_name_fold(const char *s, size_t n, char ret[AU_FOLD_MAX]);
/* Row of a folded name. */
bool au_name_find(const char *folded, struct au_name *ret);
/* The class word of an id ("permissive"), or NULL: an arena-free copy in a table of constants. */
const char *au_name_class(const char *id);
/* The whole table, for tests. */
const char *au_name_table(size_t *ret_len);

#endif
