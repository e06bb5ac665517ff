/* Build tool: rules/pickle/ to a flat table. Usage: genpickle RULES_DIR OUTPUT */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "detect/pickle_names.h"

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	const char *error = "usage: genpickle RULES_DIR OUTPUT";
	uint8_t *blob = NULL;
	size_t len = 0;
	FILE *f;

	if (argc != 3 || au_pickle_names_compile(a, argv[1], NULL, &blob, &len, &error) != AU_OK) {
		fprintf(stderr, "genpickle: %s\n", error);
		return 1;
	}
	f = fopen(argv[2], "wb");
	if (!f || fwrite(blob, 1, len, f) != len || fclose(f)) {
		fprintf(stderr, "genpickle: cannot write '%s'\n", argv[2]);
		return 1;
	}
	au_arena_free(a);
	return 0;
}
