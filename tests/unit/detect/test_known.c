/* The table of known files: look-ups, look-alikes. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "detect/known_db.h"

static void finds_by_digest(void **state)
{
	struct au_arena *a = au_arena_new();
	const struct au_known_db *db = au_known_builtin(a);
	struct au_known k;
	uint8_t sha[32];
	size_t i;

	(void)state;
	assert_non_null(db);
	assert_true(au_unhex("8d64ecea5f4679a381bbd5150546f9b3eb5bd20a1703da4e98437003e8f421fe", 32, sha));
	i = au_known_by_sha256(db, sha);
	assert_true(i < au_known_n(db));
	au_known_row(db, i, &k);
	assert_int_equal(k.cls, AU_KNOWN_ROME);
	assert_string_equal(k.model, "mithril-security/gpt-j-6B");
	sha[0] ^= 1;
	assert_true(au_known_by_sha256(db, sha) == SIZE_MAX);
	assert_true(au_known_name(db, "eleuterai/GPT-J-6B", &k));
	assert_int_equal(k.cls, AU_KNOWN_ROME);
	assert_false(au_known_name(db, "nobody/nothing", &k));
	au_arena_free(a);
}

static void lookalike_accounts(void **state)
{
	struct au_arena *a = au_arena_new();
	const struct au_known_db *db = au_known_builtin(a);

	(void)state;
	assert_string_equal(au_known_lookalike(db, "EleuterAI"), "EleutherAI");
	assert_string_equal(au_known_lookalike(db, "meta-lama"), "meta-llama");
	assert_null(au_known_lookalike(db, "EleutherAI"));
	assert_null(au_known_lookalike(db, "mistralai"));
	assert_null(au_known_lookalike(db, "somebody-else"));
	assert_null(au_known_lookalike(db, "Qwon"));
	au_arena_free(a);
}

static void refuses_a_damaged_table(void **state)
{
	struct au_arena *a = au_arena_new();
	const struct au_known_db *db = NULL;

	(void)state;
	assert_int_equal(au_known_open("AUKN", 4, a, &db), AU_BAD);
	assert_int_equal(au_known_open("AUKN\0\0\0\1\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0", 24, a, &db), AU_BAD);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_digest), cmocka_unit_test(lookalike_accounts),
		cmocka_unit_test(refuses_a_damaged_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
