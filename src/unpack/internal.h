/* Shared by the walkers of this room. */
#ifndef AU_UNPACK_INTERNAL_H
#define AU_UNPACK_INTERNAL_H

#include "base/buf.h"
#include "unpack/unpack.h"

/* Collects one member's bytes: in memory first, in an unlinked temporary file beyond the limit. */
struct au_spool {
	struct au_job *job;
	struct au_entry *container, *child;
	struct au_buf mem;
	int fd;               /* -1 while in memory */
	uint64_t size;
	uint64_t packed;      /* bytes taken from the container so far, for the ratio */
	bool limited;         /* a budget was reached: told */
};

void au_spool_init(struct au_spool *s, struct au_job *job, struct au_entry *container,
		   struct au_entry *child);
/* AU_OK, AU_LIMIT (told), AU_IO (told). */
int au_spool_add(struct au_spool *s, const void *p, size_t n);
/* View of what was collected, in arena a; valid until au_spool_release. */
struct au_view *au_spool_view(struct au_spool *s, struct au_arena *a);
void au_spool_release(struct au_spool *s);

int au_unpack_zip(struct au_job *job, struct au_entry *e, struct au_view *v, au_member_fn fn, void *ctx);
int au_unpack_archive(struct au_job *job, struct au_entry *e, struct au_view *v, int kind,
		      au_member_fn fn, void *ctx);
int au_unpack_zlib(struct au_job *job, struct au_entry *e, struct au_view *v, au_member_fn fn, void *ctx);

#endif
