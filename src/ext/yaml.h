/* The door to libyaml: a bounded loader into a document tree, event API only. */
#ifndef AU_EXT_YAML_H
#define AU_EXT_YAML_H

#include <stddef.h>
#include <stdint.h>
#include "base/node.h"

enum {
	AU_YAML_DEPTH = 64,          /* libyaml is quadratic in depth */
	AU_YAML_BYTES = 1024 * 1024, /* for scanned files; our own tables may be larger */
};

struct au_yaml_error {
	char what[160];
	uint32_t line, col;
	uint64_t at;
};

/* First document of p into a tree in the arena. Plain scalars get their type by YAML 1.2's core
 * rules (null, true/false, numbers; `yes` and `no` stay strings: au_node_bool knows them);
 * explicit tags are kept in node->tag; aliases are copied shallowly as a null node with tag
 * "*alias" (nothing of ours needs them, and hostile ones expand without bound). Duplicate keys
 * are flagged in node->dup_key. max_bytes 0 means AU_YAML_BYTES. An empty document gives a null
 * node. AU_OK, AU_BAD or AU_LIMIT; ret_err may be NULL. */
int au_yaml_load(struct au_arena *a, const void *p, size_t n, size_t max_bytes,
		 struct au_node **ret, struct au_yaml_error *ret_err);
const char *au_yaml_version(void);

#endif
