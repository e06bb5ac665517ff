/* Inside the declare room: what a reader of declarations works with. */
#ifndef AU_DECLARE_READ_H
#define AU_DECLARE_READ_H

#include "base/arena.h"
#include "base/node.h"
#include "declare/declare.h"

struct au_decl {
	struct au_job *job;
	struct au_entry *e;
	struct au_view *v;
	struct au_arena *a;          /* the job's scratch */
	const struct au_licence_db *db;
	enum au_decl_source src;
	const char *p;               /* the file's bytes, NUL behind them */
	size_t n;
	uint32_t line;               /* line cursor for au_decl_line */
	size_t line_off;
};

struct au_decl_reader {
	const char *const *names;    /* globs on the base name, lower case, NULL-terminated */
	enum au_decl_source src;
	size_t max;                  /* bytes read; 0: the reader streams from the view itself */
	void (*read)(struct au_decl *d);
};

/* Span of a line (from 1), without its line end. */
struct au_span au_decl_line(struct au_decl *d, uint32_t line);
/* Span of [off, off + len) with its lines. */
struct au_span au_decl_at(struct au_decl *d, size_t off, size_t len);

struct au_fact *au_decl_fact(struct au_decl *d, const char *topic, const char *text, const char *aux,
			     struct au_span span);
/* A declared licence: normalised, with its family fact when unresolved. */
void au_decl_licence(struct au_decl *d, const char *raw, struct au_span span);
/* The same, already an expression made by the reader (npm's arrays, CRAN's bars). */
void au_decl_licence_as(struct au_decl *d, const char *raw, const char *expr, struct au_span span);
/* "pkg:TYPE/NAME@VERSION"; version may be NULL. */
void au_decl_package(struct au_decl *d, const char *type, const char *name, const char *version,
		     struct au_span span);
void au_decl_problem(struct au_decl *d, uint32_t line, const char *what);

/* Helpers over document trees: a scalar or every scalar of a list goes to fn's topic. */
void au_decl_each(struct au_decl *d, const struct au_node *map, const char *key, const char *topic,
		  const char *aux);
void au_decl_licences(struct au_decl *d, const struct au_node *map, const char *key);
/* Load as JSON / TOML / YAML; NULL with a problem fact when malformed. */
struct au_node *au_decl_json(struct au_decl *d);
struct au_node *au_decl_toml(struct au_decl *d);
struct au_node *au_decl_yaml(struct au_decl *d, size_t from, size_t len);

/* Readers. */
void au_decl_card(struct au_decl *d);
void au_decl_cff(struct au_decl *d);
void au_decl_conda(struct au_decl *d);
void au_decl_config(struct au_decl *d);
void au_decl_croissant(struct au_decl *d);
void au_decl_datapackage(struct au_decl *d);
void au_decl_npm(struct au_decl *d);
void au_decl_composer(struct au_decl *d);
void au_decl_any_json(struct au_decl *d);
void au_decl_cyclonedx(struct au_decl *d, const struct au_node *doc);
void au_decl_spdx(struct au_decl *d, const struct au_node *doc);
void au_decl_spdx_tags(struct au_decl *d);
void au_decl_cargo(struct au_decl *d);
void au_decl_pyproject(struct au_decl *d);
void au_decl_reuse_toml(struct au_decl *d);
void au_decl_reuse_sidecar(struct au_decl *d);
void au_decl_pkg_info(struct au_decl *d);
void au_decl_setup_cfg(struct au_decl *d);
void au_decl_setup_py(struct au_decl *d);
void au_decl_cran(struct au_decl *d);
void au_decl_dep5(struct au_decl *d);
void au_decl_pom(struct au_decl *d);
void au_decl_nuspec(struct au_decl *d);
void au_decl_gemspec(struct au_decl *d);
void au_decl_gomod(struct au_decl *d);
void au_decl_jsonl(struct au_decl *d);
void au_decl_csv(struct au_decl *d);
void au_decl_member_json(struct au_decl *d);  /* a record of a WebDataset */
void au_decl_tensor_meta(struct au_decl *d);

#endif
