/* Compiler of the licence index: texts to the flat layout of table.h. */
#ifndef AU_LICENCE_COMPILE_H
#define AU_LICENCE_COMPILE_H

#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_licence_compiler;

struct au_licence_compiler *au_licence_compiler_new(struct au_arena *a);
/* A text under an id. Identical ones (word for word) become one: the first added keeps its id.
 * AU_OK; AU_NOTME when it has too few words or is a repeat; AU_LIMIT when it is too long. */
int au_licence_compiler_text(struct au_licence_compiler *c, const char *id, const void *text, size_t n);
/* The same from a fingerprint: words and flags. */
int au_licence_compiler_words(struct au_licence_compiler *c, const char *id, const uint32_t *words,
			      const uint8_t *flags, size_t n);
/* The index, in the arena. */
void au_licence_compiler_emit(struct au_licence_compiler *c, uint8_t **ret, size_t *ret_len);

/* Fingerprint file: a header line, then one word a line in hexadecimal with its flags. */
struct au_buf;
void au_licence_fingerprint(const void *text, size_t n, struct au_buf *out);
/* Read one; arrays in the arena. AU_OK or AU_BAD. */
int au_licence_fingerprint_read(struct au_arena *a, const void *p, size_t n, uint32_t **ret_words,
				uint8_t **ret_flags, size_t *ret_n);

#endif
