/* The command line: options from one table, one file a command. Nothing below this room prints. */
#ifndef AU_CLI_CLI_H
#define AU_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "base/arena.h"

/* Exit codes (precedence 4, 1, 2, 3, 0). */
enum { AU_EXIT_PASS = 0, AU_EXIT_FAIL = 1, AU_EXIT_INCOMPLETE = 2, AU_EXIT_EMPTY = 3, AU_EXIT_USAGE = 4,
       AU_EXIT_INTERNAL = 70 };

enum {
	V_SCAN = 1, V_LICENCE = 2, V_HASH = 4, V_INSPECT = 8, V_SBOM = 32,
	V_DIFF = 128, V_BASELINE = 256, V_WAIVER = 512, V_POLICY = 1024, V_RULES = 2048, V_COMPLETION = 4096,
	V_VERSION = 8192, V_HELP = 16384, V_ANY = 32767,
};

enum au_opt {
#define OPT(id, ...) OPT_##id,
#include "cli/options.list"
#undef OPT
	OPT_N,
};

struct au_option {
	const char *name;
	char letter;
	const char *arg;           /* NULL: a switch */
	unsigned verbs;
	const char *group, *text;
};
extern const struct au_option au_options[OPT_N];

struct au_args;

struct au_verb {
	unsigned id;
	const char *name, *args;
	int (*run)(struct au_args *args);
	const char *text;
};
extern const struct au_verb au_verbs[];
extern const size_t au_n_verbs;

struct au_args {
	struct au_arena *arena;
	const struct au_verb *verb;
	const char **words;        /* positional arguments, NULL-terminated */
	size_t n_words;
	const char **values[OPT_N];/* in order given; NULL-terminated when any */
	size_t n[OPT_N];           /* times given (from the environment counts) */
};

/* Last value of an option, or NULL. */
const char *au_opt(const struct au_args *a, enum au_opt o);
/* All values, NULL-terminated (empty when none). */
const char *const *au_opts(const struct au_args *a, enum au_opt o);
static inline bool au_given(const struct au_args *a, enum au_opt o)
{
	return a->n[o] > 0;
}
/* Unsigned number option with suffix (k, M, G, KiB...); prints and returns false when malformed. */
bool au_opt_number(const struct au_args *a, enum au_opt o, uint64_t *ret);

/* argv to arguments. AU_EXIT_PASS or AU_EXIT_USAGE (told). */
int au_parse_args(struct au_arena *arena, int argc, char **argv, struct au_args *ret);
/* The whole program. */
int au_main(int argc, char **argv);

/* "assay: " message on stderr; returns AU_EXIT_USAGE. */
int au_usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void au_say(const struct au_args *a, int level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool au_want_colour(const struct au_args *a, FILE *f);
void au_print_help(FILE *f, const struct au_verb *v);

int au_cmd_scan(struct au_args *a);
int au_cmd_licence(struct au_args *a);
int au_cmd_hash(struct au_args *a);
int au_cmd_inspect(struct au_args *a);
int au_cmd_sbom(struct au_args *a);
int au_cmd_baseline(struct au_args *a);
int au_cmd_waiver(struct au_args *a);
int au_cmd_policy(struct au_args *a);
int au_cmd_rules(struct au_args *a);
int au_cmd_completion(struct au_args *a);
int au_cmd_version(struct au_args *a);
int au_cmd_help(struct au_args *a);

#endif
