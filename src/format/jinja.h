/* What a Jinja template would do beyond formatting: a lexer and a small constant evaluator for its
 * expressions (jinja.palletsprojects.com, template designer documentation, 3.1). */
#ifndef AU_FORMAT_JINJA_H
#define AU_FORMAT_JINJA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_entry;
struct au_job;
struct au_span;

enum au_jinja_kind {
	AU_JINJA_SUSPECT,   /* nothing a chat template needs, but no way out of the template by itself */
	AU_JINJA_ESCAPE,    /* reaches Python's objects, functions or files */
};

struct au_jinja_hit {
	enum au_jinja_kind kind;
	const char *what;   /* a sentence part: "reads the attribute" ... */
	const char *text;   /* the name or string that it is about */
	uint64_t off;       /* in the template */
};

enum { AU_JINJA_HITS = 24 };

/* Check a template of n bytes; fills at most AU_JINJA_HITS hits (each what/text once, strings in
 * the arena) and returns how many. *ret_tags: number of {{ and {% blocks seen; may be NULL. */
size_t au_jinja_check(struct au_arena *a, const char *p, size_t n,
		      struct au_jinja_hit hits[AU_JINJA_HITS], size_t *ret_tags);

/* The same for a reader: hits become facts template.escape and template.suspect (text: the name,
 * aux: what, in words, with `where`), and the template itself a fact template.found. span: where
 * the template lies; exact when it lies there byte by byte (offsets are added then). */
void au_jinja_facts(struct au_job *job, struct au_entry *e, const char *p, size_t n,
		    const char *where, struct au_span span, bool exact);

#endif
