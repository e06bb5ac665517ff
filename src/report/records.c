/* The records of our own JSON, shared by its writer, ndjson and the diff. */
#include "base/banned.h"
#include "base/text.h"
#include "report/internal.h"

void au_report_add_span(au_rec *o, struct au_span span)
{
	au_rec_u64(o, "offset", span.off);
	au_rec_u64(o, "length", span.len);
	if (span.line) {
		au_rec_u64(o, "line", span.line);
		au_rec_u64(o, "line_end", span.line_end ? span.line_end : span.line);
	}
}

const char *au_report_format(const struct au_entry *e)
{
	if (e->n_bids && e->bids[0].score >= 60)
		return e->bids[0].format->name;
	return e->lfs ? "lfs-pointer" : e->text ? "text" : "data";
}

au_rec *au_report_entry(const struct au_report *r, const struct au_entry *e, size_t component)
{
	au_rec *o = au_rec_object(), *bids;
	char hex[65];

	au_report_add_path(o, e->path);
	if (e->parent)
		au_rec_str(o, "parent", e->parent->path);
	au_rec_str(o, "format", au_report_format(e));
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
	if (component != SIZE_MAX)
		au_rec_u64(o, "component", component);
	return o;
}

au_rec *au_report_licences(const struct au_entry *e)
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
		au_report_add_span(m, f->span);
	}
	return o;
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
		au_report_add_span(x, f->related[i].span);
	}
}

au_rec *au_report_finding(const struct au_finding *f)
{
	au_rec *o = au_rec_object();
	char print[33];

	au_report_fingerprint(f, print);
	au_rec_str(o, "rule", f->rule->id);
	au_rec_str(o, "kind", au_kind_name(f->rule->kind));
	au_rec_str(o, "severity", au_sev_name(f->sev));
	au_rec_str(o, "state", au_report_state_names[f->state]);
	au_report_add_path(o, f->entry ? f->entry->path : "");
	au_report_add_span(o, f->span);
	au_rec_str(o, "message", f->message);
	au_rec_str(o, "evidence", f->evidence);
	au_rec_str(o, "why", f->rule->why);
	au_rec_str(o, "fix", f->fix ? f->fix : f->rule->fix);
	au_rec_str(o, "fingerprint", print);
	if (f->repeat)
		au_rec_u64(o, "repeat", f->repeat);
	au_rec_str(o, "waiver", f->waiver);
	related(o, f);
	return o;
}
