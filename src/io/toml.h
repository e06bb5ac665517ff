/* Strict TOML subset (toml.io 1.0) into a document tree: tables, arrays of tables, dotted keys,
 * all four kinds of string, arrays, inline tables. Dates and numbers stay raw text. */
#ifndef AU_IO_TOML_H
#define AU_IO_TOML_H

#include <stddef.h>
#include <stdint.h>
#include "base/node.h"

enum { AU_TOML_DEPTH = 32, AU_TOML_BYTES = 4 * 1024 * 1024, AU_TOML_NODES = 200000 };

struct au_toml_error {
	const char *what;
	uint32_t line;
};

/* AU_OK, AU_BAD or AU_LIMIT; ret_err may be NULL. A key defined twice is flagged dup_key. */
int au_toml_load(struct au_arena *a, const void *p, size_t n, struct au_node **ret,
		 struct au_toml_error *ret_err);

#endif
