/* Walk of what libarchive reads: tar, cpio, 7z, rar, ar and the compression wrappers. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/archive.h"
#include "io/view.h"
#include "unpack/internal.h"

struct walk {
	struct au_job *job;
	struct au_entry *e;
	struct au_view *v;
	struct au_archive *a;
	int kind;
	au_member_fn fn;
	void *ctx;
};

/* The name of what a wrapper holds: the wrapper's without its ending. */
static const char *inner_name(struct walk *w)
{
	const char *base = au_basename(w->e->name), *dot = strrchr(base, '.');
	size_t n = dot && dot != base ? (size_t)(dot - base) : strlen(base);

	if (dot && (au_ieq(dot, ".tgz") || au_ieq(dot, ".tbz2") || au_ieq(dot, ".txz")))
		return au_arena_fmt(w->job->scratch, "%.*s.tar", (int)n, base);
	return au_arena_strn(w->job->scratch, base, n);
}

/* Member content into a spool. AU_OK, AU_LIMIT or AU_BAD (what came before is kept). */
static int fill(struct walk *w, struct au_spool *s)
{
	uint8_t chunk[32 * 1024];
	uint64_t from = au_archive_at(w->a);

	for (;;) {
		size_t n = 0;
		int rc = au_archive_read(w->a, chunk, sizeof(chunk), &n);

		if (rc != AU_OK) {
			au_emit_coverage(w->job, s->child, "malformed", s->size,
					 "cannot be unpacked beyond offset %llu: %s",
					 (unsigned long long)s->size, au_archive_error(w->a));
			return rc;
		}
		if (!n)
			return AU_OK;
		/* solid archives read ahead: what was taken for the whole archive is the fair measure */
		s->packed = w->kind == AU_ARCHIVE_STREAM ? au_archive_at(w->a) : au_archive_at(w->a) - from;
		if (w->kind == AU_ARCHIVE_7Z || w->kind == AU_ARCHIVE_RAR)
			s->packed = au_view_size(w->v);
		rc = au_spool_add(s, chunk, n);
		if (rc != AU_OK)
			return rc;
	}
}

static int member(struct walk *w, const struct au_archive_member *m)
{
	const char *name = w->kind == AU_ARCHIVE_STREAM ? inner_name(w) : m->name;
	struct au_span none = { 0 };
	struct au_spool s;
	struct au_entry *child;
	struct au_arena *arena;
	int rc;

	while (name[0] == '.' && name[1] == '/')
		name += 2;
	if (au_unsafe_name(name))
		au_emit(w->job, w->e, "archive.traversal", name, NULL, none);
	if (m->type == AU_MEMBER_DIR)
		return AU_OK;
	if (m->type == AU_MEMBER_LINK) {
		au_emit(w->job, w->e, "archive.link", name, m->link, none);
		return AU_OK;
	}
	if (m->type == AU_MEMBER_OTHER) {
		au_emit(w->job, w->e, "archive.special", name, NULL, none);
		return AU_OK;
	}
	child = au_child(w->job, w->e, name);
	if (!child)
		return AU_LIMIT;
	child->mode = (uint16_t)(m->mode & 07777);
	if (m->encrypted) {
		child->size = m->size;
		au_emit(w->job, w->e, "archive.encrypted", name, NULL, none);
		au_emit_coverage(w->job, child, "encrypted", 0, "encrypted: the content could not be read");
		return AU_OK;
	}
	arena = au_arena_new();
	au_spool_init(&s, w->job, w->e, child);
	rc = fill(w, &s);
	child->size = s.size;
	w->fn(w->ctx, w->job, child, au_spool_view(&s, arena));
	au_spool_release(&s);
	au_arena_free(arena);
	return rc;
}

int au_unpack_archive(struct au_job *job, struct au_entry *e, struct au_view *v, int kind,
		      au_member_fn fn, void *ctx)
{
	struct walk w = { job, e, v, NULL, kind, fn, ctx };
	struct au_archive_member m;
	int rc, worst = AU_OK;
	uint64_t n = 0;

	w.a = au_archive_open(v, (enum au_archive_kind)kind);
	for (;;) {
		rc = au_archive_next(w.a, &m);
		if (rc == AU_NOTME) {
			rc = AU_OK;
			break;
		}
		if (rc == AU_BAD) {
			au_emit_coverage(job, e, "malformed", au_archive_at(w.a),
					 "cannot be unpacked beyond member %llu (offset %llu): %s",
					 (unsigned long long)n, (unsigned long long)au_archive_at(w.a),
					 au_archive_error(w.a));
			break;
		}
		n++;
		rc = member(&w, &m);
		if (rc != AU_OK)
			worst = rc;
		if (job->members > job->limits->members)
			break;
		if (kind == AU_ARCHIVE_STREAM || job->unpacked >= job->limits->unpacked)
			break;
	}
	au_archive_close(w.a);
	return rc != AU_OK ? rc : worst;
}
