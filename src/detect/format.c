/* Judge of what files are against what they are called, and of documents that reach outside:
 * programs under the names of weights, formats that do not fit the name, two formats at once; XML
 * entities and libraries; custom operators of small runtimes. */
#include "base/banned.h"
#include "base/text.h"
#include "detect/table.h"

enum { MISMATCH, POLYGLOT, EXECUTABLE, ENTITY, LIBRARY, TFL_CUSTOM, ML_CUSTOM, PADDLE };

static const struct au_rule rules[] = {
	[MISMATCH] = {
		"FMT-EXT-MISMATCH", AU_SAFETY, AU_MEDIUM, "File is of another format than its name says",
		"The name promises a format that holds only data, the content is one that can run code. Loaders "
		"that go by content, or fall back to another reader, will run it.",
		"Do not load it. Ask the publisher why the name is wrong.",
	},
	[POLYGLOT] = {
		"FMT-POLYGLOT", AU_SAFETY, AU_HIGH, "File is of two formats at once",
		"Two kinds of program would open the same bytes as different things: what one checks is not "
		"what the other loads.",
		"Do not load it.",
	},
	[EXECUTABLE] = {
		"FMT-EXECUTABLE", AU_SAFETY, AU_HIGH, "Program under the name of a model or data file",
		"The file is a program or a script although its name says weights or data. Nothing that reads "
		"models needs it; it waits to be run by something else.",
		"Remove the file and find out what was meant to run it.",
	},
	[ENTITY] = {
		"XML-ENTITY", AU_SAFETY, AU_HIGH, "XML document declares entities",
		"A reader that expands external entities puts files of the machine, or answers of its network, "
		"into the document; nested internal ones can exhaust memory.",
		"Read it only with a parser that refuses document types.",
	},
	[LIBRARY] = {
		"XML-EXT-LIB", AU_SAFETY, AU_HIGH, "Model graph names a native library to load",
		"The runtime loads the library that the graph names, and with it code that this audit has not "
		"seen.",
		"Do not load it with extensions enabled.",
	},
	[TFL_CUSTOM] = {
		"TFL-CUSTOM", AU_SAFETY, AU_LOW, "TensorFlow Lite model needs a custom operator",
		"The model runs only with an interpreter that has this operator built in.",
		"Find out where the operator comes from.",
	},
	[ML_CUSTOM] = {
		"CML-CUSTOM", AU_SAFETY, AU_MEDIUM, "Core ML model needs a custom class",
		"The application that loads the model must provide the class; its code is not part of the file.",
		"Read the class's source before building it in.",
	},
	[PADDLE] = {
		"PDL-OP", AU_SAFETY, AU_HIGH, "PaddlePaddle operator runs Python or touches files",
		"Running the program calls a Python function or reads and writes files that it names itself.",
		"Do not run it outside of a sandbox.",
	},
};

static const struct au_judge_row rows[] = {
	{ "xml.library", LIBRARY, "The element '#' names the library '@'.", NULL },
	{ "xml.include", ENTITY, "The document includes '@'.", NULL },
	{ "tflite.custom", TFL_CUSTOM, "The model needs the custom operator '@'.", NULL },
	{ "coreml.custom", ML_CUSTOM, "The model needs the class '@' for '#'.", NULL },
	{ "paddle.op", PADDLE, "The program holds the operator '@'.", NULL },
};

static const char *extension(const struct au_entry *e)
{
	const char *base = au_basename(e->name), *dot = strrchr(base, '.');

	return dot && dot != base ? dot + 1 : "";
}

static bool in(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (au_ieq(*list, s))
			return true;
	return false;
}

static bool native(const struct au_entry *e)
{
	return au_entry_is(e, "elf") || au_entry_is(e, "pe") || au_entry_is(e, "macho");
}

static void executable(struct au_job *job, const struct au_entry *e)
{
	static const char *const weights[] = {
		"bin", "pt", "pth", "ckpt", "safetensors", "gguf", "ggml", "onnx", "h5", "hdf5", "keras", "pkl",
		"pickle", "joblib", "npy", "npz", "msgpack", "pb", "tflite", "model", "weights", "params", "pdparams",
		"pdmodel", "mlmodel", "pte", "dat", "data", "npz", "parquet", "arrow", "t7", "mar", "nemo", "ot",
		"json", "txt", "md", "csv", "yaml", "yml", "png", "jpg", "jpeg", "jsonl", "pdf", "tsv", "vocab",
		"cbm", "ubj", "bst", "rds", "caffemodel", "prototxt", "engine", "plan", "trt", "lite", "dill", NULL };
	const char *ext = extension(e);
	bool script = !native(e) && e->n_bids && (!strcmp(e->bids[0].format->name, "shell") ||
						  (!strcmp(e->bids[0].format->name, "python") && e->bids[0].score >= 85));

	if ((!native(e) && !script) || !in(weights, ext) || e->bids[0].score < 60)
		return;
	/* a text that begins with a script's first line may well be called .txt */
	if (script && (au_ieq(ext, "txt") || au_ieq(ext, "md")))
		return;
	au_find(job, &rules[EXECUTABLE], e, au_span(0, 4), e->bids[0].format->name,
		"'%s' is a program (%s) under the name of a data file.", au_basename(e->name),
		e->bids[0].format->title);
}

/* Names that promise data alone; what can run code must not hide behind them. */
static void mismatch(struct au_job *job, const struct au_entry *e)
{
	static const char *const plain[] = {
		"safetensors", "gguf", "onnx", "tflite", "json", "jsonl", "md", "csv", "tsv", "yaml", "yml", "png",
		"jpg", "jpeg", "gif", "parquet", "arrow", "feather", "xml", "pmml", "wav", "mp3", "pdf", "html",
		"msgpack", "pdf", "toml", "lock", NULL };
	const struct au_format *f = e->n_bids ? e->bids[0].format : NULL;
	const char *ext = extension(e);

	if (!f || e->bids[0].score < 80 || !in(plain, ext) || native(e))
		return;
	for (unsigned i = 0; i < e->n_bids; i++)
		if (e->bids[i].format->extensions && e->bids[i].score >= 60 && in(e->bids[i].format->extensions, ext))
			return;
	if (!(f->flags & (AU_FMT_EXECUTES | AU_FMT_MODEL)) && strcmp(f->name, "zip") && strcmp(f->name, "7z"))
		return;
	au_find(job, &rules[MISMATCH], e, au_span(0, 8), f->name, "'%s' is %s by its content.", au_basename(e->name),
		f->title);
}

/* Formats that are read from the first byte on and have nothing to do with a zip at the end. */
static bool from_start(const char *name)
{
	static const char *const names[] = { "pickle", "torch-legacy", "hdf5", "gguf", "safetensors", "elf", "macho",
					     "7z", "rar", "npy", "onnx", "tflite", "gzip", "bzip2", "xz", "zstd",
					     "image", "pdf", NULL };

	return in(names, name);
}

static void polyglot(struct au_job *job, const struct au_entry *e)
{
	const struct au_format *zip = NULL, *start = NULL;
	bool at_start = false;

	for (unsigned i = 0; i < e->n_bids; i++) {
		if (e->bids[i].score < 80)
			continue;
		if (!strcmp(e->bids[i].format->name, "zip")) {
			zip = e->bids[i].format;
			at_start = e->bids[i].score == 100;
		} else if (from_start(e->bids[i].format->name) && !start)
			start = e->bids[i].format;
	}
	/* "PK" is a pickle opcode: a zip of stored pickles reads as one by accident, and what loading it
	 * as a pickle would do is told by the pickle judge */
	if (zip && at_start && start && !strcmp(start->name, "pickle"))
		return;
	if (zip && start)
		au_find(job, &rules[POLYGLOT], e, au_span(0, 8), start->name, "'%s' is %s and %s at once.",
			au_basename(e->name), start->title, zip->title);
}

static void entities(struct au_job *job, const struct au_entry *e)
{
	unsigned internal = 0, told = 0;

	AU_EACH_FACT(f, e) {
		bool remote;

		if (!strcmp(f->topic, "xml.entity")) {
			if (f->aux && strcmp(f->aux, "internal") && told++ < 20)
				au_find(job, &rules[ENTITY], e, f->span, f->text, "The %s entity '%s' is declared.", f->aux,
					f->text);
			else if (f->aux && !strcmp(f->aux, "internal") && ++internal == 5)
				au_find(job, &rules[ENTITY], e, f->span, "internal", "Many entities are declared.");
		} else if (!strcmp(f->topic, "xml.dtd") && f->text && *f->text) {
			remote = strstr(f->text, "w3.org") || strstr(f->text, "apple.com/DTDs");
			if (!remote)
				au_find(job, &rules[ENTITY], e, f->span, f->text,
					"The document type is read from '%s'.", f->text)->sev =
					au_istarts(f->text, "file:") || *f->text == '/' ? AU_HIGH : AU_MEDIUM;
		}
	}
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	au_judge_table(job, e, rules, rows, sizeof(rows) / sizeof(*rows), 0);
	entities(job, e);
	executable(job, e);
	mismatch(job, e);
	polyglot(job, e);
}

const struct au_judge au_judge_format = {
	.name = "format",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.entry = judge,
};
