/* Fuzz target: cards. Every input is a README.md. */
#include "base/banned.h"
#include "audit/run.h"
#include "declare/declare.h"
#include "io/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_arena *a = au_arena_new();
	struct au_job job = { .arena = a, .scratch = a, .limits = &limits };
	struct au_entry e = { .size = n, .name = "README.md", .path = "README.md" };

	au_declare_entry(&job, &e, au_view_mem(a, p, n));
	au_arena_free(a);
	return 0;
}
