/* Licence texts, notices and tags of one entry, as facts:
 *   licence.match   text: expression; for modified and unknown texts the nearest id or NULL;
 *                   aux: verdict (exact match modified partial reference unknown); num: score, of
 *                   1000; span with lines; detail: struct au_licence_match
 *   licence.family  text: family of a licence found exactly, matched or by reference */
#ifndef AU_SCAN_TEXT_H
#define AU_SCAN_TEXT_H

#include "scan/entry.h"

/* Look for licences in e when it is text; past the limit on text that is told as coverage. */
void au_scan_text(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v);

#endif
