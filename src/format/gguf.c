/* GGUF versions 1 to 3, little and big endian: keys and values, a tensor table, aligned data.
 * Facts:
 *   gguf.header  num: version; text: counts
 *   gguf.kv      aux: key, text: value (scalars, strings in full, items of short string arrays)
 *   gguf.array   aux: key, text: item type, num: items
 *   gguf.struct  text: what contradicts the format; aux: key or tensor
 *   gguf.odd     text: what is unusual but readable; aux: key or tensor
 * Templates (tokenizer.chat_template*) are judged elsewhere from gguf.kv. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/view.h"

enum {
	KEY_MAX = 65535,            /* the format's own limit */
	STRING_MAX = 16 << 20,      /* a value that is kept; templates are under 100 KB */
	KV_MAX = 100000, TENSORS_MAX = 1000000, NEST_MAX = 4, ITEMS_TOLD = 64, TOLD_MAX = 200,
	ALIGN_MAX = 1 << 20,
};
enum kv_type { T_U8, T_I8, T_U16, T_I16, T_U32, T_I32, T_F32, T_BOOL, T_STR, T_ARR, T_U64, T_I64, T_F64, T_N };

static const struct { const char *name; unsigned size; } types[T_N] = {
	{ "u8", 1 }, { "i8", 1 }, { "u16", 2 }, { "i16", 2 }, { "u32", 4 }, { "i32", 4 }, { "f32", 4 },
	{ "bool", 1 }, { "string", 0 }, { "array", 0 }, { "u64", 8 }, { "i64", 8 }, { "f64", 8 },
};

static const struct ggml { const char *name; enum au_dtype dt; unsigned block, bytes; } ggml[] = {
	[0] = { "F32", AU_DT_F32, 1, 4 }, [1] = { "F16", AU_DT_F16, 1, 2 },
	[2] = { "Q4_0", AU_DT_Q4_0, 32, 18 }, [3] = { "Q4_1", AU_DT_Q4_1, 32, 20 },
	[6] = { "Q5_0", AU_DT_Q5_0, 32, 22 }, [7] = { "Q5_1", AU_DT_Q5_1, 32, 24 },
	[8] = { "Q8_0", AU_DT_Q8_0, 32, 34 }, [9] = { "Q8_1", AU_DT_Q8_1, 32, 36 },
	[10] = { "Q2_K", AU_DT_Q2_K, 256, 84 }, [11] = { "Q3_K", AU_DT_Q3_K, 256, 110 },
	[12] = { "Q4_K", AU_DT_Q4_K, 256, 144 }, [13] = { "Q5_K", AU_DT_Q5_K, 256, 176 },
	[14] = { "Q6_K", AU_DT_Q6_K, 256, 210 }, [15] = { "Q8_K", AU_DT_Q8_K, 256, 292 },
	[16] = { "IQ2_XXS", AU_DT_IQ, 256, 66 }, [17] = { "IQ2_XS", AU_DT_IQ, 256, 74 },
	[18] = { "IQ3_XXS", AU_DT_IQ, 256, 98 }, [19] = { "IQ1_S", AU_DT_IQ, 256, 50 },
	[20] = { "IQ4_NL", AU_DT_IQ, 32, 18 }, [21] = { "IQ3_S", AU_DT_IQ, 256, 110 },
	[22] = { "IQ2_S", AU_DT_IQ, 256, 82 }, [23] = { "IQ4_XS", AU_DT_IQ, 256, 136 },
	[24] = { "I8", AU_DT_I8, 1, 1 }, [25] = { "I16", AU_DT_I16, 1, 2 },
	[26] = { "I32", AU_DT_I32, 1, 4 }, [27] = { "I64", AU_DT_I64, 1, 8 },
	[28] = { "F64", AU_DT_F64, 1, 8 }, [29] = { "IQ1_M", AU_DT_IQ, 256, 56 },
	[30] = { "BF16", AU_DT_BF16, 1, 2 }, [34] = { "TQ1_0", AU_DT_IQ, 256, 54 },
	[35] = { "TQ2_0", AU_DT_IQ, 256, 66 }, [39] = { "MXFP4", AU_DT_IQ, 32, 17 },
};

struct reader {
	struct au_job *job;
	struct au_entry *e;
	struct au_view *v;
	uint64_t at, size;
	uint32_t version;
	bool be, bad;
	uint64_t align;
	unsigned told;
	struct au_map names;
};

static int probe(const struct au_probe *p)
{
	if (p->head_len >= 8 && !memcmp(p->head, "GGUF", 4))
		return 95;
	if (p->head_len >= 8 && (!memcmp(p->head, "FUGG", 4)))
		return 40;
	return au_iends(p->name, ".gguf") ? 30 : 0;
}

static void tell(struct reader *r, const char *topic, const char *what, const char *name)
{
	if (r->told++ < TOLD_MAX)
		au_emit(r->job, r->e, topic, what, name, au_span(r->at, 0));
}

/* Structure that ends the reading. */
static bool stop(struct reader *r, const char *what, const char *name)
{
	tell(r, "gguf.struct", what, name);
	au_emit_coverage(r->job, r->e, "malformed", r->at, "GGUF cannot be read on: %s", what);
	r->bad = true;
	return false;
}

static uint64_t value_of(const uint8_t *p, unsigned n, bool be)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[be ? i : n - 1 - i];
	return v;
}

static bool take(struct reader *r, unsigned n, uint64_t *ret)
{
	const uint8_t *p = au_view_need(r->v, r->at, n);

	if (!p)
		return stop(r, "the file ends too early", NULL);
	*ret = value_of(p, n, r->be);
	r->at += n;
	return true;
}

/* Lengths and counts: 32 bits in version 1. */
static bool take_len(struct reader *r, uint64_t *ret)
{
	return take(r, r->version == 1 ? 4 : 8, ret);
}

/* A string of at most max bytes; longer ones are an error. *ret is NUL-terminated. */
static bool take_string(struct reader *r, uint64_t max, const char *what, char **ret, size_t *ret_len)
{
	struct au_view *sub;
	const uint8_t *p;
	uint64_t len;
	size_t n = 0;

	if (!take_len(r, &len))
		return false;
	if (!au_within(r->at, len, r->size))
		return stop(r, "a string's length passes the end of the file", what);
	if (len > max)
		return stop(r, "a string is longer than any real one", what);
	sub = au_view_sub(r->job->scratch, r->v, r->at, len);
	p = sub ? au_view_all(sub, r->job->scratch, (size_t)len, &n) : NULL;
	if (!p && len)
		return stop(r, "a string cannot be read", what);
	*ret = au_arena_strn(r->job->scratch, (const char *)p, n);
	*ret_len = n;
	r->at += len;
	return true;
}

static void emit_string(struct reader *r, const char *key, const char *s, size_t n, uint64_t at)
{
	struct au_fact *f = au_emit_n(r->job, r->e, "gguf.kv", s, n, key, au_span(at, n));

	if (n > 65000)
		f->text = au_arena_strn(r->job->arena, s, n);
	f->num = n;
	if (memchr(s, 0, n))
		tell(r, "gguf.odd", "a string holds a NUL", key);
}

static bool scalar(struct reader *r, const char *key, enum kv_type t)
{
	uint64_t at = r->at, u;
	const char *s;
	uint32_t w;
	float f;
	double d;

	if (!take(r, types[t].size, &u))
		return false;
	if (t == T_BOOL && u > 1)
		tell(r, "gguf.odd", "a truth value is neither 0 nor 1", key);
	if (t == T_F32) {
		w = (uint32_t)u;
		memcpy(&f, &w, 4);
		s = au_arena_fmt(r->job->scratch, "%.9g", (double)f);
	} else if (t == T_F64) {
		memcpy(&d, &u, 8);
		s = au_arena_fmt(r->job->scratch, "%.17g", d);
	} else if (t == T_BOOL) {
		s = u ? "true" : "false";
	} else if (t == T_I8 || t == T_I16 || t == T_I32 || t == T_I64) {
		unsigned sh = 64 - 8 * types[t].size;

		s = au_arena_fmt(r->job->scratch, "%lld", (long long)((int64_t)(u << sh) >> sh));
	} else {
		s = au_arena_fmt(r->job->scratch, "%llu", (unsigned long long)u);
	}
	au_emit(r->job, r->e, "gguf.kv", s, key, au_span(at, types[t].size))->num = u;
	if (!strcmp(key, "general.alignment")) {
		if (t != T_U32 || !u || (u & (u - 1)) || u > ALIGN_MAX)
			tell(r, "gguf.struct", "general.alignment is not a small power of two", key);
		else
			r->align = u;
	}
	return true;
}

static bool skip_strings(struct reader *r, const char *key, uint64_t n, bool told)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = r->at, len;
		size_t k;
		char *s;

		if (told) {
			if (!take_string(r, STRING_MAX, key, &s, &k))
				return false;
			emit_string(r, key, s, k, at);
			continue;
		}
		if (!take_len(r, &len))
			return false;
		if (!au_within(r->at, len, r->size))
			return stop(r, "a string's length passes the end of the file", key);
		r->at += len;
	}
	return true;
}

static bool array(struct reader *r, const char *key, unsigned depth)
{
	uint64_t t, n, bytes;

	if (!take(r, 4, &t) || !take_len(r, &n))
		return false;
	if (t >= T_N)
		return stop(r, "an array has an unknown item type", key);
	if (t == T_ARR && depth + 1 >= NEST_MAX)
		return stop(r, "arrays are nested deeper than any real one", key);
	if (!au_mul(n, types[t].size ? types[t].size : r->version == 1 ? 4 : 8, &bytes) ||
	    !au_within(r->at, bytes, r->size))
		return stop(r, "an array's length passes the end of the file", key);
	if (!depth)
		au_emit(r->job, r->e, "gguf.array", types[t].name, key, au_span(r->at, bytes))->num = n;
	if (t == T_ARR) {
		tell(r, "gguf.struct", "an array of arrays, which no loader supports", key);
		for (uint64_t i = 0; i < n; i++)
			if (!array(r, key, depth + 1)) /* at most NEST_MAX deep */
				return false;
		return true;
	}
	if (t == T_STR)
		return skip_strings(r, key, n, n <= ITEMS_TOLD && !depth);
	if (t == T_BOOL && bytes && bytes <= AU_VIEW_WINDOW) {
		const uint8_t *p = au_view_need(r->v, r->at, (size_t)bytes);

		for (uint64_t i = 0; p && i < n; i++)
			if (p[i] > 1) {
				tell(r, "gguf.odd", "a truth value is neither 0 nor 1", key);
				break;
			}
	}
	r->at += bytes;
	return true;
}

static bool one_kv(struct reader *r)
{
	uint64_t t, at;
	size_t n;
	char *key, *s;

	if (!take_string(r, KEY_MAX, "a key", &key, &n))
		return false;
	if (strlen(key) != n)
		tell(r, "gguf.odd", "a key holds a NUL", key);
	if (au_map_get(&r->names, key, n))
		tell(r, "gguf.struct", "a key occurs twice", key);
	*au_map_put(&r->names, key, n) = r;
	if (!take(r, 4, &t))
		return false;
	if (t >= T_N)
		return stop(r, "a value has an unknown type", key);
	if (t == T_ARR)
		return array(r, key, 0);
	if (t != T_STR)
		return scalar(r, key, (enum kv_type)t);
	at = r->at;
	if (!take_string(r, STRING_MAX, key, &s, &n))
		return false;
	emit_string(r, key, s, n, at);
	return true;
}

static bool one_tensor(struct reader *r, struct au_tensor *ret)
{
	struct au_tensor t = { .where = r->e, .plain = true, .big_endian = r->be };
	uint64_t n_dims, type, n = 1, d[4] = { 1, 1, 1, 1 };
	const struct ggml *g;
	size_t len;
	char *name;

	if (!take_string(r, KEY_MAX, "a tensor's name", &name, &len))
		return false;
	t.name = au_arena_str(r->job->arena, name);
	if (len >= 64)
		tell(r, "gguf.odd", "a tensor's name is longer than 63 bytes", t.name);
	if (au_map_get(&r->names, name, len))
		tell(r, "gguf.struct", "a tensor's name occurs twice", t.name);
	*au_map_put(&r->names, name, len) = r;
	if (!take(r, 4, &n_dims))
		return false;
	if (n_dims > 4)
		return stop(r, "a tensor has more than four dimensions", t.name);
	for (uint64_t i = 0; i < n_dims; i++)
		if (!take_len(r, &d[i]))
			return false;
	if (!take(r, 4, &type) || !take(r, 8, &t.off))
		return false;
	t.n_dims = (unsigned)n_dims;
	for (unsigned i = 0; i < t.n_dims; i++) {
		t.dims[i] = d[t.n_dims - 1 - i];
		if (!au_mul(n, d[i], &n) || n > INT64_MAX)
			return stop(r, "the product of a tensor's dimensions overflows", t.name);
	}
	g = type < sizeof(ggml) / sizeof(*ggml) && ggml[type].name ? &ggml[type] : NULL;
	if (!g) {
		tell(r, "gguf.struct", "a tensor has an unknown data type", t.name);
		t.plain = false;
	} else {
		t.dtype = g->dt;
		t.dtype_text = g->name;
		if (d[0] % g->block || !au_mul(n / g->block, g->bytes, &t.bytes))
			tell(r, "gguf.struct", "a row is not a whole number of blocks", t.name);
	}
	*ret = t;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct au_tensor *x = a, *y = b;

	return x->off != y->off ? (x->off < y->off ? -1 : 1) : (x->bytes < y->bytes ? -1 : x->bytes > y->bytes);
}

/* Offsets count from the aligned end of the table. Keeps the rows whose data is in the file. */
static size_t place(struct reader *r, struct au_tensor *t, size_t n)
{
	uint64_t base = (r->at + r->align - 1) / r->align * r->align, end = base;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (t[i].off % r->align)
			tell(r, "gguf.struct", "a tensor's offset is not aligned", t[i].name);
		if (!au_add(t[i].off, base, &t[i].off) || !au_within(t[i].off, t[i].bytes, r->size)) {
			tell(r, "gguf.struct", "the data lies outside of the file", t[i].name);
			continue;
		}
		t[kept++] = t[i];
	}
	if (kept)
		qsort(t, kept, sizeof(*t), by_place);
	for (size_t i = 0; i < kept; i++) {
		if (t[i].off < end && t[i].bytes)
			tell(r, "gguf.struct", "two tensors share bytes", t[i].name);
		else if (t[i].off - end >= r->align)
			tell(r, "gguf.odd", "bytes between two tensors belong to none", t[i].name);
		if (t[i].off + t[i].bytes > end)
			end = t[i].off + t[i].bytes;
	}
	if (kept && kept == n && r->size > end && r->size - end >= r->align)
		au_emit(r->job, r->e, "gguf.odd", "bytes follow the last tensor", NULL,
			au_span(end, r->size - end))->num = r->size - end;
	return kept;
}

static bool head(struct reader *r, uint64_t *n_tensors, uint64_t *n_kv)
{
	uint64_t v = 0;

	r->at = 4;
	if (!take(r, 4, &v))
		return false;
	if (v && !(v & 0xffff)) { /* 3 stored the other way round */
		r->be = true;
		v = __builtin_bswap32((uint32_t)v);
		tell(r, "gguf.odd", "big-endian", NULL);
	}
	r->version = (uint32_t)v;
	if (v < 1 || v > 3)
		return stop(r, "an unknown version", NULL);
	if (!take_len(r, n_tensors) || !take_len(r, n_kv))
		return false;
	/* the least a key or a tensor takes */
	if (*n_kv > r->size / 9)
		return stop(r, "more keys are announced than the file can hold", NULL);
	if (*n_tensors > r->size / 24)
		return stop(r, "more tensors are announced than the file can hold", NULL);
	if (*n_kv > KV_MAX || *n_tensors > TENSORS_MAX)
		return stop(r, "more keys or tensors than any real model", NULL);
	au_emit(r->job, r->e, "gguf.header",
		au_arena_fmt(r->job->scratch, "%llu keys, %llu tensors", (unsigned long long)*n_kv,
			     (unsigned long long)*n_tensors), NULL, au_span(0, r->at))->num = r->version;
	return true;
}

static int read_it(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct reader r = { .job = job, .e = e, .v = v, .size = au_view_size(v), .align = 32 };
	uint64_t n_tensors = 0, n_kv = 0;
	struct au_vec rows;
	bool ok;

	au_map_init(&r.names, job->scratch);
	au_vec_init(&rows, sizeof(struct au_tensor), TENSORS_MAX);
	ok = head(&r, &n_tensors, &n_kv);
	for (uint64_t i = 0; i < n_kv && ok; i++)
		ok = one_kv(&r);
	au_map_init(&r.names, job->scratch);
	for (uint64_t i = 0; i < n_tensors && ok; i++) {
		struct au_tensor t;

		ok = one_tensor(&r, &t);
		if (ok)
			*(struct au_tensor *)au_vec_push(&rows) = t;
	}
	if (ok && rows.n) {
		size_t n = place(&r, rows.p, rows.n);

		if (n)
			au_emit_tensors(e, au_arena_dup(job->arena, rows.p, n * sizeof(struct au_tensor)), n);
	}
	au_vec_release(&rows);
	return ok ? AU_OK : AU_BAD;
}

static const char *const extensions[] = { "gguf", NULL };

const struct au_format au_format_gguf = {
	.name = "gguf", .title = "GGUF", .extensions = extensions, .flags = AU_FMT_MODEL, .probe = probe,
	.read = read_it,
	.checked = "counts, lengths, nesting, dimensions, alignment, overlaps; every key and template",
};
