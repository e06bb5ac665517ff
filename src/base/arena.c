/* Page arena; see arena.h. */
#define AU_ALLOW_MALLOC
#include "base/banned.h"
#include "base/arena.h"

enum { PAGE_MIN = 16 * 1024, PAGE_MAX = 1024 * 1024, ALIGN = 16 };

struct page {
	struct page *next;
	size_t size, used;
};

struct au_arena {
	struct page *first, *page; /* page: the one being filled */
	size_t used;
};

static const size_t head = (sizeof(struct page) + ALIGN - 1) / ALIGN * ALIGN;

static _Noreturn void out_of_memory(size_t n)
{
	fprintf(stderr, "assay: out of memory (asked for %zu bytes)\n", n);
	_exit(70);
}

void *au_xalloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void *au_xrealloc(void *old, size_t n)
{
	void *p = realloc(old, n ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void au_xfree(void *p)
{
	free(p);
}

static struct page *page_new(size_t size)
{
	struct page *p = malloc(head + size);

	if (!p)
		out_of_memory(size);
	p->next = NULL;
	p->size = size;
	p->used = 0;
	return p;
}

struct au_arena *au_arena_new(void)
{
	struct au_arena *a = au_xalloc(sizeof(*a));

	a->first = a->page = page_new(PAGE_MIN);
	return a;
}

static void free_pages(struct page *p)
{
	while (p) {
		struct page *next = p->next;

		free(p);
		p = next;
	}
}

void au_arena_free(struct au_arena *a)
{
	if (!a)
		return;
	free_pages(a->first);
	free(a);
}

void au_arena_reset(struct au_arena *a)
{
	free_pages(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->page = a->first;
	a->used = 0;
}

size_t au_arena_used(const struct au_arena *a)
{
	return a->used;
}

void *au_arena_alloc(struct au_arena *a, size_t n)
{
	struct page *p = a->page;
	size_t want;
	uint8_t *at;

	if (n > SIZE_MAX / 2)
		out_of_memory(n);
	want = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (want > p->size - p->used) {
		size_t size = p->size * 2 < PAGE_MAX ? p->size * 2 : PAGE_MAX;

		p->next = page_new(want > size ? want : size);
		a->page = p = p->next;
	}
	at = (uint8_t *)p + head + p->used;
	p->used += want;
	a->used += want;
	memset(at, 0, n);
	return at;
}

void *au_arena_array(struct au_arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory(SIZE_MAX);
	return au_arena_alloc(a, bytes);
}

void *au_arena_dup(struct au_arena *a, const void *p, size_t n)
{
	void *q = au_arena_alloc(a, n);

	if (n)
		memcpy(q, p, n);
	return q;
}

char *au_arena_strn(struct au_arena *a, const char *s, size_t n)
{
	char *q = au_arena_alloc(a, n + 1);

	if (n)
		memcpy(q, s, n);
	return q;
}

char *au_arena_str(struct au_arena *a, const char *s)
{
	return s ? au_arena_strn(a, s, strlen(s)) : NULL;
}

char *au_arena_vfmt(struct au_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	s = au_arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n >= 0)
		vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

char *au_arena_fmt(struct au_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = au_arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}
