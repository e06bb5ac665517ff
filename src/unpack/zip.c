/* Walk of a zip: every member that the central directory or a local header alone knows. */
#include "base/banned.h"
#include <sys/stat.h>
#include "base/num.h"
#include "base/rc.h"
#include "ext/archive.h"
#include "ext/inflate.h"
#include "format/zip.h"
#include "io/view.h"
#include "unpack/internal.h"

struct walk {
	struct au_job *job;
	struct au_entry *e;
	struct au_view *v;
	const struct au_zip *z;
	au_member_fn fn;
	void *ctx;
	struct au_spool *spool;
	const struct au_zip_member *m;
};

static void oddities(struct walk *w, const struct au_zip_member *m)
{
	static const struct { unsigned bit; const char *what; } bits[] = {
		{ AU_ZIP_LOCAL_NAME, "the local header has another name" },
		{ AU_ZIP_LOCAL_SIZE, "the local header has other sizes" },
		{ AU_ZIP_LOCAL_METHOD, "the local header has another compression method" },
		{ AU_ZIP_LOCAL_FLAGS, "the local header has other flags" },
		{ AU_ZIP_NO_LOCAL, "there is no local header where the directory points" },
		{ AU_ZIP_OVERLAP, "the data overlaps another member's" },
	};
	struct au_span at = au_span(m->header_at, 30);

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if (m->odd & bits[i].bit)
			au_emit(w->job, w->e, "archive.mismatch", m->name, bits[i].what, at);
	if (m->odd & AU_ZIP_DUPLICATE)
		au_emit(w->job, w->e, "archive.duplicate", m->name, NULL, at);
	if (m->odd & AU_ZIP_ORPHAN)
		au_emit(w->job, w->e, "archive.orphan", m->name, NULL, at);
	if (au_unsafe_name(m->name))
		au_emit(w->job, w->e, "archive.traversal", m->name, NULL, at);
	if (m->local_name && au_unsafe_name(m->local_name))
		au_emit(w->job, w->e, "archive.traversal", m->local_name, NULL, at);
}

static int on_bytes(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct walk *w = ctx;

	(void)at;
	w->spool->packed = w->m->packed;
	return au_spool_add(w->spool, p, n);
}

static uint64_t packed_len(struct walk *w, const struct au_zip_member *m)
{
	uint64_t size = au_view_size(w->v);

	if (m->data_at > size)
		return 0;
	return m->packed < size - m->data_at ? m->packed : size - m->data_at;
}

static void stored(struct walk *w, struct au_entry *child, const struct au_zip_member *m)
{
	struct au_arena *arena = au_arena_new();
	uint64_t len = packed_len(w, m);

	child->size = len;
	child->at = m->data_at;
	child->stored_raw = true;
	if (len < m->packed)
		au_emit_coverage(w->job, child, "malformed", len,
				 "states %llu bytes, the archive ends after %llu",
				 (unsigned long long)m->packed, (unsigned long long)len);
	w->fn(w->ctx, w->job, child, au_view_sub(arena, w->v, m->data_at, len));
	au_arena_free(arena);
}

static void deflated(struct walk *w, struct au_entry *child, const struct au_zip_member *m)
{
	struct au_arena *arena = au_arena_new();
	struct au_spool s;
	int rc;

	au_spool_init(&s, w->job, w->e, child);
	w->spool = &s;
	w->m = m;
	rc = au_inflate(w->v, m->data_at, packed_len(w, m), 1, NULL, on_bytes, w);
	child->size = s.size;
	if (rc == AU_BAD)
		au_emit_coverage(w->job, child, "malformed", s.size,
				 "corrupt deflate data: only %llu bytes could be unpacked",
				 (unsigned long long)s.size);
	else if (rc == AU_IO)
		au_emit_coverage(w->job, child, "unreadable", s.size, "the archive could not be read");
	w->fn(w->ctx, w->job, child, au_spool_view(&s, arena));
	au_spool_release(&s);
	au_arena_free(arena);
}

enum { LZMA_MAX = 64 * 1024 * 1024, LZMA_HEAD = 4, LZMA_PROPS = 5, LZMA_ALONE = 13 };

/* The packed bytes of a member as a stream that stands alone, or NULL. An LZMA member has a header
 * of its own (APPNOTE 5.8.8): version, length of the properties, properties. */
static struct au_view *alone(struct walk *w, struct au_arena *a, const struct au_zip_member *m)
{
	uint64_t len = packed_len(w, m);
	const uint8_t *h;
	uint8_t *p;

	if (m->method != 14)
		return au_view_sub(a, w->v, m->data_at, len);
	h = au_view_need(w->v, m->data_at, LZMA_HEAD);
	if (!h || au_le16(h + 2) != LZMA_PROPS || len < LZMA_HEAD + LZMA_PROPS || len > LZMA_MAX)
		return NULL;
	len -= LZMA_HEAD + LZMA_PROPS;
	p = au_arena_alloc(a, LZMA_ALONE + (size_t)len);
	if (au_view_read(w->v, m->data_at + LZMA_HEAD, p, LZMA_PROPS) != AU_OK ||
	    au_view_read(w->v, m->data_at + LZMA_HEAD + LZMA_PROPS, p + LZMA_ALONE, (size_t)len) != AU_OK)
		return NULL;
	au_put_le64(p + LZMA_PROPS, m->flags & 2 ? UINT64_MAX : m->size);
	return au_view_mem(a, p, LZMA_ALONE + (size_t)len);
}

static int drain(struct walk *w, struct au_view *v)
{
	struct au_archive *x = au_archive_open(v, AU_ARCHIVE_STREAM);
	struct au_archive_member info;
	uint8_t *buf = au_arena_alloc(w->job->scratch, 65536);
	size_t n = 1;
	int rc = au_archive_next(x, &info);

	while ((rc == AU_OK || rc == AU_WARN) && n) {
		rc = au_archive_read(x, buf, 65536, &n);
		if (rc == AU_OK && n)
			rc = on_bytes(w, 0, buf, n);
	}
	au_archive_close(x);
	return rc;
}

/* Methods that zip shares with stream compressors: bzip2, LZMA, Zstandard, xz. */
static void streamed(struct walk *w, struct au_entry *child, const struct au_zip_member *m)
{
	struct au_arena *arena = au_arena_new();
	struct au_view *v = alone(w, arena, m);
	struct au_spool s;

	au_spool_init(&s, w->job, w->e, child);
	w->spool = &s;
	w->m = m;
	if (!v || drain(w, v) == AU_BAD)
		au_emit_coverage(w->job, child, "malformed", s.size,
				 "corrupt data of compression method %u: only %llu bytes could be unpacked", m->method,
				 (unsigned long long)s.size);
	child->size = s.size;
	w->fn(w->ctx, w->job, child, au_spool_view(&s, arena));
	au_spool_release(&s);
	au_arena_free(arena);
}

static void member(struct walk *w, const struct au_zip_member *m)
{
	size_t n = strlen(m->name);
	struct au_entry *child;

	oddities(w, m);
	if (n && m->name[n - 1] == '/' && !m->packed)
		return; /* a directory */
	if ((m->mode & S_IFMT) == S_IFLNK) {
		struct au_view *target = NULL;
		const uint8_t *p = NULL;
		size_t len = 0;

		if (au_zip_member_view(w->v, w->job->scratch, m, 4096, &target) == AU_OK)
			p = au_view_all(target, w->job->scratch, 4096, &len);
		au_emit(w->job, w->e, "archive.link", m->name,
			p ? au_arena_strn(w->job->scratch, (const char *)p, len) : NULL,
			au_span(m->header_at, 30));
	}
	child = au_child(w->job, w->e, m->name);
	if (!child)
		return;
	child->mode = (uint16_t)(m->mode & 07777);
	child->size = m->size;
	if (m->odd & AU_ZIP_ENCRYPTED) {
		au_emit(w->job, w->e, "archive.encrypted", m->name, NULL, au_span(m->header_at, 30));
		au_emit_coverage(w->job, child, "encrypted", 0, "encrypted: the content could not be read");
	} else if (m->odd & AU_ZIP_NO_LOCAL) {
		au_emit_coverage(w->job, child, "malformed", m->header_at,
				 "no local header at offset %llu: the content could not be found",
				 (unsigned long long)m->header_at);
	} else if (m->method == 0) {
		stored(w, child, m);
	} else if (m->method == 8) {
		deflated(w, child, m);
	} else if (m->method == 12 || m->method == 14 || m->method == 93 || m->method == 95) {
		streamed(w, child, m);
	} else {
		au_emit_coverage(w->job, child, "unsupported", m->data_at,
				 "compression method %u is not supported: the content was not read", m->method);
	}
}

int au_unpack_zip(struct au_job *job, struct au_entry *e, struct au_view *v, au_member_fn fn, void *ctx)
{
	struct walk w = { .job = job, .e = e, .v = v, .fn = fn, .ctx = ctx };
	size_t max = job->members < job->limits->members
		   ? (size_t)(job->limits->members - job->members) : 0;
	struct au_zip z;
	int rc = au_zip_open(v, job->scratch, max, &z);

	if (rc == AU_IO)
		au_emit_coverage(job, e, "unreadable", 0, "the zip directory could not be read");
	if (rc != AU_OK)
		return rc;
	w.z = &z;
	if (z.prefix)
		au_emit(job, e, "archive.prefix", NULL, NULL, au_span(0, z.prefix))->num = z.prefix;
	if (z.tail)
		au_emit(job, e, "archive.tail", NULL, NULL, au_span(e->size - z.tail, z.tail))->num = z.tail;
	if (z.cut)
		au_emit_coverage(job, e, "malformed", z.dir_at, "zip directory at offset %llu: %s",
				 (unsigned long long)z.dir_at, z.why);
	for (size_t i = 0; i < z.n && job->members <= job->limits->members; i++)
		member(&w, &z.members[i]);
	return z.cut ? AU_BAD : AU_OK;
}

int au_unpack_zlib(struct au_job *job, struct au_entry *e, struct au_view *v, au_member_fn fn, void *ctx)
{
	struct walk w = { .job = job, .e = e, .v = v, .fn = fn, .ctx = ctx };
	struct au_zip_member m = { .packed = au_view_size(v) };
	struct au_arena *arena;
	struct au_entry *child;
	struct au_spool s;
	uint64_t used = 0;
	int rc;

	child = au_child(job, e, "inflated");
	if (!child)
		return AU_LIMIT;
	arena = au_arena_new();
	au_spool_init(&s, job, e, child);
	w.spool = &s;
	w.m = &m;
	rc = au_inflate(v, 0, au_view_size(v), 0, &used, on_bytes, &w);
	child->size = s.size;
	if (rc == AU_BAD)
		au_emit_coverage(job, child, "malformed", s.size,
				 "corrupt zlib data: only %llu bytes could be unpacked", (unsigned long long)s.size);
	fn(ctx, job, child, au_spool_view(&s, arena));
	au_spool_release(&s);
	au_arena_free(arena);
	return rc;
}
