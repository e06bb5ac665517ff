/* assay rules: the rules findings go by. */
#include "base/banned.h"
#include "base/text.h"
#include "cli/cli.h"
#include "detect/registry.h"

static int show(const char *id)
{
	const struct au_rule *r = au_rule_find(id);
	const char *list[1024];
	const char *near;
	size_t n = 0;

	if (r) {
		printf("%s: %s\n\n  kind      %s\n  severity  %s\n\n%s\n\nWhat to do: %s\n", r->id, r->title,
		       au_kind_name(r->kind), au_sev_name(r->sev), r->why, r->fix);
		return AU_EXIT_PASS;
	}
	for (size_t i = 0; (r = au_rule_at(i)) && n + 1 < sizeof(list) / sizeof(*list); i++)
		list[n++] = r->id;
	list[n] = NULL;
	near = au_suggest(id, list);
	return near ? au_usage_error("no rule '%s'; did you mean '%s'?", id, near)
		    : au_usage_error("no rule '%s'; 'assay rules list' lists them", id);
}

/* Name, title and what is checked, for the documentation. */
static int formats(void)
{
	for (size_t i = 0; i < au_n_formats; i++)
		if (au_formats[i]->checked)
			printf("%s\t%s\t%s\n", au_formats[i]->name, au_formats[i]->title, au_formats[i]->checked);
	return AU_EXIT_PASS;
}

int au_cmd_rules(struct au_args *a)
{
	const struct au_rule *r;

	if (a->n_words == 1 && !strcmp(a->words[0], "formats"))
		return formats();

	if (a->n_words == 2 && !strcmp(a->words[0], "show"))
		return show(a->words[1]);
	if (a->n_words > 1 || (a->n_words && strcmp(a->words[0], "list") != 0))
		return au_usage_error("usage: assay rules list | show ID | formats");
	for (size_t i = 0; (r = au_rule_at(i)); i++)
		printf("%-24s %-9s %-9s %s\n", r->id, au_kind_name(r->kind), au_sev_name(r->sev), r->title);
	return AU_EXIT_PASS;
}
