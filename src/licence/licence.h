/* The licence room: texts against an index of every SPDX licence and of the AI and dataset
 * licences, tags and notices against names. A text that resembles a licence but differs from it is
 * never reported as that licence: it is `modified`, with the nearest id beside it. */
#ifndef AU_LICENCE_LICENCE_H
#define AU_LICENCE_LICENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_licence_db;
struct au_licence_scratch;

enum au_verdict {
	AU_EXACT,      /* word for word, but for copyright notices, layout and optional parts */
	AU_MATCH,      /* only filled-in names and slips differ */
	AU_MODIFIED,   /* mostly this text, with changes that matter: NOT that licence */
	AU_PARTIAL,    /* a piece of it, the rest is not there */
	AU_REFERENCE,  /* named by a tag or a notice; the text is not here */
	AU_UNKNOWN,    /* legal language that is in no index */
};
const char *au_verdict_name(enum au_verdict v);

struct au_licence_match {
	enum au_verdict verdict;
	const char *id;          /* id or SPDX expression; NULL for modified and unknown texts */
	const char *nearest;     /* modified, unknown: nearest id, or NULL */
	double score;            /* share of the licence's required words found, 0..1 */
	uint32_t missing, inserted; /* words */
	uint64_t off, len;       /* bytes */
	uint32_t line, line_end;
	const char *rule;        /* what found it: "text", "spdx-tag", "notice" */
};

/* What is known about a file before its text is read. */
struct au_licence_hint {
	bool licence_file;       /* named LICENSE, COPYING, NOTICE...: unknown text is worth telling */
	bool source;             /* program text: only its comments can be licences */
};

/* Open an index in place (it must stay). AU_OK or AU_BAD. */
int au_licence_db_open(const void *blob, size_t len, struct au_arena *a, struct au_licence_db **ret);
struct au_licence_db *au_licence_builtin(struct au_arena *a);
/* Add a text or a fingerprint under an id of the user's. AU_OK, or AU_LIMIT. */
size_t au_licence_n(const struct au_licence_db *db);
const char *au_licence_id(const struct au_licence_db *db, size_t i);

struct au_licence_scratch *au_licence_scratch_new(void);
void au_licence_scratch_free(struct au_licence_scratch *s);

/* Everything licence-like in a text, in order of place; results live in a. Up to 64 MiB. */
size_t au_licence_scan(const struct au_licence_db *db, struct au_licence_scratch *s, const uint8_t *p,
		       size_t n, const struct au_licence_hint *hint, struct au_arena *a,
		       const struct au_licence_match **ret);

/* The file's name says it holds licence texts. */
bool au_licence_file_name(const char *name);

#endif
