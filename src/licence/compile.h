/* Making the index: SPDX texts, licence records, fingerprints and notice rules to one flat blob.
 * Runs in the build tool and, for users' own texts, inside the program. */
#ifndef AU_LICENCE_COMPILE_H
#define AU_LICENCE_COMPILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/node.h"
#include "licence/internal.h"

struct au_licence_sources {
	const char *spdx;          /* spdx-full.json of the pinned package, or NULL */
	const char *records;       /* directory of records, or NULL */
	const char *fingerprints;  /* directory of .fp files, or NULL */
	const char *rules;         /* directory with notice rules (YAML) and marks.yaml, or NULL */
	const char *texts;         /* directory of a user's .txt and .fp files, or NULL */
	const struct au_licence_db *base;  /* start from this index, or NULL */
};

/* The blob lives in the arena. AU_OK, or AU_BAD, AU_IO with *ret_error naming the file. */
int au_licence_compile(const struct au_licence_sources *src, struct au_arena *a, uint8_t **ret,
		       size_t *ret_len, const char **ret_error);

/* Inside: the index while it grows. */
struct lic_word { uint32_t hash, str; uint8_t flag; };
struct lic_text { uint16_t *tok; uint8_t *mark; uint32_t n, lic, flags; };
struct lic_build {
	struct au_arena *a;
	struct au_vec word;        /* struct lic_word */
	uint32_t *slot;
	uint32_t slot_mask;
	struct au_buf str;
	struct au_vec lic;         /* struct lic_rec */
	struct au_vec text;        /* struct lic_text */
	struct au_vec node, edge, rule, alias;
	struct lic_mark *marks;    /* slots and optional spans, word ids */
	size_t n_marks;
	struct lic_mark *variants; /* from, to: another wording of the same */
	size_t n_variants;
	struct au_stream s;        /* for tokenising */
	const char *error;
};
struct lic_mark {
	bool optional, to_end, any;
	const uint16_t *from, *to;
	size_t n_from, n_to;
	unsigned max;
};

uint32_t lic_build_str(struct lic_build *b, const char *s);
/* Word id of a hash, added when new; str may be NULL (fingerprints). */
uint16_t lic_build_word(struct lic_build *b, uint32_t hash, const char *s, size_t n, bool number);
/* Tokens of a string as ids, in the arena. */
uint16_t *lic_build_tokens(struct lic_build *b, const char *s, size_t n, size_t *ret_n);
struct lic_rec *lic_build_licence(struct lic_build *b, const char *id, uint32_t *ret_index);
/* compile_text.c */
void lic_build_text(struct lic_build *b, const char *id, const char *text, size_t n, uint32_t flags);
int lic_build_fingerprint(struct lic_build *b, const char *path, uint32_t flags);
void lic_build_dedupe(struct lic_build *b);
/* compile_index.c: everything to one blob. */
int lic_build_finish(struct lic_build *b, uint8_t **ret, size_t *ret_len);
/* notice_compile.c */
int lic_build_marks(struct lic_build *b, const char *path);
int lic_build_notices(struct lic_build *b, const char *dir);
/* Whole file into the arena, NULL when it cannot be read. */
char *lic_slurp(struct au_arena *a, const char *path, size_t *ret_n);
/* Sorted paths below dir with this ending. */
char **lic_list(struct au_arena *a, const char *dir, const char *ending, size_t *ret_n);

#endif
