/* The licence records (licences/FAMILY/ID.yaml) as they were written, compiled in: what a licence
 * permits, asks and limits, with the source of each judgement. licences/README.md has the keys. */
#ifndef AU_LICENCE_RECORD_H
#define AU_LICENCE_RECORD_H

#include <stddef.h>

struct au_arena;
struct au_node;

size_t au_record_count(void);
/* Id of record i, in ASCII order. */
const char *au_record_id(size_t i);
/* The record as a document tree in the arena; id is compared without case. NULL: no such record. */
const struct au_node *au_record(struct au_arena *a, const char *id);
/* The YAML text of record i. */
const char *au_record_text(size_t i, size_t *ret_len);

#endif
