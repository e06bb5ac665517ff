/* The walk over a Keras configuration. Keras 3 rebuilds objects from {module, class_name, config,
 * registered_name}: it imports the module and calls what it finds there; Keras 2 decodes the
 * marshalled code of Lambda layers. Facts (text, aux = path in the document):
 *   keras.lambda     a Lambda layer or a marshalled function; text: class name
 *   keras.foreign    object of a module outside of Keras; text: module.name
 *   keras.custom     object registered by other code or of a known add-on; text: name
 *   keras.unsafe     a Keras function that downloads, loads or lowers the guard; text: its name
 *   keras.file       the configuration names a file or an address to be read; text: it
 *   keras.dupkey     a key given twice; text: the key */
#include "base/banned.h"
#include "audit/limits.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/keras_config.h"
#include "io/json.h"

enum { DEPTH = 256, PATH_PARTS = 6 };

struct walk {
	struct au_job *job;
	struct au_entry *e;
	uint64_t base;
	const char *parts[DEPTH];
	unsigned depth;
	bool nested;             /* inside a document in a string */
};

static const char *path_of(struct walk *w)
{
	struct au_buf b;
	const char *s;
	unsigned from = w->depth > PATH_PARTS ? w->depth - PATH_PARTS : 0;

	au_buf_init(&b, 512);
	for (unsigned i = from; i < w->depth; i++)
		if (w->parts[i])
			au_buf_fmt(&b, "%s%s", b.len ? "." : "", w->parts[i]);
	s = au_arena_str(w->job->scratch, au_buf_cstr(&b));
	au_buf_release(&b);
	return s;
}

static void emit(struct walk *w, const char *topic, const char *text, const struct au_node *at)
{
	struct au_span span = au_span(w->base + (w->nested ? 0 : at->off), at->len ? at->len : 1);

	if (!w->base && !w->nested)
		span.line = at->line;
	au_emit(w->job, w->e, topic, text, path_of(w), span);
}

static bool in_list(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

/* module is `root` or below it */
static bool below(const char *module, const char *root)
{
	size_t n = strlen(root);

	return !strncmp(module, root, n) && (!module[n] || module[n] == '.');
}

static bool below_any(const char *module, const char *const *roots)
{
	for (; *roots; roots++)
		if (below(module, *roots))
			return true;
	return false;
}

static const char *const keras_roots[] = {
	"keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", "keras_core",
	"tensorflow.python.training", NULL };

/* Add-ons that register classes of their own: importing them runs only what is installed. */
static const char *const addon_roots[] = {
	"keras_hub", "keras_cv", "keras_nlp", "keras_rs", "keras_tuner", "keras_preprocessing",
	"keras_contrib", "tensorflow_addons", "tensorflow_probability", "tensorflow_text",
	"tensorflow_hub", "tensorflow_model_optimization", "tensorflow_recommenders",
	"tensorflow_similarity", "transformers", "spektral", "larq", "deepctr", "official", "qkeras",
	"autokeras", "__main__", "hgq", NULL };

/* Modules of Keras whose functions are plain arithmetic. */
static const char *const pure_parts[] = {
	"activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops",
	"optimizers", "random", "backend", "applications", NULL };

static const char *const python_builtins[] = {
	"exec", "eval", "compile", "open", "__import__", "getattr", "setattr", "delattr", "globals",
	"locals", "vars", "input", "breakpoint", "execfile", "print", "type", "dir", "help", "map",
	"filter", "exit", "quit", "object", "super", "memoryview", "iter", "next", "sorted", NULL };

static const char *const guard_names[] = {
	"get_file", "enable_unsafe_deserialization", "load_model", "load_weights", "model_from_json",
	"model_from_yaml", "model_from_config", "deserialize_keras_object", "func_load", "load_img",
	"download", "extract_archive", "_extract_archive", "urlretrieve", "image_dataset_from_directory",
	"text_dataset_from_directory", "audio_dataset_from_directory",
	"timeseries_dataset_from_array", "save_model", "save_img", "python_utils", "load_data",
	"custom_object_scope", "set_backend", "clear_session", "plot_model", "model_to_dot",
	"register_keras_serializable", "get_registered_object", "is_interactive_logging_enabled",
	"unpack_x_y_sample_weight", "disable_interactive_logging", NULL };

static bool has_part(const char *module, const char *const *parts)
{
	const char *p = module;

	while (*p) {
		size_t n = strcspn(p, ".");

		for (const char *const *q = parts; *q; q++)
			if (strlen(*q) == n && !memcmp(p, *q, n))
				return true;
		p += n + (p[n] == '.');
	}
	return false;
}

static bool module_foreign(const char *module)
{
	return !below_any(module, keras_roots) && !below_any(module, addon_roots) &&
	       strcmp(module, "builtins");
}

/* A reference to something Keras must look up: module and name. */
static void reference(struct walk *w, const struct au_node *at, const char *module, const char *name)
{
	const char *full = au_arena_fmt(w->job->scratch, "%s%s%s", module ? module : "", module ? "." : "",
					name);
	bool lower = (*name >= 'a' && *name <= 'z') || *name == '_';

	if (in_list(name, guard_names)) {
		emit(w, "keras.unsafe", full, at);
		return;
	}
	if (!module)
		return;
	if (!strcmp(module, "builtins") || !strcmp(module, "__builtin__")) {
		if (in_list(name, python_builtins))
			emit(w, "keras.foreign", full, at);
		else if (strcmp(name, "dict") && strcmp(name, "list") && strcmp(name, "tuple") &&
			 strcmp(name, "slice") && strcmp(name, "bool") && strcmp(name, "int") &&
			 strcmp(name, "float") && strcmp(name, "str") && strcmp(name, "function"))
			emit(w, "keras.custom", full, at);
	} else if (module_foreign(module) || strchr(name, '.')) {
		emit(w, "keras.foreign", full, at);
	} else if (below_any(module, addon_roots)) {
		/* a class registered by an add-on is ordinary, a function of it is a call */
		emit(w, lower && strcmp(module, "__main__") ? "keras.foreign" : "keras.custom", full, at);
	} else if (lower && !has_part(module, pure_parts) && !au_starts(name, "__") &&
		   strcmp(name, "function")) {
		emit(w, "keras.unsafe", full, at);
	}
}

/* Base64 of a marshalled code object: type byte 'c' with the reference bit (0xe3), or 'c' alone,
 * and the argument counts, small numbers, behind it. */
static bool marshalled(const struct au_node *s)
{
	return s && s->type == AU_NODE_STRING && s->len > 40 &&
	       (!strncmp(s->text, "4wA", 3) || !strncmp(s->text, "4wE", 3) || !strncmp(s->text, "4wI", 3) ||
		!strncmp(s->text, "4wM", 3) || !strncmp(s->text, "4wQ", 3) || !strncmp(s->text, "YwA", 3) ||
		!strncmp(s->text, "YwE", 3) || !strncmp(s->text, "YwI", 3));
}

static const char *after(const char *s, char c)
{
	const char *p = strrchr(s, c);

	return p ? p + 1 : s;
}

/* TensorFlow functions that a TFOpLambda layer may not name: they touch files or run Python. */
static bool tf_symbol_unsafe(const char *s)
{
	static const char *const bad[] = {
		"io.", "raw_ops.", "py_function", "numpy_function", "load_library", "load_op_library",
		"saved_model.", "data.", "summary.", "debugging.enable_dump", "experimental.", "keras.",
		"__internal__", "compat.", "train.", "distribute.", "autograph.", "print", "function", NULL };
	static const char *const fine[] = { "io.decode_", "io.parse_", "compat.as_", NULL };

	for (size_t i = 0; fine[i]; i++)
		if (au_starts(s, fine[i]))
			return false;
	for (size_t i = 0; bad[i]; i++)
		if (au_starts(s, bad[i]) || (strlen(s) > strlen(bad[i]) && strstr(s, bad[i]) &&
					     bad[i][strlen(bad[i]) - 1] != '.'))
			return true;
	return false;
}

static void file_members(struct walk *w, const struct au_node *config)
{
	static const char *const keys[] = { "vocabulary", "idf_weights", "filepath", "handle",
					    "file_path", "vocabulary_file", "proto", "merges",
					    "model_path", "saved_model_path", NULL };

	for (size_t i = 0; keys[i]; i++) {
		const struct au_node *v = au_node_get(config, keys[i]);

		if (v && v->type == AU_NODE_STRING && v->len)
			emit(w, "keras.file", v->text, v);
	}
}

static void object(struct walk *w, const struct au_node *m)
{
	const char *cls = au_node_str(m, "class_name"), *module = au_node_str(m, "module");
	const char *reg = au_node_str(m, "registered_name"), *tail;
	const struct au_node *config = au_node_get(m, "config"), *at = au_node_get(m, "class_name");

	if (!cls || !at)
		return;
	tail = after(after(cls, '>'), '.');
	if (!strcmp(tail, "TFOpLambda") || !strcmp(tail, "SlicingOpLambda") || !strcmp(tail, "ClassMethod")) {
		const char *f = au_node_str(config, "function");

		if (f && tf_symbol_unsafe(f))
			emit(w, "keras.unsafe", f, at);
	} else if (au_iends(tail, "Lambda") || !strcmp(tail, "__lambda__") ||
		   (reg && au_iends(after(reg, '>'), "Lambda"))) {
		emit(w, "keras.lambda", cls, at);
	} else if (!strcmp(tail, "TorchModuleWrapper") || !strcmp(tail, "TFSMLayer")) {
		emit(w, "keras.unsafe", tail, at);
	} else if (!strcmp(cls, "function") || !strcmp(cls, "builtin_function_or_method") ||
		   !strcmp(cls, "method") || !strcmp(cls, "type")) {
		const char *name = au_node_text(config);

		if (!name)
			name = au_node_str(config, "name");
		reference(w, at, module, name ? name : reg ? reg : cls);
		if (reg && in_list(after(reg, '>'), guard_names))
			emit(w, "keras.unsafe", reg, at);
	} else {
		reference(w, at, module, cls);
		if (!module && strchr(cls, '>') && !au_starts(cls, "keras") && !au_starts(cls, "Keras"))
			emit(w, "keras.custom", cls, at);
		else if (reg && strchr(reg, '>') && !au_istarts(reg, "keras") && module)
			emit(w, "keras.custom", reg, at);
	}
	file_members(w, config);
}

static void node_def(struct walk *w, const struct au_node *m)
{
	const char *op = au_node_str(m, "op");

	if (op && (strstr(op, "PyFunc") || !strcmp(op, "WriteFile") || !strcmp(op, "ReadFile") ||
		   !strcmp(op, "MatchingFiles")))
		emit(w, "keras.unsafe", op, m);
}

static void visit(struct walk *w, const struct au_node *n);

static void visit_string(struct walk *w, const struct au_node *n)
{
	struct au_node *root;

	/* a whole document inside a string, as nested models in metadata have it */
	if (w->nested || n->len < 16 || *n->text != '{' || !memmem(n->text, n->len, "class_name", 10))
		return;
	if (au_json_load(w->job->scratch, n->text, n->len, AU_DOC_NODES, NULL, &root, NULL) != AU_OK)
		return;
	w->nested = true;
	visit(w, root);
	w->nested = false;
}

static void visit_map(struct walk *w, const struct au_node *n)
{
	const struct au_node *f;

	object(w, n);
	AU_EACH(c, n) {
		if (c->dup_key)
			emit(w, "keras.dupkey", c->key, c);
		if (c->type == AU_NODE_STRING && au_ends(c->key, "_type") && !strcmp(c->text, "lambda"))
			emit(w, "keras.lambda", "function", c);
	}
	f = au_node_get(n, "node_def");
	if (f && f->type == AU_NODE_MAP)
		node_def(w, f);
}

static void visit(struct walk *w, const struct au_node *n)
{
	if (w->depth >= DEPTH)
		return;
	if (n->type == AU_NODE_STRING) {
		visit_string(w, n);
		return;
	}
	if (n->type == AU_NODE_MAP)
		visit_map(w, n);
	else if (n->type == AU_NODE_SEQ && marshalled(n->first))
		emit(w, "keras.lambda", "marshalled function", n->first);
	AU_EACH(c, n) {
		if (c->type != AU_NODE_MAP && c->type != AU_NODE_SEQ && c->type != AU_NODE_STRING)
			continue;
		w->parts[w->depth++] = c->key;
		if (marshalled(c) && n->type == AU_NODE_MAP)
			emit(w, "keras.lambda", "marshalled function", c);
		visit(w, c);
		w->depth--;
	}
}

bool au_keras_config_like(const struct au_node *r)
{
	const struct au_node *c;

	if (!r || r->type != AU_NODE_MAP)
		return false;
	c = au_node_get(r, "class_name");
	if (c && c->type == AU_NODE_STRING && (au_node_get(r, "config") || au_node_get(r, "module")))
		return true;
	return au_node_get(r, "optimizer_config") || au_node_path(r, "model_config.class_name") ||
	       au_node_path(r, "compile_config.optimizer") ||
	       (au_node_get(r, "keras_version") && au_node_get(r, "backend"));
}

void au_keras_config_walk(struct au_job *job, struct au_entry *e, const struct au_node *root,
			  uint64_t base)
{
	struct walk w = { .job = job, .e = e, .base = base };

	visit(&w, root);
}

bool au_keras_config_text(struct au_job *job, struct au_entry *e, const void *p, size_t n,
			  uint64_t base)
{
	struct au_node *root;
	size_t prefix;

	if (!n || !memmem(p, n, "{", 1))
		return false;
	if (au_json_load(job->scratch, p, n, AU_DOC_NODES, &prefix, &root, NULL) != AU_OK) {
		if (memmem(p, n, "class_name", 10))
			au_emit_coverage(job, e, "malformed", base,
					 "a Keras configuration that is not well-formed JSON");
		return false;
	}
	if (!memmem(p, n, "class_name", 10) && !memmem(p, n, "\\u", 2))
		return false;
	au_keras_config_walk(job, e, root, base);
	return true;
}
