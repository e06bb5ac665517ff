/* Sets of words that mean something to the matcher, as sorted hashes. */
#ifndef AU_LICENCE_WORDS_H
#define AU_LICENCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum au_word_set {
	AU_WORDS_CRITICAL,   /* turn the meaning: not, except, commercial... */
	AU_WORDS_LEGAL,      /* legal language is dense with them */
	AU_WORDS_BULLET,     /* numbers of sections and items */
	AU_WORDS_N,
};

struct au_words {
	uint32_t list[AU_WORDS_N][512];
	size_t n[AU_WORDS_N];
};

void au_words_init(struct au_words *w);
bool au_words_has(const struct au_words *w, enum au_word_set set, uint32_t word);

#endif
