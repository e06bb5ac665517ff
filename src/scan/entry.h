/* One entry through the readers, the unpackers and the judges. */
#ifndef AU_SCAN_ENTRY_H
#define AU_SCAN_ENTRY_H

#include "scan/scan.h"

struct au_digest;
struct au_licence_scratch;

/* What one lane owns and reuses. */
struct au_lane {
	const struct au_run *run;
	struct au_arena *arena;            /* results of all its jobs */
	struct au_digest *sha256;
	struct au_licence_scratch *licence;
	struct au_progress *progress;
};

/* Scan e (already made, with name, path and parent) whose bytes are v, and everything inside it. */
void au_scan_entry(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v);

#endif
