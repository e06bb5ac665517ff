/* Text to comparable words (SPDX matching guidelines, annex of the SPDX specification): lower case,
 * punctuation, bullets, comment leaders, markup and copyright notices gone, equivalent spellings
 * made one. A word is its 32-bit hash, so that templates can ship as numbers. */
#ifndef AU_LICENCE_TOKEN_H
#define AU_LICENCE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hash of a word that is already lower case and folded. Never 0. */
uint32_t au_word(const char *s, size_t n);

struct au_tokens {
	uint32_t *word;      /* hashes */
	uint32_t *at, *end;  /* byte range of each in the text */
	uint32_t *line;      /* from 1 */
	size_t n, cap;
	size_t copyrights;   /* copyright notices left out */
};

void au_tokens_release(struct au_tokens *t);

/* Tokenise p (up to UINT32_MAX bytes) into t, which is cleared and grown as needed. */
void au_tokenise(struct au_tokens *t, const uint8_t *p, size_t n);

#endif
