/* Judge of safetensors: headers that two readers take in two ways, and bytes that are no tensor. */
#include "base/banned.h"
#include "audit/format.h"

enum { STRUCT, TRAILING, ODD };

static const struct au_rule rules[] = {
	[STRUCT] = {
		"STN-STRUCT", AU_SAFETY, AU_HIGH, "safetensors structure is broken",
		"The header contradicts itself or the file. A loader that trusts it reads foreign memory or other "
		"tensors than a scanner sees, and hidden bytes can ride along.",
		"Do not load the file. Ask the publisher for one written by an ordinary safetensors library.",
	},
	[TRAILING] = {
		"STN-TRAILING", AU_SAFETY, AU_HIGH, "Bytes behind the last tensor",
		"No tensor owns these bytes and no loader needs them; they can carry a second file, such as a "
		"pickle or a program.",
		"Do not use the file. Ask for one that ends with its last tensor.",
	},
	[ODD] = {
		"STN-ODD", AU_SAFETY, AU_LOW, "safetensors header is unusual",
		"Ordinary writers do not produce this. It is readable, but readers may differ.",
		"Compare the file with the publisher's original.",
	},
};

static void entry(struct au_job *job, const struct au_entry *e)
{
	AU_EACH_FACT(f, e) {
		const char *name = f->aux ? f->aux : "";

		if (strncmp(f->topic, "safetensors.", 12) != 0)
			continue;
		if (!strcmp(f->topic, "safetensors.struct"))
			au_find(job, &rules[STRUCT], e, f->span, f->text, "In the safetensors header, %s%s%s%s.", f->text,
				*name ? ": '" : "", name, *name ? "'" : "");
		else if (!strcmp(f->topic, "safetensors.odd"))
			au_find(job, &rules[ODD], e, f->span, f->text, "In the safetensors header, %s%s%s%s.", f->text,
				*name ? ": '" : "", name, *name ? "'" : "");
		else if (!strcmp(f->topic, "safetensors.trailing"))
			au_find(job, &rules[TRAILING], e, f->span, f->text,
				"%llu bytes follow the last tensor: %s.", (unsigned long long)f->num, f->text);
	}
}

const struct au_judge au_judge_safetensors = {
	.name = "safetensors", .rules = rules, .n_rules = sizeof(rules) / sizeof(*rules), .entry = entry,
};
