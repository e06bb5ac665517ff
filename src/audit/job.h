/* A job: one top-level file and all inside it, worked on by one lane. Readers and judges reach
 * the world only through it: memory, limits, and the emit calls. */
#ifndef AU_AUDIT_JOB_H
#define AU_AUDIT_JOB_H

#include "base/arena.h"
#include "audit/model.h"

struct au_view;
struct au_run;    /* read-only knowledge of the run: see audit/run.h */

struct au_job {
	struct au_arena *arena;             /* lives until the reports are written */
	struct au_arena *scratch;           /* reset after each top-level entry is done */
	const struct au_limits *limits;
	const struct au_run *run;
	void *lane;                         /* per-lane scratch of the licence room, opaque here */
	uint32_t ordinal;
	struct au_entry *entries, *last_entry;
	uint32_t n_entries;
	struct au_finding *findings, *last_finding;
	struct au_coverage *coverage, *last_coverage;
	uint64_t members, unpacked, n_facts;
	uint64_t packed;                    /* size of the top-level file, for the ratio */
	uint64_t bytes_read;                /* content bytes hashed or scanned, for the summary */
	bool facts_full;
};

/* A fact about e. topic must be a string constant; text and aux are copied (text is cut at 64 KiB).
 * Returns the stored fact (to fill num or detail), never NULL: past the limit on facts a scratch
 * one is returned and a coverage fact told once. */
struct au_fact *au_emit(struct au_job *job, struct au_entry *e, const char *topic, const char *text,
			const char *aux, struct au_span span);
/* The same with a text of known length that may hold NULs (they end it). */
struct au_fact *au_emit_n(struct au_job *job, struct au_entry *e, const char *topic, const void *text,
			  size_t len, const char *aux, struct au_span span);
/* Bytes of e that were not read. reason is a string constant, see au_coverage. */
void au_emit_coverage(struct au_job *job, struct au_entry *e, const char *reason, uint64_t off,
		      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Set the entry's tensor table (array in the job's arena). */
void au_emit_tensors(struct au_entry *e, const struct au_tensor *t, size_t n);
/* A judge's finding; the message is formatted, then made printable. key: what makes this finding
 * itself (a global's name, a licence id); copied. Returns it for evidence, related, sev, fix. */
struct au_finding *au_find(struct au_job *job, const struct au_rule *rule, const struct au_entry *e,
			   struct au_span span, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

static inline struct au_span au_span(uint64_t off, uint64_t len)
{
	return (struct au_span){ .off = off, .len = len };
}

#endif
