/* The declare room's door: which file is read by whom, and the emit helpers; see declare.h. */
#include "base/banned.h"
#include "declare/read.h"
#include "audit/run.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "io/json.h"
#include "io/toml.h"
#include "io/view.h"

enum { SMALL = 4 * 1024 * 1024, LARGE = 64 * 1024 * 1024, CARD = 1024 * 1024 };

#define NAMES(...) (const char *const[]){ __VA_ARGS__, NULL }

static const struct au_decl_reader readers[] = {
	{ NAMES("readme.md", "readme.markdown", "modelcard.md", "dataset_card.md", "model_card.md"),
	  AU_DECL_MODEL_CARD, CARD, au_decl_card },
	{ NAMES("citation.cff"), AU_DECL_CFF, SMALL, au_decl_cff },
	{ NAMES("meta.yaml", "recipe.yaml"), AU_DECL_CONDA, SMALL, au_decl_conda },
	{ NAMES("config.json", "generation_config.json", "adapter_config.json", "model_index.json",
		"params.json", "config_sentence_transformers.json"),
	  AU_DECL_CONFIG, SMALL, au_decl_config },
	{ NAMES("croissant.json", "croissant-*.json", "metadata.json", "dataset_infos.json", "dataset_info.json"),
	  AU_DECL_CROISSANT, SMALL, au_decl_croissant },
	{ NAMES("datapackage.json"), AU_DECL_DATAPACKAGE, SMALL, au_decl_datapackage },
	{ NAMES("package.json"), AU_DECL_NPM, SMALL, au_decl_npm },
	{ NAMES("composer.json"), AU_DECL_COMPOSER, SMALL, au_decl_composer },
	{ NAMES("bom.json", "*.cdx.json", "*.spdx.json", "sbom.json", "sbom-*.json", "*-sbom.json", "*.bom.json"),
	  AU_DECL_CYCLONEDX, LARGE, au_decl_any_json },
	{ NAMES("*.spdx", "*.spdx.txt"), AU_DECL_SPDX, LARGE, au_decl_spdx_tags },
	{ NAMES("cargo.toml"), AU_DECL_CARGO, SMALL, au_decl_cargo },
	{ NAMES("pyproject.toml"), AU_DECL_PYPROJECT, SMALL, au_decl_pyproject },
	{ NAMES("reuse.toml"), AU_DECL_REUSE, SMALL, au_decl_reuse_toml },
	{ NAMES("*.license"), AU_DECL_REUSE, CARD, au_decl_reuse_sidecar },
	{ NAMES("pkg-info", "metadata"), AU_DECL_PKG_INFO, SMALL, au_decl_pkg_info },
	{ NAMES("setup.cfg"), AU_DECL_SETUP, SMALL, au_decl_setup_cfg },
	{ NAMES("setup.py"), AU_DECL_SETUP, SMALL, au_decl_setup_py },
	{ NAMES("description"), AU_DECL_CRAN, CARD, au_decl_cran },
	{ NAMES("copyright", "dep5", "debian.copyright"), AU_DECL_DEP5, SMALL, au_decl_dep5 },
	{ NAMES("pom.xml", "*.pom"), AU_DECL_MAVEN, SMALL, au_decl_pom },
	{ NAMES("*.nuspec"), AU_DECL_NUGET, SMALL, au_decl_nuspec },
	{ NAMES("*.gemspec"), AU_DECL_GEM, CARD, au_decl_gemspec },
	{ NAMES("go.mod"), AU_DECL_GO, CARD, au_decl_gomod },
	{ NAMES("*.jsonl", "*.ndjson"), AU_DECL_RECORDS, 0, au_decl_jsonl },
	{ NAMES("*.csv", "*.tsv"), AU_DECL_RECORDS, 0, au_decl_csv },
};

/* Members of a WebDataset: NNNN.json beside NNNN.jpg. */
static const struct au_decl_reader member_json = { NULL, AU_DECL_RECORDS, 64 * 1024, au_decl_member_json };

static const char *const source_names[AU_DECL_N] = {
	"metadata", "model card", "dataset card", "config", "GGUF metadata", "safetensors metadata",
	"ONNX metadata", "Croissant", "datapackage.json", "package.json", "Cargo.toml", "pyproject.toml",
	"setup script", "package metadata", "pom.xml", "nuspec", "composer.json", "gemspec", "DESCRIPTION",
	"conda recipe", "go.mod", "debian/copyright", "REUSE", "CITATION.cff", "CycloneDX", "SPDX document",
	"dataset records",
};

const char *au_decl_source_name(uint64_t source)
{
	return source < AU_DECL_N ? source_names[source] : source_names[0];
}

struct au_span au_decl_line(struct au_decl *d, uint32_t line)
{
	size_t end;

	if (!d->line || line < d->line) {
		d->line = 1;
		d->line_off = 0;
	}
	while (d->line < line && d->line_off < d->n) {
		const char *nl = memchr(d->p + d->line_off, '\n', d->n - d->line_off);

		if (!nl)
			break;
		d->line_off = (size_t)(nl - d->p) + 1;
		d->line++;
	}
	for (end = d->line_off; end < d->n && d->p[end] != '\n' && d->p[end] != '\r'; end++)
		;
	return (struct au_span){ d->line_off, end - d->line_off, line ? line : 1, line ? line : 1 };
}

struct au_span au_decl_at(struct au_decl *d, size_t off, size_t len)
{
	struct au_span s = { .off = off, .len = len };

	if (!d->line || off < d->line_off) {
		d->line = 1;
		d->line_off = 0;
	}
	for (;;) {
		const char *nl = memchr(d->p + d->line_off, '\n', d->n - d->line_off);

		if (!nl || (size_t)(nl - d->p) >= off)
			break;
		d->line_off = (size_t)(nl - d->p) + 1;
		d->line++;
	}
	s.line = s.line_end = d->line;
	for (size_t i = off; i < off + len && i < d->n; i++)
		s.line_end += d->p[i] == '\n' && i + 1 < off + len;
	return s;
}

struct au_fact *au_decl_fact(struct au_decl *d, const char *topic, const char *text, const char *aux,
			     struct au_span span)
{
	struct au_fact *f;

	if (!text || !*text)
		return NULL;
	f = au_emit(d->job, d->e, topic, text, aux, span);
	f->num = d->src;
	return f;
}

void au_decl_licence_as(struct au_decl *d, const char *raw, const char *expr, struct au_span span)
{
	au_decl_fact(d, "declared.licence", raw, expr, span);
}

void au_decl_licence(struct au_decl *d, const char *raw, struct au_span span)
{
	const char *expr = NULL, *family = NULL;

	if (!raw || !*raw)
		return;
	if (au_declare_normalise(d->a, d->db, raw, &expr, &family)) {
		au_decl_licence_as(d, raw, expr, span);
		return;
	}
	au_decl_licence_as(d, raw, NULL, span);
	au_decl_fact(d, "declared.family", family, raw, span);
}

void au_decl_package(struct au_decl *d, const char *type, const char *name, const char *version,
		     struct au_span span)
{
	if (name && *name)
		au_decl_fact(d, "declared.package",
			     au_arena_fmt(d->a, "pkg:%s/%s%s%s", type, name, version && *version ? "@" : "",
					  version ? version : ""), name, span);
}

void au_decl_problem(struct au_decl *d, uint32_t line, const char *what)
{
	au_decl_fact(d, "declared.problem", what, au_decl_source_name(d->src), au_decl_line(d, line));
}

void au_decl_each(struct au_decl *d, const struct au_node *map, const char *key, const char *topic,
		  const char *aux)
{
	const struct au_node *v = au_node_get(map, key);

	if (au_node_text(v))
		au_decl_fact(d, topic, v->text, aux, au_decl_line(d, v->line));
	else if (v && v->type == AU_NODE_SEQ)
		AU_EACH(c, v)
			if (au_node_text(c))
				au_decl_fact(d, topic, c->text, aux, au_decl_line(d, c->line));
}

void au_decl_licences(struct au_decl *d, const struct au_node *map, const char *key)
{
	const struct au_node *v = au_node_get(map, key);

	if (au_node_text(v))
		au_decl_licence(d, v->text, au_decl_line(d, v->line));
	else if (v && v->type == AU_NODE_SEQ)
		AU_EACH(c, v)
			if (au_node_text(c))
				au_decl_licence(d, c->text, au_decl_line(d, c->line));
}

struct au_node *au_decl_json(struct au_decl *d)
{
	struct au_json_error err = { .line = 1 };
	struct au_node *doc = NULL;

	if (au_json_load(d->a, d->p, d->n, AU_DOC_NODES, NULL, &doc, &err) == AU_OK)
		return doc;
	au_decl_problem(d, err.line, err.what ? err.what : "malformed JSON");
	return NULL;
}

struct au_node *au_decl_toml(struct au_decl *d)
{
	struct au_toml_error err = { .line = 1 };
	struct au_node *doc = NULL;

	if (au_toml_load(d->a, d->p, d->n, &doc, &err) == AU_OK)
		return doc;
	au_decl_problem(d, err.line, err.what);
	return NULL;
}

struct au_node *au_decl_yaml(struct au_decl *d, size_t from, size_t len)
{
	struct au_yaml_error err = { .line = 1 };
	struct au_node *doc = NULL;

	if (au_yaml_load(d->a, d->p + from, len, 0, &doc, &err) == AU_OK)
		return doc;
	au_decl_problem(d, err.line, err.what);
	return NULL;
}

static const struct au_decl_reader *find_reader(const char *base)
{
	char low[256];
	size_t n = strlen(base);

	if (n >= sizeof(low))
		return NULL;
	for (size_t i = 0; i <= n; i++)
		low[i] = au_lower(base[i]);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		for (const char *const *g = readers[i].names; *g; g++)
			if (au_glob(*g, low))
				return &readers[i];
	return NULL;
}

/* The file's bytes with a NUL behind them, or false: too large or unreadable. */
static bool load(struct au_decl *d, size_t max)
{
	const uint8_t *p;
	size_t n;

	if (au_view_size(d->v) > max && max < CARD)
		return false;
	if (au_view_size(d->v) > max && max != CARD) {
		au_emit_coverage(d->job, d->e, "limit", max,
				 "larger than the %zu bytes in which declarations are looked for", max);
		return false;
	}
	if (au_view_size(d->v) > max) {
		struct au_view *head = au_view_sub(d->a, d->v, 0, max);

		p = head ? au_view_all(head, d->a, max, &n) : NULL;
	} else {
		p = au_view_all(d->v, d->a, max, &n);
	}
	if (!p && au_view_size(d->v))
		return false;
	d->p = au_arena_strn(d->a, p ? (const char *)p : "", p ? n : 0);
	d->n = p ? n : 0;
	return true;
}

void au_declare_entry(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_decl d = {
		.job = job, .e = e, .v = v, .a = job->scratch,
		.db = job->run ? job->run->licences : NULL,
	};
	const struct au_decl_reader *r;

	if (e->lfs)
		return;
	au_decl_tensor_meta(&d);
	r = find_reader(au_basename(e->name));
	if (!r && e->parent && au_iends(e->name, ".json"))
		r = &member_json;
	if (!r || !v)
		return;
	d.src = r->src;
	d.line = 0;
	if (!r->max || load(&d, r->max))
		r->read(&d);
}
