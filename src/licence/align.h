/* Word-by-word comparison of a piece of text with a licence: the shortest edit script (Myers 1986,
 * "An O(ND) difference algorithm"), and what its differences weigh. */
#ifndef AU_LICENCE_ALIGN_H
#define AU_LICENCE_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum au_edit_kind { AU_SAME, AU_MISSING, AU_INSERTED };

struct au_edit {
	enum au_edit_kind kind;
	uint32_t n;
};

struct au_align {
	int32_t *v;            /* frontier */
	int32_t *trace;        /* frontiers of all distances */
	size_t trace_cap;
	struct au_edit *edits;
	size_t n_edits, cap;
};

void au_align_release(struct au_align *al);
/* Edit script from template b to text a, at most max_d single edits. False when there are more. */
bool au_align_run(struct au_align *al, const uint32_t *a, size_t n, const uint32_t *b, size_t m, size_t max_d);

/* What the differences come to. */
struct au_diff {
	uint32_t text_from, text_to;   /* words of the text the match covers */
	uint32_t tmpl_from, tmpl_to;   /* words of the licence it covers */
	uint32_t same, same_required;  /* words found */
	uint32_t missing, inserted;    /* required words missing, words inserted: those that count */
	uint32_t head, tail;           /* of missing: before and behind what is covered */
	uint32_t block_in, block_out;  /* longest inserted and missing run inside */
	uint32_t blocks;               /* separate differences inside */
	uint32_t critical_in, critical_out; /* differences at words that change the meaning */
};
/* Judge the script. flags: AU_TOK_* of the template. */
void au_align_judge(const struct au_align *al, const uint32_t *a, const uint32_t *b, const uint8_t *flags,
		    size_t m, struct au_diff *ret);
/* Words that turn the meaning ("not", "except", "commercial", ...). */
bool au_is_critical(uint32_t word);

#endif
