/* Bounded JSON for scanned bytes (RFC 8259): a pull reader that keeps raw numbers, flags
 * duplicate keys and never recurses, and a loader into a document tree. */
#ifndef AU_IO_JSON_H
#define AU_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/node.h"

enum { AU_JSON_DEPTH = 256 };

enum au_json_event {
	AU_JSON_END,        /* end of the document */
	AU_JSON_ERROR,      /* see err, err_at */
	AU_JSON_OBJECT, AU_JSON_OBJECT_END, AU_JSON_ARRAY, AU_JSON_ARRAY_END,
	AU_JSON_KEY,        /* text */
	AU_JSON_STRING,     /* text */
	AU_JSON_NUMBER,     /* text is the number as written */
	AU_JSON_TRUE, AU_JSON_FALSE, AU_JSON_NULL,
};

struct au_json {
	const uint8_t *p;
	size_t n, at;
	uint32_t line;
	size_t line_at;            /* offset of the current line's first byte */
	unsigned depth;
	uint8_t stack[AU_JSON_DEPTH];
	uint8_t state;
	/* of the last event: */
	const char *text;          /* decoded; valid until the next event */
	size_t len;
	size_t tok_at;             /* offset of the token */
	const char *err;
	bool lone_surrogate;       /* seen anywhere so far */
	struct au_buf scratch;
};

/* p must outlive the reader. A UTF-8 byte order mark is skipped. */
void au_json_init(struct au_json *j, const void *p, size_t n);
void au_json_release(struct au_json *j);
enum au_json_event au_json_next(struct au_json *j);
/* Skip the value that begins with the event just read (an object or array; nothing for scalars). */
bool au_json_skip(struct au_json *j, enum au_json_event e);

struct au_json_error {
	const char *what;
	size_t at;
	uint32_t line, col;
};

/* Whole document into a tree in the arena, at most max_nodes values. AU_OK, AU_BAD or AU_LIMIT;
 * ret_err may be NULL. Trailing content after the value is AU_BAD; with `prefix` set it is not,
 * and *prefix tells where the value ended (for JSON in front of other bytes). */
int au_json_load(struct au_arena *a, const void *p, size_t n, size_t max_nodes, size_t *prefix,
		 struct au_node **ret, struct au_json_error *ret_err);

#endif
