/* The whole program: parse, dispatch. */
#include "base/banned.h"
#include "cli/cli.h"

static int run(int argc, char **argv, struct au_args *a, struct au_arena *arena)
{
	int rc = au_parse_args(arena, argc, argv, a);

	if (rc != AU_EXIT_PASS)
		return rc;
	if (au_given(a, OPT_VERSION)) {
		puts("assay " AU_VERSION);
		return AU_EXIT_PASS;
	}
	if (au_given(a, OPT_HELP) || !a->verb) {
		au_print_help(au_given(a, OPT_HELP) ? stdout : stderr, a->verb);
		return au_given(a, OPT_HELP) ? AU_EXIT_PASS : AU_EXIT_USAGE;
	}
	return a->verb->run(a);
}

int au_main(int argc, char **argv)
{
	struct au_arena *arena = au_arena_new();
	struct au_args a;
	int rc = run(argc, argv, &a, arena);

	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "assay: cannot write to standard output: %s\n", strerror(errno));
		rc = rc == AU_EXIT_PASS ? AU_EXIT_INCOMPLETE : rc;
	}
	au_arena_free(arena);
	return rc;
}
