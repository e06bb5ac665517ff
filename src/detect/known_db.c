/* Known files and models, searched in place; see known_db.h. Layout (little-endian, as compiled):
 * header, file rows sorted by digest, order of the rows by model, name rows sorted by id,
 * organisations, string pool. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "detect/known_db.h"
#include "detect/known_table.h"

struct au_known_db {
	const struct au_known_header *h;
	const struct au_known_file *files;
	const uint32_t *by_model;
	const struct au_known_nm *names;
	const uint32_t *orgs;
	const char *pool;
};

int au_known_open(const void *blob, size_t len, struct au_arena *a, const struct au_known_db **ret)
{
	const struct au_known_header *h = blob;
	struct au_known_db *db;
	uint64_t need;

	if (len < sizeof(*h) || memcmp(h->magic, AU_KNOWN_MAGIC, sizeof(h->magic)) != 0)
		return AU_BAD;
	need = sizeof(*h) + (uint64_t)h->n_files * (sizeof(struct au_known_file) + 4) +
	       (uint64_t)h->n_names * sizeof(struct au_known_nm) + (uint64_t)h->n_orgs * 4 + h->pool;
	if (need != len)
		return AU_BAD;
	db = AU_NEW(a, struct au_known_db);
	db->h = h;
	db->files = (const void *)(h + 1);
	db->by_model = (const void *)(db->files + h->n_files);
	db->names = (const void *)(db->by_model + h->n_files);
	db->orgs = (const void *)(db->names + h->n_names);
	db->pool = (const void *)(db->orgs + h->n_orgs);
	*ret = db;
	return AU_OK;
}

size_t au_known_n(const struct au_known_db *db)
{
	return db->h->n_files;
}

size_t au_known_by_sha256(const struct au_known_db *db, const uint8_t sha[32])
{
	size_t lo = 0, hi = db->h->n_files;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (memcmp(db->files[mid].sha256, sha, 32) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < db->h->n_files && !memcmp(db->files[lo].sha256, sha, 32) ? lo : SIZE_MAX;
}

void au_known_row(const struct au_known_db *db, size_t i, struct au_known *ret)
{
	const struct au_known_file *f = &db->files[i];

	*ret = (struct au_known){
		.file = db->pool + f->file, .model = db->pool + f->model, .base = db->pool + f->base,
		.reason = db->pool + f->reason, .source = db->pool + f->source,
		.cls = (enum au_known_class)f->cls, .size = f->size,
	};
	memcpy(ret->sha256, f->sha256, 32);
}

size_t au_known_n_names(const struct au_known_db *db)
{
	return db->h->n_names;
}

void au_known_name_row(const struct au_known_db *db, size_t i, struct au_known *ret)
{
	const struct au_known_nm *n = &db->names[i];

	*ret = (struct au_known){
		.file = "", .model = db->pool + n->id, .base = db->pool + n->base,
		.reason = db->pool + n->why, .source = db->pool + n->source, .cls = (enum au_known_class)n->cls,
	};
}

const char *au_known_org(const struct au_known_db *db, size_t i)
{
	return i < db->h->n_orgs ? db->pool + db->orgs[i] : NULL;
}

void au_known_of_model(const struct au_known_db *db, const char *model,
		       void (*fn)(void *ctx, const struct au_known *k), void *ctx)
{
	size_t lo = 0, hi = db->h->n_files;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcasecmp(db->pool + db->files[db->by_model[mid]].model, model) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < db->h->n_files; lo++) {
		struct au_known k;

		au_known_row(db, db->by_model[lo], &k);
		if (strcasecmp(k.model, model) != 0)
			return;
		fn(ctx, &k);
	}
}

bool au_known_name(const struct au_known_db *db, const char *id, struct au_known *ret)
{
	size_t lo = 0, hi = db->h->n_names;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcasecmp(db->pool + db->names[mid].id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == db->h->n_names || strcasecmp(db->pool + db->names[lo].id, id) != 0)
		return false;
	au_known_name_row(db, lo, ret);
	return true;
}

const char *au_known_lookalike(const struct au_known_db *db, const char *org)
{
	const char *hit = NULL;
	unsigned least = strlen(org) >= 8 ? 2 : 1;

	if (strlen(org) < 5)
		return NULL; /* short names are neighbours by chance */
	for (size_t i = 0; i < db->h->n_orgs; i++) {
		const char *known = db->pool + db->orgs[i];
		unsigned d = au_edit_distance(org, known, least);

		if (!d)
			return NULL;
		if (d <= least && strlen(known) >= 5) {
			hit = known;
			least = d;
		}
	}
	return hit;
}
