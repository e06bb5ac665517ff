/* A whole scan: targets to a merged audit. The only room that knows of threads. */
#ifndef AU_SCAN_SCAN_H
#define AU_SCAN_SCAN_H

#include <stdatomic.h>
#include "audit/run.h"
#include "scan/plan.h"

/* Shared with whoever shows progress; read it at any time. */
struct au_progress {
	_Atomic uint64_t bytes, files;          /* done */
	_Atomic uint64_t total_bytes, total_files;
	_Atomic bool stop;                      /* set to end early: what is done is kept, marked incomplete */
};

struct au_scan_options {
	struct au_plan_options plan;
	const struct au_run *run;
	unsigned jobs;                          /* lanes; 0: as many as the affinity mask allows, at most 64 */
	struct au_progress *progress;           /* may be NULL */
};

struct au_scan;

/* Scan. AU_OK, or AU_IO with *ret_error (in the scan's arena) when a target cannot be opened. The
 * result lives until au_scan_free (takes NULL); *ret is set in both cases. */
int au_scan_run(const struct au_scan_options *o, struct au_scan **ret, const char **ret_error);
const struct au_audit *au_scan_audit(const struct au_scan *s);
void au_scan_free(struct au_scan *s);

/* The lanes a run would use by default. */
unsigned au_scan_default_jobs(void);

#endif
