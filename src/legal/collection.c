/* A directory full of licence texts is a collection (a licence list, a tool's templates), not terms
 * of the component it lies in. */
#include "base/banned.h"
#include "legal/internal.h"

enum { COLLECTION_MIN = 16 };  /* different licences in one directory; real notices dirs stay under */

struct dir_count {
	struct au_map ids;
};

static const char *id_of(const struct au_claim *f)
{
	return f->expr ? f->expr : f->nearest;
}

void au_legal_collections(struct au_legal_build *b, size_t i)
{
	struct au_comp_work *w = &b->work[i];
	struct au_map dirs;
	size_t marked = 0;
	const char *where = NULL;

	if (w->found.n < COLLECTION_MIN)
		return;
	au_map_init(&dirs, b->a);
	for (size_t k = 0; k < w->found.n; k++) {
		const struct au_claim *f = AU_AT(&w->found, struct au_claim, k);
		const char *dir = au_legal_dir(b->a, f->entry);
		void **slot = au_map_put(&dirs, dir, strlen(dir));

		if (!*slot) {
			struct dir_count *d = AU_NEW(b->a, struct dir_count);

			au_map_init(&d->ids, b->a);
			*slot = d;
		}
		if (id_of(f) && f->verdict != AU_FOUND_REFERENCE)
			*au_map_put(&((struct dir_count *)*slot)->ids, id_of(f), strlen(id_of(f))) = w;
	}
	for (size_t k = 0; k < w->found.n; k++) {
		struct au_claim *f = AU_AT(&w->found, struct au_claim, k);
		const char *dir = au_legal_dir(b->a, f->entry);
		const struct dir_count *d = au_map_get(&dirs, dir, strlen(dir));

		/* The component's own directory holds its own terms, however many. */
		if (!strcmp(dir, b->legal->components[i].dir) || d->ids.n < COLLECTION_MIN)
			continue;
		f->collection = true;
		where = where ? where : dir;
		marked++;
	}
	if (marked)
		au_reason(b, i, "%zu licence texts in %s are a collection of licences, not terms of this component.",
			  marked, where);
}
