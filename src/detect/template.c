/* Judge of chat templates: what readers found in them, and the templates of GGUF metadata, which
 * come as plain key-value facts. */
#include "base/banned.h"
#include "base/text.h"
#include "detect/table.h"
#include "format/jinja.h"

enum { SSTI, SUSPECT };

enum { FACT_TEXT_MAX = 64 * 1024 };

static const struct au_rule rules[] = {
	[SSTI] = {
		"TPL-SSTI", AU_SAFETY, AU_CRITICAL, "Template reaches into Python",
		"The template climbs from a harmless value to Python's classes, globals, modules or files. "
		"Where it is rendered without a sandbox it runs any command as soon as a conversation is "
		"formatted.",
		"Do not render it. Take the chat template from the model's original publisher.",
	},
	[SUSPECT] = {
		"TPL-SUSPECT", AU_SAFETY, AU_MEDIUM, "Template does more than format a conversation",
		"The template uses something that chat templates do not need and that attacks on template "
		"engines are made of.",
		"Read the template, and render it only in a sandbox.",
	},
};

static const struct au_judge_row rows[] = {
	{ "template.escape", SSTI, "The template # '@'.", NULL },
	{ "template.suspect", SUSPECT, "The template # '@'.", NULL },
};

/* gguf.kv: aux is the key, text the value */
static void kv(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	struct au_jinja_hit hits[AU_JINJA_HITS];
	size_t n = f->text ? strlen(f->text) : 0, k = au_jinja_check(job->scratch, f->text ? f->text : "", n, hits, NULL);

	for (size_t i = 0; i < k; i++) {
		char *text = au_printable(job->scratch, hits[i].text, strlen(hits[i].text), 80);

		au_find(job, &rules[hits[i].kind == AU_JINJA_ESCAPE ? SSTI : SUSPECT], e, f->span,
			hits[i].text, "The template in '%s' %s '%s'.", f->aux, hits[i].what, text);
	}
	if (n >= FACT_TEXT_MAX - 1)
		au_find(job, &rules[SUSPECT], e, f->span, "length",
			"The template in '%s' is longer than 64 KiB and could not be read whole.", f->aux);
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	au_judge_table(job, e, rules, rows, sizeof(rows) / sizeof(*rows), 0);
	AU_EACH_FACT(f, e)
		if (!strcmp(f->topic, "gguf.kv") && f->aux && strstr(f->aux, "chat_template"))
			kv(job, e, f);
}

const struct au_judge au_judge_template = {
	.name = "template",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
