/* The plan: every top-level file of the targets, in one total order, before a lane starts. */
#ifndef AU_SCAN_PLAN_H
#define AU_SCAN_PLAN_H

#include "audit/run.h"

struct au_plan_root {
	const char *given;     /* as the user named it */
	const char *prefix;    /* put in front of relative paths in reports; "" or ends in '/' */
	const char *real;      /* resolved path of the directory (or of the file's directory) */
	const char *bound;     /* links may lead as far as this directory */
	int fd;                /* of `real`; -1 when it could not be opened */
};

struct au_plan_item {
	const char *path;      /* as shown: prefix and relative path, raw bytes */
	const char *rel;       /* relative to the root's fd; for links: the resolved absolute path */
	const struct au_plan_root *root;
	uint64_t size;
	uint16_t mode;
	bool resolved;         /* rel is absolute: a link that was followed inside the bound */
	int fd;                /* already open (stdin), else -1 */
	struct au_model_id model;
};

struct au_plan_skip {          /* becomes a coverage fact */
	const char *path, *reason, *text;
	bool benign;
};

struct au_plan {
	struct au_plan_root *roots;
	size_t n_roots;
	struct au_plan_item *items;    /* sorted by path */
	size_t n_items;
	struct au_plan_skip *skips;    /* sorted by path */
	size_t n_skips;
	uint64_t bytes;
};

struct au_plan_options {
	const char *const *targets;    /* "-" is standard input */
	size_t n_targets;
	const char *const *include, *const *exclude;  /* NULL-terminated globs; may be NULL */
	bool no_ignore;                /* also read version-control folders */
};

/* Make the plan in the arena. AU_OK, or AU_IO with *ret_error set when a target cannot be opened
 * at all (nothing to scan there: the user's mistake). Close with au_plan_close. */
int au_plan_make(struct au_arena *a, const struct au_plan_options *o, struct au_plan **ret,
		 const char **ret_error);
void au_plan_close(struct au_plan *p);

/* Open an item for reading; -1 with errno. *ret_size gets its size now. */
int au_plan_open(const struct au_plan_item *it, uint64_t *ret_size);

/* Fill in the model ids that the folder layout tells: hub cache, Ollama store, OCI image layout. */
void au_plan_layouts(struct au_arena *a, struct au_plan *p);

#endif
