/* Build tool: the licence index. Usage: genlicence SPDX_JSON RECORDS_DIR RULES_DIR OUTPUT; the
 * fingerprints are in RECORDS_DIR/fingerprints. Or: genlicence --fingerprint ID NAME TEXT OUTPUT. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "licence/compile.h"

static int write_file(const char *path, const void *p, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(p, 1, len, f) != len || fclose(f)) {
		fprintf(stderr, "genlicence: cannot write '%s'\n", path);
		return 1;
	}
	return 0;
}

static int fingerprint(struct au_arena *a, char **argv)
{
	size_t n = 0;
	char *text = lic_slurp(a, argv[4], &n), *fp;

	if (!text || au_licence_fingerprint((uint8_t *)text, n, argv[2], argv[3], a, &fp, &n) != AU_OK) {
		fprintf(stderr, "genlicence: cannot read '%s'\n", argv[4]);
		return 1;
	}
	return write_file(argv[5], fp, n);
}

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	const char *error = "usage: genlicence SPDX_JSON RECORDS_DIR RULES_DIR OUTPUT";
	struct au_licence_sources src = { 0 };
	uint8_t *blob = NULL;
	size_t len = 0;

	if (argc == 6 && !strcmp(argv[1], "--fingerprint"))
		return fingerprint(a, argv);
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
	if (write_file(argv[4], blob, len))
		return 1;
	au_arena_free(a);
	return 0;
}
