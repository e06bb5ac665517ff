/* Build tool: rules/pickle/ to a flat table (detect/pickle_names.h). Usage: genpickle RULES_DIR OUT */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/node.h"
#include "base/rc.h"
#include "detect/pickle_names.h"
#include "ext/yaml.h"

enum { FILE_MAX = 4 * 1024 * 1024, ROWS_MAX = 100000 };

struct gen {
	struct au_arena *a;
	struct au_vec rows[AU_PKN_SECTIONS];
	struct au_buf pool;
};

static const char *const harms[AU_HARM_N] = { "safe", "exec", "eval", "import", "attr", "defer", "nested",
					      "ffi", "net", "io", "dos", "decode", "tamper", "misc", "weak" };

static const struct au_node *load(struct gen *g, const char *dir, const char *file, const char *key)
{
	char *path = au_arena_fmt(g->a, "%s/pickle/%s", dir, file);
	char *text = au_arena_alloc(g->a, FILE_MAX);
	struct au_yaml_error err;
	struct au_node *root;
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		fprintf(stderr, "genpickle: cannot read '%s'\n", path);
		exit(1);
	}
	n = fread(text, 1, FILE_MAX, f);
	fclose(f);
	if (au_yaml_load(g->a, text, n, FILE_MAX, &root, &err) != AU_OK || !au_node_get(root, key)) {
		fprintf(stderr, "genpickle: %s:%u:%u: %s\n", path, err.line, err.col, err.what);
		exit(1);
	}
	return *key ? au_node_get(root, key) : root;
}

static uint32_t pooled(struct gen *g, const char *s)
{
	size_t at = g->pool.len;

	au_buf_add(&g->pool, s, strlen(s) + 1);
	return (uint32_t)at;
}

static void row(struct gen *g, int section, const char *a, const char *b, const char *c, uint32_t num)
{
	struct au_pkn_row *r = au_vec_push(&g->rows[section]);

	r->a = pooled(g, a);
	r->b = b ? pooled(g, b) : num;
	r->c = c ? pooled(g, c) : 0;
}

static void name_row(struct gen *g, const char *module, const char *name, uint32_t harm)
{
	row(g, AU_PKN_NAMES, au_arena_fmt(g->a, "%s\n%s", module, name), NULL, NULL, harm);
}

static void dangerous(struct gen *g, const struct au_node *n)
{
	AU_EACH(cls, n) {
		uint32_t harm = 0;

		while (harm < AU_HARM_N && strcmp(harms[harm], cls->key) != 0)
			harm++;
		if (harm == AU_HARM_N || !harm) {
			fprintf(stderr, "genpickle: dangerous.yaml:%u: unknown class '%s'\n", cls->line, cls->key);
			exit(1);
		}
		AU_EACH(module, cls)
			AU_EACH(name, module) {
				if (!strcmp(module->key, "*"))
					name_row(g, name->text, "*", harm);
				else
					name_row(g, module->key, name->text, harm);
			}
	}
}

static void patterns(struct gen *g, const struct au_node *n)
{
	AU_EACH(p, n) {
		char *module = au_arena_str(g->a, au_node_str(p, "module"));
		const char *leaves = "";

		for (char *c = module; *c; c++)
			if (*c == '.')
				*c = '/';
		AU_EACH(leaf, au_node_get(p, "leaf"))
			leaves = *leaves ? au_arena_fmt(g->a, "%s %s", leaves, leaf->text) : leaf->text;
		row(g, AU_PKN_PATTERNS, module, leaves, au_node_str(p, "except"), 0);
		/* "x.**" is also x itself */
		if (strlen(module) > 3 && !strcmp(module + strlen(module) - 3, "/**")) {
			module[strlen(module) - 3] = 0;
			row(g, AU_PKN_PATTERNS, module, leaves, au_node_str(p, "except"), 0);
		}
	}
}

static int by_key(const void *a, const void *b, void *ctx)
{
	const char *pool = ctx;
	const struct au_pkn_row *x = a, *y = b;
	int c = strcmp(pool + x->a, pool + y->a);

	/* a name in both lists is dangerous only if it is not said to be safe */
	return c ? c : x->b < y->b ? -1 : x->b > y->b;
}

static void write_out(struct gen *g, const char *path)
{
	struct au_pkn_header h = { .magic = AU_PKN_MAGIC, .pool = (uint32_t)g->pool.len };
	FILE *f = fopen(path, "wb");
	bool ok = f != NULL;

	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		h.n[i] = (uint32_t)g->rows[i].n;
	ok = ok && fwrite(&h, sizeof(h), 1, f) == 1;
	for (int i = 0; ok && i < AU_PKN_SECTIONS; i++)
		ok = fwrite(g->rows[i].p, sizeof(struct au_pkn_row), g->rows[i].n, f) == g->rows[i].n;
	ok = ok && fwrite(g->pool.p, 1, g->pool.len, f) == g->pool.len;
	if (!ok || fclose(f)) {
		fprintf(stderr, "genpickle: cannot write '%s'\n", path);
		exit(1);
	}
}

/* Keep the first of rows with the same key. */
static void unique(struct gen *g, int section)
{
	struct au_vec *v = &g->rows[section];
	struct au_pkn_row *r = v->p;
	size_t n = 0;

	qsort_r(v->p, v->n, v->size, by_key, g->pool.p);
	for (size_t i = 0; i < v->n; i++)
		if (!n || strcmp((char *)g->pool.p + r[n - 1].a, (char *)g->pool.p + r[i].a) != 0)
			r[n++] = r[i];
	v->n = n;
}

int main(int argc, char **argv)
{
	struct gen g = { .a = au_arena_new() };

	if (argc != 3) {
		fprintf(stderr, "usage: genpickle RULES_DIR OUTPUT\n");
		return 1;
	}
	au_buf_init(&g.pool, 16 * 1024 * 1024);
	au_buf_byte(&g.pool, 0);
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		au_vec_init(&g.rows[i], sizeof(struct au_pkn_row), ROWS_MAX);
	dangerous(&g, load(&g, argv[1], "dangerous.yaml", "dangerous"));
	AU_EACH(module, load(&g, argv[1], "safe.yaml", "safe"))
		AU_EACH(name, module)
			name_row(&g, module->key, name->text, AU_HARM_SAFE);
	AU_EACH(from, load(&g, argv[1], "py2map.yaml", "map"))
		row(&g, AU_PKN_PY2, from->key, from->text, NULL, 0);
	patterns(&g, load(&g, argv[1], "patterns.yaml", "patterns"));
	AU_EACH(sink, load(&g, argv[1], "patterns.yaml", "sinks"))
		row(&g, AU_PKN_SINKS, sink->text, NULL, NULL, 0);
	AU_EACH(module, load(&g, argv[1], "patterns.yaml", "modules"))
		row(&g, AU_PKN_MODULES, module->text, NULL, NULL, 0);
	unique(&g, AU_PKN_NAMES);
	unique(&g, AU_PKN_PY2);
	write_out(&g, argv[2]);
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		au_vec_release(&g.rows[i]);
	au_buf_release(&g.pool);
	au_arena_free(g.a);
	return 0;
}
