/* The ground: arena, buffers, map, text, document trees. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct au_arena *a = au_arena_new();

	(void)state;
	for (size_t n = 0; n < 100000; n = n * 3 + 1) {
		uint8_t *p = au_arena_alloc(a, n);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	au_arena_reset(a);
	assert_int_equal(au_arena_used(a), 0);
	assert_int_equal(*(char *)au_arena_alloc(a, 1), 0);
	assert_string_equal(au_arena_fmt(a, "%d-%s", 7, "x"), "7-x");
	au_arena_free(a);
	au_arena_free(NULL);
}

static void buffers_stop_at_their_maximum(void **state)
{
	struct au_buf b;
	struct au_vec v;

	(void)state;
	au_buf_init(&b, 10);
	assert_int_equal(au_buf_add(&b, "12345", 5), AU_OK);
	assert_int_equal(au_buf_fmt(&b, "%s", "67890"), AU_OK);
	assert_int_equal(au_buf_byte(&b, 'x'), AU_LIMIT);
	assert_true(b.full);
	assert_string_equal(au_buf_cstr(&b), "1234567890");
	au_buf_release(&b);
	assert_string_equal(au_buf_cstr(&b), "");
	au_vec_init(&v, sizeof(int), 3);
	for (int i = 0; i < 3; i++)
		assert_non_null(au_vec_push(&v));
	assert_null(au_vec_push(&v));
	au_vec_release(&v);
}

static void maps_keep_the_order_of_insertion(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_map m;
	char key[16];

	(void)state;
	au_map_init(&m, a);
	assert_null(au_map_get(&m, "x", 1));
	for (int i = 0; i < 5000; i++) {
		int n = snprintf(key, sizeof(key), "k%d", i * 7919);

		*au_map_put(&m, key, (size_t)n) = (void *)(uintptr_t)(i + 1);
	}
	assert_int_equal(m.n, 5000);
	for (int i = 0; i < 5000; i++) {
		int n = snprintf(key, sizeof(key), "k%d", i * 7919);

		assert_int_equal((uintptr_t)au_map_get(&m, key, (size_t)n), i + 1);
		assert_string_equal(m.items[i].key, key);
	}
	au_arena_free(a);
}

static void arithmetic_on_file_values_is_checked(void **state)
{
	uint64_t r = 5;

	(void)state;
	assert_false(au_add(UINT64_MAX, 1, &r));
	assert_false(au_mul(UINT64_MAX / 2, 3, &r));
	assert_int_equal(r, 5);
	assert_true(au_within(3, 7, 10));
	assert_false(au_within(4, 7, 10));
	assert_false(au_within(UINT64_MAX, 2, 10));
	assert_int_equal(au_be32((const uint8_t *)"\1\2\3\4"), 0x01020304);
	assert_int_equal(au_le32((const uint8_t *)"\1\2\3\4"), 0x04030201);
}

static void utf8_is_strict(void **state)
{
	static const char *const good[] = { "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc3" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(au_utf8_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(au_utf8_valid(bad[i], strlen(bad[i])));
}

static void globs(void **state)
{
	(void)state;
	assert_true(au_glob("*.py", "a.py"));
	assert_false(au_glob("*.py", "d/a.py"));
	assert_true(au_glob("**/*.py", "d/e/a.py"));
	assert_true(au_glob("**/*.py", "a.py"));
	assert_true(au_glob("d/**", "d/e/a.py"));
	assert_true(au_glob("[a-c]?.txt", "bx.txt"));
	assert_false(au_glob("[!a-c]?.txt", "bx.txt"));
	assert_false(au_glob("a*b*c*d*e*f*g*h*i*j*k", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	assert_true(au_glob("", ""));
}

static void distances_and_suggestions(void **state)
{
	static const char *const list[] = { "scan", "licence", "hash", NULL };

	(void)state;
	assert_int_equal(au_edit_distance("EleuterAI", "EleutherAI", 2), 1);
	assert_int_equal(au_edit_distance("abc", "xyz", 2), 3);
	assert_string_equal(au_suggest("scna", list), "scan");
	assert_null(au_suggest("zzzzzz", list));
}

static void hostile_text_becomes_printable(void **state)
{
	struct au_arena *a = au_arena_new();

	(void)state;
	assert_string_equal(au_printable(a, "a\x1b[31m\nb", 8, 100), "a\\x1b[31m\\nb");
	assert_string_equal(au_printable(a, "\xe2\x80\xae" "x", 4, 100), "\\u{202e}x");
	assert_string_equal(au_printable(a, "\xff", 1, 100), "\\xff");
	assert_string_equal(au_printable(a, "abcdef", 6, 3), "abc…");
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory), cmocka_unit_test(buffers_stop_at_their_maximum),
		cmocka_unit_test(maps_keep_the_order_of_insertion), cmocka_unit_test(arithmetic_on_file_values_is_checked),
		cmocka_unit_test(utf8_is_strict), cmocka_unit_test(globs), cmocka_unit_test(distances_and_suggestions),
		cmocka_unit_test(hostile_text_becomes_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
