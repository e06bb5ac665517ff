/* Views over memory and files; see view.h. Files are read with pread into a window rather than
 * mapped: a file that shrinks while it is read is then an error code and not a signal, and the
 * resident size stays that of the window. */
#include "base/banned.h"
#include "io/view.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/rc.h"

struct au_view {
	struct au_arena *arena;
	const uint8_t *mem;    /* NULL: a file */
	int fd;
	uint64_t base, size;   /* range in the file */
	uint8_t *window;
	uint64_t window_at;
	size_t window_len;
	bool failed;
};

struct au_view *au_view_mem(struct au_arena *a, const void *p, size_t n)
{
	struct au_view *v = AU_NEW(a, struct au_view);

	v->arena = a;
	v->mem = p ? p : (const void *)"";
	v->fd = -1;
	v->size = n;
	return v;
}

struct au_view *au_view_fd(struct au_arena *a, int fd, uint64_t at, uint64_t size)
{
	struct au_view *v = AU_NEW(a, struct au_view);

	v->arena = a;
	v->fd = fd;
	v->base = at;
	v->size = size;
	return v;
}

struct au_view *au_view_sub(struct au_arena *a, struct au_view *v, uint64_t at, uint64_t len)
{
	if (!au_within(at, len, v->size))
		return NULL;
	if (v->mem)
		return au_view_mem(a, v->mem + at, (size_t)len);
	return au_view_fd(a, v->fd, v->base + at, len);
}

uint64_t au_view_size(const struct au_view *v)
{
	return v->size;
}

bool au_view_failed(const struct au_view *v)
{
	return v->failed;
}

/* Read up to n bytes; short only at the end of the file or on an error. */
static size_t read_at(struct au_view *v, uint64_t at, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k = pread(v->fd, p + got, n - got, (off_t)(v->base + at + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			v->failed = true;
			break;
		}
		got += (size_t)k;
	}
	return got;
}

const uint8_t *au_view_need(struct au_view *v, uint64_t at, size_t len)
{
	uint64_t left;

	if (!au_within(at, len, v->size))
		return NULL;
	if (v->mem)
		return v->mem + at;
	if (len > AU_VIEW_WINDOW)
		return NULL;
	if (at >= v->window_at && au_within(at - v->window_at, len, v->window_len))
		return v->window ? v->window + (at - v->window_at) : (const uint8_t *)"";
	if (!v->window) {
		/* small files get a window of their own size */
		size_t n = v->size < AU_VIEW_WINDOW ? (size_t)v->size : AU_VIEW_WINDOW;

		v->window = au_arena_alloc(v->arena, n);
	}
	left = v->size - at;
	v->window_at = at;
	v->window_len = read_at(v, at, v->window, left < AU_VIEW_WINDOW ? (size_t)left : AU_VIEW_WINDOW);
	return v->window_len >= len ? v->window : NULL;
}

const uint8_t *au_view_some(struct au_view *v, uint64_t at, size_t max, size_t *ret_len)
{
	uint64_t n = at < v->size ? v->size - at : 0;
	const uint8_t *p;

	if (n > max)
		n = max;
	if (!v->mem && n > AU_VIEW_WINDOW)
		n = AU_VIEW_WINDOW;
	if (!n)
		return NULL;
	p = au_view_need(v, at, (size_t)n);
	if (p)
		*ret_len = (size_t)n;
	return p;
}

int au_view_read(struct au_view *v, uint64_t at, void *p, size_t len)
{
	if (!au_within(at, len, v->size))
		return AU_BAD;
	if (v->mem) {
		if (len)
			memcpy(p, v->mem + at, len);
		return AU_OK;
	}
	return read_at(v, at, p, len) == len ? AU_OK : AU_IO;
}

const uint8_t *au_view_all(struct au_view *v, struct au_arena *a, size_t max, size_t *ret_len)
{
	uint8_t *p;

	if (v->size > max)
		return NULL;
	if (v->mem) {
		*ret_len = (size_t)v->size;
		return v->mem;
	}
	if (v->window && !v->window_at && v->window_len == v->size && a == v->arena &&
	    v->size <= AU_VIEW_WINDOW) {
		*ret_len = (size_t)v->size; /* the window holds all of it and will not move */
		return v->window;
	}
	p = au_arena_alloc(a, (size_t)v->size + 1);
	if (au_view_read(v, 0, p, (size_t)v->size) != AU_OK)
		return NULL;
	*ret_len = (size_t)v->size;
	return p;
}

bool au_view_u32le(struct au_view *v, uint64_t at, uint32_t *ret)
{
	const uint8_t *p = au_view_need(v, at, 4);

	if (p)
		*ret = au_le32(p);
	return p;
}

bool au_view_u64le(struct au_view *v, uint64_t at, uint64_t *ret)
{
	const uint8_t *p = au_view_need(v, at, 8);

	if (p)
		*ret = au_le64(p);
	return p;
}

int au_view_stream(struct au_view *v, uint64_t at, uint64_t len,
		   int (*fn)(void *ctx, uint64_t at, const uint8_t *p, size_t n), void *ctx)
{
	if (!au_within(at, len, v->size))
		return AU_BAD;
	while (len) {
		size_t n = 0;
		const uint8_t *p = au_view_some(v, at, len < AU_VIEW_WINDOW ? (size_t)len : AU_VIEW_WINDOW, &n);
		int rc;

		if (!p)
			return AU_IO;
		rc = fn(ctx, at, p, n);
		if (rc != AU_OK)
			return rc;
		at += n;
		len -= n;
	}
	return AU_OK;
}
