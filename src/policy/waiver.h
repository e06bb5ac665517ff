/* Waivers: findings somebody has accepted, for a reason and a time (.assay-waivers.yaml, CONVENTIONS
 * section 6). */
#ifndef AU_POLICY_WAIVER_H
#define AU_POLICY_WAIVER_H

#include "audit/run.h"
#include "policy/policy.h"

enum au_waiver_state { AU_WAIVER_UNUSED, AU_WAIVER_IN_FORCE, AU_WAIVER_DUE, AU_WAIVER_EXPIRED };
const char *au_waiver_state_name(enum au_waiver_state s);   /* "unused" "in-force" "due" "expired" */

enum { AU_WAIVER_DUE_DAYS = 14 };

struct au_waiver {
	const char *id, *reason, *owner;
	const char *rule;            /* id or glob; "coverage" for unread bytes; NULL: any */
	const char *fingerprint;     /* hex, at least 16 digits, with ":n" for a repeat; NULL: any */
	const char *path;            /* glob on the whole path; NULL: any */
	const char *expires;         /* "YYYY-MM-DD", inclusive, UTC; NULL: permanent */
	bool pinned;                 /* sha256 must be the entry's */
	uint8_t sha256[32];
	uint32_t line;
	enum au_waiver_state state;  /* after au_waivers_apply */
	size_t used;                 /* findings and coverage facts it covers */
};

struct au_waivers {
	const char *file;
	struct au_waiver *list;
	size_t n;
	size_t unused, expired, due; /* after au_waivers_apply */
};

/* Read a waivers file under the policy's rules (permanent ones, longest time). today is
 * "YYYY-MM-DD". AU_OK, AU_BAD with *ret_err. */
int au_waivers_read(struct au_arena *a, const struct au_policy *p, const char *name, const void *text,
		    size_t n, const char *today, struct au_waivers *ret, struct au_policy_error *ret_err);
/* The same from a file; AU_IO when it cannot be read. */
int au_waivers_read_file(struct au_arena *a, const struct au_policy *p, const char *path, const char *today,
			 struct au_waivers *ret, struct au_policy_error *ret_err);
/* Mark the findings they cover AU_STATE_WAIVED with the waiver's id, and the coverage facts benign.
 * Critical findings and coverage need a sha256. First waiver in file order wins. */
void au_waivers_apply(struct au_waivers *w, struct au_audit *audit, const char *today);

/* Days since 1970-01-01 of "YYYY-MM-DD"; false when it is no date. */
bool au_date_days(const char *s, long *ret);

#endif
