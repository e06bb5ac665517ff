/* Fuzz target: policies, waivers, baselines and licence expressions. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "declare/declare.h"
#include "policy/baseline.h"
#include "policy/policy.h"
#include "policy/waiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct au_arena *a = au_arena_new();
	struct au_policy *pol = au_policy_new(a);
	const char *x = NULL, *family, *text = au_arena_strn(a, (const char *)p, n);
	struct au_policy_error err;
	struct au_baseline b;
	struct au_waivers w;

	if (au_policy_add(a, pol, "p", p, n, &err) == AU_OK) {
		struct au_buf out;

		au_buf_init(&out, 1 << 20);
		au_policy_show(pol, true, &out);
		au_buf_release(&out);
		au_policy_licence(a, pol, "a/b", 0, "MIT OR GPL-2.0-only", NULL);
	}
	au_waivers_read(a, pol, "w", p, n, "2026-01-01", &w, &err);
	au_baseline_read(a, "b", p, n, &b, &err);
	if (au_declare_normalise(a, NULL, text, &x, &family))
		au_policy_licence(a, pol, "a", 0, x, NULL);
	au_arena_free(a);
	return 0;
}
