/* Inside the legal room: the judge's rules and the parts of it that have files of their own. */
#ifndef AU_LEGAL_JUDGE_H
#define AU_LEGAL_JUDGE_H

#include "legal/internal.h"

enum au_lic_rule {
	AU_LIC_TEXT_CONTRADICTS, AU_LIC_LAUNDERING, AU_LIC_INCOMPATIBLE, AU_LIC_EDITED, AU_LIC_USE_BARRED,
	AU_LIC_DECLARED_DISAGREE, AU_LIC_NOTICE_MISSING, AU_LIC_DATASET_RESTRICTED, AU_LIC_UNRESOLVED,
	AU_LIC_NONE, AU_LIC_UNKNOWN_TEXT, AU_LIC_TEXT_MISSING, AU_LIC_BASE_UNKNOWN, AU_LIC_N,
};
extern const struct au_rule au_lic_rules[AU_LIC_N];

struct au_judging {
	struct au_job *job;
	struct au_arena *a;
	struct au_legal *legal;
	struct au_legal_tables tables;
	struct au_vec conflicts;    /* const struct au_finding *: of the component at hand */
};

typedef struct au_finding *au_about_fn(struct au_judging *j, enum au_lic_rule rule, const struct au_entry *e,
				       struct au_span span, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* notices.c: notice, naming and use-policy files that the conclusion's licences demand. */
void au_judge_notices(struct au_judging *j, const struct au_component *c, au_about_fn *about);
/* compat.c: parts whose licence does not go into the work they lie in. */
void au_judge_compatibility(struct au_judging *j, const struct au_component *c, au_about_fn *about);

#endif
