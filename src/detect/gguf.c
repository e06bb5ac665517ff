/* Judge of GGUF: tables a careless loader overruns on. Templates have a judge of their own. */
#include "base/banned.h"
#include "audit/format.h"

enum { STRUCT, ODD };

static const struct au_rule rules[] = {
	[STRUCT] = {
		"GGU-STRUCT", AU_SAFETY, AU_HIGH, "GGUF structure is broken",
		"Counts, lengths or offsets contradict the file. Loaders that trusted such fields have been made to "
		"write outside of their memory, which can end in foreign code running.",
		"Do not load the file. Ask the publisher for one written by an ordinary converter.",
	},
	[ODD] = {
		"GGU-ODD", AU_SAFETY, AU_MEDIUM, "GGUF file is unusual",
		"Ordinary converters do not produce this. It is readable, but loaders may differ in what they see.",
		"Compare the file with the publisher's original.",
	},
};

static void entry(struct au_job *job, const struct au_entry *e)
{
	AU_EACH_FACT(f, e) {
		int i = !strcmp(f->topic, "gguf.struct") ? STRUCT : !strcmp(f->topic, "gguf.odd") ? ODD : -1;

		if (i >= 0)
			au_find(job, &rules[i], e, f->span, f->text, "In the GGUF file, %s%s%s%s.", f->text,
				f->aux ? ": '" : "", f->aux ? f->aux : "", f->aux ? "'" : "");
	}
}

const struct au_judge au_judge_gguf = {
	.name = "gguf", .rules = rules, .n_rules = sizeof(rules) / sizeof(*rules), .entry = entry,
};
