/* Growing buffer and vector with a maximum; see buf.h. */
#include "base/banned.h"
#include "base/buf.h"
#include "base/arena.h"
#include "base/rc.h"

void au_buf_init(struct au_buf *b, size_t max)
{
	*b = (struct au_buf){ .max = max };
}

void au_buf_release(struct au_buf *b)
{
	au_xfree(b->p);
	*b = (struct au_buf){ .max = b->max };
}

void au_buf_clear(struct au_buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->p)
		b->p[0] = 0;
}

int au_buf_room(struct au_buf *b, size_t n, uint8_t **ret)
{
	if (n > b->max || b->len > b->max - n) {
		b->full = true;
		return AU_LIMIT;
	}
	if (b->cap - b->len <= n) {
		size_t cap = b->cap ? b->cap : 64;

		while (cap - b->len <= n)
			cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
		b->p = au_xrealloc(b->p, cap);
		b->cap = cap;
	}
	*ret = b->p + b->len;
	b->len += n;
	b->p[b->len] = 0;
	return AU_OK;
}

int au_buf_add(struct au_buf *b, const void *p, size_t n)
{
	uint8_t *at;
	int rc = au_buf_room(b, n, &at);

	if (rc == AU_OK && n)
		memcpy(at, p, n);
	return rc;
}

int au_buf_byte(struct au_buf *b, uint8_t c)
{
	return au_buf_add(b, &c, 1);
}

int au_buf_str(struct au_buf *b, const char *s)
{
	return au_buf_add(b, s, strlen(s));
}

int au_buf_fmt(struct au_buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	uint8_t *at;
	int n, rc;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0) {
		rc = AU_FATAL;
	} else if ((size_t)n < sizeof(small)) {
		rc = au_buf_add(b, small, (size_t)n);
	} else {
		rc = au_buf_room(b, (size_t)n, &at);
		if (rc == AU_OK)
			vsnprintf((char *)at, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return rc;
}

const char *au_buf_cstr(const struct au_buf *b)
{
	return b->p ? (const char *)b->p : "";
}

void au_vec_init(struct au_vec *v, size_t size, size_t max)
{
	*v = (struct au_vec){ .size = size, .max = max };
}

void au_vec_release(struct au_vec *v)
{
	au_xfree(v->p);
	v->p = NULL;
	v->n = v->cap = 0;
}

void *au_vec_push(struct au_vec *v)
{
	void *at;

	if (v->n >= v->max)
		return NULL;
	if (v->n == v->cap) {
		v->cap = v->cap ? v->cap * 2 : 16;
		v->p = au_xrealloc(v->p, v->cap * v->size);
	}
	at = (uint8_t *)v->p + v->n++ * v->size;
	memset(at, 0, v->size);
	return at;
}
