/* TensorFlow's protocol buffers: SavedModel (saved_model.proto), MetaGraphDef (.meta), GraphDef
 * (frozen graphs), SavedMetadata (keras_metadata.pb). One format each, as their top levels differ;
 * the walk below is shared. Facts:
 *   tf.op       text: an operation that runs Python, reads or writes files, or is not of
 *               TensorFlow; once each; aux: where ("graph", "function NAME")
 *   tf.version  text: TensorFlow's version of the writer
 *   tf.asset    text: file name of an asset
 * and those of keras_config.c. Operations are looked for in graph_def.node and in
 * library.function.node_def, as most of a TensorFlow 2 model lies in the latter. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/keras_config.h"
#include "format/protobuf.h"
#include "io/view.h"

enum { STRING = 512, CONFIG_MAX = 32 * 1024 * 1024, NODES_MAX = 20000000 };

struct tf {
	struct au_job *job;
	struct au_entry *e;
	struct au_map ops;
	uint64_t nodes;
	bool bad, limit;
	uint64_t bad_at;
};

static void done(struct tf *t, const struct au_pb *pb)
{
	if (pb->bad && !t->bad) {
		t->bad = true;
		t->bad_at = pb->at;
	}
}

/* A name in a graph: printable ASCII. */
static bool name_like(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

static void op(struct tf *t, const char *name, const char *where, uint64_t off)
{
	void **slot = au_map_put(&t->ops, name, strlen(name));

	if (*slot)
		return;
	*slot = t;
	au_emit(t->job, t->e, "tf.op", name, where, au_span(off, strlen(name)));
}

static void attr_config(struct tf *t, const struct au_pb *pb, const struct au_pb_field *f)
{
	/* AttrValue.s (2): a layer's configuration may lie in a string attribute */
	struct au_pb entry = au_pb_sub(pb, f), value;
	struct au_pb_field g, h;
	const uint8_t *p;

	while (au_pb_next(&entry, &g)) {
		if (g.no != 2 || g.wire != AU_PB_BYTES)
			continue;
		value = au_pb_sub(&entry, &g);
		while (au_pb_next(&value, &h)) {
			if (h.no != 2 || h.wire != AU_PB_BYTES || h.len < 20 || h.len > 256 * 1024)
				continue;
			p = au_view_need(value.v, h.off, (size_t)h.len);
			if (p && *p == '{' && memmem(p, (size_t)h.len, "class_name", 10))
				au_keras_config_text(t->job, t->e, au_arena_dup(t->job->scratch, p, (size_t)h.len),
						     (size_t)h.len, h.off);
		}
	}
}

static void node_def(struct tf *t, struct au_pb pb, const char *where)
{
	struct au_pb_field f;

	if (t->nodes++ > NODES_MAX) {
		t->limit = true;
		return;
	}
	while (au_pb_next(&pb, &f)) {
		if (f.no == 2 && f.wire == AU_PB_BYTES)
			op(t, au_pb_string(&pb, &f, t->job->scratch, STRING), where, f.off);
		else if (f.no == 5 && f.wire == AU_PB_BYTES)
			attr_config(t, &pb, &f);
	}
	done(t, &pb);
}

/* FunctionDef: signature 1 (OpDef: name 1), node_def 3. */
static void function_def(struct tf *t, struct au_pb pb)
{
	struct au_pb_field f, g;
	const char *where = "function";

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no == 1) {
			while (au_pb_next(&sub, &g))
				if (g.no == 1)
					where = au_arena_fmt(t->job->scratch, "function %s",
							     au_pb_string(&sub, &g, t->job->scratch, 120));
		} else if (f.no == 3 && f.wire == AU_PB_BYTES) {
			node_def(t, sub, where);
		}
	}
	done(t, &pb);
}

static void graph_def(struct tf *t, struct au_pb pb)
{
	struct au_pb_field f, g;

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no == 1 && f.wire == AU_PB_BYTES) {
			node_def(t, sub, "graph");
		} else if (f.no == 2 && f.wire == AU_PB_BYTES) {
			while (au_pb_next(&sub, &g))
				if (g.no == 1 && g.wire == AU_PB_BYTES)
					function_def(t, au_pb_sub(&sub, &g));
			done(t, &sub);
		}
	}
	done(t, &pb);
}

/* SavedObjectGraph: nodes 2 { user_object 4 { identifier 1, version 2, metadata 3 } }. */
static void object_graph(struct tf *t, struct au_pb pb)
{
	struct au_pb_field f, g, h, k;
	const uint8_t *p;
	size_t n;

	while (au_pb_next(&pb, &f)) {
		struct au_pb object = au_pb_sub(&pb, &f), user;

		while (f.no == 2 && au_pb_next(&object, &g)) {
			user = au_pb_sub(&object, &g);
			while (g.no == 4 && au_pb_next(&user, &h)) {
				k = h;
				if (h.no != 3 || h.wire != AU_PB_BYTES || h.len < 2 || h.len > CONFIG_MAX)
					continue;
				n = (size_t)k.len;
				p = au_arena_alloc(t->job->scratch, n + 1);
				if (au_view_read(pb.v, k.off, (void *)(uintptr_t)p, n) == AU_OK && *p == '{')
					au_keras_config_text(t->job, t->e, p, n, k.off);
			}
		}
	}
}

static void meta_info(struct tf *t, struct au_pb pb)
{
	struct au_pb_field f;

	while (au_pb_next(&pb, &f))
		if (f.no == 5)
			au_emit(t->job, t->e, "tf.version", au_pb_string(&pb, &f, t->job->scratch, 64), NULL,
				au_span(f.off, f.len));
}

static void meta_graph(struct tf *t, struct au_pb pb)
{
	struct au_pb_field f, g;

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no == 1 && f.wire == AU_PB_BYTES)
			meta_info(t, sub);
		else if (f.no == 2 && f.wire == AU_PB_BYTES)
			graph_def(t, sub);
		else if (f.no == 7 && f.wire == AU_PB_BYTES)
			object_graph(t, sub);
		else if (f.no == 6 && f.wire == AU_PB_BYTES)
			while (au_pb_next(&sub, &g))
				if (g.no == 2)
					au_emit(t->job, t->e, "tf.asset", au_pb_string(&sub, &g, t->job->scratch, STRING),
						NULL, au_span(g.off, g.len));
	}
	done(t, &pb);
}

/* ---- probes: is the message made of the fields this type has? ---- */

/* The message has only the bytes fields in `bytes` and the varint fields in `ints` (bit n: field
 * n); field `must` is there. */
static bool made_of(struct au_pb pb, uint64_t bytes, uint64_t ints, uint32_t must, bool whole)
{
	struct au_pb_field f;
	unsigned n = 0;
	bool seen = false;

	while (n++ < 64 && au_pb_next(&pb, &f)) {
		uint64_t bit = f.no < 64 ? 1ULL << f.no : 0;

		if (!(f.wire == AU_PB_BYTES ? bytes & bit : f.wire == AU_PB_VARINT && (ints & bit)))
			return false;
		seen |= f.no == must;
	}
	return seen && !(whole && pb.bad);
}

static bool node_like(struct au_pb pb)
{
	struct au_pb_field f;
	bool op_seen = false;
	char s[64];

	if (!made_of(pb, 0xfe, 0, 2, true))
		return false;
	while (au_pb_next(&pb, &f)) {
		size_t n = f.len < sizeof(s) - 1 ? (size_t)f.len : sizeof(s) - 1;

		if (f.no > 2)
			continue;
		if (au_view_read(pb.v, f.off, s, n) != AU_OK)
			return false;
		s[n] = 0;
		if (!name_like(s))
			return false;
		op_seen |= f.no == 2;
	}
	return op_seen;
}

static bool graph_like(struct au_pb pb)
{
	struct au_pb_field f;
	struct au_pb copy = pb;

	if (!made_of(pb, 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5, 1 << 3, 1, false)) {
		/* a graph without nodes has a library */
		return made_of(pb, 1 << 2 | 1 << 4, 1 << 3, 2, true);
	}
	while (au_pb_next(&copy, &f))
		if (f.no == 1)
			return node_like(au_pb_sub(&copy, &f));
	return false;
}

static bool meta_like(struct au_pb pb)
{
	struct au_pb_field f;
	bool graph = false;

	if (!made_of(pb, 0xfe, 0, 2, false))
		return false;
	while (!graph && au_pb_next(&pb, &f))
		if (f.no == 2)
			graph = !f.len || graph_like(au_pb_sub(&pb, &f));
	return graph;
}

static int probe_savedmodel(const struct au_probe *p)
{
	struct au_pb pb = au_pb_message(p->view, 0, p->size), sub;
	struct au_pb_field f;
	bool name = !strcmp(p->name, "saved_model.pb"), graph = false;

	if (p->size < 2 || !made_of(pb, 1 << 2, 1 << 1, 2, false))
		return name ? 60 : 0;
	while (!graph && au_pb_next(&pb, &f)) {
		sub = au_pb_sub(&pb, &f);
		graph = f.no == 2 && made_of(sub, 0xfe, 0, 2, false);
	}
	return graph ? (name ? 95 : 85) : name ? 60 : 0;
}

static int probe_metagraph(const struct au_probe *p)
{
	if (p->size < 4 || p->text || p->head[0] != 0x0a)
		return 0;
	return meta_like(au_pb_message(p->view, 0, p->size)) ? (au_iends(p->name, ".meta") ? 90 : 72) : 0;
}

static int probe_graphdef(const struct au_probe *p)
{
	if (p->size < 4 || (p->head[0] != 0x0a && p->head[0] != 0x12))
		return 0;
	return graph_like(au_pb_message(p->view, 0, p->size)) ?
	       (au_iends(p->name, ".pb") || au_iends(p->name, ".graphdef") ? 88 : 70) : 0;
}

/* SavedMetadata.nodes 1 { node_id 2, node_path 3, identifier 4, metadata 5, version 6 } */
static int probe_keras_metadata(const struct au_probe *p)
{
	struct au_pb pb = au_pb_message(p->view, 0, p->size), sub;
	struct au_pb_field f, g;
	bool json = false;
	uint8_t c;

	if (p->size < 4 || p->head[0] != 0x0a || !made_of(pb, 1 << 1, 0, 1, false) || !au_pb_next(&pb, &f))
		return 0;
	sub = au_pb_sub(&pb, &f);
	if (!made_of(sub, 0x7e, 1 << 2, 5, true))
		return !strcmp(p->name, "keras_metadata.pb") ? 60 : 0;
	while (au_pb_next(&sub, &g))
		if (g.no == 5 && g.len && au_view_read(p->view, g.off, &c, 1) == AU_OK)
			json |= c == '{';
	return json ? 92 : !strcmp(p->name, "keras_metadata.pb") ? 60 : 0;
}

/* ---- readers ---- */

static int finish(struct tf *t)
{
	if (t->bad)
		au_emit_coverage(t->job, t->e, "malformed", t->bad_at,
				 "the TensorFlow message at %llu is malformed or cut short: what follows in it was not read",
				 (unsigned long long)t->bad_at);
	if (t->limit)
		au_emit_coverage(t->job, t->e, "limit", 0, "more than %d nodes: the rest was not read", NODES_MAX);
	return t->bad ? AU_BAD : t->limit ? AU_LIMIT : AU_OK;
}

static struct tf begin(struct au_job *job, struct au_entry *e)
{
	struct tf t = { .job = job, .e = e };

	au_map_init(&t.ops, job->scratch);
	return t;
}

static int read_savedmodel(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct tf t = begin(job, e);
	struct au_pb pb = au_pb_message(v, 0, au_view_size(v));
	struct au_pb_field f;

	while (au_pb_next(&pb, &f))
		if (f.no == 2 && f.wire == AU_PB_BYTES)
			meta_graph(&t, au_pb_sub(&pb, &f));
	done(&t, &pb);
	return finish(&t);
}

static int read_metagraph(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct tf t = begin(job, e);

	meta_graph(&t, au_pb_message(v, 0, au_view_size(v)));
	return finish(&t);
}

static int read_graphdef(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct tf t = begin(job, e);

	graph_def(&t, au_pb_message(v, 0, au_view_size(v)));
	return finish(&t);
}

static int read_keras_metadata(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct tf t = begin(job, e);
	struct au_pb pb = au_pb_message(v, 0, au_view_size(v));
	struct au_pb_field f, g;

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		while (f.no == 1 && au_pb_next(&sub, &g)) {
			uint8_t *p;

			if (g.no != 5 || g.wire != AU_PB_BYTES || !g.len || g.len > CONFIG_MAX)
				continue;
			p = au_arena_alloc(job->scratch, (size_t)g.len + 1);
			if (au_view_read(v, g.off, p, (size_t)g.len) == AU_OK)
				au_keras_config_text(job, e, p, (size_t)g.len, g.off);
		}
		done(&t, &sub);
	}
	done(&t, &pb);
	return finish(&t);
}

#define CHECKED "operations that run Python or touch files, in graphs and function libraries; Lambda layers"

const struct au_format au_format_savedmodel = {
	.name = "tf-savedmodel", .title = "TensorFlow SavedModel",
	.extensions = (const char *const[]){ "pb", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_savedmodel, .read = read_savedmodel, .checked = CHECKED,
};

const struct au_format au_format_metagraph = {
	.name = "tf-metagraph", .title = "TensorFlow MetaGraphDef",
	.extensions = (const char *const[]){ "meta", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_metagraph, .read = read_metagraph, .checked = CHECKED,
};

const struct au_format au_format_graphdef = {
	.name = "tf-graphdef", .title = "TensorFlow GraphDef",
	.extensions = (const char *const[]){ "pb", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_graphdef, .read = read_graphdef, .checked = CHECKED,
};

const struct au_format au_format_keras_metadata = {
	.name = "keras-metadata", .title = "Keras metadata of a SavedModel",
	.extensions = (const char *const[]){ "pb", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_keras_metadata, .read = read_keras_metadata,
	.checked = "layer configurations: Lambda layers, foreign modules, file references",
};
