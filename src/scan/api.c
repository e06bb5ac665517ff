/* The public C API over the rooms; see include/assay/assay.h. */
#include "base/banned.h"
#include <assay/assay.h>
#include "base/arena.h"
#include "base/rc.h"
#include "detect/known_db.h"
#include "licence/licence.h"
#include "report/report.h"
#include "scan/scan.h"
#include "base/text.h"
#include <rules_sha256.h>

struct assay {
	struct au_arena *arena;
	struct au_run run;
	struct au_scan *scan;
	struct au_audit empty;
	struct au_report report;
	struct au_summary summary;
	const char *error;
};

static void gate(struct assay *a, enum assay_severity fail_on)
{
	struct au_report *r = &a->report;
	size_t failing = 0, gaps = 0;

	for (size_t i = 0; i < r->audit->n_findings; i++)
		failing += (int)r->audit->findings[i]->sev >= (int)fail_on;
	for (size_t i = 0; i < r->audit->n_coverage; i++)
		gaps += !r->audit->coverage[i]->benign;
	r->complete = !gaps;
	r->fail_on = au_sev_name((enum au_sev)fail_on);
	r->status = failing ? AU_FAIL : gaps ? AU_INCOMPLETE : r->audit->n_entries ? AU_PASS : AU_EMPTY;
	r->exit_code = (int)r->status;
	au_unhex(AU_RULES_SHA256, 32, r->rules_sha256);
	r->o = (struct au_report_options){ .evidence = 1, .width = 80, .category = "", .sarif_max = 5000,
					   .sbom_version = "1.6", .reproducible = true,
					   .timestamp = "1970-01-01T00:00:00Z" };
	au_report_summarise(r, &a->summary);
	r->summary = &a->summary;
}

int assay_scan(const char *const *targets, size_t n, const struct assay_options *o, struct assay **ret)
{
	static const struct assay_options defaults = { .fail_on = ASSAY_HIGH };
	struct assay *a = au_xalloc(sizeof(*a));
	struct au_scan_options so = { .plan = { .targets = targets, .n_targets = n }, .run = &a->run };
	int rc;

	if (!o)
		o = &defaults;
	a->arena = au_arena_new();
	a->run = (struct au_run){ .limits = AU_LIMITS_DEFAULT, .no_hash = o->no_hash != 0 };
	a->run.known = au_known_builtin(a->arena);
	a->run.licences = au_licence_builtin(a->arena);
	so.jobs = o->jobs;
	a->report.audit = &a->empty;
	*ret = a;
	errno = 0;
	rc = au_scan_run(&so, &a->scan, &a->error);
	if (rc != AU_OK)
		return errno ? errno : EIO;
	a->report.audit = au_scan_audit(a->scan);
	gate(a, o->fail_on);
	return 0;
}

const char *assay_error(const struct assay *a)
{
	return a->error;
}

void assay_free(struct assay *a)
{
	if (!a)
		return;
	au_scan_free(a->scan);
	au_arena_free(a->arena);
	au_xfree(a);
}

enum assay_status assay_status(const struct assay *a)
{
	return (enum assay_status)a->report.status;
}

size_t assay_findings(const struct assay *a)
{
	return a->report.audit->n_findings;
}

void assay_finding(const struct assay *a, size_t i, struct assay_finding *ret)
{
	const struct au_finding *f = a->report.audit->findings[i];

	*ret = (struct assay_finding){
		.rule = f->rule->id, .path = f->entry ? f->entry->path : "", .message = f->message,
		.fix = f->fix ? f->fix : f->rule->fix, .severity = (enum assay_severity)f->sev, .offset = f->span.off,
		.length = f->span.len, .line = f->span.line,
	};
}

size_t assay_gaps(const struct assay *a)
{
	return a->report.audit->n_coverage;
}

void assay_gap(const struct assay *a, size_t i, struct assay_gap *ret)
{
	const struct au_coverage *c = a->report.audit->coverage[i];

	*ret = (struct assay_gap){ c->path ? c->path : "", c->reason, c->text, !c->benign };
}

int assay_write(const struct assay *a, const char *format, FILE *out)
{
	const struct au_writer *w = au_writer_find(format);
	const char *error = NULL;

	if (!w || !a->report.summary)
		return EINVAL;
	return w->write(&a->report, out, &error) == AU_OK && !ferror(out) ? 0 : EIO;
}

const char *assay_version(void)
{
	return AU_VERSION;
}
