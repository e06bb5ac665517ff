/* Page arena: everything in it is freed at once. One arena belongs to one thread at a time.
 *
 * Allocation never returns NULL: when the machine itself is out of memory the process ends with
 * exit code 70 and a line on stderr. What hostile input may make us allocate is bounded by the
 * limits in audit/limits.h, not by hope. */
#ifndef AU_BASE_ARENA_H
#define AU_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;

/* A new, empty arena; au_arena_free takes NULL. */
struct au_arena *au_arena_new(void);
void au_arena_free(struct au_arena *a);
/* Forget everything, keep the first page for reuse. */
void au_arena_reset(struct au_arena *a);
/* Bytes handed out so far. */
size_t au_arena_used(const struct au_arena *a);

/* Zeroed memory, aligned to 16. n may be 0. */
void *au_arena_alloc(struct au_arena *a, size_t n);
/* Zeroed array; ends the process when n * size overflows (our mistake: check file counts first). */
void *au_arena_array(struct au_arena *a, size_t n, size_t size);
void *au_arena_dup(struct au_arena *a, const void *p, size_t n);
/* Copy of n bytes with a NUL behind them. */
char *au_arena_strn(struct au_arena *a, const char *s, size_t n);
/* Copy of a string; NULL gives NULL. */
char *au_arena_str(struct au_arena *a, const char *s);
char *au_arena_fmt(struct au_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *au_arena_vfmt(struct au_arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#define AU_NEW(a, type) ((type *)au_arena_alloc((a), sizeof(type)))
#define AU_ARRAY(a, type, n) ((type *)au_arena_array((a), (n), sizeof(type)))

/* Heap memory outside arenas, for long-lived buffers that grow; same rule for exhaustion.
 * au_xfree takes NULL. */
void *au_xalloc(size_t n);
void *au_xrealloc(void *p, size_t n);
void au_xfree(void *p);

#endif
