/* Zip directory reader; see zip.h. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "ext/inflate.h"
#include "format/zip.h"
#include "io/view.h"

enum {
	LOCAL_SIG = 0x04034b50, CENTRAL_SIG = 0x02014b50, END_SIG = 0x06054b50,
	END64_SIG = 0x06064b50, LOCATOR_SIG = 0x07064b50,
	LOCAL_LEN = 30, CENTRAL_LEN = 46, END_LEN = 22, LOCATOR_LEN = 20, END64_LEN = 56,
	ORPHAN_SCAN_MAX = 64 * 1024 * 1024,
};

struct end {
	uint64_t at, n, dir_size, dir_at, after;
};

/* Last end record whose comment reaches no further than the file: what readers look for. */
static bool find_end(struct au_view *v, struct end *ret)
{
	uint64_t size = au_view_size(v);
	size_t n = size < 65535 + END_LEN ? (size_t)size : 65535 + END_LEN;
	const uint8_t *p = n >= END_LEN ? au_view_need(v, size - n, n) : NULL;

	if (!p)
		return false;
	for (size_t i = n - END_LEN + 1; i-- > 0;) {
		uint64_t comment;

		if (au_le32(p + i) != END_SIG)
			continue;
		comment = au_le16(p + i + 20);
		if (i + END_LEN + comment > n)
			continue;
		ret->at = size - n + i;
		ret->n = au_le16(p + i + 10);
		ret->dir_size = au_le32(p + i + 12);
		ret->dir_at = au_le32(p + i + 16);
		ret->after = n - (i + END_LEN + comment);
		return true;
	}
	return false;
}

/* Zip64 end record, when the locator in front of the end record leads to one. */
static uint64_t zip64_end(struct au_view *v, struct end *e)
{
	const uint8_t *p;
	uint64_t at;

	if (e->at < LOCATOR_LEN)
		return e->at;
	p = au_view_need(v, e->at - LOCATOR_LEN, LOCATOR_LEN);
	if (!p || au_le32(p) != LOCATOR_SIG)
		return e->at;
	at = au_le64(p + 8);
	p = au_view_need(v, at, END64_LEN);
	if (!p || au_le32(p) != END64_SIG) {
		/* bytes in front of the archive shift it: the record then ends at the locator */
		if (e->at < LOCATOR_LEN + END64_LEN)
			return e->at;
		at = e->at - LOCATOR_LEN - END64_LEN;
		p = au_view_need(v, at, END64_LEN);
		if (!p || au_le32(p) != END64_SIG)
			return e->at;
	}
	e->n = au_le64(p + 32);
	e->dir_size = au_le64(p + 40);
	e->dir_at = au_le64(p + 48);
	return at;
}

/* The zip64 extra field holds, in order, those of size, packed and offset that are all ones. */
static void zip64_extra(const uint8_t *x, size_t n, uint64_t *size, uint64_t *packed, uint64_t *at)
{
	for (size_t i = 0; i + 4 <= n;) {
		size_t len = au_le16(x + i + 2);
		uint64_t *const field[] = { size, packed, at };
		size_t k = i + 4, end = i + 4 + len;

		if (end > n)
			return;
		for (int f = 0; au_le16(x + i) == 1 && f < 3; f++) {
			if (!field[f] || *field[f] != UINT32_MAX || k + 8 > end)
				continue;
			*field[f] = au_le64(x + k);
			k += 8;
		}
		i = end;
	}
}

static void read_central(struct au_arena *a, const uint8_t *p, const uint8_t *var,
			 struct au_zip_member *m)
{
	size_t name = au_le16(p + 28), extra = au_le16(p + 30);

	m->flags = au_le16(p + 8);
	m->method = au_le16(p + 10);
	m->crc = au_le32(p + 16);
	m->packed = au_le32(p + 20);
	m->size = au_le32(p + 24);
	m->header_at = au_le32(p + 42);
	if (p[5] == 3) /* made by Unix: mode in the upper half */
		m->mode = au_le32(p + 38) >> 16;
	m->name = au_arena_strn(a, (const char *)var, name);
	zip64_extra(var + name, extra, &m->size, &m->packed, &m->header_at);
	if (m->flags & 1)
		m->odd |= AU_ZIP_ENCRYPTED;
}

/* Compare the local header with the central one; sets data_at. shift: bytes in front of the
 * archive, which all offsets in it lack. */
static void check_local(struct au_view *v, struct au_arena *a, struct au_zip_member *m, uint64_t shift)
{
	uint64_t at, size, packed;
	const uint8_t *p;
	size_t name, extra;

	if (!au_add(m->header_at, shift, &at)) {
		m->odd |= AU_ZIP_NO_LOCAL;
		return;
	}
	p = au_view_need(v, at, LOCAL_LEN);
	if (!p || au_le32(p) != LOCAL_SIG) {
		m->odd |= AU_ZIP_NO_LOCAL;
		return;
	}
	m->header_at = at;
	name = au_le16(p + 26);
	extra = au_le16(p + 28);
	m->data_at = at + LOCAL_LEN + name + extra;
	packed = au_le32(p + 18);
	size = au_le32(p + 22);
	if (au_le16(p + 8) != m->method)
		m->odd |= AU_ZIP_LOCAL_METHOD;
	if ((au_le16(p + 6) ^ m->flags) & 1)
		m->odd |= AU_ZIP_LOCAL_CRYPT;
	if ((au_le16(p + 6) ^ m->flags) & ~(0x0801U | 8U))
		m->odd |= AU_ZIP_LOCAL_FLAGS;
	p = au_view_need(v, at + LOCAL_LEN, name + extra);
	if (!p) {
		m->odd |= AU_ZIP_NO_LOCAL;
		m->data_at = 0;
		return;
	}
	if (strlen(m->name) != name || memcmp(m->name, p, name)) {
		m->odd |= AU_ZIP_LOCAL_NAME;
		m->local_name = au_arena_strn(a, (const char *)p, name);
	}
	zip64_extra(p + name, extra, &size, &packed, NULL);
	/* zero sizes with bit 3 mean: stated behind the data */
	if ((size && size != m->size) || (packed && packed != m->packed))
		m->odd |= AU_ZIP_LOCAL_SIZE;
}

struct open {
	struct au_view *v;
	struct au_arena *a;
	struct au_vec members;
	struct au_map names, headers;
	struct au_zip *z;
};

static void stop(struct au_zip *z, const char *why)
{
	z->cut = true;
	z->why = why;
}

static bool seen(struct au_map *m, const void *key, size_t n)
{
	void **slot = au_map_put(m, key, n);
	bool was = *slot;

	*slot = m;
	return was;
}

static void read_directory(struct open *o, const struct end *e, uint64_t shift)
{
	uint64_t at = o->z->dir_at, limit = o->z->dir_at + o->z->dir_size;

	for (uint64_t i = 0; i < e->n || at < limit; i++) {
		struct au_zip_member *m;
		const uint8_t *p = au_view_need(o->v, at, CENTRAL_LEN), *var;
		uint8_t fixed[CENTRAL_LEN];
		size_t len;

		if (!p || au_le32(p) != CENTRAL_SIG) {
			if (i < e->n)
				stop(o->z, "the directory ends before the number of members it states");
			return;
		}
		memcpy(fixed, p, CENTRAL_LEN);
		len = (size_t)au_le16(fixed + 28) + au_le16(fixed + 30) + au_le16(fixed + 32);
		var = au_view_need(o->v, at + CENTRAL_LEN, len);
		m = var ? au_vec_push(&o->members) : NULL;
		if (!m) {
			stop(o->z, var ? "more members than the limit" : "the directory is cut short");
			return;
		}
		read_central(o->a, fixed, var, m);
		if (seen(&o->names, m->name, strlen(m->name)))
			m->odd |= AU_ZIP_DUPLICATE;
		check_local(o->v, o->a, m, shift);
		seen(&o->headers, &m->header_at, sizeof(m->header_at));
		at += CENTRAL_LEN + len;
	}
}

/* A member that only its local header knows, at `at`. Returns where to look on. */
static uint64_t orphan(struct open *o, uint64_t at)
{
	const uint8_t *p = au_view_need(o->v, at, LOCAL_LEN), *var;
	uint8_t h[LOCAL_LEN];
	struct au_zip_member *m;
	size_t name, extra;

	if (!p || au_le32(p) != LOCAL_SIG || au_le16(p + 4) > 63 + 255)
		return at + 4;
	memcpy(h, p, LOCAL_LEN);
	name = au_le16(h + 26);
	extra = au_le16(h + 28);
	var = au_view_need(o->v, at + LOCAL_LEN, name + extra);
	if (!var || !name || au_le16(h + 8) > 99)
		return at + 4;
	m = au_vec_push(&o->members);
	if (!m) {
		stop(o->z, "more members than the limit");
		return UINT64_MAX;
	}
	m->flags = au_le16(h + 6);
	m->method = au_le16(h + 8);
	m->crc = au_le32(h + 14);
	m->packed = au_le32(h + 18);
	m->size = au_le32(h + 22);
	m->name = au_arena_strn(o->a, (const char *)var, name);
	zip64_extra(var + name, extra, &m->size, &m->packed, NULL);
	m->header_at = at;
	m->data_at = at + LOCAL_LEN + name + extra;
	m->odd = AU_ZIP_ORPHAN | (m->flags & 1 ? AU_ZIP_ENCRYPTED : 0U);
	if (m->flags & 8 && !m->packed) /* size unknown: up to the end; deflate ends by itself */
		m->packed = m->data_at < au_view_size(o->v) ? au_view_size(o->v) - m->data_at : 0;
	if (!au_within(m->data_at, m->packed, au_view_size(o->v)))
		m->packed = m->data_at < au_view_size(o->v) ? au_view_size(o->v) - m->data_at : 0;
	return m->flags & 8 ? m->data_at : m->data_at + m->packed;
}

static int by_header(const void *a, const void *b)
{
	const struct au_zip_member *const *x = a, *const *y = b;

	return (*x)->header_at < (*y)->header_at ? -1 : (*x)->header_at > (*y)->header_at;
}

/* Look for local headers in the gaps between the members that the directory knows. */
static void find_orphans(struct open *o, uint64_t end)
{
	size_t n = o->members.n;
	struct au_zip_member **order = AU_ARRAY(o->a, struct au_zip_member *, n + 1);
	uint64_t at = 0, searched = 0;

	for (size_t i = 0; i < n; i++)
		order[i] = AU_AT(&o->members, struct au_zip_member, i);
	qsort(order, n, sizeof(*order), by_header);
	/* the vector may move while orphans are pushed: note the ranges first */
	uint64_t (*range)[2] = au_arena_array(o->a, n + 1, sizeof(*range));
	for (size_t i = 0; i < n; i++) {
		range[i][0] = order[i]->header_at;
		range[i][1] = order[i]->data_at;
		if (order[i]->data_at && !au_add(order[i]->data_at, order[i]->packed, &range[i][1]))
			range[i][1] = end;
		if (i && order[i]->data_at && order[i]->header_at < range[i - 1][1])
			order[i]->odd |= AU_ZIP_OVERLAP;
	}
	range[n][0] = range[n][1] = end;
	for (size_t i = 0; i <= n; i++) {
		while (at < range[i][0] && searched < ORPHAN_SCAN_MAX) {
			size_t got = 0;
			const uint8_t *p = au_view_some(o->v, at, AU_VIEW_WINDOW, &got);
			uint64_t left = range[i][0] - at;
			const uint8_t *hit;

			if (!p || left < LOCAL_LEN)
				break;
			if (got > left)
				got = (size_t)left;
			hit = memmem(p, got, "PK\3\4", 4);
			searched += hit ? (uint64_t)(hit - p) + 4 : got;
			if (!hit) {
				at += got > 3 ? got - 3 : got;
				if (got <= 4)
					break;
				continue;
			}
			at = orphan(o, at + (uint64_t)(hit - p));
		}
		if (range[i][1] > at)
			at = range[i][1];
	}
}

int au_zip_open(struct au_view *v, struct au_arena *a, size_t max_members, struct au_zip *ret)
{
	struct open o = { .v = v, .a = a, .z = ret };
	uint64_t dir_end, size = au_view_size(v), shift = 0;
	struct end e = { 0 };
	bool ended;

	memset(ret, 0, sizeof(*ret));
	au_vec_init(&o.members, sizeof(struct au_zip_member), max_members);
	au_map_init(&o.names, a);
	au_map_init(&o.headers, a);
	ended = find_end(v, &e);
	if (ended) {
		dir_end = zip64_end(v, &e);
		ret->tail = e.after;
		if (e.dir_size <= dir_end && dir_end - e.dir_size > e.dir_at)
			shift = dir_end - e.dir_size - e.dir_at;
		ret->dir_at = e.dir_at + shift;
		ret->dir_size = e.dir_size;
		if (!au_within(ret->dir_at, ret->dir_size, size)) {
			ret->dir_at = ret->dir_size = size;
			stop(ret, "the end record points outside the file");
			dir_end = size;
		} else {
			read_directory(&o, &e, shift);
			dir_end = ret->dir_at;
		}
	} else {
		const uint8_t *p = au_view_need(v, 0, 4);

		if (!p || au_le32(p) != LOCAL_SIG) {
			au_vec_release(&o.members);
			return au_view_failed(v) ? AU_IO : AU_NOTME;
		}
		stop(ret, "there is no end record");
		ret->dir_at = dir_end = size;
	}
	find_orphans(&o, dir_end);
	ret->n = o.members.n;
	ret->members = au_arena_dup(a, o.members.p, o.members.n * sizeof(struct au_zip_member));
	au_vec_release(&o.members);
	ret->prefix = size;
	for (size_t i = 0; i < ret->n; i++)
		if (ret->members[i].header_at < ret->prefix)
			ret->prefix = ret->members[i].header_at;
	if (!ret->n)
		ret->prefix = ret->dir_at;
	return au_view_failed(v) ? AU_IO : AU_OK;
}

static int collect(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	(void)at;
	return au_buf_add(ctx, p, n);
}

int au_zip_member_view(struct au_view *v, struct au_arena *a, const struct au_zip_member *m,
		       uint64_t max, struct au_view **ret)
{
	struct au_buf out;
	int rc;

	*ret = NULL;
	if (m->odd & (AU_ZIP_ENCRYPTED | AU_ZIP_NO_LOCAL) || (m->method != 0 && m->method != 8))
		return AU_NOTME;
	if (m->method == 0) {
		if (m->packed > max)
			return AU_LIMIT;
		*ret = au_view_sub(a, v, m->data_at, m->packed);
		return *ret ? AU_OK : AU_BAD;
	}
	if (m->data_at > au_view_size(v))
		return AU_BAD;
	au_buf_init(&out, (size_t)max);
	rc = au_inflate(v, m->data_at, au_within(m->data_at, m->packed, au_view_size(v))
			? m->packed : au_view_size(v) - m->data_at, 1, NULL, collect, &out);
	if (out.len || rc == AU_OK)
		*ret = au_view_mem(a, au_arena_dup(a, out.p, out.len), out.len);
	au_buf_release(&out);
	return rc;
}

const struct au_zip_member *au_zip_find(const struct au_zip *z, const char *name)
{
	const struct au_zip_member *hit = NULL;

	for (size_t i = 0; i < z->n; i++)
		if (!strcmp(z->members[i].name, name))
			hit = &z->members[i];
	return hit;
}

static int probe(const struct au_probe *p)
{
	if (p->head_len >= 4 && (!memcmp(p->head, "PK\3\4", 4) || !memcmp(p->head, "PK\5\6", 4)))
		return 100;
	/* a zip with something in front: the end record is what loaders look for */
	if (p->tail_len >= END_LEN) {
		for (size_t i = p->tail_len - END_LEN + 1; i-- > 0;) {
			uint64_t dir;

			if (au_le32(p->tail + i) != END_SIG || i + END_LEN + au_le16(p->tail + i + 20) > p->tail_len)
				continue;
			/* bytes behind the end: a zip inside of something else, such as a tar */
			if (i + END_LEN + au_le16(p->tail + i + 20) < p->tail_len)
				return 50;
			dir = au_le32(p->tail + i + 12);
			return dir >= CENTRAL_LEN && dir <= p->size ? 90 : 60;
		}
	}
	return 0;
}

const struct au_format au_format_zip = {
	.name = "zip",
	.title = "Zip archive",
	.extensions = (const char *const[]){ "zip", "pt", "pth", "npz", "keras", "ckpt", "bin", "mar",
					     "skops", "whl", "jar", "egg", "nupkg", NULL },
	.flags = AU_FMT_CONTAINER,
	.probe = probe,
	.checked = "central against local headers, duplicate and orphan members, traversal, ratio, encryption",
};
