/* Our own JSON: everything that the audit knows, in the schema assay-report.schema.json. The
 * envelope is streamed, the records are printed one by one. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "report/internal.h"

#define SCHEMA_VERSION "1.0"

/* One member of the envelope. */
static void member(FILE *out, const char *key, au_rec *r)
{
	fprintf(out, ",\n\"%s\": ", key);
	au_rec_print(r, false, out);
}

static au_rec *tool(const struct au_report *r)
{
	au_rec *o = au_rec_object();
	char hex[65];

	au_hex(r->rules_sha256, 32, hex);
	au_rec_str(o, "name", "assay");
	au_rec_str(o, "version", AU_VERSION);
	au_rec_str(o, "rules_sha256", hex);
	return o;
}

static au_rec *policy(const struct au_report *r)
{
	au_rec *o = au_rec_object();
	char hex[65];

	au_hex(r->policy_sha256, 32, hex);
	au_rec_str(o, "path", r->policy_path ? r->policy_path : "built-in");
	au_rec_str(o, "sha256", hex);
	au_rec_str(o, "fail_on", r->fail_on);
	return o;
}

static au_rec *verdict(const struct au_report *r)
{
	au_rec *o = au_rec_object(), *reasons;

	au_rec_str(o, "status", au_status_name(r->status));
	au_rec_u64(o, "exit_code", (uint64_t)r->exit_code);
	reasons = au_rec_add_array(o, "reasons");
	for (size_t i = 0; i < r->n_reasons; i++)
		au_rec_push_str(reasons, r->reasons[i]);
	return o;
}

static au_rec *summary(const struct au_report *r)
{
	const struct au_summary *s = r->summary;
	au_rec *o = au_rec_object(), *sev = au_rec_add_object(o, "findings"), *fam;

	for (int i = AU_SEV_N - 1; i >= 0; i--)
		au_rec_u64(sev, au_sev_name((enum au_sev)i), s->by_sev[i]);
	au_rec_u64(o, "gating", s->gating);
	au_rec_u64(o, "known", s->known);
	au_rec_u64(o, "waived", s->waived);
	au_rec_u64(o, "files", s->files);
	au_rec_u64(o, "members", s->members);
	au_rec_u64(o, "unrecognised", s->unrecognised);
	au_rec_u64(o, "licence_files", s->licence_files);
	au_rec_u64(o, "bytes", s->bytes);
	fam = au_rec_add_object(o, "licence_families");
	for (size_t i = 0; i < s->n_families; i++)
		au_rec_u64(fam, s->families[i].family, s->families[i].n);
	return o;
}

static void coverage(const struct au_report *r, FILE *out)
{
	fprintf(out, ",\n\"coverage\": {\"complete\": %s, \"skipped\": [", r->complete ? "true" : "false");
	for (size_t i = 0; i < r->audit->n_coverage; i++) {
		const struct au_coverage *c = r->audit->coverage[i];
		au_rec *o = au_rec_object();

		au_report_add_path(o, c->path ? c->path : "");
		au_rec_str(o, "reason", c->reason);
		au_rec_str(o, "text", c->text);
		au_rec_u64(o, "offset", c->off);
		au_rec_bool(o, "counts", !c->benign);
		fputs(i ? ",\n" : "\n", out);
		au_rec_print(o, false, out);
	}
	fputs("]}", out);
}

static void add_span(au_rec *o, struct au_span span)
{
	au_rec_u64(o, "offset", span.off);
	au_rec_u64(o, "length", span.len);
	if (span.line) {
		au_rec_u64(o, "line", span.line);
		au_rec_u64(o, "line_end", span.line_end ? span.line_end : span.line);
	}
}

static void entries(const struct au_report *r, FILE *out)
{
	fputs(",\n\"entries\": [", out);
	for (size_t i = 0; i < r->audit->n_entries; i++) {
		const struct au_entry *e = r->audit->entries[i];
		au_rec *o = au_rec_object(), *bids;
		char hex[65];

		au_report_add_path(o, e->path);
		if (e->parent)
			au_rec_str(o, "parent", e->parent->path);
		au_rec_str(o, "format", e->n_bids && e->bids[0].score >= 60 ? e->bids[0].format->name
				: e->lfs ? "lfs-pointer" : e->text ? "text" : "data");
		if (e->n_bids > 1) {
			bids = au_rec_add_array(o, "bids");
			for (unsigned k = 0; k < e->n_bids; k++) {
				au_rec *b = au_rec_push_object(bids);

				au_rec_str(b, "format", e->bids[k].format->name);
				au_rec_u64(b, "score", (uint64_t)e->bids[k].score);
			}
		}
		au_rec_u64(o, "size", e->size);
		if (e->hashed || e->lfs) {
			au_hex(e->sha256, 32, hex);
			au_rec_str(o, e->lfs ? "lfs_sha256" : "sha256", hex);
		}
		if (e->lfs)
			au_rec_u64(o, "lfs_size", e->lfs_size);
		if (e->n_tensors)
			au_rec_u64(o, "tensors", e->n_tensors);
		if (!e->parent && e->job < r->audit->n_jobs && r->audit->models[e->job].id) {
			au_rec *m = au_rec_add_object(o, "model");

			au_rec_str(m, "id", r->audit->models[e->job].id);
			au_rec_str(m, "revision", r->audit->models[e->job].revision);
			au_rec_str(m, "source", r->audit->models[e->job].source);
		}
		fputs(i ? ",\n" : "\n", out);
		au_rec_print(o, false, out);
	}
	fputs("]", out);
}

/* Licence facts of one entry: matches, and what is declared. NULL when there are none. */
static au_rec *licences_of(const struct au_entry *e)
{
	au_rec *o = NULL, *matches = NULL, *declared = NULL;

	AU_EACH_FACT(f, e) {
		bool match = !strcmp(f->topic, "licence.match"), said = au_starts(f->topic, "declared.");
		au_rec *m;

		if (!match && !said)
			continue;
		if (!o) {
			o = au_rec_object();
			au_report_add_path(o, e->path);
			declared = au_rec_add_array(o, "declared");
			matches = au_rec_add_array(o, "matches");
		}
		m = au_rec_push_object(match ? matches : declared);
		if (match) {
			bool named = f->aux && strcmp(f->aux, "modified") != 0 && strcmp(f->aux, "unknown") != 0;

			au_rec_str(m, named ? "id" : "nearest", f->text);
			au_rec_str(m, "verdict", f->aux);
			au_rec_double(m, "score", (double)f->num / 1000);
		} else {
			au_rec_str(m, "what", f->topic + strlen("declared."));
			au_rec_str(m, "raw", f->text);
			au_rec_str(m, "normalised", f->aux);
		}
		add_span(m, f->span);
	}
	return o;
}

static void licences(const struct au_report *r, FILE *out)
{
	bool first = true;

	fputs(",\n\"licences\": [", out);
	for (size_t i = 0; i < r->audit->n_entries; i++) {
		au_rec *o = licences_of(r->audit->entries[i]);

		if (!o)
			continue;
		fputs(first ? "\n" : ",\n", out);
		first = false;
		au_rec_print(o, false, out);
	}
	fputs("]", out);
}

static void related(au_rec *o, const struct au_finding *f)
{
	au_rec *list;

	if (!f->n_related)
		return;
	list = au_rec_add_array(o, "related");
	for (size_t i = 0; i < f->n_related; i++) {
		au_rec *x = au_rec_push_object(list);

		if (f->related[i].entry)
			au_report_add_path(x, f->related[i].entry->path);
		au_rec_str(x, "text", f->related[i].text);
		add_span(x, f->related[i].span);
	}
}

static void findings(const struct au_report *r, FILE *out)
{
	fputs(",\n\"findings\": [", out);
	for (size_t i = 0; i < r->audit->n_findings; i++) {
		const struct au_finding *f = r->audit->findings[i];
		au_rec *o = au_rec_object();
		char print[33];

		au_report_fingerprint(f, print);
		au_rec_str(o, "rule", f->rule->id);
		au_rec_str(o, "kind", au_kind_name(f->rule->kind));
		au_rec_str(o, "severity", au_sev_name(f->sev));
		au_rec_str(o, "state", au_report_state_names[f->state]);
		au_report_add_path(o, f->entry ? f->entry->path : "");
		add_span(o, f->span);
		au_rec_str(o, "message", f->message);
		au_rec_str(o, "evidence", f->evidence);
		au_rec_str(o, "why", f->rule->why);
		au_rec_str(o, "fix", f->fix ? f->fix : f->rule->fix);
		au_rec_str(o, "fingerprint", print);
		if (f->repeat)
			au_rec_u64(o, "repeat", f->repeat);
		au_rec_str(o, "waiver", f->waiver);
		related(o, f);
		fputs(i ? ",\n" : "\n", out);
		au_rec_print(o, false, out);
	}
	fputs("]", out);
}

static au_rec *waivers(const struct au_report *r)
{
	au_rec *list = au_rec_array();

	for (size_t i = 0; i < r->n_waivers; i++) {
		const struct au_waiver_note *w = &r->waivers[i];
		au_rec *o = au_rec_push_object(list);

		au_rec_str(o, "id", w->id);
		au_rec_str(o, "rule", w->rule);
		au_rec_str(o, "path", w->path);
		au_rec_str(o, "reason", w->reason);
		au_rec_str(o, "owner", w->owner);
		au_rec_str(o, "expires", w->expires);
		au_rec_str(o, "state", w->state);
		au_rec_u64(o, "used", w->used);
	}
	return list;
}

static au_rec *strings(const char *const *list, size_t n)
{
	au_rec *a = au_rec_array();

	for (size_t i = 0; i < n; i++)
		au_rec_push_str(a, list[i]);
	return a;
}

static int write_json(const struct au_report *r, FILE *out, const char **ret_error)
{
	au_rec *target = au_rec_object();

	(void)ret_error;
	fputs("{\"schema_version\": \"" SCHEMA_VERSION "\"", out);
	member(out, "tool", tool(r));
	au_rec_str(target, "name", r->audit->target);
	member(out, "target", target);
	member(out, "policy", policy(r));
	member(out, "verdict", verdict(r));
	member(out, "summary", summary(r));
	coverage(r, out);
	findings(r, out);
	licences(r, out);
	entries(r, out);
	member(out, "waivers", waivers(r));
	member(out, "disabled_rules", strings(r->disabled, r->n_disabled));
	fputs("\n}\n", out);
	return AU_OK;
}

const struct au_writer au_writer_json = {
	.name = "json", .title = "everything, for programs", .extension = "json", .write = write_json,
};
