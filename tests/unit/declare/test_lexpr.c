/* Licence expressions: grammar, printing, evaluation. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "declare/lexpr.h"

static void prints(void **state)
{
	static const char *const rows[][2] = {
		{ "MIT", "MIT" }, { "mit and isc", "mit AND isc" }, { "(MIT)", "MIT" },
		{ "MIT OR ISC AND 0BSD", "MIT OR ISC AND 0BSD" }, { "(MIT OR ISC) AND 0BSD", "(MIT OR ISC) AND 0BSD" },
		{ "A WITH b OR C+", "A WITH b OR C+" }, { "((A))", "A" },
	};
	struct au_arena *a = au_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(au_lexpr_print(a, au_lexpr_parse(a, rows[i][0])), rows[i][1]);
	au_arena_free(a);
}

static void refuses(void **state)
{
	static const char *const bad[] = { "", "AND", "A AND", "A OR OR B", "(A", "A)", "A B", "A WITH", "A WITH (B)",
					   "A/B", "()" };
	struct au_arena *a = au_arena_new();
	char deep[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (au_lexpr_parse(a, bad[i]))
			fail_msg("taken: %s", bad[i]);
	memset(deep, '(', 99);
	deep[99] = 0;
	assert_null(au_lexpr_parse(a, deep));
	assert_null(au_lexpr_parse(a, NULL));
	au_arena_free(a);
}

static void joins(void **state)
{
	struct au_arena *a = au_arena_new();
	const char *x = NULL;

	(void)state;
	assert_string_equal(au_lexpr_and(a, "MIT", "ISC"), "MIT AND ISC");
	assert_string_equal(au_lexpr_and(a, "MIT AND ISC", "ISC"), "MIT AND ISC");
	assert_string_equal(au_lexpr_and(a, "MIT OR ISC", "0BSD"), "(MIT OR ISC) AND 0BSD");
	assert_string_equal(au_lexpr_and(a, "MIT OR ISC", "MIT OR ISC"), "MIT OR ISC");
	assert_string_equal(au_lexpr_and(a, NULL, "MIT"), "MIT");
	assert_null(au_lexpr_and(a, NULL, NULL));
	for (unsigned i = 0; i < 800; i++)      /* long ones lose nothing */
		x = au_lexpr_and(a, x, au_arena_fmt(a, "LicenseRef-number-%u", i));
	assert_non_null(strstr(x, "LicenseRef-number-0 "));
	assert_non_null(strstr(x, "LicenseRef-number-799"));
	au_arena_free(a);
}

static bool is_m(void *ctx, const char *id)
{
	(void)ctx;
	return *id == 'M';
}

static int length(void *ctx, const char *id)
{
	(void)ctx;
	return (int)strlen(id);
}

static void evaluates(void **state)
{
	struct au_arena *a = au_arena_new();
	size_t n;

	(void)state;
	assert_true(au_lexpr_pass(au_lexpr_parse(a, "M OR X"), is_m, NULL));
	assert_false(au_lexpr_pass(au_lexpr_parse(a, "M AND X"), is_m, NULL));
	assert_true(au_lexpr_pass(au_lexpr_parse(a, "M AND (X OR M2)"), is_m, NULL));
	assert_int_equal(au_lexpr_rank(au_lexpr_parse(a, "A AND BB OR CCC"), length, NULL), 2);
	assert_string_equal(au_lexpr_ids(a, au_lexpr_parse(a, "A AND B OR A"), &n)[1], "B");
	assert_int_equal(n, 2);
	assert_string_equal(au_lexpr_base(a, "GPL-2.0+ WITH x"), "GPL-2.0");
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints), cmocka_unit_test(refuses), cmocka_unit_test(joins),
		cmocka_unit_test(evaluates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
