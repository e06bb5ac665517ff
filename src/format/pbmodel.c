/* Core ML (Model.proto) and PaddlePaddle (framework.proto) models. Facts:
 *   coreml.custom   text: class of a custom layer or model; aux: layer
 *   paddle.op       text: an operator that runs Python or touches files */
#include "base/banned.h"
#include "audit/format.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/protobuf.h"
#include "io/view.h"

enum { DEPTH = 16 };

/* Model: 1 version, 2 description, then exactly one of the model kinds from 200 on. */
static int probe_coreml(const struct au_probe *p)
{
	struct au_pb pb = au_pb_message(p->view, 0, p->size);
	struct au_pb_field f;
	bool version = false, kind = false;
	unsigned n = 0;

	if (p->size < 4 || p->head[0] != 8)
		return 0;
	while (n++ < 16 && au_pb_next(&pb, &f)) {
		if (f.no == 1 && f.wire == AU_PB_VARINT && f.num < 100)
			version = true;
		else if (f.no >= 200 && f.no < 4000 && f.wire == AU_PB_BYTES)
			kind = true;
		else if (!(f.no == 2 && f.wire == AU_PB_BYTES) && f.no != 10)
			return 0;
	}
	return version && kind ? (au_iends(p->name, ".mlmodel") ? 95 : 75) : 0;
}

static void coreml(struct au_job *job, struct au_entry *e, struct au_pb pb, unsigned depth);

static void layer(struct au_job *job, struct au_entry *e, struct au_pb pb)
{
	struct au_pb_field f, g;
	const char *name = "";

	while (au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no == 1)
			name = au_pb_string(&pb, &f, job->scratch, 256);
		while (f.no == 500 && au_pb_next(&sub, &g))
			if (g.no == 10)
				au_emit(job, e, "coreml.custom", au_pb_string(&sub, &g, job->scratch, 256), name,
					au_span(g.off, g.len));
	}
}

static void coreml(struct au_job *job, struct au_entry *e, struct au_pb pb, unsigned depth)
{
	struct au_pb_field f, g;

	while (depth < DEPTH && au_pb_next(&pb, &f)) {
		struct au_pb sub = au_pb_sub(&pb, &f);

		if (f.no < 200 || f.wire != AU_PB_BYTES)
			continue;
		while (au_pb_next(&sub, &g)) {
			if (f.no == 555 && g.no == 10)
				au_emit(job, e, "coreml.custom", au_pb_string(&sub, &g, job->scratch, 256), "model",
					au_span(g.off, g.len));
			else if (g.wire != AU_PB_BYTES)
				continue;
			else if (g.no == 1 && (f.no == 500 || f.no == 303 || f.no == 403))
				layer(job, e, au_pb_sub(&sub, &g));
			else if (f.no >= 200 && f.no <= 202)
				coreml(job, e, au_pb_sub(&sub, &g), depth + 1);
		}
	}
}

static int read_coreml(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	coreml(job, e, au_pb_message(v, 0, au_view_size(v)), 0);
	return AU_OK;
}

/* ProgramDesc: blocks 1 { idx 1, parent 2, vars 3, ops 4 { type 3 } }, version 4 */
static int probe_paddle(const struct au_probe *p)
{
	struct au_pb pb = au_pb_message(p->view, 0, p->size), sub;
	struct au_pb_field f, g;
	bool ext = au_iends(p->name, ".pdmodel") || !strcmp(p->name, "__model__"), ops = false;
	unsigned n = 0;

	if (p->size < 8 || p->head[0] != 0x0a || !au_pb_next(&pb, &f) || f.no != 1)
		return 0;
	sub = au_pb_sub(&pb, &f);
	if (!au_pb_next(&sub, &g) || g.no != 1 || g.wire != AU_PB_VARINT || !au_pb_next(&sub, &g) || g.no != 2 ||
	    g.wire != AU_PB_VARINT)
		return 0;
	while (n++ < 1000 && au_pb_next(&sub, &g))
		ops |= g.no == 4 && g.wire == AU_PB_BYTES;
	return ext ? 90 : ops ? 70 : 0;
}

static bool paddle_unsafe(const char *op)
{
	static const char *const names[] = { "py_func", "py_layer", "pylayer", "run_program", "load", "load_combine",
					     "save", "save_combine", "read_file", "print", "run_script", "listen_and_serv",
					     "send", "recv", "fetch_barrier", NULL };

	for (size_t i = 0; names[i]; i++)
		if (!strcmp(names[i], op))
			return true;
	return false;
}

static int read_paddle(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pb pb = au_pb_message(v, 0, au_view_size(v));
	struct au_pb_field f, g, k;

	while (au_pb_next(&pb, &f)) {
		struct au_pb block = au_pb_sub(&pb, &f);

		while (f.no == 1 && au_pb_next(&block, &g)) {
			struct au_pb op = au_pb_sub(&block, &g);

			while (g.no == 4 && au_pb_next(&op, &k)) {
				const char *s;

				if (k.no != 3)
					continue;
				s = au_pb_string(&op, &k, job->scratch, 256);
				if (paddle_unsafe(s))
					au_emit(job, e, "paddle.op", s, NULL, au_span(k.off, k.len));
			}
		}
	}
	if (pb.bad) {
		au_emit_coverage(job, e, "malformed", pb.at, "the PaddlePaddle program is malformed or cut short");
		return AU_BAD;
	}
	return AU_OK;
}

const struct au_format au_format_coreml = {
	.name = "coreml", .title = "Core ML model",
	.extensions = (const char *const[]){ "mlmodel", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_coreml, .read = read_coreml, .checked = "custom layers and models, in pipelines too",
};

const struct au_format au_format_paddle = {
	.name = "paddle", .title = "PaddlePaddle program",
	.extensions = (const char *const[]){ "pdmodel", NULL }, .flags = AU_FMT_MODEL,
	.probe = probe_paddle, .read = read_paddle, .checked = "operators that run Python or touch files",
};
