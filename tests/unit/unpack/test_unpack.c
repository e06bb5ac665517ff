/* Names that leave the directory, and the budgets of a spool. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/rc.h"
#include "io/view.h"
#include "unpack/internal.h"

static void unsafe_names(void **state)
{
	static const char *const bad[] = { "/etc/passwd", "../x", "a/../../x", "a/..", "C:\\x", "c:/x", "\\\\host\\x", "a\\..\\x" };
	static const char *const good[] = { "a/b.txt", "..a/b", "a..b", "a/...", "c:", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_true(au_unsafe_name(bad[i]));
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_false(au_unsafe_name(good[i]));
}

static void budgets(void **state)
{
	struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_job job = { .arena = au_arena_new(), .scratch = au_arena_new(), .limits = &limits };
	struct au_entry container = { .path = "a.gz", .name = "a.gz" }, child = { .path = "a.gz!/a", .name = "a" };
	static uint8_t chunk[65536];
	struct au_spool s;

	(void)state;
	limits.ratio = 10;
	limits.ratio_floor = 100000;
	limits.memory_member = 65536;
	au_spool_init(&s, &job, &container, &child);
	s.packed = 20000;
	assert_int_equal(au_spool_add(&s, chunk, sizeof(chunk)), AU_OK);
	assert_int_equal(s.fd, -1);
	assert_int_equal(au_spool_add(&s, chunk, sizeof(chunk)), AU_OK);    /* spills to a file */
	assert_true(s.fd >= 0);
	assert_int_equal(au_view_size(au_spool_view(&s, job.scratch)), 131072);
	assert_int_equal(au_spool_add(&s, chunk, sizeof(chunk)), AU_OK);
	assert_int_equal(au_spool_add(&s, chunk, sizeof(chunk)), AU_LIMIT); /* 13 : 1 */
	assert_non_null(au_fact_first(&container, "archive.bomb"));
	assert_non_null(job.coverage);
	au_spool_release(&s);
	au_arena_free(job.scratch);
	au_arena_free(job.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(unsafe_names), cmocka_unit_test(budgets) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
