/* Shared by the writers. */
#ifndef AU_REPORT_INTERNAL_H
#define AU_REPORT_INTERNAL_H

#include "ext/record.h"
#include "legal/legal.h"
#include "report/report.h"

extern const char au_report_state_names[3][8];   /* "new" "known" "waived" */

/* 32 hex digits of a fingerprint and its NUL. */
void au_report_fingerprint(const struct au_finding *f, char ret[33]);
/* Add "path" and, when it is no valid UTF-8, "path_b64". */
void au_report_add_path(au_rec *o, const char *path);
/* Path of the top-level file an entry lies in, and its place inside ("" at top level). */
const char *au_report_top(const struct au_entry *e);
/* 12345678 as "11.8 MiB" in buf. */
const char *au_report_size(uint64_t n, char buf[24]);
/* One word of kind for people: "1 finding", "2 findings". */
const char *au_report_plural(size_t n);   /* "" or "s" */

/* Base64 of n bytes; free with au_xfree. */
char *au_report_base64(const uint8_t *p, size_t n);
/* The legal result of the report, or NULL. */
const struct au_legal *au_report_legal(const struct au_report *r);
/* One component as a record of our JSON. */
au_rec *au_report_component(const struct au_component *c);
/* Add offset, length and, for text, lines. */
void au_report_add_span(au_rec *o, struct au_span span);
/* One finding, one entry as a record of our JSON; component is the index of the entry's component,
 * or SIZE_MAX. */
au_rec *au_report_finding(const struct au_finding *f);
au_rec *au_report_entry(const struct au_report *r, const struct au_entry *e, size_t component);
/* Licence facts of an entry, or NULL when there are none. */
au_rec *au_report_licences(const struct au_entry *e);
/* What an entry is: name of its best format, "lfs-pointer", "text" or "data". */
const char *au_report_format(const struct au_entry *e);

/* Index of the component an entry rolls up to: made once for a writer, freed with its arena. */
/* A UUID: random, or from the content with --reproducible. */
void au_report_uuid(const struct au_report *r, char ret[37]);
struct au_report_owner;
struct au_report_owner *au_report_owners(struct au_arena *a, const struct au_legal *l);
size_t au_report_owner_of(const struct au_report_owner *o, const struct au_entry *e);
/* The component of each entry of the audit, SIZE_MAX for none. */
size_t *au_report_owner_list(struct au_arena *a, const struct au_report *r);

#endif
