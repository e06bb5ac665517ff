/* Policy, waivers and baseline of a run: found, read, applied. */
#ifndef AU_CLI_GATE_H
#define AU_CLI_GATE_H

#include "cli/cli.h"
#include "policy/baseline.h"
#include "policy/gate.h"
#include "policy/waiver.h"
#include "report/report.h"

struct au_cli_gate {
	struct au_policy *policy;
	struct au_waivers waivers;
	struct au_baseline baseline;
	const char *today;            /* YYYY-MM-DD, UTC */
	bool has_waivers, has_baseline;
};

/* Policy in force for the targets: --policy, else .assay.yaml from here up, over the user's and the
 * system's configuration. AU_EXIT_PASS or AU_EXIT_USAGE (told). */
int au_cli_policy(struct au_args *a, const char *const *targets, struct au_policy **ret);
/* The same plus waivers and baseline. */
int au_cli_gate_load(struct au_args *a, struct au_cli_gate *g);
/* Apply to a finished audit and fill in the verdict of r. */
int au_cli_gate_judge(struct au_args *a, struct au_cli_gate *g, struct au_audit *audit, struct au_report *r);
/* Message of a policy error; returns AU_EXIT_USAGE. */
int au_cli_policy_error(const struct au_policy_error *e, const char *path);

#endif
