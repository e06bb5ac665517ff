/* JSON documents (RFC 8259, with what Python's reader also takes: NaN, UTF-16 and UTF-32 with or
 * without byte order mark). A first pass over the events finds out whether any key matters; only
 * then the document is loaded whole, so that vocabularies of many megabytes cost no memory.
 * Facts: json.document (num: values; text: kind when known) and those of jsondoc.c and
 * keras_config.c. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/jsondoc.h"
#include "format/keras_config.h"
#include "io/json.h"
#include "io/view.h"

enum { BYTES_MAX = 64 * 1024 * 1024, NODES_MAX = 1000000 };

static size_t skip_space(const uint8_t *p, size_t n, size_t i)
{
	while (i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' || p[i] == '\r'))
		i++;
	return i;
}

static bool wide(const uint8_t *p, size_t n)
{
	return n >= 4 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
			  ((p[0] == '{' || p[0] == '[') && !p[1]) || (!p[0] && (p[1] == '{' || p[1] == '[')) ||
			  (!p[0] && !p[1] && !p[2] && (p[3] == '{' || p[3] == '[')));
}

static int probe(const struct au_probe *p)
{
	static const char starts[] = "{[\"-0123456789tfnNI]";
	size_t i = p->head_len >= 3 && !memcmp(p->head, "\xef\xbb\xbf", 3) ? 3 : 0;
	bool ext = au_iends(p->name, ".json");
	uint8_t open;

	if (!p->text)
		return wide(p->head, p->head_len) && p->size % 2 == 0 ? 65 : 0;
	i = skip_space(p->head, p->head_len, i);
	if (i >= p->head_len || (p->head[i] != '{' && p->head[i] != '['))
		return ext ? 50 : 0;
	open = p->head[i];
	i = skip_space(p->head, p->head_len, i + 1);
	if (i >= p->head_len)
		return p->size > p->head_len || ext ? 60 : 0;
	if (open == '{' ? p->head[i] != '"' && p->head[i] != '}' : !memchr(starts, p->head[i], sizeof(starts) - 1))
		return ext ? 50 : 0;
	return ext ? 85 : 70;
}

/* UTF-16/32 to UTF-8, as Python's json.loads detects it for bytes. */
static const uint8_t *narrow(struct au_arena *a, const uint8_t *p, size_t n, size_t *ret_n)
{
	struct au_buf b;
	bool be = p[0] == 0xfe || !p[0];
	size_t unit = (!p[0] && !p[1]) || (!p[2] && !p[3]) ? 4 : 2;
	const uint8_t *r;

	au_buf_init(&b, n * 2 + 16);
	for (size_t i = p[0] == 0xff || p[0] == 0xfe ? unit : 0; i + unit <= n; i += unit) {
		uint32_t c = unit == 4 ? (be ? au_be32(p + i) : au_le32(p + i)) :
			     be ? au_be16(p + i) : au_le16(p + i);

		if (c >= 0xd800 && c < 0xe000)
			c = '?';
		if (c < 0x110000)
			au_utf8_put(&b, c);
	}
	r = au_arena_dup(a, au_buf_cstr(&b), b.len + 1);
	*ret_n = b.len;
	au_buf_release(&b);
	return r;
}

static bool key_matters(const char *k)
{
	static const char *const keys[] = {
		"class_name", "auto_map", "custom_pipelines", "custom_pipeline", "trust_remote_code",
		"_target_", "target", "class_path", "__target__", "optimizer_config", "_class_name",
		"compile_config", NULL };

	for (size_t i = 0; keys[i]; i++)
		if (!strcmp(k, keys[i]))
			return true;
	return au_starts(k, "py/") || strstr(k, "chat_template");
}

struct pass {
	uint64_t values;
	bool matters;
	const char *kind;
};

/* What kind of document by the keys of its outermost object. */
static const char *kind_of(const char *k)
{
	static const struct { const char *key, *kind; } kinds[] = {
		{ "learner", "xgboost" }, { "arg_nodes", "mxnet-symbol" }, { "added_tokens", "tokenizer" },
		{ "weight_map", "index" }, { "model_type", "hf-config" }, { "tokenizer_class", "tokenizer-config" },
		{ "oblivious_trees", "catboost" }, { "tree_info", "lightgbm" }, { "_diffusers_version", "diffusers" },
		{ "nbformat", "notebook" }, { "bomFormat", "sbom" }, { "spdxVersion", "sbom" }, { NULL, NULL },
	};

	for (size_t i = 0; kinds[i].key; i++)
		if (!strcmp(k, kinds[i].key))
			return kinds[i].kind;
	return NULL;
}

static int first_pass(const uint8_t *p, size_t n, struct pass *s, size_t *ret_at)
{
	struct au_json j;
	enum au_json_event ev;
	char key[128];

	au_json_init(&j, p, n);
	while ((ev = au_json_next(&j)) != AU_JSON_END && ev != AU_JSON_ERROR) {
		if (ev != AU_JSON_KEY) {
			s->values++;
			continue;
		}
		if (j.len >= sizeof(key))
			continue;
		memcpy(key, j.text, j.len);
		key[j.len] = 0;
		s->matters |= key_matters(key);
		if (j.depth == 1 && !s->kind)
			s->kind = kind_of(key);
	}
	*ret_at = j.at;
	au_json_release(&j);
	return ev == AU_JSON_END ? AU_OK : AU_BAD;
}

static int read_json(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct pass s = { 0 };
	struct au_node *root;
	size_t n, at;
	const uint8_t *p = au_view_all(v, job->scratch, BYTES_MAX, &n);
	int rc;

	if (!p) {
		au_emit_coverage(job, e, "limit", 0, "a JSON document larger than %d MiB", BYTES_MAX >> 20);
		return AU_LIMIT;
	}
	if (wide(p, n))
		p = narrow(job->scratch, p, n, &n);
	if (first_pass(p, n, &s, &at) != AU_OK && !s.matters)
		return AU_NOTME;
	au_emit(job, e, "json.document", s.kind, NULL, au_span(0, n))->num = s.values;
	if (!s.matters)
		return AU_OK;
	rc = au_json_load(job->scratch, p, n, NODES_MAX, &at, &root, NULL);
	if (rc != AU_OK) {
		au_emit_coverage(job, e, rc == AU_LIMIT ? "limit" : "malformed", 0,
				 "a JSON document that could not be read to its end");
		return rc;
	}
	if (au_keras_config_like(root))
		au_keras_config_walk(job, e, root, 0);
	au_jsondoc_walk(job, e, root);
	return AU_OK;
}

const struct au_format au_format_json = {
	.name = "json",
	.title = "JSON document",
	.extensions = (const char *const[]){ "json", "ipynb", NULL },
	.flags = AU_FMT_TEXT,
	.probe = probe,
	.read = read_json,
	.checked = "Keras configurations, remote code (auto_map, custom pipelines), chat templates, "
		   "instantiation targets, jsonpickle objects, duplicate keys",
};
