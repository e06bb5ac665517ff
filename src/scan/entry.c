/* One entry through the house; see entry.h. Order matters: probing first (what is it?), then the
 * readers, the digest, the text engines, the members, and last the judges, who see all facts. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "declare/declare.h"
#include "detect/registry.h"
#include "ext/digest.h"
#include "io/view.h"
#include "scan/entry.h"
#include "scan/text.h"
#include "unpack/unpack.h"

enum { HEAD = 4096, TAIL = 65535 + 22, READ_SCORE = 60, STORAGE_HASH_MAX = 1024 * 1024 };

static bool is_text(const uint8_t *p, size_t n, bool whole)
{
	size_t i = 0;

	while (i < n) {
		size_t k = au_utf8_at(p + i, n - i, NULL);

		if (!k)
			return !whole && n - i < 4 && i; /* a character cut by the end of the head */
		if (p[i] < 0x20 && p[i] != '\n' && p[i] != '\r' && p[i] != '\t' && p[i] != '\f' && p[i] != 0x1b)
			return false;
		i += k;
	}
	return n;
}

static void add_bid(struct au_entry *e, const struct au_format *f, int score)
{
	unsigned i = e->n_bids;

	if (i == AU_BIDS_MAX) {
		if (e->bids[--i].score >= score)
			return;
	} else {
		e->n_bids++;
	}
	while (i && e->bids[i - 1].score < score) {
		e->bids[i] = e->bids[i - 1];
		i--;
	}
	e->bids[i] = (struct au_bid){ f, score };
}

static void probe_all(struct au_entry *e, struct au_view *v)
{
	uint64_t size = au_view_size(v);
	uint8_t head[HEAD], *tail = NULL;
	struct au_probe p = { .size = size, .name = au_basename(e->name), .path = e->path, .view = v };
	size_t n = 0;

	p.head_len = size < HEAD ? (size_t)size : HEAD;
	p.tail_len = size < TAIL ? (size_t)size : TAIL;
	if (size <= AU_VIEW_WINDOW) {
		/* the window holds all of it and does not move */
		p.head = au_view_some(v, 0, AU_VIEW_WINDOW, &n);
		p.tail = p.head ? p.head + (n - p.tail_len) : NULL;
	} else {
		tail = au_xalloc(TAIL);
		if (au_view_read(v, 0, head, p.head_len) == AU_OK)
			p.head = head;
		if (au_view_read(v, size - p.tail_len, tail, p.tail_len) == AU_OK)
			p.tail = tail;
	}
	if (p.head && p.tail) {
		p.text = is_text(p.head, p.head_len, p.head_len == size);
		e->text = p.text;
		for (size_t i = 0; i < au_n_formats; i++) {
			int score = au_formats[i]->probe ? au_formats[i]->probe(&p) : 0;

			if (score > 0)
				add_bid(e, au_formats[i], score);
		}
	}
	au_xfree(tail);
}

static void drop_bid(struct au_entry *e, unsigned i)
{
	e->n_bids--;
	for (; i < e->n_bids; i++)
		e->bids[i] = e->bids[i + 1];
}

static void read_all(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	for (unsigned i = 0; i < e->n_bids && e->bids[i].score >= READ_SCORE;) {
		const struct au_format *f = e->bids[i].format;

		if (f->read && f->read(job, e, v) == AU_NOTME)
			drop_bid(e, i);
		else
			i++;
	}
}

struct hash {
	struct au_lane *lane;
};

static int hash_chunk(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct hash *h = ctx;

	(void)at;
	au_digest_update(h->lane->sha256, p, n);
	if (h->lane->progress)
		h->lane->progress->bytes += n;
	return AU_OK;
}

/* Raw tensor storages inside a model's zip are part of a file that is hashed already and nobody
 * publishes them alone: hashing them again would double the work. */
static bool hash_wanted(const struct au_lane *lane, const struct au_entry *e)
{
	if (lane->run->no_hash)
		return false;
	if (!e->parent || !e->stored_raw || e->size <= STORAGE_HASH_MAX)
		return true;
	return e->n_bids && e->bids[0].score >= READ_SCORE && !au_entry_is(e->parent, "npz") &&
	       !au_entry_is(e->parent, "torch-zip");
}

static void hash(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct hash h = { lane };

	if (!hash_wanted(lane, e)) {
		if (lane->progress && !e->parent)
			lane->progress->bytes += e->size;
		return;
	}
	au_digest_reset(lane->sha256);
	if (au_view_stream(v, 0, au_view_size(v), hash_chunk, &h) != AU_OK)
		return; /* the view remembers; told below */
	au_digest_final(lane->sha256, e->sha256);
	e->hashed = true;
	if (!e->parent)
		job->bytes_read += e->size;
}

/* Git LFS pointer (git-lfs spec v1): it stands for a file that is not there. */
static bool lfs_pointer(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	static const char start[] = "version https://git-lfs.github.com/spec/v1\n";
	size_t n = 0;
	const char *p, *oid, *size;
	char *text;

	if (e->size < sizeof(start) || e->size > 1024)
		return false;
	p = (const char *)au_view_some(v, 0, 1024, &n);
	if (!p || memcmp(p, start, sizeof(start) - 1) != 0)
		return false;
	text = au_arena_strn(job->scratch, p, n);
	oid = strstr(text, "\noid sha256:");
	size = strstr(text, "\nsize ");
	if (!oid || !size || !au_unhex(oid + 12, 32, e->sha256))
		return false;
	e->lfs = true;
	e->lfs_size = strtoull(size + 6, NULL, 10);
	au_emit(job, e, "lfs.pointer", au_arena_strn(job->scratch, oid + 12, 64), NULL, au_span(0, n))->num =
		e->lfs_size;
	au_emit_coverage(job, e, "lfs-pointer", 0,
			 "a Git LFS pointer: the %llu bytes it stands for are not here; fetch them with `git lfs pull`",
			 (unsigned long long)e->lfs_size);
	return true;
}

static void on_member(void *ctx, struct au_job *job, struct au_entry *child, struct au_view *v)
{
	if (v)
		au_scan_entry(ctx, job, child, v);
}

static void unpack(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v)
{
	for (unsigned i = 0; i < e->n_bids && e->bids[i].score >= READ_SCORE; i++)
		if (e->bids[i].format->flags & AU_FMT_CONTAINER)
			au_unpack(job, e, v, e->bids[i].format->name, on_member, lane);
}

void au_scan_entry(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_arena *outer = job->scratch;

	job->scratch = au_arena_new();
	e->size = au_view_size(v);
	if (lane->run->only_hash) {
		hash(lane, job, e, v);
	} else if (!lfs_pointer(job, e, v)) {
		probe_all(e, v);
		read_all(job, e, v);
		hash(lane, job, e, v);
		au_scan_text(lane, job, e, v);
		au_declare_entry(job, e, v);
		unpack(lane, job, e, v);
	}
	if (au_view_failed(v))
		au_emit_coverage(job, e, "unreadable", 0, "could not be read to its end: %s",
				 "the file became shorter or the device failed");
	for (size_t i = 0; i < au_n_judges && !lane->run->only_hash; i++)
		if (au_judges[i]->entry)
			au_judges[i]->entry(job, e);
	au_arena_free(job->scratch);
	job->scratch = outer;
}
