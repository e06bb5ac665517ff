/* Opening of the licence index. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "licence/db.h"

int au_licence_db_open(const void *blob, size_t len, struct au_arena *a, struct au_licence_db **ret)
{
	const struct au_licence_header *h = blob;
	struct au_licence_db *db;
	uint64_t need;

	if (len < sizeof(*h) || memcmp(h->magic, AU_LICENCE_MAGIC, sizeof(h->magic)) != 0)
		return AU_BAD;
	need = sizeof(*h) + (uint64_t)h->n_texts * sizeof(struct au_licence_text) + (uint64_t)h->n_tokens * 4 + h->fill +
	       (uint64_t)h->n_slots * sizeof(struct au_licence_slot) +
	       (uint64_t)h->n_postings * sizeof(struct au_licence_posting) + h->pool;
	if (need != len)
		return AU_BAD;
	db = AU_NEW(a, struct au_licence_db);
	db->h = h;
	db->texts = (const void *)(h + 1);
	db->words = (const void *)(db->texts + h->n_texts);
	db->flags = (const void *)(db->words + h->n_tokens);
	db->slots = (const void *)(db->flags + h->fill);
	db->postings = (const void *)(db->slots + h->n_slots);
	db->pool = (const void *)(db->postings + h->n_postings);
	*ret = db;
	return AU_OK;
}

size_t au_licence_n(const struct au_licence_db *db)
{
	return db->h->n_texts;
}

const char *au_licence_id(const struct au_licence_db *db, size_t i)
{
	return db->pool + db->texts[i].id;
}

const char *au_verdict_name(enum au_verdict v)
{
	static const char *const names[] = { "exact", "match", "modified", "partial", "reference", "unknown" };

	return names[v];
}
