/* CycloneDX 1.6 or 1.7, JSON, as an ML bill of materials: a component each model, dataset and
 * package, its files nested in it; licences concluded on the component, what was declared and
 * found as evidence; base models as pedigree. 1.6 allows one expression or a list of licences,
 * never both; 1.7 mixes them. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/digest.h"
#include "licence/licence.h"
#include "report/internal.h"

struct cdx {
	const struct au_report *r;
	const struct au_legal *legal;
	struct au_arena *a;
	FILE *out;
	bool v17;
};

static bool usable(const char *expr)
{
	return expr && *expr && strcmp(expr, "NOASSERTION") != 0 && strcmp(expr, "NONE") != 0;
}

/* {"license": {...}}: by id when it is one of the SPDX list, else by name. */
static void push_licence(struct cdx *c, au_rec *list, const char *text, const char *acknowledged)
{
	const struct au_licence_db *db = c->r->audit->run ? c->r->audit->run->licences : NULL;
	const struct au_licence *l = db ? au_licence_find(db, text) : NULL;
	au_rec *o = au_rec_add_object(au_rec_push_object(list), "license");

	if (l && !l->exception && !au_istarts(l->id, "LicenseRef-"))
		au_rec_str(o, "id", l->id);
	else
		au_rec_str(o, "name", text);
	au_rec_str(o, "acknowledgement", acknowledged);
}

static void push_expression(au_rec *list, const char *expr)
{
	au_rec *o = au_rec_push_object(list);

	au_rec_str(o, "expression", expr);
	au_rec_str(o, "acknowledgement", "concluded");
}

static const char *said(const struct au_claim *c)
{
	return c->expr ? c->expr : c->raw ? c->raw : c->family;
}

static void add_licences(struct cdx *c, au_rec *o, const struct au_component *k)
{
	bool one = usable(k->expr);
	au_rec *list;

	if (!one && !k->n_declared)
		return;
	list = au_rec_add_array(o, "licenses");
	if (one)
		push_expression(list, k->expr);
	for (size_t i = 0; i < k->n_declared && (!one || c->v17); i++)
		if (said(&k->declared[i]))
			push_licence(c, list, said(&k->declared[i]), "declared");
}

static void add_evidence(struct cdx *c, au_rec *o, const struct au_component *k)
{
	au_rec *e = NULL, *list = NULL;

	if (!k->n_declared && !k->n_found && !k->n_copyrights)
		return;
	e = au_rec_add_object(o, "evidence");
	if (k->n_declared || k->n_found)
		list = au_rec_add_array(e, "licenses");
	for (size_t i = 0; i < k->n_declared; i++)
		if (said(&k->declared[i]))
			push_licence(c, list, said(&k->declared[i]), "declared");
	for (size_t i = 0; i < k->n_found; i++)
		push_licence(c, list, said(&k->found[i]) ? said(&k->found[i]) : "unknown licence text", NULL);
	if (!k->n_copyrights)
		return;
	list = au_rec_add_array(e, "copyright");
	for (size_t i = 0; i < k->n_copyrights; i++)
		au_rec_str(au_rec_push_object(list), "text", k->copyrights[i]);
}

static void add_pedigree(struct cdx *c, au_rec *o, const struct au_component *k)
{
	au_rec *list = NULL, *x;

	for (size_t i = 0; i < k->n_lineage; i++) {
		if (k->lineage[i].dataset)
			continue;
		if (!list)
			list = au_rec_add_array(au_rec_add_object(o, "pedigree"), "ancestors");
		x = au_rec_push_object(list);
		au_rec_str(x, "type", "machine-learning-model");
		au_rec_str(x, "name", k->lineage[i].name);
		if (usable(k->lineage[i].known))
			push_licence(c, au_rec_add_array(x, "licenses"), k->lineage[i].known, NULL);
	}
}

/* First value of a kind of tag among the component's entries, or NULL. */
static const char *tag(const struct au_component *k, const char *kind)
{
	for (size_t i = 0; i < k->n_entries; i++)
		AU_EACH_FACT(f, k->entries[i])
			if (f->aux && f->text && !strcmp(f->topic, "declared.tag") && !strcmp(f->aux, kind))
				return f->text;
	return NULL;
}

static void add_card(au_rec *o, const struct au_component *k)
{
	au_rec *p = au_rec_add_object(au_rec_add_object(o, "modelCard"), "modelParameters"), *list = NULL, *x;

	au_rec_str(p, "task", tag(k, "task"));
	au_rec_str(p, "architectureFamily", tag(k, "model_type"));
	au_rec_str(p, "modelArchitecture", tag(k, "architecture"));
	for (size_t i = 0; i < k->n_lineage; i++) {
		if (!k->lineage[i].dataset)
			continue;
		if (!list)
			list = au_rec_add_array(p, "datasets");
		x = au_rec_push_object(list);
		au_rec_str(x, "type", "dataset");
		au_rec_str(x, "name", k->lineage[i].name);
	}
}

static void property(au_rec *list, const char *name, const char *value)
{
	au_rec *o;

	if (!value)
		return;
	o = au_rec_push_object(list);
	au_rec_str(o, "name", name);
	au_rec_str(o, "value", value);
}

static au_rec *component(struct cdx *c, size_t i)
{
	static const char *const types[] = { "machine-learning-model", "data", "library", "application" };
	const struct au_component *k = &c->legal->components[i];
	au_rec *o = au_rec_object(), *props;

	au_rec_str(o, "type", types[k->type]);
	au_rec_str(o, "bom-ref", au_arena_fmt(c->a, "component-%zu", i));
	au_rec_str(o, "name", *k->name ? k->name : "unnamed");
	au_rec_str(o, "version", k->version);
	add_licences(c, o, k);
	au_rec_str(o, "purl", k->purl);
	add_pedigree(c, o, k);
	add_evidence(c, o, k);
	if (k->type == AU_COMP_MODEL)
		add_card(o, k);
	if (k->type == AU_COMP_DATASET) {
		au_rec *d = au_rec_push_object(au_rec_add_array(o, "data"));

		au_rec_str(d, "type", "dataset");
		au_rec_str(d, "name", k->name);
	}
	props = au_rec_add_array(o, "properties");
	property(props, "assay:status", au_legal_status_name(k->status));
	property(props, "assay:licence-class", au_class_name(k->cls));
	property(props, "assay:directory", *k->dir ? k->dir : ".");
	for (size_t n = 0; n < k->n_inherited; n++)
		property(props, "assay:inherited-licence",
			 au_arena_fmt(c->a, "%s via %s", said(&k->inherited[n]), k->inherited[n].via ? k->inherited[n].via : "?"));
	return o;
}

static au_rec *file(struct cdx *c, size_t i)
{
	const struct au_entry *e = c->r->audit->entries[i];
	au_rec *o = au_rec_object(), *h, *props, *list = NULL;
	char hex[65];

	au_rec_str(o, "type", "file");
	au_rec_str(o, "bom-ref", au_arena_fmt(c->a, "file-%zu", i));
	au_rec_str(o, "name", *e->path ? e->path : "unnamed");
	if (e->hashed) {
		h = au_rec_push_object(au_rec_add_array(o, "hashes"));
		au_hex(e->sha256, 32, hex);
		au_rec_str(h, "alg", "SHA-256");
		au_rec_str(h, "content", hex);
	}
	AU_EACH_FACT(f, e) {
		if (!f->text || strcmp(f->topic, "licence.match") != 0 || (f->aux && (!strcmp(f->aux, "modified") || !strcmp(f->aux, "unknown"))))
			continue;
		if (!list)
			list = au_rec_add_array(au_rec_add_object(o, "evidence"), "licenses");
		push_licence(c, list, f->text, NULL);
	}
	props = au_rec_add_array(o, "properties");
	property(props, "assay:format", au_report_format(e));
	property(props, "assay:size", au_arena_fmt(c->a, "%" PRIu64, e->size));
	return o;
}

/* A record without its closing brace, so that its files can be streamed into it. */
static void open_record(struct cdx *c, au_rec *r)
{
	char *text = NULL;
	size_t n = 0;
	FILE *mem = open_memstream(&text, &n);

	if (!mem)
		return;
	au_rec_print(r, false, mem);
	fclose(mem);
	fwrite(text, 1, n ? n - 1 : 0, c->out);
	free(text);
}

/* files[] holds the entries' indices in order of their component (SIZE_MAX last). */
static void components(struct cdx *c, const size_t *owner)
{
	const size_t n = c->legal ? c->legal->n_components : 0, files = c->r->audit->n_entries;
	size_t *start = AU_ARRAY(c->a, size_t, n + 2), *list = AU_ARRAY(c->a, size_t, files + 1);
	struct au_arena *keep = c->a;

	for (size_t i = 0; i < files; i++)
		start[(owner[i] == SIZE_MAX ? n : owner[i]) + 1]++;
	for (size_t i = 0; i <= n; i++)
		start[i + 1] += start[i];
	for (size_t i = files; i-- > 0;)
		list[--start[(owner[i] == SIZE_MAX ? n : owner[i]) + 1]] = i;
	c->a = au_arena_new();
	for (size_t k = 0; k <= n; k++) {
		size_t from = start[k + 1], to = k + 2 <= n + 1 ? start[k + 2] : files;

		if (k < n) {
			fputs(k ? ",\n" : "\n", c->out);
			open_record(c, component(c, k));
			fputs(from < to ? ",\"components\":[" : "", c->out);
		}
		for (size_t i = from; i < to; i++) {
			au_arena_reset(c->a);
			fputs(i > from || (k == n && n) ? ",\n" : "\n", c->out);
			au_rec_print(file(c, list[i]), false, c->out);
		}
		if (k < n)
			fputs(from < to ? "]}" : "}", c->out);
	}
	au_arena_free(c->a);
	c->a = keep;
}

static void dependencies(struct cdx *c)
{
	const size_t n = c->legal ? c->legal->n_components : 0;
	au_rec *o = au_rec_object(), *on;

	fputs("],\n\"dependencies\":[\n", c->out);
	au_rec_str(o, "ref", "target");
	on = au_rec_add_array(o, "dependsOn");
	for (size_t i = 0; i < n; i++)
		au_rec_push_str(on, au_arena_fmt(c->a, "component-%zu", i));
	au_rec_print(o, false, c->out);
	for (size_t i = 0; i < n; i++) {
		const struct au_component *k = &c->legal->components[i];

		o = au_rec_object();
		au_rec_str(o, "ref", au_arena_fmt(c->a, "component-%zu", i));
		on = NULL;
		for (size_t m = 0; m < k->n_lineage; m++) {
			const struct au_component *in = k->lineage[m].in_target;
			bool again = in == k;

			for (size_t q = 0; q < m; q++)
				again |= k->lineage[q].in_target == in;
			if (!in || again)
				continue;
			if (!on)
				on = au_rec_add_array(o, "dependsOn");
			au_rec_push_str(on, au_arena_fmt(c->a, "component-%zu", (size_t)(in - c->legal->components)));
		}
		fputs(",\n", c->out);
		au_rec_print(o, false, c->out);
	}
	fputs("]", c->out);
}

static void metadata(struct cdx *c)
{
	au_rec *o = au_rec_object(), *t, *k, *props;

	au_rec_str(o, "timestamp", c->r->o.timestamp);
	t = au_rec_push_object(au_rec_add_array(au_rec_add_object(o, "tools"), "components"));
	au_rec_str(t, "type", "application");
	au_rec_str(t, "name", "assay");
	au_rec_str(t, "version", AU_VERSION);
	k = au_rec_add_object(o, "component");
	au_rec_str(k, "type", "application");
	au_rec_str(k, "bom-ref", "target");
	au_rec_str(k, "name", c->r->audit->target && *c->r->audit->target ? c->r->audit->target : "target");
	if (c->legal && usable(c->legal->expr))
		push_expression(au_rec_add_array(k, "licenses"), c->legal->expr);
	props = au_rec_add_array(o, "properties");
	property(props, "assay:verdict", au_status_name(c->r->status));
	property(props, "assay:complete", c->r->complete ? "true" : "false");
	au_rec_print(o, false, c->out);
}

void au_report_uuid(const struct au_report *r, char ret[37])
{
	uint8_t u[32];
	char hex[33];

	if (r->o.reproducible || getentropy(u, 16)) {
		struct au_digest *d = au_digest_new(AU_SHA256);

		au_digest_update(d, r->audit->target, strlen(r->audit->target));
		for (size_t i = 0; i < r->audit->n_entries; i++) {
			au_digest_update(d, r->audit->entries[i]->path, strlen(r->audit->entries[i]->path) + 1);
			au_digest_update(d, r->audit->entries[i]->sha256, 32);
		}
		au_digest_final(d, u);
		au_digest_free(d);
	}
	u[6] = (uint8_t)((u[6] & 15) | 0x40);
	u[8] = (uint8_t)((u[8] & 63) | 0x80);
	au_hex(u, 16, hex);
	snprintf(ret, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

size_t *au_report_owner_list(struct au_arena *a, const struct au_report *r)
{
	const struct au_report_owner *o = au_report_owners(a, au_report_legal(r));
	size_t *list = AU_ARRAY(a, size_t, r->audit->n_entries + 1);

	for (size_t i = 0; i < r->audit->n_entries; i++)
		list[i] = au_report_owner_of(o, r->audit->entries[i]);
	return list;
}

static int write_cyclonedx(const struct au_report *r, FILE *out, const char **ret_error)
{
	struct cdx c = { r, au_report_legal(r), au_arena_new(), out, r->o.sbom_version && !strcmp(r->o.sbom_version, "1.7") };
	const char *version = c.v17 ? "1.7" : "1.6";
	char uuid[37];

	(void)ret_error;
	au_report_uuid(r, uuid);
	fprintf(out, "{\"$schema\":\"http://cyclonedx.org/schema/bom-%s.schema.json\",\n\"bomFormat\":\"CycloneDX\",\n"
		     "\"specVersion\":\"%s\",\n\"serialNumber\":\"urn:uuid:%s\",\n\"version\":1,\n\"metadata\":", version, version, uuid);
	metadata(&c);
	fputs(",\n\"components\":[", out);
	components(&c, au_report_owner_list(c.a, r));
	dependencies(&c);
	fputs("\n}\n", out);
	au_arena_free(c.a);
	return AU_OK;
}

const struct au_writer au_writer_cyclonedx = {
	.name = "cyclonedx", .title = "CycloneDX bill of materials", .extension = "cdx.json", .write = write_cyclonedx,
};
