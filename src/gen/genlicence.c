/* Build tool: the licence index. Usage: genlicence SPDX_JSON RECORDS_DIR RULES_DIR OUTPUT; the
 * fingerprints are in RECORDS_DIR/fingerprints. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "licence/compile.h"

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	const char *error = "usage: genlicence SPDX_JSON RECORDS_DIR RULES_DIR OUTPUT";
	struct au_licence_sources src = { 0 };
	uint8_t *blob = NULL;
	size_t len = 0;
	FILE *f;

	if (argc == 5) {
		src.spdx = argv[1];
		src.records = argv[2];
		src.fingerprints = au_arena_fmt(a, "%s/fingerprints", argv[2]);
		src.rules = argv[3];
	}
	if (argc != 5 || au_licence_compile(&src, a, &blob, &len, &error) != AU_OK) {
		fprintf(stderr, "genlicence: %s\n", error);
		return 1;
	}
	f = fopen(argv[4], "wb");
	if (!f || fwrite(blob, 1, len, f) != len || fclose(f)) {
		fprintf(stderr, "genlicence: cannot write '%s'\n", argv[4]);
		return 1;
	}
	au_arena_free(a);
	return 0;
}
