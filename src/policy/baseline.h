/* Baseline: findings that were there when a project began to look. They are shown, but do not
 * gate. The file is generated: sorted, one finding a line, no dates, never coverage. */
#ifndef AU_POLICY_BASELINE_H
#define AU_POLICY_BASELINE_H

#include "audit/run.h"
#include "policy/policy.h"

enum { AU_BASELINE_BYTES = 256 * 1024 * 1024 };

struct au_baseline_row {
	const char *fingerprint;   /* 32 hex digits, ":n" for the nth repeat */
	const char *rule, *path;
	bool seen;                 /* after au_baseline_apply: the finding is still there */
};

struct au_baseline {
	struct au_baseline_row *rows;  /* sorted by fingerprint */
	size_t n;
};

/* Fingerprint v1 of CONVENTIONS section 6: first 16 bytes of SHA-256 over "v1", rule id, path chain,
 * evidence key, NUL-separated. (The scan room has set finding->fingerprint in the same way.) */
void au_fingerprint(const char *rule, const char *path, const char *key, uint8_t ret[16]);
/* Text form with ":n" for a repeat. */
const char *au_fingerprint_text(struct au_arena *a, const struct au_finding *f);

/* Read one. AU_OK or AU_BAD with *ret_err. */
int au_baseline_read(struct au_arena *a, const char *name, const void *text, size_t n,
		     struct au_baseline *ret, struct au_policy_error *ret_err);
int au_baseline_read_file(struct au_arena *a, const char *path, struct au_baseline *ret,
			  struct au_policy_error *ret_err);
/* Mark findings in the baseline AU_STATE_KNOWN (new ones only, so call it behind the waivers) and
 * rows as seen. The number of findings marked. */
size_t au_baseline_apply(struct au_baseline *b, struct au_audit *audit);

/* The file for an audit: all its findings but coverage and waived ones. Same bytes for the same
 * findings. */
void au_baseline_write(struct au_arena *a, const struct au_audit *audit, struct au_buf *out);
/* b without the rows that were not seen. */
void au_baseline_prune(struct au_arena *a, const struct au_baseline *b, struct au_buf *out);

struct au_baseline_diff {
	const struct au_finding **added; size_t n_added;         /* in the audit, not in the baseline */
	const struct au_baseline_row **gone; size_t n_gone;      /* in the baseline, not in the audit */
	size_t n_known;
};
/* Compare after au_baseline_apply. */
void au_baseline_compare(struct au_arena *a, const struct au_baseline *b, const struct au_audit *audit,
			 struct au_baseline_diff *ret);

#endif
