/* Reports: one writer a file, one line a writer in report.list. A writer turns a finished audit
 * into bytes and computes nothing: no look-ups, no counting that the summary has not done, no
 * clock. Everything that comes from the target is hostile and escaped by the writer's own rules. */
#ifndef AU_REPORT_REPORT_H
#define AU_REPORT_REPORT_H

#include <stdio.h>
#include "audit/run.h"

struct au_legal;

enum au_status { AU_PASS, AU_FAIL, AU_INCOMPLETE, AU_EMPTY };
const char *au_status_name(enum au_status s);   /* "pass" "fail" "incomplete" "nothing-to-scan" */

struct au_waiver_note {            /* a waiver in force, expired, due or unused */
	const char *id, *rule, *path, *reason, *owner, *expires;
	const char *state;         /* "in-force" "expired" "due" "unused" */
	size_t used;               /* findings it covers */
};

struct au_family_count {           /* licences found or declared, by family */
	const char *family;
	size_t n;
};

/* Counted once, by au_report_summarise, so that all writers agree. */
struct au_summary {
	size_t by_sev[AU_SEV_N];           /* findings that are neither known nor waived */
	size_t known, waived, gating;
	size_t files, members, unrecognised;
	size_t texts, licence_files;       /* text entries; entries with a licence match */
	size_t incomplete, noted;          /* coverage facts that count, and benign ones */
	uint64_t bytes;
	struct au_family_count families[16];
	size_t n_families;
};

struct au_report_options {
	enum au_sev text_min;      /* hides from text only */
	bool show_waived, show_coverage;
	int evidence;              /* 0 none, 1 short, 2 full */
	bool colour;               /* text */
	unsigned width;            /* text: columns */
	const char *category;      /* SARIF automation id, "" when none */
	unsigned sarif_max;        /* results kept in SARIF */
	bool sarif_waived;         /* keep waived results in SARIF */
	const char *sbom_version;  /* CycloneDX "1.6" or "1.7" */
	bool reproducible;         /* serial numbers from content */
	const char *timestamp;     /* RFC 3339, for documents that need one; never NULL */
};

struct au_report {
	const struct au_audit *audit;
	const struct au_legal *legal;      /* NULL: not asked for */
	const struct au_summary *summary;
	enum au_status status;
	int exit_code;
	bool complete;
	const char *const *reasons;        /* why that status, sentences, most important first */
	size_t n_reasons;
	const char *fail_on;               /* severity word or "never" */
	const char *policy_path;           /* NULL: built-in defaults */
	uint8_t policy_sha256[32], rules_sha256[32];
	const struct au_waiver_note *waivers;
	size_t n_waivers;
	const char *const *disabled;       /* rule ids switched off */
	size_t n_disabled;
	struct au_report_options o;
};

struct au_writer {
	const char *name;          /* the word after -o: "json" */
	const char *title;         /* for help */
	const char *extension;     /* of a file */
	/* Write everything; errors of the stream are checked by the caller. AU_OK, or AU_BAD with
	 * *ret_error when this audit cannot be said in this format. */
	int (*write)(const struct au_report *r, FILE *out, const char **ret_error);
};

extern const struct au_writer *const au_writers[];
extern const size_t au_n_writers;
const struct au_writer *au_writer_find(const char *name);

void au_report_summarise(const struct au_report *r, struct au_summary *ret);

#endif
