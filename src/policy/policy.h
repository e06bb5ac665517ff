/* Policy: what a project allows, from .assay.yaml (CONVENTIONS section 6). A mistake in it is never
 * passed over: unknown or duplicate keys and wrong types are errors with line, column and, where
 * one is near, a suggestion. Everything lives in the arena given. */
#ifndef AU_POLICY_POLICY_H
#define AU_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "audit/model.h"
#include "legal/legal.h"

struct au_arena;
struct au_buf;

enum { AU_POLICY_BYTES = 1024 * 1024 };

enum au_level { AU_LEVEL_ALLOW, AU_LEVEL_REVIEW, AU_LEVEL_DENY, AU_LEVEL_UNSAID };
const char *au_level_name(enum au_level l);

/* Patterns of one level: ids, globs, "family:non-commercial" (a class), "obligation:network-source".
 * NULL: not said. */
struct au_policy_lists {
	const char *const *by[3];     /* indexed by AU_LEVEL_ALLOW .. DENY, each NULL-terminated */
};

struct au_policy_severity {
	const char *rule;             /* id or glob */
	enum au_sev sev;
	bool off;                     /* "off": the rule is disabled */
};

struct au_policy_override {
	const char *const *paths;     /* globs; NULL: any path */
	unsigned uses;                /* AU_USE_*; 0: any use */
	struct au_policy_lists licences, formats;
	const struct au_policy_severity *severity;
	size_t n_severity;
};

/* Where a value came from, for `policy show --origin`. */
struct au_policy_origin {
	const char *key, *value;      /* "licences.allow", "[MIT, ISC]" */
	const char *file;             /* path, or "built-in" */
	uint32_t line;
};

struct au_policy {
	int fail_on;                  /* enum au_sev, or -1: never */
	bool incomplete_fails;
	unsigned uses;                /* AU_USE_*; 0: not said */
	struct au_policy_lists formats, licences;
	enum au_level unknown;        /* licences.unknown: fail = DENY, review, allow */
	double min_score;             /* a text match below it counts as unknown */
	const struct au_policy_severity *severity;
	size_t n_severity;
	const struct au_policy_override *overrides;   /* later ones win */
	size_t n_overrides;
	struct au_limits limits;
	const char *waivers_file;     /* relative to the policy's directory; NULL: none */
	unsigned waiver_max_days;
	bool waiver_permanent;
	const char *const *outputs;   /* NULL-terminated; NULL: not said */
	const struct au_policy_origin *origins;
	size_t n_origins;
	const char *path;             /* of the last file read, NULL: built-in only */
	uint8_t sha256[32];           /* of the texts read, in order */
};

struct au_policy_error {
	const char *file, *what;      /* what: a sentence without a full stop, with the suggestion */
	uint32_t line, col;
};

/* The built-in defaults. */
struct au_policy *au_policy_new(struct au_arena *a);
/* Lay one file's text over p: values said there replace earlier ones, lists as a whole. name is
 * kept for messages and origins. AU_OK or AU_BAD with *ret_err; p is then half-changed and must not
 * be used. */
int au_policy_add(struct au_arena *a, struct au_policy *p, const char *name, const void *text, size_t n,
		  struct au_policy_error *ret_err);
/* The same from a file: AU_IO when it cannot be read. */
int au_policy_add_file(struct au_arena *a, struct au_policy *p, const char *path,
		       struct au_policy_error *ret_err);
/* .assay.yaml (or .assay.yml) from dir upwards to the directory that holds .git, .hg or .svn (to the
 * root without one). Directories that lie inside one of the targets (NULL-terminated) are skipped
 * unless they are dir itself or above it and no target equals or contains them: a hostile target must
 * not bring its own policy. NULL when there is none. Paths must be absolute. */
const char *au_policy_find(struct au_arena *a, const char *dir, const char *const *targets);
/* User's and system's configuration, those that exist, least binding first; NULL-terminated. */
const char *const *au_policy_config_files(struct au_arena *a);
/* A shipped policy by name ("permissive-product", "research", "internal-service"), or NULL. */
const char *au_policy_shipped(const char *name, size_t *ret_n);
extern const char *const au_policy_shipped_names[];   /* NULL-terminated */

/* The effective policy as YAML; with origin, where each value came from behind it. */
void au_policy_show(const struct au_policy *p, bool origin, struct au_buf *out);

/* Judgement on a licence expression at a path, for uses (0: the policy's own). OR passes if one side
 * does, AND needs all, WITH is one unit. NULL, "NONE" and "NOASSERTION" give the policy's `unknown`.
 * More exact patterns win (id, glob, family or obligation), then deny over review over allow; an
 * override's lists come before the base's. What no pattern names is AU_LEVEL_REVIEW when there is an
 * allow list, else allowed unless its class is unknown. *ret_why (may be NULL): what decided. */
enum au_level au_policy_licence(struct au_arena *a, const struct au_policy *p, const char *path,
				unsigned uses, const char *expr, const char **ret_why);
/* Judgement on a format by name; AU_LEVEL_ALLOW when nothing names it. */
enum au_level au_policy_format(const struct au_policy *p, const char *path, unsigned uses,
			       const char *format);
/* Severity of a rule at a path; sev when the policy says nothing. *ret_off: the rule is off. */
enum au_sev au_policy_sev(const struct au_policy *p, const char *path, unsigned uses, const char *rule,
			  enum au_sev sev, bool *ret_off);

#endif
