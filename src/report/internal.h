/* Shared by the writers. */
#ifndef AU_REPORT_INTERNAL_H
#define AU_REPORT_INTERNAL_H

#include "ext/record.h"
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

#endif
