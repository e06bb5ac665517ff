/* Judge of archives: names that leave the directory, links, headers that disagree, bombs. */
#include "base/banned.h"
#include "audit/format.h"

enum { TRAVERSAL, LINK, MISMATCH, DUPLICATE, ORPHAN, BOMB, ENCRYPTED, SPECIAL, SEVENZIP };

static const struct au_rule rules[] = {
	[TRAVERSAL] = {
		"ARC-TRAVERSAL", AU_SAFETY, AU_HIGH, "Archive member leaves the directory",
		"Unpacking the archive with a careless tool writes the member outside of the directory it is "
		"unpacked to, over files of the user.",
		"Do not unpack it. Ask the publisher for an archive with relative names only.",
	},
	[LINK] = {
		"ARC-SYMLINK", AU_SAFETY, AU_HIGH, "Archive member is a link out of the archive",
		"A link that is unpacked first leads later members, or readers of the unpacked tree, to places "
		"outside of it.",
		"Do not unpack it. Ask for an archive whose links stay inside it.",
	},
	[MISMATCH] = {
		"ARC-HEADER-MISMATCH", AU_SAFETY, AU_MEDIUM, "Zip headers disagree about a member",
		"Readers that believe the local header see another member than readers that believe the central "
		"directory: a scanner and a loader can be shown different things.",
		"Pack the file anew with an ordinary tool, or do not use it.",
	},
	[DUPLICATE] = {
		"ARC-DUPLICATE", AU_SAFETY, AU_MEDIUM, "Zip holds two members of the same name",
		"Some readers take the first copy, others the last: a scanner and a loader can be shown "
		"different things.",
		"Pack the file anew with an ordinary tool, or do not use it.",
	},
	[ORPHAN] = {
		"ARC-ORPHAN", AU_SAFETY, AU_MEDIUM, "Zip member missing from the directory",
		"Only a local header knows this member. Streaming readers and recovery tools see it, others do "
		"not.",
		"Pack the file anew with an ordinary tool, or do not use it.",
	},
	[BOMB] = {
		"ARC-BOMB", AU_SAFETY, AU_HIGH, "Archive unpacks to far more than it holds",
		"Unpacking or loading it may fill the disk or the memory.",
		"Do not unpack it without limits. When it is expected, raise --max-ratio.",
	},
	[ENCRYPTED] = {
		"ARC-ENCRYPTED", AU_COVERAGE, AU_MEDIUM, "Archive member is encrypted",
		"Its content could not be read, so nothing can be said of it.",
		"Scan the content after decrypting it, or ask for it unencrypted.",
	},
	[SPECIAL] = {
		"ARC-SPECIAL", AU_SAFETY, AU_MEDIUM, "Archive holds a device or a fifo",
		"No model, dataset or package needs one; unpacked by root it is created.",
		"Do not unpack it as root. Ask for an archive without it.",
	},
	[SEVENZIP] = {
		"ARC-7Z-MODEL", AU_SAFETY, AU_MEDIUM, "7-Zip archive under the name of a model file",
		"No framework writes its models as 7-Zip; the same trick has been used to carry a malicious "
		"pickle past scanners, as the loader's failure comes after the payload has run.",
		"Do not load it. Ask the publisher for the original file.",
	},
};

/* A link target that stays below the archive's root, seen from the link's own folder. */
static bool link_escapes(const char *from, const char *to)
{
	int depth = 0;

	if (!to || *to == '/' || *to == '\\' || (*to && to[1] == ':'))
		return true;
	for (const char *p = from; *p; p++)
		depth += *p == '/';
	while (*to) {
		size_t n = strcspn(to, "/\\");

		if (n == 2 && !memcmp(to, "..", 2))
			depth--;
		else if (n && !(n == 1 && *to == '.'))
			depth++;
		if (depth < 0)
			return true;
		to += n + (to[n] != 0);
	}
	return false;
}

static void on_fact(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	const char *t = f->topic + strlen("archive.");

	if (!strcmp(t, "traversal"))
		au_find(job, &rules[TRAVERSAL], e, f->span, f->text,
			"The member '%s' would be written outside of the directory.", f->text);
	else if (!strcmp(t, "link") && link_escapes(f->text, f->aux))
		au_find(job, &rules[LINK], e, f->span, f->text, "The member '%s' is a link to '%s'.", f->text,
			f->aux ? f->aux : "?");
	else if (!strcmp(t, "mismatch"))
		au_find(job, &rules[MISMATCH], e, f->span, f->text, "At member '%s' %s.", f->text, f->aux);
	else if (!strcmp(t, "duplicate"))
		au_find(job, &rules[DUPLICATE], e, f->span, f->text, "There is more than one member '%s'.",
			f->text);
	else if (!strcmp(t, "orphan"))
		au_find(job, &rules[ORPHAN], e, f->span, f->text,
			"The member '%s' is not in the central directory.", f->text);
	else if (!strcmp(t, "bomb"))
		au_find(job, &rules[BOMB], e, f->span, f->text,
			"The member '%s' unpacks to more than %llu times its size.", f->text ? f->text : "",
			(unsigned long long)f->num);
	else if (!strcmp(t, "encrypted"))
		au_find(job, &rules[ENCRYPTED], e, f->span, f->text, "The member '%s' is encrypted.", f->text);
	else if (!strcmp(t, "special"))
		au_find(job, &rules[SPECIAL], e, f->span, f->text, "The member '%s' is a device or a fifo.",
			f->text);
}

static bool model_name(const char *name)
{
	static const char *const ends[] = { ".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".joblib",
					    ".model", ".safetensors", ".h5", ".keras", ".npz", NULL };
	size_t n = strlen(name);

	for (size_t i = 0; ends[i]; i++)
		if (n > strlen(ends[i]) && !strcasecmp(name + n - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	AU_EACH_FACT(f, e)
		if (!strncmp(f->topic, "archive.", 8))
			on_fact(job, e, f);
	if (au_entry_is(e, "7z") && model_name(e->name))
		au_find(job, &rules[SEVENZIP], e, au_span(0, 6), "7z",
			"A 7-Zip archive under the name of a model file.");
}

const struct au_judge au_judge_archive = {
	.name = "archive",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
