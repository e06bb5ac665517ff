/* Flat layout of the licence index, shared by its compiler and the matcher. All numbers are native
 * to the machine that built it; nothing is a pointer, so it is used where it lies. */
#ifndef AU_LICENCE_TABLE_H
#define AU_LICENCE_TABLE_H

#include <stdint.h>

#define AU_LICENCE_MAGIC "AULI\0\0\0\1"

enum {
	AU_GRAM = 4,              /* words in a seed */
	AU_TOK_OPTIONAL = 1,      /* may be absent */
	AU_TOK_SLOT = 2,          /* names to be filled in: anything short may stand here */
	AU_TOK_TITLE = 4,
};

struct au_licence_header {
	char magic[8];
	uint32_t n_texts, n_tokens, n_slots /* power of two */, n_postings, pool;
	uint32_t fill;
};

struct au_licence_text {
	uint32_t id;              /* string */
	uint32_t tok, n;          /* its words */
	uint32_t required;        /* words that are neither optional nor slots */
	uint32_t sample;          /* one in so many seeds is indexed */
	uint32_t seeds;           /* seeds indexed */
};

struct au_licence_slot {
	uint32_t key;             /* hash of AU_GRAM words; 0: empty */
	uint32_t first, n;        /* postings */
};

struct au_licence_posting {
	uint16_t text, at;        /* text number, word position */
};

#endif
