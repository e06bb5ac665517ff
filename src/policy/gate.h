/* The gate: from a finished audit and a policy to findings, states and an exit code. Order of calls
 * after the scan: (the policy judge has run in it), au_gate_apply, au_waivers_apply,
 * au_baseline_apply, au_gate_judge. */
#ifndef AU_POLICY_GATE_H
#define AU_POLICY_GATE_H

#include "audit/format.h"
#include "policy/policy.h"

enum { AU_GATE_PASS = 0, AU_GATE_FAIL = 1, AU_GATE_INCOMPLETE = 2, AU_GATE_EMPTY = 3 };

struct au_gate_options {
	bool fail_on_said;            /* --fail-on was given: */
	int fail_on;                  /* enum au_sev, or -1 */
	unsigned fail_licence;        /* bits 1 << enum au_level: --fail-on-licence; 0: deny */
	bool fail_unknown_licence;    /* --fail-on-licence=unknown */
	bool allow_incomplete;
	bool fail_unused_waivers;
	size_t unused_waivers;        /* from au_waivers_apply */
};

struct au_gate {
	int exit_code;                /* AU_GATE_* = CONVENTIONS section 4, before --exit-zero */
	bool complete;
	size_t failing;               /* findings that gate */
	size_t incomplete;            /* coverage facts that count */
	const char *fail_on;          /* word */
	const char *const *reasons;   /* sentences, most important first */
	size_t n_reasons;
};

/* Give findings the policy's severities; drop those of rules that are off. */
void au_gate_apply(const struct au_policy *p, struct au_audit *audit);
/* Count and conclude. Strings live in a. */
void au_gate_judge(struct au_arena *a, const struct au_policy *p, const struct au_gate_options *o,
		   const struct au_audit *audit, struct au_gate *ret);

/* POL-* findings: formats and licences under review or deny. Needs audit->run->policy and, for
 * licences, audit->legal. In detector.list behind the legal judge. */
extern const struct au_judge au_judge_policy;

#endif
