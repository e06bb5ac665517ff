/* safetensors: eight bytes of length, a JSON header, raw tensors. Nothing in it runs; what matters
 * is that every reader sees the same tensors, so any two ways to read the header are told.
 * Facts:
 *   safetensors.header    num: header bytes; text: number of tensors
 *   safetensors.metadata  aux: key, text: value (strings of __metadata__)
 *   safetensors.struct    text: what contradicts the format; aux: the tensor
 *   safetensors.odd       text: what is unusual but readable; aux: the tensor
 *   safetensors.trailing  text: what the bytes behind the last tensor are; num: how many
 *   safetensors.shard     aux: tensor, text: file (from *.safetensors.index.json) */
#include "base/banned.h"
#include "audit/format.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/json.h"
#include "io/view.h"

enum { HEADER_MAX = 100 * 1000 * 1000, TENSORS_MAX = 1000000, TOLD_MAX = 200, SHARD_FACTS = 5000 };

struct reader {
	struct au_job *job;
	struct au_entry *e;
	struct au_json j;
	uint64_t body, size;      /* first byte of data, size of the file */
	struct au_vec tensors;
	struct au_map names;
	unsigned told;
	bool bad;
};

static const struct dtype { const char *name; enum au_dtype dt; unsigned bits; } dtypes[] = {
	{ "F64", AU_DT_F64, 64 }, { "F32", AU_DT_F32, 32 }, { "F16", AU_DT_F16, 16 },
	{ "BF16", AU_DT_BF16, 16 }, { "F8_E4M3", AU_DT_F8_E4M3, 8 }, { "F8_E5M2", AU_DT_F8_E5M2, 8 },
	{ "I64", AU_DT_I64, 64 }, { "I32", AU_DT_I32, 32 }, { "I16", AU_DT_I16, 16 },
	{ "I8", AU_DT_I8, 8 }, { "U64", AU_DT_U64, 64 }, { "U32", AU_DT_U32, 32 },
	{ "U16", AU_DT_U16, 16 }, { "U8", AU_DT_U8, 8 }, { "BOOL", AU_DT_BOOL, 8 },
	{ "C64", AU_DT_C64, 64 }, { "F8_E8M0", AU_DT_OTHER, 8 }, { "F4", AU_DT_OTHER, 4 },
	{ "F6_E2M3", AU_DT_OTHER, 6 }, { "F6_E3M2", AU_DT_OTHER, 6 },
};

static const struct dtype *dtype_find(const char *s)
{
	for (size_t i = 0; i < sizeof(dtypes) / sizeof(*dtypes); i++)
		if (!strcmp(dtypes[i].name, s))
			return &dtypes[i];
	return NULL;
}

static int probe(const struct au_probe *p)
{
	bool ext = au_iends(p->name, ".safetensors");
	uint64_t n;

	if (p->head_len < 9)
		return ext ? 30 : 0;
	n = au_le64(p->head);
	if (p->head[8] == '{' && n >= 2 && p->size >= 8 && n <= p->size - 8)
		return p->head_len > 9 && (p->head[9] == '"' || p->head[9] == '}') ? 95 : 80;
	if (ext && (p->head[8] == '{' || n <= p->size - 8))
		return 65;
	return ext ? 30 : 0;
}

/* Structure that two readers may take in two ways, or odd things; a bounded number is told. */
static void tell(struct reader *r, const char *topic, const char *what, const char *name, uint64_t at)
{
	if (!strcmp(topic, "safetensors.struct"))
		r->bad = true;
	if (r->told++ < TOLD_MAX)
		au_emit(r->job, r->e, topic, what, name, au_span(at, 0));
}

/* The text of an event is not a string: it has a length. */
static bool is(const struct au_json *j, const char *word)
{
	return strlen(word) == j->len && !memcmp(j->text, word, j->len);
}

static bool number(const char *s, size_t n, uint64_t *ret)
{
	uint64_t v = 0;

	if (!n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9' || !au_mul(v, 10, &v) || !au_add(v, (uint64_t)(s[i] - '0'), &v))
			return false;
	*ret = v;
	return true;
}

/* An array of at most max numbers; *ret_n counts all. False: not such an array. */
static bool numbers(struct reader *r, uint64_t *v, unsigned max, unsigned *ret_n)
{
	unsigned n = 0;

	if (au_json_next(&r->j) != AU_JSON_ARRAY)
		return false;
	for (;;) {
		enum au_json_event ev = au_json_next(&r->j);
		uint64_t x;

		if (ev == AU_JSON_ARRAY_END)
			break;
		if (ev != AU_JSON_NUMBER || !number(r->j.text, r->j.len, &x))
			return false;
		if (n < max)
			v[n] = x;
		n++;
	}
	*ret_n = n;
	return true;
}

static bool metadata(struct reader *r)
{
	enum au_json_event ev = au_json_next(&r->j);

	if (ev != AU_JSON_OBJECT) {
		tell(r, "safetensors.struct", "__metadata__ is not an object", NULL, 8 + r->j.tok_at);
		return au_json_skip(&r->j, ev);
	}
	while ((ev = au_json_next(&r->j)) == AU_JSON_KEY) {
		char *key = au_arena_strn(r->job->scratch, r->j.text, r->j.len);
		uint64_t at = 8 + r->j.tok_at;

		ev = au_json_next(&r->j);
		if (ev == AU_JSON_STRING) {
			au_emit_n(r->job, r->e, "safetensors.metadata", r->j.text, r->j.len, key,
				  au_span(at, 8 + r->j.at - at));
			continue;
		}
		tell(r, "safetensors.odd", "a value of __metadata__ is not a string", key, at);
		if (!au_json_skip(&r->j, ev))
			return false;
	}
	return ev == AU_JSON_OBJECT_END;
}

/* Shape times type against the span in the file. */
static void check_span(struct reader *r, const struct au_tensor *t, const struct dtype *d, bool dims_ok)
{
	uint64_t bits = d ? d->bits : 0;

	if (!d) {
		tell(r, "safetensors.odd", "a data type nobody documents", t->name, t->off);
		return;
	}
	for (unsigned i = 0; i < t->n_dims && dims_ok; i++)
		dims_ok = au_mul(bits, t->dims[i], &bits);
	if (!dims_ok)
		tell(r, "safetensors.struct", "the shape's product does not fit in 64 bits", t->name, t->off);
	else if (bits % 8 || bits / 8 != t->bytes)
		tell(r, "safetensors.struct", "shape and data type do not give the size of the data", t->name,
		     t->off);
}

/* One tensor's object, its opening brace already read. */
static bool tensor(struct reader *r, const char *name, uint64_t at)
{
	uint64_t span[2] = { 0, 0 };
	unsigned n_span = 0, seen = 0, n;
	const struct dtype *d = NULL;
	struct au_tensor t = { .name = name, .where = r->e, .plain = true };
	enum au_json_event ev;
	struct au_tensor *row;

	while ((ev = au_json_next(&r->j)) == AU_JSON_KEY) {
		unsigned bit = is(&r->j, "dtype") ? 1 : is(&r->j, "shape") ? 2 :
			       is(&r->j, "data_offsets") ? 4 : 0;

		if (bit & seen)
			tell(r, "safetensors.struct", "a key occurs twice in a tensor's record", name, at);
		seen |= bit;
		if (bit == 2 || bit == 4) {
			if (!numbers(r, bit == 2 ? t.dims : span, bit == 2 ? AU_DIMS_MAX : 2,
				     bit == 2 ? &n : &n_span))
				return false;
			if (bit == 2)
				t.n_dims = n;
			continue;
		}
		ev = au_json_next(&r->j);
		if (bit == 1 && ev == AU_JSON_STRING) {
			t.dtype_text = au_arena_strn(r->job->arena, r->j.text, r->j.len);
			d = dtype_find(t.dtype_text);
			t.dtype = d ? d->dt : AU_DT_OTHER;
			continue;
		}
		tell(r, "safetensors.odd", "an unknown key in a tensor's record", name, at);
		if (!au_json_skip(&r->j, ev))
			return false;
	}
	if (ev != AU_JSON_OBJECT_END)
		return false;
	if (seen != 7 || n_span != 2) {
		tell(r, "safetensors.struct", "a tensor's record is incomplete", name, at);
		return true;
	}
	if (t.n_dims > AU_DIMS_MAX) {
		tell(r, "safetensors.odd", "a tensor has more than eight dimensions", name, at);
		return true;
	}
	if (span[0] > span[1] || span[1] > r->size - r->body) {
		tell(r, "safetensors.struct", "the data lies outside of the file", name, at);
		return true;
	}
	t.off = r->body + span[0];
	t.bytes = span[1] - span[0];
	check_span(r, &t, d, true);
	if (!r->bad && (strstr(name, "../") || strstr(name, "..\\") || *name == '/'))
		tell(r, "safetensors.odd", "a tensor's name is a path that leaves the directory", name, at);
	row = au_vec_push(&r->tensors);
	if (row)
		*row = t;
	return true;
}

static bool header(struct reader *r)
{
	enum au_json_event ev = au_json_next(&r->j);

	if (ev != AU_JSON_OBJECT)
		return false;
	while ((ev = au_json_next(&r->j)) == AU_JSON_KEY) {
		uint64_t at = 8 + r->j.tok_at;
		char *name = au_arena_strn(r->job->arena, r->j.text, r->j.len);
		void **slot = au_map_put(&r->names, r->j.text, r->j.len);

		if (*slot)
			tell(r, "safetensors.struct", "a tensor's name occurs twice", name, at);
		*slot = r;
		if (strlen(name) != r->j.len)
			tell(r, "safetensors.odd", "a tensor's name holds a NUL", name, at);
		if (!strcmp(name, "__metadata__")) {
			if (!metadata(r))
				return false;
			continue;
		}
		ev = au_json_next(&r->j);
		if (ev != AU_JSON_OBJECT) {
			tell(r, "safetensors.struct", "a tensor's record is not an object", name, at);
			if (!au_json_skip(&r->j, ev))
				return false;
		} else if (!tensor(r, name, at)) {
			return false;
		}
	}
	return ev == AU_JSON_OBJECT_END && au_json_next(&r->j) == AU_JSON_END;
}

static int by_place(const void *a, const void *b)
{
	const struct au_tensor *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

static const char *sniff(const uint8_t *p, size_t n)
{
	if (n >= 4 && !memcmp(p, "\x7f" "ELF", 4))
		return "an ELF program";
	if (n >= 2 && !memcmp(p, "MZ", 2))
		return "a Windows program";
	if (n >= 4 && !memcmp(p, "PK\3\4", 4))
		return "a zip archive";
	if (n >= 2 && p[0] == 0x80 && p[1] >= 1 && p[1] <= 5)
		return "a pickle";
	if (n >= 2 && !memcmp(p, "#!", 2))
		return "a script";
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return "unknown data";
	return "zeros";
}

/* Tensors must follow each other without gaps and fill the file. */
static void check_order(struct reader *r, struct au_view *v)
{
	struct au_tensor *t = r->tensors.p;
	uint64_t end = r->body;
	const uint8_t *p;
	size_t n;

	for (size_t i = 1; i < r->tensors.n; i++)
		if (t[i].off < t[i - 1].off) {
			tell(r, "safetensors.odd", "tensors are not in the order of their data", t[i].name, t[i].off);
			break;
		}
	if (r->tensors.n)
		qsort(t, r->tensors.n, sizeof(*t), by_place);
	for (size_t i = 0; i < r->tensors.n; i++) {
		if (t[i].off > end)
			tell(r, "safetensors.struct", "bytes between two tensors belong to none", t[i].name, end);
		else if (t[i].off < end && t[i].bytes)
			tell(r, "safetensors.struct", "two tensors share bytes", t[i].name, t[i].off);
		if (t[i].off + t[i].bytes > end)
			end = t[i].off + t[i].bytes;
	}
	if (end >= r->size)
		return;
	p = au_view_some(v, end, 4096, &n);
	if (p)
		au_emit(r->job, r->e, "safetensors.trailing", sniff(p, n), NULL,
			au_span(end, r->size - end))->num = r->size - end;
}

static int give_up(struct reader *r, const char *what, uint64_t at)
{
	tell(r, "safetensors.struct", what, NULL, at);
	au_emit_coverage(r->job, r->e, "malformed", at, "the safetensors header cannot be read: %s", what);
	return AU_BAD;
}

static int read_it(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct reader r = { .job = job, .e = e, .size = au_view_size(v) };
	struct au_view *hv;
	const uint8_t *p = NULL;
	uint64_t len;
	size_t n = 0;
	bool ok;

	if (!au_view_u64le(v, 0, &len))
		return AU_NOTME;
	if (len > r.size - 8)
		return give_up(&r, "the header's length passes the end of the file", 0);
	if (len > HEADER_MAX)
		return give_up(&r, "the header is larger than 100 MB", 0);
	hv = au_view_sub(job->scratch, v, 8, len);
	p = hv ? au_view_all(hv, job->scratch, HEADER_MAX, &n) : NULL;
	if (!p)
		return AU_IO;
	r.body = 8 + len;
	au_vec_init(&r.tensors, sizeof(struct au_tensor), TENSORS_MAX);
	au_map_init(&r.names, job->scratch);
	if (n && *p != '{')
		tell(&r, "safetensors.struct", "the header does not begin with a brace", NULL, 8);
	au_json_init(&r.j, p, n);
	ok = header(&r);
	if (ok) {
		check_order(&r, v);
		au_emit(job, e, "safetensors.header",
			au_arena_fmt(job->scratch, "%zu tensors", r.tensors.n), NULL, au_span(0, r.body))->num = len;
	}
	if (r.tensors.n == TENSORS_MAX)
		au_emit_coverage(job, e, "limit", 8, "more than %d tensors: the rest was not read", TENSORS_MAX);
	if (r.tensors.n)
		au_emit_tensors(e, au_arena_dup(job->arena, r.tensors.p, r.tensors.n * sizeof(struct au_tensor)),
				r.tensors.n);
	au_vec_release(&r.tensors);
	if (!ok)
		give_up(&r, r.j.err ? r.j.err : "the JSON is not a tensor table", 8 + r.j.tok_at);
	au_json_release(&r.j);
	return ok ? AU_OK : AU_BAD;
}

static const char *const extensions[] = { "safetensors", NULL };

const struct au_format au_format_safetensors = {
	.name = "safetensors", .title = "safetensors", .extensions = extensions, .flags = AU_FMT_MODEL,
	.probe = probe, .read = read_it,
	.checked = "header length, JSON, duplicate keys, gaps, overlaps, shapes, bytes behind the tensors",
};

static int probe_index(const struct au_probe *p)
{
	return au_iends(p->name, ".index.json") && p->text && p->head_len && p->head[0] == '{' &&
	       (au_iends(p->name, ".safetensors.index.json") || au_iends(p->name, ".bin.index.json")) ? 75 : 0;
}

/* {"metadata": {...}, "weight_map": {tensor: file}}; where the tensors of a sharded model lie. */
static int read_index(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	enum au_json_event ev;
	unsigned told = 0;
	struct au_json j;
	const uint8_t *p;
	size_t n = 0;

	p = au_view_all(v, job->scratch, HEADER_MAX, &n);
	if (!p)
		return AU_NOTME;
	au_json_init(&j, p, n);
	ev = au_json_next(&j);
	while (ev == AU_JSON_OBJECT && (ev = au_json_next(&j)) == AU_JSON_KEY) {
		bool map = is(&j, "weight_map");

		ev = au_json_next(&j);
		if (!map || ev != AU_JSON_OBJECT) {
			ev = au_json_skip(&j, ev) ? AU_JSON_OBJECT : AU_JSON_ERROR;
			continue;
		}
		while ((ev = au_json_next(&j)) == AU_JSON_KEY) {
			char *name = au_arena_strn(job->scratch, j.text, j.len);
			size_t at = j.tok_at;

			ev = au_json_next(&j);
			if (ev == AU_JSON_STRING && told++ < SHARD_FACTS)
				au_emit_n(job, e, "safetensors.shard", j.text, j.len, name, au_span(at, j.at - at));
			else if (!au_json_skip(&j, ev))
				break;
		}
		ev = ev == AU_JSON_OBJECT_END ? AU_JSON_OBJECT : AU_JSON_ERROR;
	}
	au_json_release(&j);
	return told ? AU_OK : AU_NOTME;
}

const struct au_format au_format_safetensors_index = {
	.name = "safetensors-index", .title = "index of a sharded model", .flags = AU_FMT_MODEL | AU_FMT_TEXT,
	.probe = probe_index, .read = read_index, .checked = "which file holds which tensor",
};
