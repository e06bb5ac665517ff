/* ONNX models (onnx/onnx.proto, IR version 3 to 13), read without a schema library. Facts:
 *   onnx.op        text: "domain:op" outside of the standard's operators, once each; aux: a node
 *   onnx.pyop      the same for operators that run Python
 *   onnx.external  text: location of a tensor's data; aux: the tensor; detail: au_onnx_external
 *   onnx.struct    text: what is wrong; aux: the tensor
 *   onnx.meta      text: value; aux: key of metadata_props
 *   onnx.doc       text: a doc string of model or graph
 *   onnx.producer  text: name; num: IR version
 * The initialisers are the tensor table. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/onnx.h"
#include "format/protobuf.h"
#include "io/view.h"

enum { DEPTH = 32, STRING = 4096, TENSORS_MAX = 1000000, MESSAGES_MAX = 20000000 };

struct onnx {
	struct au_job *job;
	struct au_entry *e;
	struct au_map ops, functions;
	struct au_vec tensors;
	uint64_t messages;
	bool limit, bad;
	uint64_t bad_at;
};

static bool known_field(const struct au_pb_field *f)
{
	switch (f->no) {
	case 1: case 5:
		return f->wire == AU_PB_VARINT;
	case 2: case 3: case 4: case 6: case 7: case 8: case 14: case 20: case 25: case 26:
		return f->wire == AU_PB_BYTES;
	default:
		return false;
	}
}

/* Top-level fields alone: a handful, as lengths are skipped. */
static int probe(const struct au_probe *p)
{
	struct au_pb pb = au_pb_message(p->view, 0, p->size), sub;
	struct au_pb_field f, g;
	bool graph = false, version = false, opset = false, other = false;
	unsigned n = 0;

	if (p->size < 4 || p->text)
		return 0;
	while (n < 4096 && au_pb_next(&pb, &f)) {
		n++;
		other |= !known_field(&f);
		if (f.no == 1 && f.wire == AU_PB_VARINT)
			version = f.num && f.num < 64;
		if (f.no == 7 && f.wire == AU_PB_BYTES) {
			sub = au_pb_sub(&pb, &f);
			graph = !f.len || (au_pb_next(&sub, &g) && g.wire == AU_PB_BYTES && g.no <= 16);
		}
		if (f.no == 8 && f.wire == AU_PB_BYTES)
			opset = true;
	}
	if (!graph || other)
		return graph && version && au_iends(p->name, ".onnx") ? 70 : 0;
	if (pb.bad)
		return version && au_iends(p->name, ".onnx") ? 75 : 0;
	return version && opset ? 95 : version || opset ? 75 : au_iends(p->name, ".onnx") ? 65 : 0;
}

static bool enter(struct onnx *o, unsigned depth)
{
	if (depth < DEPTH && o->messages++ < MESSAGES_MAX)
		return true;
	o->limit = true;
	return false;
}

static void note_bad(struct onnx *o, const struct au_pb *pb)
{
	if (pb->bad && !o->bad) {
		o->bad = true;
		o->bad_at = pb->at;
	}
}

static void structure(struct onnx *o, const char *what, const char *name, uint64_t off)
{
	au_emit(o->job, o->e, "onnx.struct", what, name, au_span(off, 1));
}

/* ---- tensors ---- */

static enum au_dtype dtype(uint64_t t, const char **ret_text, unsigned *ret_bits)
{
	static const struct { enum au_dtype t; const char *text; unsigned bits; } types[] = {
		{ AU_DT_OTHER, "undefined", 0 }, { AU_DT_F32, "float", 32 }, { AU_DT_U8, "uint8", 8 },
		{ AU_DT_I8, "int8", 8 }, { AU_DT_U16, "uint16", 16 }, { AU_DT_I16, "int16", 16 },
		{ AU_DT_I32, "int32", 32 }, { AU_DT_I64, "int64", 64 }, { AU_DT_OTHER, "string", 0 },
		{ AU_DT_BOOL, "bool", 8 }, { AU_DT_F16, "float16", 16 }, { AU_DT_F64, "double", 64 },
		{ AU_DT_U32, "uint32", 32 }, { AU_DT_U64, "uint64", 64 }, { AU_DT_C64, "complex64", 64 },
		{ AU_DT_C128, "complex128", 128 }, { AU_DT_BF16, "bfloat16", 16 },
		{ AU_DT_F8_E4M3, "float8e4m3fn", 8 }, { AU_DT_OTHER, "float8e4m3fnuz", 8 },
		{ AU_DT_F8_E5M2, "float8e5m2", 8 }, { AU_DT_OTHER, "float8e5m2fnuz", 8 },
		{ AU_DT_OTHER, "uint4", 4 }, { AU_DT_OTHER, "int4", 4 }, { AU_DT_OTHER, "float4e2m1", 4 },
	};

	if (t >= sizeof(types) / sizeof(*types)) {
		*ret_text = "unknown";
		*ret_bits = 0;
		return AU_DT_OTHER;
	}
	*ret_text = types[t].text;
	*ret_bits = types[t].bits;
	return types[t].t;
}

static bool number(const char *s, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*s)
		return false;
	for (; *s; s++)
		if (*s < '0' || *s > '9' || !au_mul(v, 10, &v) || !au_add(v, (uint64_t)(*s - '0'), &v))
			return false;
	*ret = v;
	return true;
}

struct tensor {
	struct au_tensor t;
	uint64_t type, elements, off;
	unsigned bits;
	bool overflow, negative, external, raw;
	const char *location;
	struct au_onnx_external x;
};

static void entry_pair(struct onnx *o, struct au_pb pb, const char **key, const char **value)
{
	struct au_pb_field f;

	*key = *value = "";
	while (au_pb_next(&pb, &f)) {
		if (f.no == 1)
			*key = au_pb_string(&pb, &f, o->job->scratch, STRING);
		else if (f.no == 2)
			*value = au_pb_string(&pb, &f, o->job->arena, STRING);
	}
}

static void external(struct onnx *o, struct tensor *t, struct au_pb pb)
{
	const char *key, *value;

	entry_pair(o, pb, &key, &value);
	if (!strcmp(key, "location"))
		t->location = value;
	else if (!strcmp(key, "offset"))
		t->x.bad_number |= !number(value, &t->x.offset);
	else if (!strcmp(key, "length"))
		t->x.bad_number |= !(t->x.has_length = number(value, &t->x.length));
}

static void dims(struct tensor *t, const struct au_pb *pb, const struct au_pb_field *f)
{
	uint64_t at = 0, d;

	while (au_pb_packed(pb, f, &at, &d)) {
		if (t->t.n_dims < AU_DIMS_MAX)
			t->t.dims[t->t.n_dims] = d;
		t->t.n_dims++;
		t->negative |= d >> 63;
		t->overflow |= !au_mul(t->elements, d, &t->elements);
	}
}

static void tensor_done(struct onnx *o, struct tensor *t)
{
	uint64_t bits = 0;
	bool sized;
	struct au_tensor *row;

	t->t.dtype = dtype(t->type, &t->t.dtype_text, &t->bits);
	sized = !t->overflow && !t->negative && t->bits && au_mul(t->elements, t->bits, &bits);
	if (t->negative || t->overflow || (t->bits && !t->overflow && !sized))
		structure(o, t->negative ? "a dimension is negative" : "the product of the dimensions overflows",
			  t->t.name, t->off);
	else if (sized && t->raw && t->t.bytes != (bits + 7) / 8)
		structure(o, "the data is not as long as shape and type ask for", t->t.name, t->off);
	if (t->external || t->location) {
		struct au_onnx_external *x = au_arena_dup(o->job->arena, &t->x, sizeof(t->x));

		x->need = sized ? (bits + 7) / 8 : 0;
		au_emit(o->job, o->e, "onnx.external", t->location ? t->location : "", t->t.name,
			au_span(t->off, 1))->detail = x;
		t->t.file = t->location;
		t->t.off = x->offset;
		t->t.bytes = x->has_length ? x->length : x->need;
	}
	if (t->t.n_dims > AU_DIMS_MAX || !(row = au_vec_push(&o->tensors)))
		return;
	*row = t->t;
	row->plain = sized && (t->raw || t->location) && t->t.bytes == (bits + 7) / 8 && t->bits >= 8;
}

static void read_tensor(struct onnx *o, struct au_pb pb, unsigned depth)
{
	struct tensor t = { .elements = 1, .off = pb.at };
	struct au_pb_field f;

	if (!enter(o, depth))
		return;
	t.t.name = "";
	t.t.where = o->e;
	while (au_pb_next(&pb, &f)) {
		if (f.no == 1)
			dims(&t, &pb, &f);
		else if (f.no == 2 && f.wire == AU_PB_VARINT)
			t.type = f.num;
		else if (f.no == 8)
			t.t.name = au_pb_string(&pb, &f, o->job->arena, STRING);
		else if (f.no == 9 && f.wire == AU_PB_BYTES) {
			t.raw = true;
			t.t.off = f.off;
			t.t.bytes = f.len;
		} else if (f.no == 13)
			external(o, &t, au_pb_sub(&pb, &f));
		else if (f.no == 14 && f.wire == AU_PB_VARINT)
			t.external = f.num == 1;
	}
	note_bad(o, &pb);
	tensor_done(o, &t);
}

/* ---- nodes and graphs ---- */

static void graph(struct onnx *o, struct au_pb pb, unsigned depth);

static void sparse(struct onnx *o, struct au_pb pb, unsigned depth)
{
	struct au_pb_field f;

	while (au_pb_next(&pb, &f))
		if ((f.no == 1 || f.no == 2) && f.wire == AU_PB_BYTES)
			read_tensor(o, au_pb_sub(&pb, &f), depth + 1);
}

static void attribute(struct onnx *o, struct au_pb pb, unsigned depth)
{
	struct au_pb_field f;

	if (!enter(o, depth))
		return;
	while (au_pb_next(&pb, &f)) {
		if (f.wire != AU_PB_BYTES)
			continue;
		if (f.no == 5 || f.no == 10)
			read_tensor(o, au_pb_sub(&pb, &f), depth + 1);
		else if (f.no == 6 || f.no == 11)
			graph(o, au_pb_sub(&pb, &f), depth + 1);
		else if (f.no == 22 || f.no == 23)
			sparse(o, au_pb_sub(&pb, &f), depth + 1);
	}
	note_bad(o, &pb);
}

static bool standard(const char *domain)
{
	static const char *const names[] = {
		"", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training",
		"ai.onnx.preview", "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental",
		"com.ms.internal.nhwc", NULL };

	for (size_t i = 0; names[i]; i++)
		if (!strcmp(domain, names[i]))
			return true;
	return false;
}

static bool runs_python(const char *op)
{
	return !strcmp(op, "PyOp") || au_istarts(op, "PythonOp") || au_istarts(op, "PyCustomOp") ||
	       !strcmp(op, "PyFunc") || !strcmp(op, "PyFuncStateless") || !strcmp(op, "EagerPyFunc");
}

static void op(struct onnx *o, const char *domain, const char *type, const char *name, uint64_t off)
{
	const char *full;
	void **slot;

	if (standard(domain) && !runs_python(type))
		return;
	full = au_arena_fmt(o->job->scratch, "%s:%s", domain, type);
	slot = au_map_put(&o->ops, full, strlen(full));
	if (*slot)
		return;
	*slot = o;
	if (runs_python(type))
		au_emit(o->job, o->e, "onnx.pyop", full, name, au_span(off, 1));
	else if (!au_map_get(&o->functions, domain, strlen(domain)))
		au_emit(o->job, o->e, "onnx.op", full, name, au_span(off, 1));
}

static void node(struct onnx *o, struct au_pb pb, unsigned depth)
{
	const char *name = "", *type = "", *domain = "";
	uint64_t off = pb.at;
	struct au_pb_field f;

	if (!enter(o, depth))
		return;
	while (au_pb_next(&pb, &f)) {
		if (f.no == 3)
			name = au_pb_string(&pb, &f, o->job->scratch, 256);
		else if (f.no == 4)
			type = au_pb_string(&pb, &f, o->job->scratch, 256);
		else if (f.no == 7)
			domain = au_pb_string(&pb, &f, o->job->scratch, 256);
		else if (f.no == 5 && f.wire == AU_PB_BYTES)
			attribute(o, au_pb_sub(&pb, &f), depth + 1);
	}
	note_bad(o, &pb);
	op(o, domain, type, name, off);
}

static void graph(struct onnx *o, struct au_pb pb, unsigned depth)
{
	struct au_pb_field f;

	if (!enter(o, depth))
		return;
	while (au_pb_next(&pb, &f)) {
		if (f.wire != AU_PB_BYTES)
			continue;
		if (f.no == 1)
			node(o, au_pb_sub(&pb, &f), depth + 1);
		else if (f.no == 5)
			read_tensor(o, au_pb_sub(&pb, &f), depth + 1);
		else if (f.no == 15)
			sparse(o, au_pb_sub(&pb, &f), depth + 1);
		else if (f.no == 10 && f.len)
			au_emit(o->job, o->e, "onnx.doc", au_pb_string(&pb, &f, o->job->scratch, 65536), "graph",
				au_span(f.off, f.len));
	}
	note_bad(o, &pb);
}

static void function(struct onnx *o, struct au_pb pb)
{
	struct au_pb_field f;

	while (au_pb_next(&pb, &f)) {
		if (f.wire != AU_PB_BYTES)
			continue;
		if (f.no == 7)
			node(o, au_pb_sub(&pb, &f), 2);
		else if (f.no == 11)
			attribute(o, au_pb_sub(&pb, &f), 2);
	}
	note_bad(o, &pb);
}

/* Domains that the model itself defines functions in. */
static void function_domains(struct onnx *o, struct au_pb pb)
{
	struct au_pb_field f, g;

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no != 25)
			continue;
		while (au_pb_next(&sub, &g))
			if (g.no == 10) {
				const char *d = au_pb_string(&sub, &g, o->job->scratch, 256);

				*au_map_put(&o->functions, d, strlen(d)) = o;
			}
	}
}

static void top(struct onnx *o, struct au_pb *pb)
{
	struct au_pb_field f, g;
	const char *producer = "", *key, *value;
	uint64_t version = 0;

	while (au_pb_next(pb, &f)) {
		struct au_pb sub = au_pb_sub(pb, &f);

		if (f.no == 1)
			version = f.num;
		else if (f.no == 2)
			producer = au_pb_string(pb, &f, o->job->scratch, STRING);
		else if (f.no == 6 && f.len)
			au_emit(o->job, o->e, "onnx.doc", au_pb_string(pb, &f, o->job->scratch, 65536), "model",
				au_span(f.off, f.len));
		else if (f.no == 7)
			graph(o, sub, 1);
		else if (f.no == 25)
			function(o, sub);
		else if (f.no == 20)
			while (au_pb_next(&sub, &g)) {
				if ((g.no == 1 || g.no == 2) && g.wire == AU_PB_BYTES)
					graph(o, au_pb_sub(&sub, &g), 2);
			}
		else if (f.no == 14) {
			entry_pair(o, sub, &key, &value);
			au_emit(o->job, o->e, "onnx.meta", value, key, au_span(f.off, f.len));
		}
	}
	au_emit(o->job, o->e, "onnx.producer", producer, NULL, au_span(0, 1))->num = version;
	note_bad(o, pb);
}

static int read_onnx(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct onnx o = { .job = job, .e = e };
	struct au_pb pb = au_pb_message(v, 0, au_view_size(v));

	au_map_init(&o.ops, job->scratch);
	au_map_init(&o.functions, job->scratch);
	au_vec_init(&o.tensors, sizeof(struct au_tensor), TENSORS_MAX);
	function_domains(&o, pb);
	top(&o, &pb);
	if (o.tensors.n)
		au_emit_tensors(e, au_arena_dup(job->arena, o.tensors.p, o.tensors.n * sizeof(struct au_tensor)),
				o.tensors.n);
	au_vec_release(&o.tensors);
	if (o.bad)
		au_emit_coverage(job, e, "malformed", o.bad_at,
				 "the ONNX message at %llu is malformed or cut short: what follows in it was not read",
				 (unsigned long long)o.bad_at);
	if (o.limit)
		au_emit_coverage(job, e, "limit", 0, "ONNX graphs nested or numerous beyond the limit");
	return o.bad ? AU_BAD : o.limit ? AU_LIMIT : AU_OK;
}

const struct au_format au_format_onnx = {
	.name = "onnx",
	.title = "ONNX model",
	.extensions = (const char *const[]){ "onnx", "ort", NULL },
	.flags = AU_FMT_MODEL,
	.probe = probe,
	.read = read_onnx,
	.checked = "external data paths and bounds, Python and custom operators in graphs, subgraphs and "
		   "functions, tensor shapes; tensor table, metadata",
};
