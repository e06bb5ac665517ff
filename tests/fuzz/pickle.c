/* Fuzz target: the pickle engine, its listing and its sniffer. Seeds in corpus/pickle. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "format/pickle.h"
#include "io/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct au_pickle_opts o = { .sweep = true, .tensors = n % 2 };
	struct au_arena *a = au_arena_new(), *scratch = au_arena_new();
	struct au_pickle ret;
	struct au_buf out;

	au_pickle_sniff(p, n);
	au_pickle_scan(au_view_mem(a, p, n), a, scratch, &o, &ret);
	au_buf_init(&out, 64 * 1024);
	au_pickle_decompile(au_view_mem(a, p, n), &out);
	au_buf_release(&out);
	au_arena_free(scratch);
	au_arena_free(a);
	return 0;
}
