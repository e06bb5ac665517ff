/* SARIF 2.1.0 (OASIS) as code hosts ingest it: one location a result, always the container file as
 * a relative path and always a region; nested members as artifacts with parentIndex and as logical
 * locations; severity on the rule; waived results left out unless asked for. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "report/internal.h"

struct sarif {
	const struct au_report *r;
	struct au_arena *a;
	const struct au_finding **list;   /* the results, in total order */
	size_t n, left_out;
	struct au_map rules;              /* "ID|severity" -> index + 1 */
	struct au_map artifacts;          /* path -> index + 1 */
};

static const char *const security[AU_SEV_N] = { "0.0", "2.0", "5.5", "8.0", "9.5" };
static const char *const level[AU_SEV_N] = { "note", "note", "warning", "error", "error" };

/* URI of a path relative to the source root: unreserved characters and '/' stay (RFC 3986). */
static const char *uri(struct sarif *s, const char *path)
{
	struct au_buf b;
	const char *out;

	au_buf_init(&b, 3 * strlen(path) + 8);
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (isalnum(*p) || strchr("-._~/", *p))
			au_buf_byte(&b, *p);
		else
			au_buf_fmt(&b, "%%%02X", *p);
	}
	out = au_arena_str(s->a, b.len ? au_buf_cstr(&b) : "unknown");
	au_buf_release(&b);
	return out;
}

static void choose(struct sarif *s)
{
	const struct au_audit *au = s->r->audit;
	size_t max = s->r->o.sarif_max, n = 0, per[AU_SEV_N] = { 0 };
	int least = AU_INFO;

	s->list = AU_ARRAY(s->a, const struct au_finding *, au->n_findings + 1);
	for (size_t i = 0; i < au->n_findings; i++)
		if (au->findings[i]->state != AU_STATE_WAIVED || s->r->o.sarif_waived)
			per[au->findings[i]->sev]++;
	/* the gravest that fit, whole levels first, then the first ones of the next level */
	for (least = AU_CRITICAL; least > AU_INFO && n + per[least] <= max; least--)
		n += per[least];
	for (size_t i = 0, room = max > n ? max - n : 0; i < au->n_findings; i++) {
		const struct au_finding *f = au->findings[i];

		if (f->state == AU_STATE_WAIVED && !s->r->o.sarif_waived)
			continue;
		if ((int)f->sev > least || ((int)f->sev == least && room && room--))
			s->list[s->n++] = f;
		else
			s->left_out++;
	}
}

/* URI of a member within its container: the validators want no leading slash. */
static const char *inner_uri(struct sarif *s, const char *path)
{
	const char *last = path;

	for (const char *p = path; (p = strstr(p, "!/")); p += 2)
		last = p + 2;
	return uri(s, last + strspn(last, "/"));
}

static size_t index_of(struct au_map *m, const char *key)
{
	void **slot = au_map_put(m, key, strlen(key));

	if (!*slot)
		*slot = (void *)(uintptr_t)m->n;
	return (uintptr_t)*slot - 1;
}

/* Severity lives on the rule: a finding of another severity than its rule's gets a rule of its own
 * name, so that hosts show the right one. */
static const char *rule_id(struct sarif *s, const struct au_finding *f)
{
	if (f->sev == f->rule->sev)
		return f->rule->id;
	return au_arena_fmt(s->a, "%s/%s", f->rule->id, au_sev_name(f->sev));
}

static size_t artifact_of(struct sarif *s, const struct au_entry *e)
{
	if (e->parent)
		artifact_of(s, e->parent);
	return index_of(&s->artifacts, e->path);
}

static void add_text(au_rec *o, const char *key, const char *text)
{
	au_rec_str(au_rec_add_object(o, key), "text", text);
}

/* PKL-CALL-DANGEROUS to PklCallDangerous: a name must differ from the id. */
static const char *camel(struct sarif *s, const char *id)
{
	char *out = au_arena_str(s->a, id), *q = out;
	bool up = true;

	for (; *id; id++) {
		if (isalnum((unsigned char)*id))
			*q++ = (char)(up ? toupper((unsigned char)*id) : tolower((unsigned char)*id));
		up = !isalnum((unsigned char)*id);
	}
	*q = 0;
	return out;
}

static void add_rule(struct sarif *s, au_rec *rules, const struct au_finding *f)
{
	const struct au_rule *r = f->rule;
	au_rec *o = au_rec_push_object(rules), *help, *props, *tags;

	au_rec_str(o, "id", rule_id(s, f));
	au_rec_str(o, "name", camel(s, rule_id(s, f)));
	add_text(o, "shortDescription", au_arena_fmt(s->a, "%s.", r->title));
	add_text(o, "fullDescription", r->why);
	help = au_rec_add_object(o, "help");
	au_rec_str(help, "text", au_arena_fmt(s->a, "%s What to do: %s", r->why, r->fix));
	au_rec_str(help, "markdown", au_arena_fmt(s->a, "%s\n\n**What to do:** %s", r->why, r->fix));
	au_rec_str(o, "helpUri", au_arena_fmt(s->a, "https://assay.example/rules#%s", r->id));
	au_rec_str(au_rec_add_object(o, "defaultConfiguration"), "level", level[f->sev]);
	props = au_rec_add_object(o, "properties");
	if (r->kind == AU_LICENCE)
		au_rec_str(props, "problem.severity", f->sev >= AU_HIGH ? "error" : f->sev == AU_MEDIUM ? "warning"
			   : "recommendation");
	else
		au_rec_str(props, "security-severity", security[f->sev]);
	au_rec_str(props, "precision", f->sev >= AU_HIGH ? "high" : "medium");
	tags = au_rec_add_array(props, "tags");
	au_rec_push_str(tags, au_kind_name(r->kind));
	if (r->kind != AU_LICENCE)
		au_rec_push_str(tags, "security");
}

static void add_driver(struct sarif *s, au_rec *run)
{
	au_rec *driver = au_rec_add_object(au_rec_add_object(run, "tool"), "driver"), *rules;

	au_rec_str(driver, "name", "assay");
	au_rec_str(driver, "semanticVersion", AU_VERSION);
	au_rec_str(driver, "informationUri", "https://assay.example/");
	rules = au_rec_add_array(driver, "rules");
	for (size_t i = 0; i < s->n; i++) {
		size_t before = s->rules.n;

		if (index_of(&s->rules, rule_id(s, s->list[i])) == before)
			add_rule(s, rules, s->list[i]);
	}
}

static void add_region(au_rec *location, const struct au_finding *f)
{
	au_rec *region = au_rec_add_object(location, "region");
	bool lines = f->span.line && f->entry && !f->entry->parent;

	au_rec_u64(region, "startLine", lines ? f->span.line : 1);
	au_rec_u64(region, "startColumn", 1);
	au_rec_u64(region, "endLine", lines ? (f->span.line_end ? f->span.line_end : f->span.line) : 1);
	au_rec_u64(region, "endColumn", 2);
}

static void add_artifact_location(struct sarif *s, au_rec *physical, const char *path)
{
	au_rec *l = au_rec_add_object(physical, "artifactLocation");

	au_rec_str(l, "uri", uri(s, path));
	au_rec_str(l, "uriBaseId", "SRCROOT");
}

static void add_location(struct sarif *s, au_rec *o, const struct au_finding *f)
{
	au_rec *l = au_rec_push_object(au_rec_add_array(o, "locations"));
	au_rec *physical = au_rec_add_object(l, "physicalLocation"), *logical;

	add_artifact_location(s, physical, f->entry ? au_report_top(f->entry) : "unknown");
	add_region(physical, f);
	if (f->entry && f->entry->parent) {
		logical = au_rec_push_object(au_rec_add_array(l, "logicalLocations"));
		au_rec_str(logical, "fullyQualifiedName", f->entry->path);
	}
}

static void add_related(struct sarif *s, au_rec *o, const struct au_finding *f)
{
	au_rec *list = NULL, *x, *physical, *region, *location;
	uint64_t id = 1;

	if (f->entry && f->entry->parent) {
		list = au_rec_add_array(o, "relatedLocations");
		x = au_rec_push_object(list);
		au_rec_u64(x, "id", id++);
		physical = au_rec_add_object(x, "physicalLocation");
		location = au_rec_add_object(physical, "artifactLocation");
		au_rec_str(location, "uri", inner_uri(s, f->entry->path));
		au_rec_u64(location, "index", artifact_of(s, f->entry));
		region = au_rec_add_object(physical, "region");
		au_rec_u64(region, "byteOffset", f->span.off);
		au_rec_u64(region, "byteLength", f->span.len);
		add_text(x, "message", f->entry->path);
	}
	for (size_t i = 0; i < f->n_related; i++) {
		const struct au_related *rel = &f->related[i];

		if (!rel->entry)
			continue;
		if (!list)
			list = au_rec_add_array(o, "relatedLocations");
		x = au_rec_push_object(list);
		au_rec_u64(x, "id", id++);
		add_artifact_location(s, au_rec_add_object(x, "physicalLocation"), au_report_top(rel->entry));
		add_text(x, "message", rel->text ? rel->text : rel->entry->path);
	}
}

/* Message: where inside the container first in words, as hosts show no nested artifacts. */
static const char *message(struct sarif *s, const struct au_finding *f)
{
	if (!f->entry || !f->entry->parent)
		return f->message;
	return au_arena_fmt(s->a, "%s In '%s'.", f->message,
			    au_printable(s->a, f->entry->path, strlen(f->entry->path), 400));
}

static void add_result(struct sarif *s, au_rec *results, const struct au_finding *f)
{
	au_rec *o = au_rec_push_object(results), *print;
	const char *id = rule_id(s, f);
	char hex[33];

	au_report_fingerprint(f, hex);
	au_rec_str(o, "ruleId", id);
	au_rec_u64(o, "ruleIndex", index_of(&s->rules, id));
	au_rec_str(o, "level", level[f->sev]);
	add_text(o, "message", message(s, f));
	add_location(s, o, f);
	add_related(s, o, f);
	print = au_rec_add_object(o, "partialFingerprints");
	au_rec_str(print, "primaryLocationLineHash", au_arena_fmt(s->a, "%.16s:%u", hex, f->repeat + 1));
	au_rec_str(print, "assayFingerprint/v1", au_arena_fmt(s->a, "%s:%u", hex, f->repeat));
	au_rec_str(o, "baselineState", f->state == AU_STATE_KNOWN ? "unchanged" : "new");
	if (f->state == AU_STATE_WAIVED) {
		au_rec *w = au_rec_push_object(au_rec_add_array(o, "suppressions"));

		au_rec_str(w, "kind", "external");
		au_rec_str(w, "justification", f->waiver);
	}
}

static void add_artifacts(struct sarif *s, au_rec *run)
{
	au_rec *list;
	size_t n = s->artifacts.n;

	if (!n)
		return;
	list = au_rec_add_array(run, "artifacts");
	for (size_t i = 0; i < n; i++) {
		const char *path = s->artifacts.items[i].key, *last = NULL;
		au_rec *o = au_rec_push_object(list), *l = au_rec_add_object(o, "location");

		for (const char *p = path; (p = strstr(p, "!/")); p += 2)
			last = p;
		if (!last) {
			au_rec_str(l, "uri", uri(s, path));
			au_rec_str(l, "uriBaseId", "SRCROOT");
			continue;
		}
		au_rec_str(l, "uri", inner_uri(s, path));
		au_rec_u64(o, "offset", 0);
		au_rec_u64(o, "parentIndex", index_of(&s->artifacts, au_arena_strn(s->a, path, (size_t)(last - path))));
	}
}

static void add_invocation(struct sarif *s, au_rec *run)
{
	au_rec *o = au_rec_push_object(au_rec_add_array(run, "invocations")), *notes, *n;
	size_t told = 0;

	au_rec_bool(o, "executionSuccessful", s->r->complete);
	notes = au_rec_add_array(o, "toolExecutionNotifications");
	for (size_t i = 0; i < s->r->audit->n_coverage; i++) {
		const struct au_coverage *c = s->r->audit->coverage[i];

		if (c->benign || told++ >= s->r->o.sarif_max)
			continue;
		n = au_rec_push_object(notes);
		au_rec_str(n, "level", "error");
		add_text(n, "message", au_arena_fmt(s->a, "Not read: '%s': %s.",
						    au_printable(s->a, c->path ? c->path : "?", strlen(c->path ? c->path : "?"), 400),
						    c->text ? c->text : c->reason));
	}
	if (s->left_out) {
		n = au_rec_push_object(notes);
		au_rec_str(n, "level", "warning");
		add_text(n, "message", au_arena_fmt(s->a, "%zu results are left out, the gravest %zu are here: see "
						    "--sarif-max-results.", s->left_out, s->n));
	}
}

static int write_sarif(const struct au_report *r, FILE *out, const char **ret_error)
{
	struct sarif s = { .r = r, .a = au_arena_new() };
	au_rec *log = au_rec_object(), *run, *results, *base;

	(void)ret_error;
	au_map_init(&s.rules, s.a);
	au_map_init(&s.artifacts, s.a);
	choose(&s);
	au_rec_str(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	au_rec_str(log, "version", "2.1.0");
	run = au_rec_push_object(au_rec_add_array(log, "runs"));
	add_driver(&s, run);
	au_rec_str(au_rec_add_object(run, "automationDetails"), "id", au_arena_fmt(s.a, "assay/%s%s", r->o.category,
										*r->o.category ? "/" : ""));
	base = au_rec_add_object(au_rec_add_object(run, "originalUriBaseIds"), "SRCROOT");
	add_text(base, "description", "The directory assay was started in.");
	au_rec_str(run, "columnKind", "unicodeCodePoints");
	add_invocation(&s, run);
	results = au_rec_add_array(run, "results");
	for (size_t i = 0; i < s.n; i++)
		add_result(&s, results, s.list[i]);
	add_artifacts(&s, run);
	au_rec_print(log, false, out);
	fputc('\n', out);
	au_arena_free(s.a);
	return AU_OK;
}

const struct au_writer au_writer_sarif = {
	.name = "sarif", .title = "SARIF 2.1.0, for code hosts", .extension = "sarif", .write = write_sarif,
};
