/* Shared by the lanes of the matcher. */
#ifndef AU_LICENCE_SCAN_H
#define AU_LICENCE_SCAN_H

#include "licence/licence.h"
#include "licence/token.h"

struct au_licence_found {
	enum au_verdict verdict;
	uint32_t text;           /* licence number, or UINT32_MAX */
	const char *expr;        /* overrides text: an id or expression */
	const char *rule;
	uint32_t from, to;       /* words */
	uint32_t missing, inserted;
	double score;
};

struct au_licence_out {
	struct au_licence_found *found;
	size_t n, cap;
	uint8_t *covered;        /* a byte a word */
};

void au_licence_found(struct au_licence_out *o, const struct au_licence_found *f);
void au_licence_cover(struct au_licence_out *o, uint32_t from, uint32_t to);

/* The notice lane: SPDX tags and named licences outside of what texts cover. */
void au_licence_notices(const struct au_licence_db *db, const struct au_tokens *t, const uint8_t *p, size_t n,
			struct au_licence_out *o, struct au_arena *a);

#endif
