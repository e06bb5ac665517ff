/* Judge of the files around pickles: PyTorch's archives, NumPy's object arrays, skops. */
#include "base/banned.h"
#include "audit/run.h"
#include "audit/format.h"
#include "base/map.h"
#include "base/text.h"
#include "detect/pickle_names.h"

enum { FILE_OP, STORAGE, CODE, OBJECT, NPY_ODD, SKOPS, SKOPS_UNKNOWN };
enum { STORAGES_MAX = 20 };

static const struct au_rule rules[] = {
	[FILE_OP] = { "PT-TORCHSCRIPT-FILE-OP", AU_SAFETY, AU_HIGH, "TorchScript code reads or writes files",
		"TorchScript in the archive runs when the model is loaded or used. This operator opens files of the "
		"machine by name; weights_only does not apply to such archives.",
		"Do not load it. Ask the publisher for the weights in safetensors format." },
	[STORAGE] = { "PT-STORAGE-SIZE", AU_SAFETY, AU_MEDIUM, "Tensor data is not as the pickle states",
		"The bytes of a storage are missing, more or fewer than stated: the file is damaged, or carries "
		"something else.", "Fetch the file again, or ask the publisher for an intact one." },
	[CODE] = { "PT-CODE-IN-ARCHIVE", AU_SAFETY, AU_MEDIUM, "Program file inside a model archive",
		"PyTorch does not put programs into its archives. The loader does not run this one by itself, but "
		"a pickle or a package importer can.", "Read the program before you use the file." },
	[OBJECT] = { "NPY-OBJECT", AU_SAFETY, AU_INFO, "Array of Python objects",
		"The data of the array is a pickle; NumPy loads it only with allow_pickle=True.",
		"Prefer arrays of numbers." },
	[NPY_ODD] = { "NPY-HEADER", AU_SAFETY, AU_LOW, "Array header is not as NumPy writes it",
		"Readers may differ in what they make of it.", "Write the array anew with NumPy." },
	[SKOPS] = { "SKOPS-DANGEROUS", AU_SAFETY, AU_CRITICAL, "skops file names a dangerous type",
		"Loading the file gets or calls what its schema names, once the types are trusted.",
		"Do not load it, and do not add the type to the trusted ones." },
	[SKOPS_UNKNOWN] = { "SKOPS-UNKNOWN", AU_SAFETY, AU_MEDIUM, "skops file names an unknown type",
		"The type is not among those that models ordinarily use.",
		"Find out what it is before you trust it." },
};

static void skops_type(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	const char *nl = strchr(f->text, '\n'), *name = nl ? nl + 1 : "";
	char *module = au_arena_strn(job->scratch, f->text, nl ? (size_t)(nl - f->text) : strlen(f->text));
	struct au_named n = au_pickle_name(job->scratch, job->run ? job->run->rules : NULL, module, name, true);
	const char *key = au_arena_fmt(job->scratch, "%s.%s", n.module, n.name);
	bool method = f->aux && (!strcmp(f->aux, "MethodNode") || !strcmp(f->aux, "OperatorFuncNode"));
	struct au_finding *x;

	if (n.tier == AU_TIER_DANGEROUS) {
		x = au_find(job, &rules[SKOPS], e, f->span, key, "It names %s, which %s.", key, au_harm_what(n.harm));
		if (n.harm == AU_HARM_WEAK || (n.harm == AU_HARM_ATTR && !f->num && !method))
			x->sev = AU_MEDIUM;
	} else if (n.tier == AU_TIER_FUNCTION || n.tier == AU_TIER_CLASS) {
		x = au_find(job, &rules[SKOPS_UNKNOWN], e, f->span, key, "It names %s.", key);
		if (n.tier == AU_TIER_CLASS)
			x->sev = AU_LOW;
	}
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	unsigned storages = 0;

	AU_EACH_FACT(f, e) {
		if (!strcmp(f->topic, "torch.file-op"))
			au_find(job, &rules[FILE_OP], e, f->span, f->text, "The code member '%s' uses %s.", f->aux, f->text);
		else if (!strcmp(f->topic, "torch.code"))
			au_find(job, &rules[CODE], e, f->span, f->text, "The archive holds the program file '%s'.", f->text);
		else if (!strcmp(f->topic, "torch.storage-size") && storages++ < STORAGES_MAX)
			au_find(job, &rules[STORAGE], e, f->span, f->text, "Tensor data '%s': %s.", f->text,
				f->aux ? f->aux : "the file does not hold what the pickle states");
		else if (!strcmp(f->topic, "npy.object"))
			au_find(job, &rules[OBJECT], e, f->span, "object", "The elements are objects (%s).", f->text);
		else if (!strcmp(f->topic, "npy.odd"))
			au_find(job, &rules[NPY_ODD], e, f->span, "header", "In the header, %s.", f->text);
		else if (!strcmp(f->topic, "skops.type"))
			skops_type(job, e, f);
	}
}

const struct au_judge au_judge_torch = {
	.name = "torch",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
