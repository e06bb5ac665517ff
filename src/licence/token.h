/* Bytes to words: one pass over text in any costume (comment leaders, HTML, markdown, bullets,
 * quotes, hyphens at line ends). Words are 32-bit hashes with byte places; the matcher turns them
 * into 16-bit ids with the vocabulary of the index. Copyright lines and bullets leave no words:
 * licences may differ there freely (SPDX matching guidelines B.6, B.7, B.13). */
#ifndef AU_LICENCE_TOKEN_H
#define AU_LICENCE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AU_TOK_NUMBER = 1,  /* digits */
	AU_TOK_LINE = 2,    /* first word of its line */
	AU_TOK_COPY = 4,    /* "copyright", "(c)" or the sign */
	AU_TOK_UPPER = 8,   /* starts with a capital */
	AU_TOK_STOP = 16,   /* a sentence ended before this word */
};

struct au_stream {
	uint32_t *hash;     /* cap entries each, owned by the caller */
	uint32_t *off, *end;
	uint8_t *kind;
	uint16_t *id;       /* filled by au_vocab_map */
	size_t n, cap;
};

/* Hash of a lower-case word. */
uint32_t au_word_hash(const char *s, size_t n);
/* Words of text[from, len) appended from index 0; stops when the stream is full. Returns the
 * offset it stopped at (len when everything was read). len must fit 32 bits. */
size_t au_tokenise(const uint8_t *text, size_t len, size_t from, struct au_stream *s);
/* The canonical spelling's hash of a word with several ("licence", "license"). */
uint32_t au_word_canon(uint32_t hash);
/* Pairs of equivalent spellings, NULL at the end: variant, canonical, variant, canonical... */
const char *const *au_word_pairs(void);

#endif
