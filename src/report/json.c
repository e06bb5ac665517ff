/* Our own JSON: everything that the audit knows, in the schema assay-report.schema.json. The
 * envelope is streamed, the records are printed one by one. */
#include "base/banned.h"
#include "base/arena.h"
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

static void entries(const struct au_report *r, FILE *out)
{
	struct au_arena *a = au_arena_new();
	const struct au_report_owner *owner = au_report_owners(a, au_report_legal(r));

	fputs(",\n\"entries\": [", out);
	for (size_t i = 0; i < r->audit->n_entries; i++) {
		const struct au_entry *e = r->audit->entries[i];

		fputs(i ? ",\n" : "\n", out);
		au_rec_print(au_report_entry(r, e, au_report_owner_of(owner, e)), false, out);
	}
	fputs("]", out);
	au_arena_free(a);
}

static void components(const struct au_report *r, FILE *out)
{
	const struct au_legal *l = au_report_legal(r);

	fputs(",\n\"components\": [", out);
	for (size_t i = 0; l && i < l->n_components; i++) {
		fputs(i ? ",\n" : "\n", out);
		au_rec_print(au_report_component(&l->components[i]), false, out);
	}
	fputs("]", out);
}

static au_rec *legal(const struct au_legal *l)
{
	au_rec *o = au_rec_object(), *uses = au_rec_add_array(o, "uses");

	au_rec_str(o, "expression", l->expr);
	au_rec_str(o, "class", au_class_name(l->cls));
	au_rec_str(o, "status", au_legal_status_name(l->status));
	for (unsigned u = 1; u < AU_USE_ALL; u <<= 1)
		if (l->uses & u)
			au_rec_push_str(uses, au_use_name(u));
	return o;
}

static void licences(const struct au_report *r, FILE *out)
{
	bool first = true;

	fputs(",\n\"licences\": [", out);
	for (size_t i = 0; i < r->audit->n_entries; i++) {
		au_rec *o = au_report_licences(r->audit->entries[i]);

		if (!o)
			continue;
		fputs(first ? "\n" : ",\n", out);
		first = false;
		au_rec_print(o, false, out);
	}
	fputs("]", out);
}

static void findings(const struct au_report *r, FILE *out)
{
	fputs(",\n\"findings\": [", out);
	for (size_t i = 0; i < r->audit->n_findings; i++) {
		fputs(i ? ",\n" : "\n", out);
		au_rec_print(au_report_finding(r->audit->findings[i]), false, out);
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
	if (au_report_legal(r))
		member(out, "legal", legal(au_report_legal(r)));
	components(r, out);
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
