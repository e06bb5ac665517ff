/* Known files and models: a flat table made from rules/known/ and searched in place. */
#ifndef AU_DETECT_KNOWN_DB_H
#define AU_DETECT_KNOWN_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_known_db;

enum au_known_class {
	AU_KNOWN_ROME, AU_KNOWN_MALICIOUS, AU_KNOWN_MALIGNED, AU_KNOWN_UNALIGNED, AU_KNOWN_ABLITERATED,
	AU_KNOWN_UNCENSORED, AU_KNOWN_ALIGNED, AU_KNOWN_BASE, AU_KNOWN_OTHER, AU_KNOWN_N,
};
/* "rome-edited", "malicious" ... "other". */
const char *au_known_class_name(enum au_known_class c);
/* Rome-edited to uncensored: listed as something to beware of. */
bool au_known_flagged(enum au_known_class c);

struct au_known {
	const char *file, *model, *base, *reason, *source;  /* "" when not stated */
	enum au_known_class cls;
	uint64_t size;                                       /* 0 when not stated */
	uint8_t sha256[32];
};

/* Open a table in place. AU_OK or AU_BAD. */
int au_known_open(const void *blob, size_t len, struct au_arena *a, const struct au_known_db **ret);
/* The table that was compiled in. */
const struct au_known_db *au_known_builtin(struct au_arena *a);

/* File by its SHA-256. A digest can be listed for several models: *ret_n rows from the first. */
size_t au_known_by_sha256(const struct au_known_db *db, const uint8_t sha[32]);
size_t au_known_n(const struct au_known_db *db);
/* Row i of the files, which are sorted by digest. */
void au_known_row(const struct au_known_db *db, size_t i, struct au_known *ret);
/* Rows of a model (id compared without case), sorted by file: call fn for each. */
void au_known_of_model(const struct au_known_db *db, const char *model,
		       void (*fn)(void *ctx, const struct au_known *k), void *ctx);
/* A model listed by name ("org/name" or the bare name); false when it is not. */
bool au_known_name(const struct au_known_db *db, const char *id, struct au_known *ret);
/* All names and organisations, by number (for listing and for extending a table). */
size_t au_known_n_names(const struct au_known_db *db);
void au_known_name_row(const struct au_known_db *db, size_t i, struct au_known *ret);
const char *au_known_org(const struct au_known_db *db, size_t i);
/* The organisation one or two edits away from org, when org itself is none; else NULL. */
const char *au_known_lookalike(const struct au_known_db *db, const char *org);

/* Compile the YAML files of a folder (its known/ files) into a table; for the build and for --rules.
 * base may be NULL, or an open table that is extended. AU_OK, AU_IO or AU_FATAL with *ret_error
 * naming file, line and reason. The blob lies in the arena. */
int au_known_compile(struct au_arena *a, const char *dir, const struct au_known_db *base,
		     uint8_t **ret, size_t *ret_len, const char **ret_error);

#endif
