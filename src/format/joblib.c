/* joblib's compressed files before version 0.10: "ZF", the unpacked size as padded hexadecimal text,
 * then a zlib stream that holds a pickle. Facts as of the pickle reader; offsets are those in the
 * unpacked bytes. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/buf.h"
#include "base/rc.h"
#include "ext/inflate.h"
#include "format/pickle.h"
#include "io/view.h"

enum { PREFIX = 4, UNPACKED_MAX = 64 * 1024 * 1024 };

static int probe(const struct au_probe *p)
{
	return p->head_len > 2 * PREFIX && !memcmp(p->head, "ZF0x", 4) ? 100 : 0;
}

static int collect(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	(void)at;
	return au_buf_add(ctx, p, n);
}

static bool sniffed(struct au_job *job, const struct au_buf *b)
{
	uint64_t ops = 0;

	return au_pickle_skim(au_view_mem(job->scratch, b->p, b->len), 0, 8, &ops) || ops > 1;
}

static int read_zf(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pickle_opts o = { .sweep = true };
	uint64_t at = PREFIX, size = au_view_size(v);
	const uint8_t *h = au_view_need(v, at, 2);
	struct au_pickle p;
	struct au_buf out;
	int rc;

	/* the length is padded to the width of the writer's largest number: zlib's header is behind it */
	while (h && at < 64 && (isxdigit(h[0]) || h[0] == ' ' || h[0] == 'L')) {
		at++;
		h = au_view_need(v, at, 2);
	}
	au_buf_init(&out, UNPACKED_MAX);
	rc = h ? au_inflate(v, at, size - at, 0, NULL, collect, &out) : AU_BAD;
	if (rc != AU_OK)
		au_emit_coverage(job, e, rc == AU_LIMIT ? "limit" : "malformed", at,
				 "the compressed stream %s", rc == AU_LIMIT ? "is larger than 64 MiB" : "is broken");
	/* arrays in a cache folder are compressed so without a pickle around them */
	if (out.len && sniffed(job, &out)) {
		int scan = au_pickle_scan(au_view_mem(job->scratch, out.p, out.len), job->arena, job->scratch, &o, &p);

		au_pickle_emit(job, e, &p, 0);
		rc = rc == AU_OK ? scan : rc;
	}
	au_buf_release(&out);
	return rc;
}

const struct au_format au_format_joblib_zf = {
	.name = "joblib-zf",
	.title = "joblib file (before 0.10)",
	.extensions = (const char *const[]){ "joblib", "z", NULL },
	.flags = AU_FMT_MODEL | AU_FMT_EXECUTES,
	.probe = probe,
	.read = read_zf,
	.checked = "the pickle inside",
};
