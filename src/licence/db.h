/* The opened index; for this room. */
#ifndef AU_LICENCE_DB_H
#define AU_LICENCE_DB_H

#include "licence/licence.h"
#include "licence/seed.h"
#include "licence/token.h"

struct au_licence_db {
	const struct au_licence_header *h;
	const struct au_licence_text *texts;
	const uint32_t *words;
	const uint8_t *flags;
	const struct au_licence_slot *slots;
	const struct au_licence_posting *postings;
	const char *pool;
};

/* The postings of a seed, or NULL. */
static inline const struct au_licence_slot *au_licence_lookup(const struct au_licence_db *db, uint32_t key)
{
	uint32_t mask = db->h->n_slots - 1, k = key & mask;

	while (db->slots[k].key) {
		if (db->slots[k].key == key)
			return &db->slots[k];
		k = (k + 1) & mask;
	}
	return NULL;
}

#endif
