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

enum { PREFIX = 2, LENGTH = 19, UNPACKED_MAX = 64 * 1024 * 1024 };

static int probe(const struct au_probe *p)
{
	return p->head_len > PREFIX + LENGTH && !memcmp(p->head, "ZF0x", 4) ? 100 : 0;
}

static int collect(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	(void)at;
	return au_buf_add(ctx, p, n);
}

static int read_zf(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pickle_opts o = { .sweep = true };
	uint64_t at = PREFIX + LENGTH, size = au_view_size(v);
	const uint8_t *h = au_view_need(v, at, 2);
	struct au_pickle p;
	struct au_buf out;
	int rc;

	/* the length field is as wide as the writer's largest number: find the zlib header behind it */
	while (h && h[0] != 0x78 && at < 64) {
		at++;
		h = au_view_need(v, at, 2);
	}
	au_buf_init(&out, UNPACKED_MAX);
	rc = h ? au_inflate(v, at, size - at, 0, NULL, collect, &out) : AU_BAD;
	if (rc != AU_OK)
		au_emit_coverage(job, e, rc == AU_LIMIT ? "limit" : "malformed", at,
				 "the compressed stream %s", rc == AU_LIMIT ? "is larger than 64 MiB" : "is broken");
	if (out.len) {
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
