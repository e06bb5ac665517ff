/* The run: what is the same for all jobs (read-only once lanes start), and the merged result. */
#ifndef AU_AUDIT_RUN_H
#define AU_AUDIT_RUN_H

#include "audit/format.h"

struct au_licence_db;
struct au_known_db;
struct au_rulebase;
struct au_legal;
struct au_policy;

struct au_run {
	struct au_limits limits;
	const struct au_licence_db *licences;   /* licence room's index */
	const struct au_known_db *known;        /* known models and names */
	const struct au_rulebase *rules;        /* user rules on top of the built-in ones; may be NULL */
	bool no_hash;                           /* structure only: do not read content for digests */
	bool only_hash;                         /* digests alone: no readers, no members, no judges */
	const struct au_policy *policy;         /* what the project allows; NULL: none */
	unsigned uses;                          /* AU_USE_* asked for (legal/legal.h); 0: none */
	bool weights;                           /* tensor digests and sketches */
};

/* A member of the target's plan: where a top-level file came from. */
struct au_model_id {
	const char *id;        /* "org/name"; NULL when the layout says nothing */
	const char *revision;  /* commit or tag; may be NULL */
	const char *source;    /* "hub-cache", "ollama", "oci" */
};

/* The whole audit, merged in total order. */
struct au_audit {
	struct au_arena *arena;
	const struct au_run *run;
	const char *target;               /* as the user named it (several: joined by ", ") */
	struct au_entry **entries;        /* in total order: sorted by path, members behind their container */
	size_t n_entries;
	struct au_finding **findings;     /* in total order */
	size_t n_findings;
	struct au_coverage **coverage;
	size_t n_coverage;
	uint64_t bytes;                   /* content bytes read */
	const struct au_model_id *models; /* by job ordinal */
	size_t n_jobs;
	struct au_legal *legal;           /* components and conclusions; NULL until they are built */
};

/* Entry by its whole path, or NULL. Binary search is not possible over chains: built as a map. */
const struct au_entry *au_audit_find(const struct au_audit *a, const char *path);

#endif
