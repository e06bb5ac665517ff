/* Containers to entries: the members of a zip, an archive or a compression wrapper, each handed on
 * as a child entry with a view of its bytes. Names are judged for path safety, sizes counted
 * against the job's budget; what cannot be read becomes a coverage fact.
 *
 * Facts on the container entry, for the archive judge:
 *   archive.traversal  text: member name that leaves the directory (absolute, "..", drive, "\")
 *   archive.link       text: member, aux: target          (symbolic or hard link)
 *   archive.duplicate  text: member name
 *   archive.mismatch   text: member, aux: what differs between local and central header
 *   archive.orphan     text: member known to one side only
 *   archive.encrypted  text: member
 *   archive.bomb       text: member or "", num: ratio     (ratio limit reached)
 *   archive.special    text: member (device, fifo...)
 *   archive.prefix     num: bytes in front of a zip       archive.tail  num: bytes behind it */
#ifndef AU_UNPACK_UNPACK_H
#define AU_UNPACK_UNPACK_H

#include "audit/job.h"
#include "audit/format.h"

/* Scan one member. The view and its memory are gone when it returns; the entry stays. */
typedef void (*au_member_fn)(void *ctx, struct au_job *job, struct au_entry *child, struct au_view *v);

/* Walk e, which is of the given container format, and call fn for every member that holds bytes.
 * AU_OK, or AU_BAD / AU_LIMIT when not all could be had (told as coverage already); AU_NOTME when
 * it turns out not to be such a container. */
int au_unpack(struct au_job *job, struct au_entry *e, struct au_view *v, const char *format,
	      au_member_fn fn, void *ctx);

/* Names that a loader or unpacker would write outside of its directory. */
bool au_unsafe_name(const char *name);

/* A new child entry (counted against the members budget): NULL when the budget is spent, told. */
struct au_entry *au_child(struct au_job *job, struct au_entry *parent, const char *name);

#endif
