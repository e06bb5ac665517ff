/* PyTorch's old file layout: five pickles (magic number, protocol, system, object, keys) and behind
 * them the storages, each a count and its elements. Facts, besides the pickle ones:
 *   torch.storage-size  the storages do not fill the file as stated; num the difference, text says how */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "format/torch.h"
#include "io/view.h"

const struct au_torch_dtype *au_torch_dtype(const char *cls)
{
	static const struct au_torch_dtype all[] = {
		{ "DoubleStorage", AU_DT_F64, "float64", 8 }, { "FloatStorage", AU_DT_F32, "float32", 4 },
		{ "HalfStorage", AU_DT_F16, "float16", 2 }, { "BFloat16Storage", AU_DT_BF16, "bfloat16", 2 },
		{ "LongStorage", AU_DT_I64, "int64", 8 }, { "IntStorage", AU_DT_I32, "int32", 4 },
		{ "ShortStorage", AU_DT_I16, "int16", 2 }, { "CharStorage", AU_DT_I8, "int8", 1 },
		{ "ByteStorage", AU_DT_U8, "uint8", 1 }, { "BoolStorage", AU_DT_BOOL, "bool", 1 },
		{ "ComplexFloatStorage", AU_DT_C64, "complex64", 8 },
		{ "ComplexDoubleStorage", AU_DT_C128, "complex128", 16 },
		{ "UntypedStorage", AU_DT_OTHER, "untyped", 1 }, { "QInt8Storage", AU_DT_I8, "qint8", 1 },
		{ "QUInt8Storage", AU_DT_U8, "quint8", 1 }, { "QInt32Storage", AU_DT_I32, "qint32", 4 },
		{ "Float8_e4m3fnStorage", AU_DT_F8_E4M3, "float8_e4m3fn", 1 },
		{ "Float8_e5m2Storage", AU_DT_F8_E5M2, "float8_e5m2", 1 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(cls, all[i].cls))
			return &all[i];
	return NULL;
}

/* Strides are those of a contiguous tensor. */
static bool contiguous(const struct au_pickle_tensor *t, uint64_t *ret_n)
{
	uint64_t n = 1;
	bool ok = !t->odd && t->n_strides == t->n_dims;

	for (unsigned i = t->n_dims; i-- > 0;) {
		ok = ok && (t->strides[i] == n || t->dims[i] <= 1);
		if (!au_mul(n, t->dims[i], &n))
			return false;
	}
	*ret_n = n;
	return ok;
}

void au_torch_tensors(struct au_job *job, struct au_entry *e, const struct au_pickle *p,
		      const struct au_torch_place *places, bool big_endian)
{
	struct au_tensor *t = AU_ARRAY(job->arena, struct au_tensor, p->n_tensors + 1);

	for (size_t i = 0; i < p->n_tensors; i++) {
		const struct au_pickle_tensor *x = &p->tensors[i];
		const struct au_pickle_storage *s = &p->storages[x->storage];
		const struct au_torch_dtype *d = au_torch_dtype(s->cls);
		uint64_t n = 0, start, bytes;

		t[i] = (struct au_tensor){ .name = x->name ? x->name : "", .dtype = d ? d->dtype : AU_DT_OTHER,
					   .dtype_text = d ? d->text : s->cls, .n_dims = x->n_dims, .where = e,
					   .big_endian = big_endian };
		memcpy(t[i].dims, x->dims, sizeof(x->dims));
		if (!d || !places[x->storage].known || !contiguous(x, &n) || !au_mul(n, d->size, &bytes) ||
		    !au_mul(x->offset, d->size, &start) || !au_within(start, bytes, places[x->storage].bytes))
			continue;
		t[i].off = places[x->storage].off + start;
		t[i].bytes = bytes;
		t[i].plain = places[x->storage].raw;
	}
	au_emit_tensors(e, t, p->n_tensors);
}

static int probe(const struct au_probe *p)
{
	static const uint8_t magic[] = { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19 };

	return p->head_len > sizeof(magic) && !memcmp(p->head, magic, sizeof(magic)) ? 100 : 0;
}


static int by_key(const void *a, const void *b, void *ctx)
{
	const struct au_pickle *p = ctx;

	return strcmp(p->storages[*(const uint32_t *)a].key, p->storages[*(const uint32_t *)b].key);
}

/* Place the storages one behind the other in the order of their keys, as torch writes them. The
 * end of the last one, or 0 when they do not fit together. */
static uint64_t place(struct au_job *job, struct au_view *v, const struct au_pickle *p,
		      struct au_torch_place *places, const char **ret_why)
{
	uint32_t *order = AU_ARRAY(job->scratch, uint32_t, p->n_storages + 1);
	uint64_t at = p->end, n, bytes;

	*ret_why = "storages do not lie as the pickle states them";
	for (size_t i = 0; i < p->n_storages; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, p->n_storages, sizeof(*order), by_key, (void *)p);
	for (size_t i = 0; i < p->n_storages; i++) {
		const struct au_pickle_storage *s = &p->storages[order[i]];
		const struct au_torch_dtype *d = au_torch_dtype(s->cls);

		if (i && !strcmp(s->key, p->storages[order[i - 1]].key)) {
			places[order[i]] = places[order[i - 1]];
			continue;
		}
		if (!d || !au_view_u64le(v, at, &n) || n != s->numel || !au_mul(n, d->size, &bytes) ||
		    !au_within(at + 8, bytes, au_view_size(v)))
			return 0;
		places[order[i]] = (struct au_torch_place){ at + 8, bytes, true, true };
		at += 8 + bytes;
	}
	return at;
}

static int read_legacy(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pickle_opts o = { .max_streams = 5, .tensors = true };
	struct au_torch_place *places;
	struct au_pickle p, rest;
	const char *why = "";
	uint64_t end, size = au_view_size(v);
	int rc = au_pickle_scan(v, job->arena, job->scratch, &o, &p);

	if (rc == AU_OK && p.streams == 5 && !p.note_counts[AU_PN_ERROR]) {
		au_pickle_emit(job, e, &p, 0);
		places = AU_ARRAY(job->scratch, struct au_torch_place, p.n_storages + 1);
		end = place(job, v, &p, places, &why);
		au_torch_tensors(job, e, &p, places, false);
		if (end == size)
			return AU_OK;
		if (end)
			why = "bytes behind the last storage";
		au_emit(job, e, "torch.storage-size", why, NULL, au_span(end ? end : p.end, 0))->num =
			size - (end ? end : p.end);
		o = (struct au_pickle_opts){ .start = end ? end : p.end, .sweep = true };
		rc = au_pickle_scan(v, job->arena, job->scratch, &o, &rest);
		/* only what was found in it: that it is no stream is clear */
		rest.n_notes = 0;
		if (rest.n_refs)
			au_pickle_emit(job, e, &rest, 0);
		return rc == AU_IO ? AU_IO : AU_OK;
	}
	/* not the five streams of torch.save: read it as any pickle */
	o = (struct au_pickle_opts){ .sweep = true };
	rc = au_pickle_scan(v, job->arena, job->scratch, &o, &p);
	au_pickle_emit(job, e, &p, 0);
	return rc;
}

const struct au_format au_format_torch_legacy = {
	.name = "torch-legacy",
	.title = "PyTorch model (before 1.6)",
	.extensions = (const char *const[]){ "pt", "pth", "bin", "th", NULL },
	.flags = AU_FMT_MODEL | AU_FMT_EXECUTES,
	.probe = probe,
	.read = read_legacy,
	.checked = "all five pickles, storages against what the pickle states, bytes behind them",
};
