/* Judge of ONNX models. */
#include "base/banned.h"
#include "audit/run.h"
#include "base/map.h"
#include "base/text.h"
#include "detect/table.h"
#include "format/onnx.h"

enum { ESCAPE, BOUNDS, PYOP, CUSTOM, STRUCT, SIZE };

static const struct au_rule rules[] = {
	[ESCAPE] = {
		"ONX-EXT-ESCAPE", AU_SAFETY, AU_CRITICAL, "ONNX tensor data lies outside of the model's folder",
		"The model names a file outside of its own folder as the data of a tensor. The runtime reads "
		"that file of the user's machine into the model; saving the model can overwrite it.",
		"Do not load it. External data must be named by a plain relative path.",
	},
	[BOUNDS] = {
		"ONX-EXT-BOUNDS", AU_SAFETY, AU_MEDIUM, "ONNX external data does not fit its file",
		"Offset and length point outside of the data file, or are no numbers; runtimes have read out "
		"of bounds here.",
		"Get model and data files again, of the same revision.",
	},
	[PYOP] = {
		"ONX-PYOP", AU_SAFETY, AU_CRITICAL, "ONNX operator runs Python code",
		"The operator hands its inputs to a Python function named in the file when the model runs.",
		"Do not run it with the extensions that provide this operator.",
	},
	[CUSTOM] = {
		"ONX-CUSTOM-DOMAIN", AU_SAFETY, AU_MEDIUM, "ONNX operator of a custom domain",
		"The model runs only with a native library that provides the operator; that library is code "
		"this audit has not seen.",
		"Find out where the operator's library comes from before installing it.",
	},
	[STRUCT] = {
		"ONX-STRUCT", AU_SAFETY, AU_HIGH, "ONNX tensor of impossible shape",
		"The dimensions are negative or their product overflows: runtimes that compute a buffer's size "
		"from them write out of bounds.",
		"Do not load it.",
	},
	[SIZE] = {
		"ONX-SIZE", AU_SAFETY, AU_MEDIUM, "ONNX tensor data does not match its shape",
		"The stored bytes are fewer or more than shape and type ask for.",
		"Get the file again; do not load it when it stays so.",
	},
};

static bool escapes(const char *s)
{
	if (*s == '/' || *s == '\\' || *s == '~' || strstr(s, "://") || strchr(s, '%') == s || strchr(s, '$') == s ||
	    au_istarts(s, "file:") || (isalpha((uint8_t)*s) && s[1] == ':'))
		return true;
	while (*s) {
		size_t n = strcspn(s, "/\\");

		if (n == 2 && !memcmp(s, "..", 2))
			return true;
		s += n + (s[n] != 0);
	}
	return false;
}

static const struct au_judge_row rows[] = {
	{ "onnx.pyop", PYOP, "The operator '@' runs Python code.", NULL },
	{ "onnx.op", CUSTOM, "The operator '@' is of a custom domain.", NULL },
};

static void judge(struct au_job *job, const struct au_entry *e)
{
	unsigned told = 0;

	au_judge_table(job, e, rules, rows, sizeof(rows) / sizeof(*rows), 0);
	AU_EACH_FACT(f, e) {
		const struct au_onnx_external *x = f->detail;

		if (!strcmp(f->topic, "onnx.struct") && told++ < 20)
			au_find(job, &rules[f->text && strstr(f->text, "as long") ? SIZE : STRUCT], e, f->span, f->aux,
				"Tensor '%s': %s.", f->aux, f->text);
		if (strcmp(f->topic, "onnx.external") || told > 40)
			continue;
		if (f->text && escapes(f->text)) {
			told++;
			au_find(job, &rules[ESCAPE], e, f->span, f->text,
				"The data of tensor '%s' is read from '%s'.", f->aux, f->text);
		} else if (x && (x->bad_number || (x->has_length && x->need && x->length != x->need) || !f->text || !*f->text)) {
			told++;
			au_find(job, &rules[BOUNDS], e, f->span, f->text,
				"Offset or length of the data of tensor '%s' do not fit its shape.", f->aux);
		}
	}
}

static void sibling(struct au_job *job, const struct au_map *paths, const struct au_entry *e,
		    const struct au_fact *f)
{
	const struct au_onnx_external *x = f->detail;
	const char *slash = strrchr(e->path, '/');
	const struct au_entry *o;
	const char *path;
	uint64_t len = x->has_length ? x->length : x->need;

	if (!f->text || !*f->text || escapes(f->text))
		return;
	path = au_arena_fmt(job->arena, "%.*s%s", slash ? (int)(slash - e->path + 1) : 0, e->path, f->text);
	o = au_map_get(paths, path, strlen(path));
	if (!o || o->lfs || (x->offset <= o->size && len <= o->size - x->offset))
		return;
	au_find(job, &rules[BOUNDS], e, f->span, f->text,
		"The data of tensor '%s' reaches behind the end of '%s'.", f->aux, f->text);
}

static bool has_external(const struct au_entry *e)
{
	return au_fact_first(e, "onnx.external");
}

static void target(struct au_job *closing, const struct au_audit *a)
{
	struct au_map paths;
	bool any = false;

	for (size_t i = 0; i < a->n_entries && !any; i++)
		any = has_external(a->entries[i]);
	if (!any)
		return;
	au_map_init(&paths, closing->arena);
	for (size_t i = 0; i < a->n_entries; i++)
		*au_map_put(&paths, a->entries[i]->path, strlen(a->entries[i]->path)) = a->entries[i];
	for (size_t i = 0; i < a->n_entries; i++) {
		unsigned n = 0;

		AU_EACH_FACT(f, a->entries[i])
			if (!strcmp(f->topic, "onnx.external") && f->detail && n++ < 1000)
				sibling(closing, &paths, a->entries[i], f);
	}
}

const struct au_judge au_judge_onnx = {
	.name = "onnx",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
	.target = target,
};
