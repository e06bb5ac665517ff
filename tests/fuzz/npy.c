/* Fuzz target: a reader as the scan calls it, on NumPy arrays. Seeds in corpus/npy. */
#include "base/banned.h"
#include "base/arena.h"
#include "audit/format.h"
#include "io/view.h"

extern const struct au_format au_format_npy;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_arena *a = au_arena_new(), *scratch = au_arena_new();
	struct au_entry e = { .name = "x.npy", .path = "x.npy", .size = n };
	struct au_job job = { .arena = a, .scratch = scratch, .limits = &limits, .entries = &e, .last_entry = &e,
			      .n_entries = 1 };

	au_format_npy.read(&job, &e, au_view_mem(scratch, p, n));
	au_arena_free(scratch);
	au_arena_free(a);
	return 0;
}
