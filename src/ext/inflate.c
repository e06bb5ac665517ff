/* The door to zlib; see inflate.h. */
#include "base/banned.h"
#include <zlib.h>
#include "ext/inflate.h"
#include "base/arena.h"
#include "base/rc.h"
#include "io/view.h"

enum { CHUNK = 64 * 1024 };

struct feed {
	z_stream z;
	uint8_t out[CHUNK];
	uint64_t made;
	int (*fn)(void *ctx, uint64_t at, const uint8_t *p, size_t n);
	void *ctx;
	int rc;
};

/* Run zlib over one input chunk. AU_NOTME: the stream has ended. */
static int push(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct feed *f = ctx;

	(void)at;
	f->z.next_in = (Bytef *)(uintptr_t)p;
	f->z.avail_in = (uInt)n;
	do {
		int z;
		size_t got;

		f->z.next_out = f->out;
		f->z.avail_out = CHUNK;
		z = inflate(&f->z, Z_NO_FLUSH);
		got = CHUNK - f->z.avail_out;
		if (got) {
			int rc = f->fn(f->ctx, f->made, f->out, got);

			f->made += got;
			if (rc != AU_OK)
				return rc;
		}
		if (z == Z_STREAM_END)
			return AU_NOTME;
		if (z != Z_OK && z != Z_BUF_ERROR)
			return AU_BAD;
	} while (f->z.avail_in || !f->z.avail_out);
	return AU_OK;
}

int au_inflate(struct au_view *v, uint64_t at, uint64_t len, int raw, uint64_t *ret_used,
	       int (*fn)(void *ctx, uint64_t at, const uint8_t *p, size_t n), void *ctx)
{
	struct feed *f = au_xalloc(sizeof(*f));
	int rc;

	f->fn = fn;
	f->ctx = ctx;
	if (inflateInit2(&f->z, raw ? -MAX_WBITS : MAX_WBITS + 32) != Z_OK) {
		au_xfree(f);
		return AU_NOMEM;
	}
	rc = au_view_stream(v, at, len, push, f);
	if (rc == AU_OK)
		rc = AU_BAD; /* the input ended before the stream did */
	else if (rc == AU_NOTME)
		rc = AU_OK;
	if (ret_used)
		*ret_used = f->z.total_in;
	inflateEnd(&f->z);
	au_xfree(f);
	return rc;
}
