/* skops: a zip with schema.json, a tree of nodes that name what is built. Facts:
 *   skops.type   a node's type; text module.class, aux its loader; num 1 for a function node */
#include "base/banned.h"
#include "audit/format.h"
#include "base/node.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/zip.h"
#include "io/json.h"
#include "io/view.h"

enum { SCHEMA_MAX = 64 * 1024 * 1024, TYPES_MAX = 20000 };

static int probe(const struct au_probe *p)
{
	struct au_arena *a;
	struct au_zip z;
	int score = 0;

	if (p->tail_len < 22 || !memmem(p->tail, p->tail_len, "schema.json", 11))
		return 0;
	a = au_arena_new();
	if (au_zip_open(p->view, a, 100000, &z) == AU_OK && au_zip_find(&z, "schema.json"))
		score = 95;
	au_arena_free(a);
	return score;
}

static void emit(struct au_job *job, struct au_entry *e, const char *module, const char *name,
		 const struct au_node *n, bool function)
{
	const char *loader = au_node_str(n, "__loader__");

	au_emit(job, e, "skops.type", au_arena_fmt(job->scratch, "%s\n%s", module, name), loader,
		au_span(n->off, 1))->num = function;
}

static void on_node(struct au_job *job, struct au_entry *e, const struct au_node *n)
{
	const char *module = au_node_str(n, "__module__"), *cls = au_node_str(n, "__class__");
	const struct au_node *content = au_node_get(n, "content");
	const char *func = au_node_str(content, "function"), *path = au_node_str(content, "module_path");

	if (module && cls)
		emit(job, e, module, cls, n, false);
	if (func && path)
		emit(job, e, path, func, n, true);
	func = au_node_str(content, "func");
	content = au_node_get(content, "obj");
	if (func && au_node_str(content, "__module__") && au_node_str(content, "__class__"))
		emit(job, e, au_node_str(content, "__module__"),
		     au_arena_fmt(job->scratch, "%s.%s", au_node_str(content, "__class__"), func), n, true);
}

static int read_skops(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	const struct au_zip_member *m;
	struct au_view *view = NULL;
	struct au_node *root = NULL;
	const struct au_node **stack;
	const uint8_t *p;
	struct au_zip z;
	size_t n = 0, top = 0;

	if (au_zip_open(v, job->scratch, job->limits->members, &z) != AU_OK || !(m = au_zip_find(&z, "schema.json")))
		return AU_NOTME;
	au_zip_member_view(v, job->scratch, m, SCHEMA_MAX, &view);
	p = view ? au_view_all(view, job->scratch, SCHEMA_MAX, &n) : NULL;
	if (!p || au_json_load(job->scratch, p, n, AU_DOC_NODES, NULL, &root, NULL) != AU_OK) {
		if (!root) {
			au_emit_coverage(job, e, "malformed", m->header_at, "schema.json could not be read%s", "");
			return AU_BAD;
		}
	}
	stack = AU_ARRAY(job->scratch, const struct au_node *, AU_JSON_DEPTH + 2);
	for (const struct au_node *at = root; at;) {
		if (at->type == AU_NODE_MAP)
			on_node(job, e, at);
		if (at->first && top < AU_JSON_DEPTH) {
			stack[top++] = at;
			at = at->first;
			continue;
		}
		while (at && !at->next)
			at = top ? stack[--top] : NULL;
		at = at ? at->next : NULL;
	}
	return AU_OK;
}

const struct au_format au_format_skops = {
	.name = "skops",
	.title = "skops model",
	.extensions = (const char *const[]){ "skops", NULL },
	.flags = AU_FMT_MODEL | AU_FMT_EXECUTES,
	.probe = probe,
	.read = read_skops,
	.checked = "every type and function that the schema names",
};
