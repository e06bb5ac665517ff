/* A small document tree that the JSON and the YAML loader both produce. Scalars keep their text:
 * numbers are never rounded. Everything lives in the arena given to the loader; strings are
 * NUL-terminated (len tells when a hostile one holds NULs itself). */
#ifndef AU_BASE_NODE_H
#define AU_BASE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;

enum au_node_type {
	AU_NODE_NULL, AU_NODE_BOOL, AU_NODE_NUMBER, AU_NODE_STRING, AU_NODE_SEQ, AU_NODE_MAP,
};

struct au_node {
	enum au_node_type type;
	bool dup_key;          /* an earlier member of the same map has this key */
	const char *key;       /* NULL unless a member of a map */
	size_t key_len;
	const char *text;      /* scalars: the text; "" for containers */
	size_t len;
	const char *tag;       /* YAML: explicit tag, else NULL */
	uint64_t off;          /* byte offset of the value in the document */
	uint64_t key_off;
	uint32_t line, col;    /* from 1; of the key for members of a map */
	size_t n;              /* number of children */
	struct au_node *first, *last, *next;
};

/* Member of a map by exact key (the last one with that key, as JSON loaders do), or NULL; NULL
 * when m is NULL or no map. */
const struct au_node *au_node_get(const struct au_node *m, const char *key);
/* Same along "a.b.c". */
const struct au_node *au_node_path(const struct au_node *m, const char *path);
/* Text of a scalar member (any scalar type but null), or NULL. */
const char *au_node_str(const struct au_node *m, const char *key);
/* Text of a scalar node, or NULL. */
const char *au_node_text(const struct au_node *n);
/* true/yes/on; anything else, absent included, is def. */
bool au_node_bool(const struct au_node *m, const char *key, bool def);
/* Unsigned decimal; def when absent or not exactly that. */
uint64_t au_node_u64(const struct au_node *m, const char *key, uint64_t def);
/* NULL-terminated array of the scalar texts in a sequence (a lone scalar counts as a sequence of
 * one; absent gives an empty array). */
const char *const *au_node_list(struct au_arena *a, const struct au_node *m, const char *key,
				size_t *ret_n);
/* For loaders: append a child. */
struct au_node *au_node_add(struct au_arena *a, struct au_node *parent, enum au_node_type type);

#define AU_EACH(child, parent) \
	for (const struct au_node *child = (parent) ? (parent)->first : NULL; child; \
	     child = child->next)

#endif
