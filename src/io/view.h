/* A view: a read-only range of bytes, in memory or in a file, with one bounds check for every
 * parser. A member stored raw in a container is a view into the container: nothing is copied. */
#ifndef AU_IO_VIEW_H
#define AU_IO_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_view;

/* The most that au_view_need gives at a time from a file. */
enum { AU_VIEW_WINDOW = 256 * 1024 };

/* View over memory that outlives it. */
struct au_view *au_view_mem(struct au_arena *a, const void *p, size_t n);
/* View over [at, at + size) of an open file; the descriptor is borrowed and read with pread. */
struct au_view *au_view_fd(struct au_arena *a, int fd, uint64_t at, uint64_t size);
/* Part of a view; NULL when the range is not inside it. */
struct au_view *au_view_sub(struct au_arena *a, struct au_view *v, uint64_t at, uint64_t len);

uint64_t au_view_size(const struct au_view *v);
/* A read failed (not: was out of range). The entry's coverage is incomplete then. */
bool au_view_failed(const struct au_view *v);

/* Pointer to len bytes at `at`, or NULL when out of range, over AU_VIEW_WINDOW (for views on
 * files) or unreadable. Valid until the next call on this view. */
const uint8_t *au_view_need(struct au_view *v, uint64_t at, size_t len);
/* As many bytes as there are at `at`, up to max (and AU_VIEW_WINDOW); *ret_len tells. NULL at the
 * end or when unreadable. */
const uint8_t *au_view_some(struct au_view *v, uint64_t at, size_t max, size_t *ret_len);
/* Copy of len bytes into p: AU_OK, AU_BAD (out of range) or AU_IO. */
int au_view_read(struct au_view *v, uint64_t at, void *p, size_t len);
/* The whole content in memory: the view's own bytes, or a copy in the arena. NULL when larger
 * than max or unreadable. A NUL is NOT guaranteed behind it. */
const uint8_t *au_view_all(struct au_view *v, struct au_arena *a, size_t max, size_t *ret_len);
/* Little-endian number at `at`. */
bool au_view_u32le(struct au_view *v, uint64_t at, uint32_t *ret);
bool au_view_u64le(struct au_view *v, uint64_t at, uint64_t *ret);

/* Feed the bytes once, in order, in chunks, to fn until it returns other than AU_OK (which is
 * then the result). */
int au_view_stream(struct au_view *v, uint64_t at, uint64_t len,
		   int (*fn)(void *ctx, uint64_t at, const uint8_t *p, size_t n), void *ctx);

#endif
