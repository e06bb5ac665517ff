/* String-keyed hash map. Keys are copied into the arena given at init; values are the caller's.
 * Iteration order is order of insertion, so it may reach output. */
#ifndef AU_BASE_MAP_H
#define AU_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

struct au_map_item {
	const char *key;
	size_t len;
	uint64_t hash;
	void *value;
};

struct au_map {
	struct au_arena *arena;
	struct au_map_item *items; /* in order of insertion */
	size_t n, cap;
	uint32_t *slots;
	size_t n_slots;
};

void au_map_init(struct au_map *m, struct au_arena *a);
/* The value slot of a key, made (NULL) if absent. Valid until the next au_map_put. */
void **au_map_put(struct au_map *m, const char *key, size_t len);
/* The value, or NULL. */
void *au_map_get(const struct au_map *m, const char *key, size_t len);
/* FNV-1a mixed: stable between runs and machines. */
uint64_t au_hash(const void *p, size_t n);

#endif
