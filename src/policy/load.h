/* Inside the policy room: strict reading of small YAML files. Each au_pol_ helper returns false
 * after it has noted the first error with its place. */
#ifndef AU_POLICY_LOAD_H
#define AU_POLICY_LOAD_H

#include "base/arena.h"
#include "base/node.h"
#include "policy/policy.h"

struct au_pol_load {
	struct au_arena *a;
	const char *file;
	struct au_policy_error *err;
	bool failed;
};

bool au_pol_fail(struct au_pol_load *l, const struct au_node *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* map is a map with these keys only, none twice. */
bool au_pol_keys(struct au_pol_load *l, const struct au_node *map, const char *where,
		 const char *const *known);
/* Index of a scalar in a list of words. */
bool au_pol_word(struct au_pol_load *l, const struct au_node *n, const char *const *words, size_t *ret);
bool au_pol_strings(struct au_pol_load *l, const struct au_node *n, const char *const **ret);
bool au_pol_number(struct au_pol_load *l, const struct au_node *n, uint64_t *ret);
bool au_pol_bool(struct au_pol_load *l, const struct au_node *n, bool *ret);
/* All keys of a policy document over p (fields.c). */
bool au_pol_fields(struct au_pol_load *l, struct au_policy *p, const struct au_node *doc);
/* A whole small file: AU_OK or AU_IO (absent, irregular, larger than max). NUL behind it. */
int au_pol_slurp(struct au_arena *a, const char *path, size_t max, const char **ret, size_t *ret_n);

#endif
