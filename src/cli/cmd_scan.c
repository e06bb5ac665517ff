/* assay scan: targets to audit, audit to verdict, verdict to reports and the exit code. */
#include "base/banned.h"
#include "audit/rulebase.h"
#include "base/rc.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/gate.h"
#include "cli/outputs.h"
#include "detect/known_db.h"
#include "detect/pickle_names.h"
#include "detect/registry.h"
#include "ext/digest.h"
#include "licence/licence.h"
#include "report/report.h"
#include "scan/scan.h"
#include <rules_sha256.h>

static bool has_folder(struct au_args *a, const char *dir, const char *name)
{
	return !access(au_arena_fmt(a->arena, "%s/%s", dir, name), R_OK);
}

/* One folder of rules into the tables; alone: instead of the built-in ones. */
static int take_rules(struct au_args *a, struct au_run *run, struct au_rulebase *base, const char *dir, bool alone,
		      struct au_digest *sum)
{
	const char *error = NULL;
	uint8_t *blob = NULL;
	size_t len = 0;
	int kinds = 0;

	if (has_folder(a, dir, "known")) {
		kinds++;
		if (au_known_compile(a->arena, dir, alone ? NULL : run->known, &blob, &len, &error) != AU_OK ||
		    au_known_open(blob, len, a->arena, &run->known) != AU_OK)
			return au_usage_error("%s", error ? error : "cannot use the known files");
		au_digest_update(sum, blob, len);
	}
	if (has_folder(a, dir, "pickle")) {
		kinds++;
		if (au_pickle_names_compile(a->arena, dir, alone ? NULL : base->pickle ? base->pickle
					    : au_pickle_names_builtin(), &blob, &len, &error) != AU_OK)
			return au_usage_error("%s", error);
		base->pickle = blob;
		au_digest_update(sum, blob, len);
	}
	if (has_folder(a, dir, "notices")) {
		kinds++;
		if (au_licence_db_extend(run->licences, NULL, dir, a->arena, &run->licences, &error) != AU_OK)
			return au_usage_error("%s", error ? error : "cannot use the notice rules");
	}
	if (!kinds)
		return au_usage_error("'%s' has no rules: it needs a folder known, pickle or notices", dir);
	return AU_EXIT_PASS;
}

/* sum: takes the digest of the built-in rules and of what is added to them. */
static int rules_of(struct au_args *a, struct au_run *run, struct au_digest *sum)
{
	struct au_rulebase *base = AU_NEW(a->arena, struct au_rulebase);
	const char *error = NULL;
	int rc = AU_EXIT_PASS;

	run->known = au_known_builtin(a->arena);
	run->licences = au_licence_builtin(a->arena);
	run->rules = base;
	au_digest_update(sum, AU_RULES_SHA256, strlen(AU_RULES_SHA256));
	if (!run->known || !run->licences)
		return au_usage_error("the built-in tables are damaged");
	if (au_given(a, OPT_RULES))
		rc = take_rules(a, run, base, au_opt(a, OPT_RULES), true, sum);
	for (const char *const *d = au_opts(a, OPT_ADD_RULES); *d && rc == AU_EXIT_PASS; d++)
		rc = take_rules(a, run, base, *d, false, sum);
	for (const char *const *d = au_opts(a, OPT_LICENCES); *d && rc == AU_EXIT_PASS; d++)
		if (au_licence_db_extend(run->licences, *d, NULL, a->arena, &run->licences, &error) != AU_OK)
			rc = au_usage_error("%s", error ? error : "cannot read the licences");
	return rc;
}

static bool is_disabled(struct au_args *a, const char *id)
{
	for (const char *const *d = au_opts(a, OPT_ENABLE); *d; d++)
		if (au_ieq(*d, id))
			return false;
	for (const char *const *d = au_opts(a, OPT_DISABLE); *d; d++)
		if (au_ieq(*d, id))
			return true;
	return false;
}

static int check_rule_names(struct au_args *a)
{
	static const enum au_opt opts[] = { OPT_ENABLE, OPT_DISABLE };

	for (size_t i = 0; i < 2; i++)
		for (const char *const *d = au_opts(a, opts[i]); *d; d++)
			if (!au_rule_find(*d))
				return au_usage_error("no rule '%s'; 'assay rules list' lists them", *d);
	return AU_EXIT_PASS;
}

/* Leave out findings of disabled rules. The audit's array is ours to thin: nobody else reads it. */
static void drop_disabled(struct au_args *a, struct au_audit *audit)
{
	size_t n = 0;

	for (size_t i = 0; i < audit->n_findings; i++)
		if (!is_disabled(a, audit->findings[i]->rule->id))
			audit->findings[n++] = audit->findings[i];
	audit->n_findings = n;
}

static const char *timestamp(struct au_args *a)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t t = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : au_given(a, OPT_REPRODUCIBLE) ? 0 : time(NULL);
	struct tm tm;
	char text[32] = "1970-01-01T00:00:00Z";

	if (gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return au_arena_str(a->arena, text);
}

static int report_options(struct au_args *a, struct au_report_options *o)
{
	const char *word = au_opt(a, OPT_EVIDENCE), *columns = getenv("COLUMNS");
	uint64_t max = 5000;

	o->text_min = AU_INFO;
	if (au_given(a, OPT_SEVERITY) && !au_sev_parse(au_opt(a, OPT_SEVERITY), &o->text_min))
		return au_usage_error("--severity takes info, low, medium, high or critical");
	if (!au_opt_number(a, OPT_SARIF_MAX, &max))
		return AU_EXIT_USAGE;
	if (max < 1 || max > 25000)
		return au_usage_error("--sarif-max-results is 1 to 25000");
	if (word && strcmp(word, "none") && strcmp(word, "short") && strcmp(word, "full"))
		return au_usage_error("--evidence takes none, short or full");
	o->evidence = !word || !strcmp(word, "short") ? 1 : !strcmp(word, "full") ? 2 : 0;
	o->show_waived = au_given(a, OPT_SHOW_WAIVED);
	o->show_coverage = au_given(a, OPT_SHOW_COVERAGE);
	o->colour = au_want_colour(a, stdout);
	o->width = isatty(STDOUT_FILENO) && columns ? (unsigned)strtoul(columns, NULL, 10) : 80;
	if (o->width < 40 || o->width > 400)
		o->width = 80;
	o->category = au_given(a, OPT_CATEGORY) ? au_opt(a, OPT_CATEGORY) : "";
	o->sarif_max = (unsigned)max;
	o->sarif_waived = au_given(a, OPT_SARIF_WAIVED) && !strcmp(au_opt(a, OPT_SARIF_WAIVED), "include");
	o->sbom_version = au_given(a, OPT_SBOM_VERSION) ? au_opt(a, OPT_SBOM_VERSION) : "1.6";
	if (strcmp(o->sbom_version, "1.6") && strcmp(o->sbom_version, "1.7"))
		return au_usage_error("--sbom-version takes 1.6 or 1.7");
	o->reproducible = au_given(a, OPT_REPRODUCIBLE);
	o->timestamp = timestamp(a);
	return AU_EXIT_PASS;
}

static int scan(struct au_args *a, const char *fallback)
{
	struct au_run run = { .limits = AU_LIMITS_DEFAULT, .no_hash = au_given(a, OPT_NO_HASH) };
	struct au_digest *rules = au_digest_new(AU_SHA256);
	struct au_report report = { .disabled = au_opts(a, OPT_DISABLE), .n_disabled = a->n[OPT_DISABLE] };
	struct au_cli_gate gate = { 0 };
	struct au_summary summary;
	struct au_outputs *outputs = NULL;
	struct au_scan *s = NULL;
	struct au_audit audit;
	int rc = check_rule_names(a);

	if (rc == AU_EXIT_PASS)
		rc = au_cli_gate_load(a, &gate);
	if (rc == AU_EXIT_PASS) {
		run.limits = gate.policy->limits;
		run.policy = gate.policy;
		run.uses = gate.policy->uses;
		rc = au_cli_limits(a, &run.limits);
	}
	if (rc == AU_EXIT_PASS)
		rc = report_options(a, &report.o);
	if (rc == AU_EXIT_PASS)
		rc = rules_of(a, &run, rules);
	au_digest_final(rules, report.rules_sha256);
	au_digest_free(rules);
	if (!au_given(a, OPT_RULES) && !au_given(a, OPT_ADD_RULES))
		au_unhex(AU_RULES_SHA256, 32, report.rules_sha256);
	if (rc == AU_EXIT_PASS)
		rc = au_outputs_open(a, fallback, &outputs);
	if (rc == AU_EXIT_PASS)
		rc = au_cli_scan(a, &run, &s);
	if (rc != AU_EXIT_PASS)
		return rc;
	audit = *au_scan_audit(s);
	drop_disabled(a, &audit);
	report.audit = &audit;
	report.legal = audit.legal;
	rc = au_cli_gate_judge(a, &gate, &audit, &report);
	if (rc == AU_EXIT_PASS) {
		if (au_given(a, OPT_EXIT_ZERO))
			report.exit_code = 0;
		au_report_summarise(&report, &summary);
		report.summary = &summary;
		rc = au_outputs_write(outputs, &report);
		if (rc == AU_EXIT_PASS)
			rc = au_cli_interrupted() ? au_cli_interrupted() : report.exit_code;
	}
	au_scan_free(s);
	return rc;
}

int au_cmd_scan(struct au_args *a)
{
	return scan(a, "text");
}

/* A bill of materials says what is there and passes no judgement. */
int au_cmd_sbom(struct au_args *a)
{
	int rc = scan(a, "cyclonedx");

	return rc == AU_EXIT_FAIL ? AU_EXIT_PASS : rc;
}
