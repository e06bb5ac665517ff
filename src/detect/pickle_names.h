/* What is known of the names that pickles import: a flat table made from rules/pickle/, searched
 * in place. */
#ifndef AU_DETECT_PICKLE_NAMES_H
#define AU_DETECT_PICKLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_rulebase;

/* Layout of the table: header, rows of the sections in this order, pool. Names and py2 rows are
 * sorted by key; a name's key is "module\nname". */
#define AU_PKN_MAGIC "AUPN\0\0\0\1"
enum { AU_PKN_NAMES, AU_PKN_PY2, AU_PKN_PATTERNS, AU_PKN_SINKS, AU_PKN_MODULES, AU_PKN_SECTIONS };
struct au_pkn_header {
	char magic[8];
	uint32_t n[AU_PKN_SECTIONS];
	uint32_t pool;
};
/* a, b: offsets into the pool. Names: key and class number. Py2: from and to. Patterns: module glob
 * (dots as slashes), "leaf leaf ..."; c: module left out, or 0. Sinks, modules: a. */
struct au_pkn_row {
	uint32_t a, b, c;
};

/* Classes of harm; the first is harmless. */
enum au_harm {
	AU_HARM_SAFE, AU_HARM_EXEC, AU_HARM_EVAL, AU_HARM_IMPORT, AU_HARM_ATTR, AU_HARM_DEFER, AU_HARM_NESTED,
	AU_HARM_FFI, AU_HARM_NET, AU_HARM_IO, AU_HARM_DOS, AU_HARM_DECODE, AU_HARM_TAMPER, AU_HARM_MISC,
	AU_HARM_WEAK, AU_HARM_N,
};
const char *au_harm_name(enum au_harm h);     /* "exec" */
const char *au_harm_what(enum au_harm h);     /* "starts programs" */

enum au_tier { AU_TIER_SAFE, AU_TIER_DANGEROUS, AU_TIER_CLASS, AU_TIER_FUNCTION };

struct au_named {
	enum au_tier tier;        /* CLASS: unknown, looks like a class; FUNCTION: unknown, does not */
	enum au_harm harm;        /* of the dangerous tier */
	bool family;              /* dangerous by its module, a component or its leaf: not listed itself */
	const char *module, *name; /* after the Python 2 map */
};

/* Tier of a global; py2: names are those of Python 2 (mapped always, as the files of either are
 * loaded by both); dotted: the name is walked at its dots. rules: the user's, may be NULL. Strings in
 * the arena. */
struct au_named au_pickle_name(struct au_arena *a, const struct au_rulebase *rules, const char *module,
			       const char *name, bool dotted);
/* The built-in table. */
const void *au_pickle_names_builtin(void);
/* Compile the pickle rules of a folder (its pickle/ files; those absent are left out) into a table in
 * the arena. base: a table to extend, whose rows the folder's replace; may be NULL. AU_OK, or
 * AU_FATAL with *ret_error naming file, line and reason. */
int au_pickle_names_compile(struct au_arena *a, const char *dir, const void *base, uint8_t **ret, size_t *ret_len,
			    const char **ret_error);
/* The leaf looks like a class (capital letter first, underscores aside). */
bool au_looks_class(const char *leaf);

#endif
