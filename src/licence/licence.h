/* Finding licences in text (spec licence-matching.md). An index made at build time is opened in
 * place; it is read-only and shared by all threads. Each lane has a scratch, reused for every
 * file and of fixed size. Results live in the arena that the call is given. */
#ifndef AU_LICENCE_LICENCE_H
#define AU_LICENCE_LICENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_licence_db;
struct au_licence_scratch;

enum au_licence_verdict {
	AU_LICENCE_EXACT,      /* equal under the SPDX matching guidelines */
	AU_LICENCE_MATCH,      /* only slots, optional text, typos differ */
	AU_LICENCE_MODIFIED,   /* near a licence, but not it: `nearest`, never `expression` */
	AU_LICENCE_PARTIAL,    /* a piece of the text, unchanged */
	AU_LICENCE_REFERENCE,  /* named, by a notice or a tag; the text is not here */
	AU_LICENCE_UNKNOWN,    /* legal text that is in no index */
};

/* "exact", "match", ... */
const char *au_licence_verdict_name(enum au_licence_verdict v);

/* One licence of the index. Strings live as long as the index; NULL when not known. */
struct au_licence {
	const char *id, *name, *family, *class_, *hub, *url;
	bool osi, fingerprint, exception, deprecated;
	uint32_t words;        /* of its text in the index; 0 when there is none */
};

/* What the caller knows of the bytes. */
enum au_licence_kind {
	AU_LICENCE_TEXT,       /* no idea: prose */
	AU_LICENCE_FILE,       /* LICENSE, COPYING, NOTICE...: named as a licence */
	AU_LICENCE_SOURCE,     /* source code: prefiltered, only windows around legal words are read */
	AU_LICENCE_MANIFEST,   /* its declared licence is read by declare/: tags only */
};

struct au_licence_hint {
	enum au_licence_kind kind;
	const char *name;      /* base name of the file, or NULL */
};

struct au_licence_match {
	enum au_licence_verdict verdict;
	const char *expression;  /* canonical SPDX expression; NULL when modified or unknown */
	const char *nearest;     /* id that a modified, partial or unknown text resembles, or NULL */
	float score;             /* 0..1: share of the licence's required words that were found */
	uint64_t off, len;       /* bytes */
	uint32_t line, line_end; /* from 1 */
	const char *rule;        /* "text", "tag" or the notice rule's id */
	uint32_t inserted, missing, changed; /* words */
};

/* Open an index of len bytes at blob, which stays and is not copied. AU_OK or AU_BAD. */
int au_licence_db_open(const void *blob, size_t len, struct au_arena *a,
		       const struct au_licence_db **ret);
/* The index that is compiled in. */
const struct au_licence_db *au_licence_builtin(struct au_arena *a);
/* base plus the user's own: DIR/NAME.txt texts and DIR/NAME.fp fingerprints, known as
 * LicenseRef-NAME (or the id in the fingerprint). rules may name a directory with notice rules
 * that join the compiled ones, or be NULL; so may dir. The result lives in the arena. */
int au_licence_db_extend(const struct au_licence_db *base, const char *dir, const char *rules,
			 struct au_arena *a, const struct au_licence_db **ret,
			 const char **ret_error);

size_t au_licence_count(const struct au_licence_db *db);
const struct au_licence *au_licence_at(const struct au_licence_db *db, size_t i);
/* By SPDX or LicenseRef id, ASCII case ignored; NULL when absent. */
const struct au_licence *au_licence_find(const struct au_licence_db *db, const char *id);

/* Working memory for one thread; never shared. */
struct au_licence_scratch *au_licence_scratch_new(const struct au_licence_db *db);
void au_licence_scratch_free(struct au_licence_scratch *x);
/* Evaluation: act as if this licence had no text in the index; NULL puts it back. */
void au_licence_exclude(const struct au_licence_db *db, struct au_licence_scratch *x,
			const char *id);

/* Every licence in text, ordered by place. Texts of any length are read, in overlapping windows.
 * hint may be NULL. AU_OK always but for AU_LIMIT (over 4 GiB). */
int au_licence_scan(const struct au_licence_db *db, struct au_licence_scratch *x,
		    const uint8_t *text, size_t len, const struct au_licence_hint *hint,
		    struct au_arena *a, struct au_licence_match **ret, size_t *ret_n);

/* Could a source file hold licence text at all? One pass over raw bytes, >= 1 GB/s. */
bool au_licence_prefilter(const uint8_t *text, size_t len);

/* Word diff of text against a licence's canonical text. Segments follow the canonical order.
 * Words of fingerprints are not known: `canon` is "…" repeated then. */
enum au_licence_seg { AU_SEG_EQUAL, AU_SEG_INSERTED, AU_SEG_MISSING, AU_SEG_CHANGED };
struct au_licence_segment {
	enum au_licence_seg kind;
	uint64_t off, len;     /* in text; len 0 for AU_SEG_MISSING */
	const char *canon;     /* AU_SEG_MISSING, AU_SEG_CHANGED: the licence's words */
	bool free_;            /* the guidelines allow the difference */
};
/* id NULL: the nearest one, told in ret_id. AU_NOTME when nothing is near or id is unknown. */
int au_licence_diff(const struct au_licence_db *db, struct au_licence_scratch *x,
		    const uint8_t *text, size_t len, const char *id, struct au_arena *a,
		    struct au_licence_segment **ret, size_t *ret_n, const char **ret_id);

/* Text to a fingerprint file (ASCII: a head and numbers); the text cannot be read back from it. */
int au_licence_fingerprint(const uint8_t *text, size_t len, const char *id, const char *name,
			   struct au_arena *a, char **ret, size_t *ret_n);
struct au_fingerprint {
	const char *id, *name;
	const uint32_t *hash;
	size_t n;
};
/* AU_OK, AU_BAD (malformed) or AU_LIMIT. */
int au_fingerprint_parse(const void *p, size_t n, struct au_arena *a, struct au_fingerprint *ret);

#endif
