/* assay policy, waiver, baseline: check and show what a gate goes by. */
#include "base/banned.h"
#include <fcntl.h>
#include "base/buf.h"
#include "base/rc.h"
#include "cli/common.h"
#include "cli/gate.h"
#include "licence/licence.h"
#include "detect/known_db.h"
#include "scan/scan.h"

enum { TEXT_MAX = 64 << 20 };

static int check_file(struct au_args *a, const char *path)
{
	struct au_policy *p = au_policy_new(a->arena);
	struct au_policy_error err = { 0 };

	if (au_policy_add_file(a->arena, p, path, &err) != AU_OK)
		return au_cli_policy_error(&err, path);
	printf("%s: a good policy\n", path);
	return AU_EXIT_PASS;
}

int au_cmd_policy(struct au_args *a)
{
	static const char *const none[] = { NULL };
	const char *verb = a->n_words ? a->words[0] : "";
	struct au_policy *p = NULL;
	struct au_buf out;
	int rc;

	if (!strcmp(verb, "check") && a->n_words == 2)
		return check_file(a, a->words[1]);
	if (a->n_words != 1 || (strcmp(verb, "check") != 0 && strcmp(verb, "show") != 0))
		return au_usage_error("usage: assay policy check [FILE] | show [--origin]");
	rc = au_cli_policy(a, none, &p);
	if (rc != AU_EXIT_PASS)
		return rc;
	if (!strcmp(verb, "check")) {
		printf("%s: a good policy\n", p->path ? p->path : "built-in");
		return AU_EXIT_PASS;
	}
	au_buf_init(&out, TEXT_MAX);
	au_policy_show(p, au_given(a, OPT_ORIGIN), &out);
	fwrite(out.p, 1, out.len, stdout);
	au_buf_release(&out);
	return AU_EXIT_PASS;
}

int au_cmd_waiver(struct au_args *a)
{
	const char *verb = a->n_words == 1 ? a->words[0] : "";
	struct au_cli_gate g = { 0 };
	size_t bad = 0;
	int rc;

	if (strcmp(verb, "check") != 0 && strcmp(verb, "list") != 0)
		return au_usage_error("usage: assay waiver check|list --waivers FILE");
	a->n_words = 0;
	a->words[0] = NULL;
	rc = au_cli_gate_load(a, &g);
	if (rc != AU_EXIT_PASS)
		return rc;
	if (!g.has_waivers)
		return au_usage_error("no waivers: name the file with --waivers, or in the policy");
	for (size_t i = 0; i < g.waivers.n; i++) {
		const struct au_waiver *w = &g.waivers.list[i];
		long end = 0, now = 0;
		bool expired = w->expires && au_date_days(w->expires, &end) && au_date_days(g.today, &now) && end < now;
		bool due = w->expires && !expired && end - now <= AU_WAIVER_DUE_DAYS;

		bad += expired;
		if (!strcmp(verb, "list") || expired || due)
			printf("%-14s %-8s %-12s %s (%s)\n", w->id, expired ? "expired" : due ? "due" : "good",
			       w->expires ? w->expires : "permanent", w->reason, w->owner);
	}
	printf("%zu waiver%s, %zu expired\n", g.waivers.n, g.waivers.n == 1 ? "" : "s", bad);
	return bad ? AU_EXIT_FAIL : AU_EXIT_PASS;
}

/* The targets' findings against a baseline. */
static int baseline(struct au_args *a, const char *verb, struct au_audit *audit, struct au_cli_gate *g)
{
	struct au_baseline_diff d;
	struct au_buf out;

	if (!strcmp(verb, "diff")) {
		au_baseline_apply(&g->baseline, audit);
		au_baseline_compare(a->arena, &g->baseline, audit, &d);
		for (size_t i = 0; i < d.n_added; i++)
			printf("new   %-24s %s: %s\n", d.added[i]->rule->id, d.added[i]->entry ? d.added[i]->entry->path : "",
			       d.added[i]->message);
		for (size_t i = 0; i < d.n_gone; i++)
			printf("gone  %-24s %s\n", d.gone[i]->rule, d.gone[i]->path);
		printf("%zu new, %zu gone, %zu known\n", d.n_added, d.n_gone, d.n_known);
		return d.n_added ? AU_EXIT_FAIL : AU_EXIT_PASS;
	}
	au_buf_init(&out, TEXT_MAX);
	if (!strcmp(verb, "create")) {
		au_baseline_write(a->arena, audit, &out);
	} else {
		au_baseline_apply(&g->baseline, audit);
		au_baseline_prune(a->arena, &g->baseline, &out);
	}
	fwrite(out.p, 1, out.len, stdout);
	au_buf_release(&out);
	return AU_EXIT_PASS;
}

int au_cmd_baseline(struct au_args *a)
{
	const char *verb = a->n_words ? a->words[0] : "";
	struct au_run run = { .limits = AU_LIMITS_DEFAULT };
	struct au_cli_gate g = { 0 };
	struct au_audit audit;
	struct au_scan *s = NULL;
	int rc;

	if (a->n_words < 2 || (strcmp(verb, "create") && strcmp(verb, "diff") && strcmp(verb, "prune")))
		return au_usage_error("usage: assay baseline create PATH... >FILE | diff|prune --baseline FILE PATH...");
	if (strcmp(verb, "create") != 0 && !au_given(a, OPT_BASELINE))
		return au_usage_error("name the baseline: assay baseline %s --baseline FILE PATH...", verb);
	a->words++;
	a->n_words--;
	rc = au_cli_gate_load(a, &g);
	if (rc != AU_EXIT_PASS)
		return rc;
	run.known = au_known_builtin(a->arena);
	run.licences = au_licence_builtin(a->arena);
	run.policy = g.policy;
	run.uses = g.policy->uses;
	rc = au_cli_scan(a, &run, &s);
	if (rc != AU_EXIT_PASS)
		return rc;
	audit = *au_scan_audit(s);
	au_gate_apply(g.policy, &audit);
	rc = baseline(a, verb, &audit, &g);
	au_scan_free(s);
	return rc;
}
