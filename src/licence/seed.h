/* Seeds: hashes of AU_GRAM words in a row, by which texts are looked up. */
#ifndef AU_LICENCE_SEED_H
#define AU_LICENCE_SEED_H

#include <stdbool.h>
#include <stdint.h>
#include "base/num.h"
#include "licence/table.h"

static inline uint32_t au_seed(const uint32_t *w)
{
	uint64_t h = w[0];

	for (int i = 1; i < AU_GRAM; i++)
		h = (h ^ w[i]) * 0x9e3779b97f4a7c15ULL, h ^= h >> 29;
	h ^= h >> 32;
	return (uint32_t)h ? (uint32_t)h : 1;
}

/* The same seeds are taken on both sides, as it depends on the seed alone. */
static inline bool au_seed_taken(uint32_t seed, uint32_t sample)
{
	return sample <= 1 || (seed >> 20) % sample == 0;
}

#endif
