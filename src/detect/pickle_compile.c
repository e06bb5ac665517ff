/* Compiler of the pickle names: the YAML files of a rules folder to the flat table of pickle_names.h,
 * for the build and for --rules. */
#include "base/banned.h"
#include <fcntl.h>
#include <sys/stat.h>
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
	uint32_t layer;          /* 0: the table extended; 1: the folder, whose rows win */
	const char *error;       /* the first one */
};

static const char *const harms[AU_HARM_N] = { "safe", "exec", "eval", "import", "attr", "defer", "nested",
					      "ffi", "net", "io", "dos", "decode", "tamper", "misc", "weak" };

/* The value of `key` in a file of the folder; NULL when there is no such file, or on an error. */
static const struct au_node *load(struct gen *g, const char *dir, const char *file, const char *key)
{
	char *path = au_arena_fmt(g->a, "%s/pickle/%s", dir, file), *text;
	struct au_yaml_error err;
	struct au_node *root;
	struct stat st;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd >= 0 && !fstat(fd, &st) && st.st_size <= FILE_MAX) {
		text = au_arena_alloc(g->a, (size_t)st.st_size + 1);
		n = read(fd, text, (size_t)st.st_size);
	}
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		g->error = au_arena_fmt(g->a, "cannot read '%s'", path);
		return NULL;
	}
	if (au_yaml_load(g->a, text, (size_t)n, FILE_MAX, &root, &err) != AU_OK) {
		g->error = au_arena_fmt(g->a, "%s:%u:%u: %s", path, err.line, err.col, err.what);
		return NULL;
	}
	return au_node_get(root, key);
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
	AU_AT(&g->rows[AU_PKN_NAMES], struct au_pkn_row, g->rows[AU_PKN_NAMES].n - 1)->c = g->layer;
}

static void dangerous(struct gen *g, const struct au_node *n)
{
	AU_EACH(cls, n) {
		uint32_t harm = 0;

		while (harm < AU_HARM_N && strcmp(harms[harm], cls->key) != 0)
			harm++;
		if (harm == AU_HARM_N || !harm) {
			g->error = au_arena_fmt(g->a, "pickle/dangerous.yaml:%u: unknown class '%s'", cls->line, cls->key);
			return;
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

		if (!module) {
			g->error = au_arena_fmt(g->a, "pickle/patterns.yaml:%u: a pattern without a module", p->line);
			return;
		}
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

	if (!c && x->c != y->c)
		return x->c > y->c ? -1 : 1;
	/* a name in both lists is dangerous only if it is not said to be safe */
	return c ? c : x->b < y->b ? -1 : x->b > y->b;
}

/* Keep the first of rows with the same key. */
static void unique(struct gen *g, int section)
{
	struct au_vec *v = &g->rows[section];
	struct au_pkn_row *r = v->p;
	size_t n = 0;

	if (v->n)
		qsort_r(v->p, v->n, v->size, by_key, g->pool.p);
	for (size_t i = 0; i < v->n; i++)
		if (!n || strcmp((char *)g->pool.p + r[n - 1].a, (char *)g->pool.p + r[i].a) != 0)
			r[n++] = r[i];
	v->n = n;
}

static void add_table(struct gen *g, const struct au_pkn_header *h)
{
	const struct au_pkn_row *r = (const void *)(h + 1);
	const char *pool;
	size_t rows = 0;

	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		rows += h->n[i];
	pool = (const char *)(r + rows);
	for (int s = 0; s < AU_PKN_SECTIONS; s++) {
		for (uint32_t i = 0; i < h->n[s]; i++, r++) {
			bool text = s == AU_PKN_PY2 || s == AU_PKN_PATTERNS;

			row(g, s, pool + r->a, text ? pool + r->b : NULL, s == AU_PKN_PATTERNS && r->c ? pool + r->c : NULL, r->b);
		}
	}
}

static void add_folder(struct gen *g, const char *dir)
{
	g->layer = 1;
	dangerous(g, load(g, dir, "dangerous.yaml", "dangerous"));
	AU_EACH(module, load(g, dir, "safe.yaml", "safe"))
		AU_EACH(name, module)
			name_row(g, module->key, name->text, AU_HARM_SAFE);
	AU_EACH(from, load(g, dir, "py2map.yaml", "map"))
		row(g, AU_PKN_PY2, from->key, from->text, NULL, 0);
	patterns(g, load(g, dir, "patterns.yaml", "patterns"));
	AU_EACH(sink, load(g, dir, "patterns.yaml", "sinks"))
		row(g, AU_PKN_SINKS, sink->text, NULL, NULL, 0);
	AU_EACH(module, load(g, dir, "patterns.yaml", "modules"))
		row(g, AU_PKN_MODULES, module->text, NULL, NULL, 0);
}

static void emit(struct gen *g, uint8_t **ret, size_t *ret_len)
{
	struct au_pkn_header h = { .magic = AU_PKN_MAGIC, .pool = (uint32_t)g->pool.len };
	struct au_buf out;

	au_buf_init(&out, 1U << 28);
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		h.n[i] = (uint32_t)g->rows[i].n;
	au_buf_add(&out, &h, sizeof(h));
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		au_buf_add(&out, g->rows[i].p, g->rows[i].n * sizeof(struct au_pkn_row));
	au_buf_add(&out, g->pool.p, g->pool.len);
	*ret = au_arena_dup(g->a, out.p, out.len);
	*ret_len = out.len;
	au_buf_release(&out);
}

int au_pickle_names_compile(struct au_arena *a, const char *dir, const void *base, uint8_t **ret, size_t *ret_len,
			    const char **ret_error)
{
	struct gen g = { .a = a };

	au_buf_init(&g.pool, 16 * 1024 * 1024);
	au_buf_byte(&g.pool, 0);
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		au_vec_init(&g.rows[i], sizeof(struct au_pkn_row), ROWS_MAX);
	if (base)
		add_table(&g, base);
	add_folder(&g, dir);
	unique(&g, AU_PKN_NAMES);
	unique(&g, AU_PKN_PY2);
	if (!g.error)
		emit(&g, ret, ret_len);
	else
		*ret_error = g.error;
	for (int i = 0; i < AU_PKN_SECTIONS; i++)
		au_vec_release(&g.rows[i]);
	au_buf_release(&g.pool);
	return g.error ? AU_FATAL : AU_OK;
}
