/* Judge of configurations that make a loader import code: Hugging Face repositories, instantiation
 * targets, Python tags in YAML, jsonpickle. */
#include "base/banned.h"
#include "base/text.h"
#include "detect/pyname.h"
#include "detect/table.h"

enum { REMOTE, TARGET, PYTAG, JSONPICKLE };

static const struct au_rule rules[] = {
	[REMOTE] = {
		"HF-REMOTE-CODE", AU_SAFETY, AU_MEDIUM, "Loading needs code that comes with the repository",
		"The configuration names Python code of this or of another repository. Loaded with "
		"trust_remote_code (older versions: without asking) that code runs with the user's rights.",
		"Read the code, pin the revision, and load without trust_remote_code where a library class "
		"exists.",
	},
	[TARGET] = {
		"HYDRA-TARGET", AU_SAFETY, AU_MEDIUM, "Configuration names a callable to be called",
		"Instantiators such as Hydra's import the name in _target_ and call it with arguments from the "
		"file; with the right name that is any command.",
		"Do not instantiate configurations from others without a list of allowed targets.",
	},
	[PYTAG] = {
		"YAML-PYTAG", AU_SAFETY, AU_CRITICAL, "YAML document builds Python objects",
		"A loader that honours Python tags (yaml.load with the unsafe or old default loader) imports "
		"and calls what the tag names.",
		"Read it with a safe loader only, or do not use it.",
	},
	[JSONPICKLE] = {
		"JSON-OBJECT", AU_SAFETY, AU_MEDIUM, "JSON document holds jsonpickle objects",
		"Decoding it with jsonpickle imports and calls what the document names.",
		"Read it with a plain JSON reader only.",
	},
};

static void auto_map(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	const char *other = f->text ? strstr(f->text, "--") : NULL;
	struct au_finding *g = au_find(job, &rules[REMOTE], e, f->span, f->text,
				       other ? "'%s' takes its code '%s' from another repository." :
				       "'%s' is replaced by code of the repository, '%s'.", f->aux, f->text);

	if (other)
		g->sev = AU_HIGH;
}

static void target(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	enum au_pytier t = au_pyname_tier(f->text);
	struct au_finding *g;

	/* the plain keys `target` and `class_path` are used for much else */
	if (t == AU_PY_KNOWN || (t != AU_PY_DANGEROUS && strcmp(f->aux, "_target_")))
		return;
	g = au_find(job, &rules[TARGET], e, f->span, f->text, "The configuration's '%s' is '%s'.", f->aux,
		    f->text);
	g->sev = t == AU_PY_DANGEROUS ? AU_CRITICAL : t == AU_PY_CLASS ? AU_LOW : AU_MEDIUM;
}

static bool plain_tag(const char *t)
{
	static const char *const names[] = { "none", "bool", "str", "unicode", "bytes", "int", "long",
					     "float", "complex", "list", "tuple", "dict", NULL };

	for (size_t i = 0; names[i]; i++)
		if (!strcmp(t, names[i]))
			return true;
	return false;
}

static void tag(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	const char *name = f->text ? strchr(f->text, ':') : NULL;
	enum au_pytier t;
	struct au_finding *g;
	bool calls;

	if (!f->text || plain_tag(f->text))
		return;
	name = name ? name + 1 : f->text;
	t = au_pyname_tier(name);
	calls = au_starts(f->text, "object/apply") || au_starts(f->text, "object/new");
	for (const struct au_fact *o = e->facts; o != f; o = o->next)
		if (!strcmp(o->topic, "yaml.tag") && o->text && !strcmp(o->text, f->text))
			return;
	g = au_find(job, &rules[PYTAG], e, f->span, f->text, "The document holds the tag '!!python/%s'.", f->text);
	if (t == AU_PY_KNOWN)
		g->sev = AU_LOW;
	else if (t == AU_PY_CLASS && !calls)
		g->sev = AU_MEDIUM;
	else if (t == AU_PY_CLASS)
		g->sev = AU_HIGH;
}

static void object(struct au_job *job, const struct au_entry *e, const struct au_fact *f)
{
	enum au_pytier t = au_pyname_tier(f->text);
	struct au_finding *g = au_find(job, &rules[JSONPICKLE], e, f->span, f->text,
				       "The document refers to '%s' by '%s'.", f->text, f->aux);

	if (t == AU_PY_DANGEROUS || !strcmp(f->aux, "py/repr"))
		g->sev = AU_HIGH;
	else if (t == AU_PY_KNOWN)
		g->sev = AU_LOW;
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	AU_EACH_FACT(f, e) {
		if (!strcmp(f->topic, "hf.auto_map"))
			auto_map(job, e, f);
		else if (!strcmp(f->topic, "hf.pipeline"))
			au_find(job, &rules[REMOTE], e, f->span, f->text,
				"The pipeline '%s' is code of a repository.", f->text);
		else if (!strcmp(f->topic, "hf.trust"))
			au_find(job, &rules[REMOTE], e, f->span, "trust_remote_code",
				"The file switches trust_remote_code on.");
		else if (!strcmp(f->topic, "hf.script"))
			au_find(job, &rules[REMOTE], e, f->span, f->text,
				"A dataset loading script (%s): loading the dataset runs it.", f->text)->sev = AU_LOW;
		else if (!strcmp(f->topic, "hydra.target"))
			target(job, e, f);
		else if (!strcmp(f->topic, "yaml.tag"))
			tag(job, e, f);
		else if (!strcmp(f->topic, "json.object"))
			object(job, e, f);
	}
}

const struct au_judge au_judge_hf = {
	.name = "hf",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
