/* The bounded JSON reader: what it takes, what it refuses, what it flags. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/rc.h"
#include "io/json.h"

static int load(struct au_arena *a, const char *s, struct au_node **ret)
{
	return au_json_load(a, s, strlen(s), 100000, NULL, ret, NULL);
}

static void keeps_numbers_and_decodes_strings(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_node *n;

	(void)state;
	assert_int_equal(load(a, "{\"n\": 18446744073709551615, \"s\": \"\\u0041\\ud83d\\ude00\\n\", \"l\": [1, [2]], \"e\": {}}", &n), AU_OK);
	assert_string_equal(au_node_str(n, "n"), "18446744073709551615");
	assert_int_equal(au_node_u64(n, "n", 0), UINT64_MAX);
	assert_string_equal(au_node_str(n, "s"), "A\xf0\x9f\x98\x80\n");
	assert_int_equal(au_node_get(n, "l")->n, 2);
	assert_null(au_node_get(n, "missing"));
	au_arena_free(a);
}

static void flags_duplicate_keys(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_node *n;

	(void)state;
	assert_int_equal(load(a, "{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}", &n), AU_OK);
	assert_false(n->first->dup_key);
	assert_false(au_node_get(n, "b")->first->dup_key);
	assert_true(n->last->dup_key);
	assert_string_equal(au_node_str(n, "a"), "3");
	au_arena_free(a);
}

static void refuses_what_is_no_json(void **state)
{
	static const char *const bad[] = { "", "{", "[1,]", "{\"a\"}", "{a: 1}", "[01]", "\"\\x\"", "\"a\nb\"", "[1] 2", "tru", "-",
					   "{\"a\": 1,}", "[\"\\u12\"]" };
	struct au_arena *a = au_arena_new();
	struct au_node *n;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(load(a, bad[i], &n), AU_BAD);
	au_arena_free(a);
}

static void depth_and_count_are_bounded(void **state)
{
	struct au_arena *a = au_arena_new();
	char *deep = au_arena_alloc(a, 100001);
	struct au_node *n;

	(void)state;
	memset(deep, '[', 100000);
	assert_int_equal(load(a, deep, &n), AU_BAD);
	assert_int_equal(au_json_load(a, "[1,2,3,4]", 9, 3, NULL, &n, NULL), AU_LIMIT);
	au_arena_free(a);
}

static void tells_the_place_of_an_error(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_json_error err;
	struct au_node *n;

	(void)state;
	assert_int_equal(au_json_load(a, "{\n  \"a\": ?\n}", 12, 100, NULL, &n, &err), AU_BAD);
	assert_int_equal(err.line, 2);
	assert_int_equal(err.col, 8);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_numbers_and_decodes_strings), cmocka_unit_test(flags_duplicate_keys),
		cmocka_unit_test(refuses_what_is_no_json), cmocka_unit_test(depth_and_count_are_bounded),
		cmocka_unit_test(tells_the_place_of_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
