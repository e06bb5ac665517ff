/* The judges and the rules they go by. */
#ifndef AU_DETECT_REGISTRY_H
#define AU_DETECT_REGISTRY_H

#include "audit/format.h"

extern const struct au_judge *const au_judges[];
extern const size_t au_n_judges;
/* A rule by its id (case-insensitive), or NULL. */
const struct au_rule *au_rule_find(const char *id);
/* The nth rule over all judges in list order; NULL past the last. */
const struct au_rule *au_rule_at(size_t i);

#endif
