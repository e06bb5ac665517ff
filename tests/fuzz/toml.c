/* Fuzz target: the TOML reader. Built with -fsanitize=fuzzer; seeds in corpus/toml. */
#include "base/banned.h"
#include "base/arena.h"
#include "io/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct au_arena *a = au_arena_new();
	struct au_toml_error err;
	struct au_node *doc;

	au_toml_load(a, p, n, &doc, &err);
	au_arena_free(a);
	return 0;
}
