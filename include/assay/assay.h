/* libassay: audit a model, a dataset or a code tree from a program.
 *
 * A scan reads the targets, never loads or executes anything and sends nothing. Everything a scan
 * returns belongs to it and lives until assay_free. A scan uses threads inside; the library keeps
 * no state of its own, so scans may run side by side. Strings that come from the target (paths,
 * evidence) are hostile: escape them where you print them. Link with `pkg-config --libs assay`. */
#ifndef ASSAY_H
#define ASSAY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct assay;

enum assay_severity { ASSAY_INFO, ASSAY_LOW, ASSAY_MEDIUM, ASSAY_HIGH, ASSAY_CRITICAL };

/* The verdict, with the values of the program's exit codes. */
enum assay_status { ASSAY_PASS = 0, ASSAY_FAIL = 1, ASSAY_INCOMPLETE = 2, ASSAY_EMPTY = 3 };

struct assay_options {
	unsigned jobs;                 /* files worked on side by side; 0: as many as processors allowed */
	enum assay_severity fail_on;   /* the gate fails from here on */
	int no_hash;                   /* read structure only: known files are not found */
};

struct assay_finding {
	const char *rule;              /* stable id: "PKL-CALL-DANGEROUS" */
	const char *path;              /* chain of containers: "a.zip!/b.pkl" */
	const char *message;           /* its first sentence stands alone */
	const char *fix;               /* what to do */
	enum assay_severity severity;
	uint64_t offset, length;       /* bytes in the innermost file */
	uint32_t line;                 /* from 1; 0: not a text */
};

/* A place that could not be read. */
struct assay_gap {
	const char *path, *reason, *text;
	int counts;                    /* 0: told, but left out on purpose */
};

/* Scan n targets (paths). o may be NULL for defaults (fail on high). 0 on success; else an errno
 * value, and *ret is still set so that assay_error can say which target could not be opened. Free
 * *ret in both cases. */
int assay_scan(const char *const *targets, size_t n, const struct assay_options *o, struct assay **ret);
const char *assay_error(const struct assay *a);  /* NULL: there was none */
void assay_free(struct assay *a);                /* takes NULL */

enum assay_status assay_status(const struct assay *a);
/* Findings in a total order, the same at every run and with any number of jobs. */
size_t assay_findings(const struct assay *a);
/* Fills *ret for finding i; i must be below assay_findings(a). */
void assay_finding(const struct assay *a, size_t i, struct assay_finding *ret);
/* Places not read; "nothing found" may be said only when none of them counts. */
size_t assay_gaps(const struct assay *a);
void assay_gap(const struct assay *a, size_t i, struct assay_gap *ret);

/* Write a report ("json", "sarif", "text", "markdown", ...) to out. 0, or EINVAL for a format that
 * there is not, or EIO. */
int assay_write(const struct assay *a, const char *format, FILE *out);
const char *assay_version(void);

#ifdef __cplusplus
}
#endif

#endif
