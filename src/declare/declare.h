/* The declare room: what people *say* about licences, origin and ancestry, read from model and
 * dataset cards, package manifests, tensor metadata and bills of material. Facts only.
 *
 * Topics (text / aux / num / span with line):
 *   declared.licence       raw value / SPDX expression, NULL when unresolved / enum au_decl_source
 *   declared.family        unresolved family ("openrail", "cc", "other"...) / raw value / source
 *   declared.licence_name  `license_name` of a card / - / source
 *   declared.licence_link  URL or file name the declaration points to / - / source
 *   declared.base_model    name of the base / relation ("adapter", "finetune"...) or NULL / source
 *   declared.dataset       name of a dataset it was made from / - / source
 *   declared.model_id      own name of the model or dataset / - / source
 *   declared.tag           a card's tag / - / source
 *   declared.package       package url without host ("pkg:npm/left-pad@1.3.0") / name / source
 *   declared.author, declared.copyright   as written / - / source
 *   declared.records       value of a per-record licence field / expression or NULL / count
 *   declared.notice        a line that a licence demands ("Built with Llama") / - / source
 *   declared.problem       the declaration could not be read: why / reader's name / source
 */
#ifndef AU_DECLARE_DECLARE_H
#define AU_DECLARE_DECLARE_H

#include <stdbool.h>
#include <stddef.h>
#include "audit/job.h"

struct au_view;
struct au_licence_db;

enum au_decl_source {
	AU_DECL_OTHER, AU_DECL_MODEL_CARD, AU_DECL_DATASET_CARD, AU_DECL_CONFIG, AU_DECL_GGUF,
	AU_DECL_SAFETENSORS, AU_DECL_ONNX, AU_DECL_CROISSANT, AU_DECL_DATAPACKAGE, AU_DECL_NPM,
	AU_DECL_CARGO, AU_DECL_PYPROJECT, AU_DECL_SETUP, AU_DECL_PKG_INFO, AU_DECL_MAVEN, AU_DECL_NUGET,
	AU_DECL_COMPOSER, AU_DECL_GEM, AU_DECL_CRAN, AU_DECL_CONDA, AU_DECL_GO, AU_DECL_DEP5,
	AU_DECL_REUSE, AU_DECL_CFF, AU_DECL_CYCLONEDX, AU_DECL_SPDX, AU_DECL_RECORDS, AU_DECL_N,
};
/* For people: "model card", "package.json", ... */
const char *au_decl_source_name(uint64_t source);

/* Read what entry e declares and emit it. Called once for every entry, after the format readers
 * (their facts gguf.kv, safetensors.metadata and onnx.meta are looked at too). Reads only files
 * whose name or kind it knows; malformed ones become declared.problem facts and a coverage fact
 * when they went unread. v is borrowed. */
void au_declare_entry(struct au_job *job, struct au_entry *e, struct au_view *v);

/* A licence as people write it, to an SPDX expression. True: *ret_expr is the expression (arena).
 * False: unresolved, *ret_family a word for what is known: "openrail", "cc", "bsd", "apache",
 * "gpl", "other", "unknown", "proprietary", "text" (a licence text inline), "file" (see a file),
 * "none" (explicitly not licensed). db may be NULL: then the own table decides. */
bool au_declare_normalise(struct au_arena *a, const struct au_licence_db *db, const char *text,
			  const char **ret_expr, const char **ret_family);

/* One licence name (no operators) to its id, or NULL; the alias table behind the above. */
const char *au_declare_alias(struct au_arena *a, const struct au_licence_db *db, const char *name);

#endif
