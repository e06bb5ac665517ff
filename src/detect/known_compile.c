/* Compiler of the known-files table: rules/known/ YAML to the flat layout of known_table.h. */
#include "base/banned.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/node.h"
#include "base/rc.h"
#include "base/text.h"
#include "detect/known_db.h"
#include "detect/known_table.h"
#include "ext/yaml.h"

enum { FILE_MAX = 64 * 1024 * 1024, ROWS_MAX = 4000000 };

struct compile {
	struct au_arena *a;
	struct au_vec files, names, orgs;
	struct au_buf pool;
	struct au_map strings;
	const char *path;
	const char *error;
};

static uint32_t intern(struct compile *c, const char *s)
{
	size_t n = strlen(s);
	void **slot = au_map_put(&c->strings, s, n);

	if (!*slot) {
		*slot = (void *)(uintptr_t)(c->pool.len + 1);
		au_buf_add(&c->pool, s, n + 1);
	}
	return (uint32_t)((uintptr_t)*slot - 1);
}

static int fail(struct compile *c, const struct au_node *n, const char *why)
{
	c->error = au_arena_fmt(c->a, "%s:%u:%u: %s", c->path, n ? n->line : 1, n ? n->col : 1, why);
	return AU_FATAL;
}

static int parse_class(const char *s)
{
	for (int i = 0; i < AU_KNOWN_N; i++)
		if (!strcmp(s, au_known_class_name((enum au_known_class)i)))
			return i;
	return -1;
}

/* The cells of a row as texts; missing ones are "". */
static void cells(const struct au_node *row, const char **ret, size_t n)
{
	size_t i = 0;

	for (size_t k = 0; k < n; k++)
		ret[k] = "";
	AU_EACH(cell, row) {
		if (i < n && au_node_text(cell))
			ret[i] = cell->text;
		i++;
	}
}

/* Position to text once for the whole list: rows refer to it thousands of times. */
static const char **index_list(struct compile *c, const struct au_node *list, size_t *ret_n)
{
	const char **out = AU_ARRAY(c->a, const char *, (list ? list->n : 0) + 1);
	size_t i = 0;

	AU_EACH(item, list)
		out[i++] = item->text;
	*ret_n = i;
	return out;
}

static int add_file(struct compile *c, const struct au_node *row, const char **reasons, size_t n_reasons,
		    const char **sources, size_t n_sources)
{
	struct au_known_file *f;
	const char *v[8];
	size_t reason, source;
	int cls;

	cells(row, v, 8);
	if (strchr(v[0], ':'))
		return AU_OK; /* md5:, sha1:, sha384: kept as facts; files are looked up by SHA-256 */
	cls = parse_class(v[5]);
	if (cls < 0)
		return fail(c, row, "unknown class");
	reason = strtoull(v[6], NULL, 10);
	source = strtoull(v[7], NULL, 10);
	if (reason >= n_reasons || source >= n_sources)
		return fail(c, row, "reason or source number out of range");
	f = au_vec_push(&c->files);
	if (!f)
		return fail(c, row, "too many rows");
	if (strlen(v[0]) != 64 || !au_unhex(v[0], 32, f->sha256))
		return fail(c, row, "not a SHA-256");
	f->file = intern(c, v[1]);
	f->size = strtoull(v[2], NULL, 10);
	f->model = intern(c, v[3]);
	f->base = intern(c, v[4]);
	f->cls = (uint32_t)cls;
	f->reason = intern(c, reasons[reason]);
	f->source = intern(c, sources[source]);
	return AU_OK;
}

static int add_name(struct compile *c, const struct au_node *row)
{
	struct au_known_nm *n;
	const char *v[5];
	int cls;

	cells(row, v, 5);
	cls = parse_class(v[1]);
	if (cls < 0)
		return fail(c, row, "unknown class");
	n = au_vec_push(&c->names);
	if (!n)
		return fail(c, row, "too many rows");
	*n = (struct au_known_nm){ intern(c, v[0]), intern(c, v[2]), intern(c, v[3]), intern(c, v[4]),
				   (uint32_t)cls };
	return AU_OK;
}

static int add_document(struct compile *c, const struct au_node *doc)
{
	size_t n_reasons, n_sources;
	const char **reasons = index_list(c, au_node_get(doc, "reasons"), &n_reasons);
	const char **sources = index_list(c, au_node_get(doc, "sources"), &n_sources);
	int rc = AU_OK;

	if (au_node_u64(doc, "version", 0) != 1)
		return fail(c, doc, "version: 1 was expected");
	AU_EACH(row, au_node_get(doc, "files"))
		if (rc == AU_OK)
			rc = add_file(c, row, reasons, n_reasons, sources, n_sources);
	AU_EACH(row, au_node_get(doc, "names"))
		if (rc == AU_OK)
			rc = add_name(c, row);
	AU_EACH(org, au_node_get(doc, "organisations")) {
		uint32_t *slot = au_vec_push(&c->orgs);

		if (slot)
			*slot = intern(c, org->text);
	}
	return rc;
}

static int read_file(struct compile *c, const char *path, char **ret, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0 && !fstat(fd, &st) && st.st_size <= FILE_MAX) {
		*ret = au_arena_alloc(c->a, (size_t)st.st_size + 1);
		n = read(fd, *ret, (size_t)st.st_size);
		*ret_n = (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		c->error = au_arena_fmt(c->a, "cannot read '%s'", path);
		return AU_IO;
	}
	return AU_OK;
}

static int add_yaml(struct compile *c, const char *path)
{
	struct au_yaml_error err;
	struct au_node *doc;
	char *text = NULL;
	size_t n = 0;
	int rc = read_file(c, path, &text, &n);

	if (rc != AU_OK)
		return rc;
	c->path = path;
	if (au_yaml_load(c->a, text, n, FILE_MAX, &doc, &err) != AU_OK) {
		c->error = au_arena_fmt(c->a, "%s:%u:%u: %s", path, err.line, err.col, err.what);
		return AU_FATAL;
	}
	return add_document(c, doc);
}

static int yaml_only(const struct dirent *d)
{
	return au_ends(d->d_name, ".yaml") && d->d_name[0] != '.';
}

static void add_base(struct compile *c, const struct au_known_db *base)
{
	for (size_t i = 0; base && i < au_known_n(base); i++) {
		struct au_known_file *f = au_vec_push(&c->files);
		struct au_known k;

		if (!f)
			return;
		au_known_row(base, i, &k);
		*f = (struct au_known_file){ .size = k.size, .file = intern(c, k.file), .model = intern(c, k.model),
					     .base = intern(c, k.base), .reason = intern(c, k.reason),
					     .source = intern(c, k.source), .cls = k.cls };
		memcpy(f->sha256, k.sha256, 32);
	}
	for (size_t i = 0; base && i < au_known_n_names(base); i++) {
		struct au_known_nm *n = au_vec_push(&c->names);
		struct au_known k;

		if (!n)
			return;
		au_known_name_row(base, i, &k);
		*n = (struct au_known_nm){ intern(c, k.model), intern(c, k.base), intern(c, k.reason),
					   intern(c, k.source), k.cls };
	}
	for (size_t i = 0; base && au_known_org(base, i); i++) {
		uint32_t *slot = au_vec_push(&c->orgs);

		if (slot)
			*slot = intern(c, au_known_org(base, i));
	}
}

static int by_digest(const void *a, const void *b)
{
	const struct au_known_file *x = a, *y = b;
	int d = memcmp(x->sha256, y->sha256, 32);

	return d ? d : (x->cls > y->cls) - (x->cls < y->cls);
}

static int by_model(const void *a, const void *b, void *ctx)
{
	const struct compile *c = ctx;
	const struct au_known_file *x = AU_AT(&c->files, struct au_known_file, *(const uint32_t *)a);
	const struct au_known_file *y = AU_AT(&c->files, struct au_known_file, *(const uint32_t *)b);
	int d = strcasecmp(au_buf_cstr(&c->pool) + x->model, au_buf_cstr(&c->pool) + y->model);

	return d ? d : strcmp(au_buf_cstr(&c->pool) + x->file, au_buf_cstr(&c->pool) + y->file);
}

static int by_id(const void *a, const void *b, void *ctx)
{
	const char *pool = ctx;

	return strcasecmp(pool + ((const struct au_known_nm *)a)->id, pool + ((const struct au_known_nm *)b)->id);
}

static void emit(struct compile *c, uint8_t **ret, size_t *ret_len)
{
	struct au_known_header h = { .n_files = (uint32_t)c->files.n, .n_names = (uint32_t)c->names.n,
				     .n_orgs = (uint32_t)c->orgs.n, .pool = (uint32_t)c->pool.len };
	uint32_t *order = AU_ARRAY(c->a, uint32_t, c->files.n + 1);
	struct au_buf out;

	memcpy(h.magic, AU_KNOWN_MAGIC, sizeof(h.magic));
	if (c->files.n)
		qsort(c->files.p, c->files.n, sizeof(struct au_known_file), by_digest);
	for (uint32_t i = 0; i < c->files.n; i++)
		order[i] = i;
	qsort_r(order, c->files.n, sizeof(*order), by_model, c);
	if (c->names.n)
		qsort_r(c->names.p, c->names.n, sizeof(struct au_known_nm), by_id, c->pool.p);
	au_buf_init(&out, 1U << 30);
	au_buf_add(&out, &h, sizeof(h));
	au_buf_add(&out, c->files.p, c->files.n * sizeof(struct au_known_file));
	au_buf_add(&out, order, c->files.n * sizeof(*order));
	au_buf_add(&out, c->names.p, c->names.n * sizeof(struct au_known_nm));
	au_buf_add(&out, c->orgs.p, c->orgs.n * sizeof(uint32_t));
	au_buf_add(&out, c->pool.p, c->pool.len);
	*ret = au_arena_dup(c->a, out.p, out.len);
	*ret_len = out.len;
	au_buf_release(&out);
}

int au_known_compile(struct au_arena *a, const char *dir, const struct au_known_db *base, uint8_t **ret,
		     size_t *ret_len, const char **ret_error)
{
	struct compile c = { .a = a };
	struct dirent **list = NULL;
	const char *sub = au_arena_fmt(a, "%s/known", dir);
	int n = scandir(sub, &list, yaml_only, alphasort), rc = AU_OK;

	au_vec_init(&c.files, sizeof(struct au_known_file), ROWS_MAX);
	au_vec_init(&c.names, sizeof(struct au_known_nm), ROWS_MAX);
	au_vec_init(&c.orgs, sizeof(uint32_t), ROWS_MAX);
	au_buf_init(&c.pool, 1U << 30);
	au_map_init(&c.strings, a);
	intern(&c, "");
	add_base(&c, base);
	for (int i = 0; i < n; i++) {
		if (rc == AU_OK)
			rc = add_yaml(&c, au_arena_fmt(a, "%s/%s", sub, list[i]->d_name));
		free(list[i]);
	}
	free(list);
	if (rc == AU_OK)
		emit(&c, ret, ret_len);
	else
		*ret_error = c.error;
	au_vec_release(&c.files);
	au_vec_release(&c.names);
	au_vec_release(&c.orgs);
	au_buf_release(&c.pool);
	return rc;
}
