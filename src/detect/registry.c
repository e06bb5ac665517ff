/* The list of judges, made from detector.list. */
#include "base/banned.h"
#include "base/text.h"
#include "detect/registry.h"

#define AU_JUDGE(x) extern const struct au_judge au_judge_##x;
#include "detect/detector.list"
#undef AU_JUDGE

const struct au_judge *const au_judges[] = {
#define AU_JUDGE(x) &au_judge_##x,
#include "detect/detector.list"
#undef AU_JUDGE
};

const size_t au_n_judges = sizeof(au_judges) / sizeof(*au_judges);

const struct au_rule *au_rule_at(size_t i)
{
	for (size_t j = 0; j < au_n_judges; j++) {
		if (i < au_judges[j]->n_rules)
			return &au_judges[j]->rules[i];
		i -= au_judges[j]->n_rules;
	}
	return NULL;
}

const struct au_rule *au_rule_find(const char *id)
{
	const struct au_rule *r;

	for (size_t i = 0; (r = au_rule_at(i)); i++)
		if (au_ieq(r->id, id))
			return r;
	return NULL;
}
