/* What the fuzz targets of the readers share: a job, an entry and a view over the bytes given. */
#ifndef AU_FUZZ_READER_H
#define AU_FUZZ_READER_H

#include "base/banned.h"
#include "audit/format.h"
#include "audit/limits.h"
#include "base/arena.h"
#include "io/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Read the bytes with the format, whatever its probe says (which is run too), and let all judges
 * of the list see the facts. */
static inline int fuzz_reader(const struct au_format *format, const struct au_judge *judge,
			      const char *name, const uint8_t *p, size_t n)
{
	static const struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_arena *a = au_arena_new(), *s = au_arena_new();
	struct au_job job = { .arena = a, .scratch = s, .limits = &limits };
	struct au_entry e = { .name = name, .path = name, .size = n };
	struct au_view *v = au_view_mem(a, p, n);
	struct au_probe probe = {
		.head = p, .tail = p, .head_len = n < 4096 ? n : 4096, .tail_len = n, .size = n,
		.name = name, .path = name, .view = v, .text = n && p[0] < 0x80,
	};

	if (format->probe)
		format->probe(&probe);
	if (format->read)
		format->read(&job, &e, v);
	if (judge && judge->entry)
		judge->entry(&job, &e);
	au_arena_free(s);
	au_arena_free(a);
	return 0;
}

#define AU_FUZZ(fmt, jdg, name) \
	extern const struct au_format au_format_##fmt; \
	extern const struct au_judge au_judge_##jdg; \
	int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) \
	{ \
		return fuzz_reader(&au_format_##fmt, &au_judge_##jdg, name, p, n); \
	}

#endif
