/* Growing byte buffer with a maximum from birth: unbounded growth cannot be written down.
 * init/release on the caller's storage. The bytes are always followed by a NUL. */
#ifndef AU_BASE_BUF_H
#define AU_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_buf {
	uint8_t *p;   /* owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t max;   /* never longer than this */
	bool full;    /* an append was refused: the content is incomplete */
};

void au_buf_init(struct au_buf *b, size_t max);
void au_buf_release(struct au_buf *b);
void au_buf_clear(struct au_buf *b);
/* AU_OK, or AU_LIMIT when the maximum would be passed: nothing is added then and `full` is set. */
int au_buf_add(struct au_buf *b, const void *p, size_t n);
int au_buf_byte(struct au_buf *b, uint8_t c);
int au_buf_str(struct au_buf *b, const char *s);
int au_buf_fmt(struct au_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Make room for n more bytes; ret points at the room, b->len is advanced by n. */
int au_buf_room(struct au_buf *b, size_t n, uint8_t **ret);
/* The content as a string ("" when empty); valid until the next change. */
const char *au_buf_cstr(const struct au_buf *b);

/* Growing array of elements of one size, the same idea. */
struct au_vec {
	void *p;
	size_t n, cap, max, size;
};

void au_vec_init(struct au_vec *v, size_t size, size_t max);
void au_vec_release(struct au_vec *v);
/* A new zeroed element at the end, or NULL when the maximum is reached. Moves earlier elements. */
void *au_vec_push(struct au_vec *v);
#define AU_AT(v, type, i) (&((type *)(v)->p)[i])

#endif
