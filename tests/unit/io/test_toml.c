/* The TOML subset: what it takes, and what it refuses with a line. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/rc.h"
#include "io/toml.h"

static const char good[] =
	"# comment\ntitle = \"a \\\"q\\\" \\u00e9\"\n'quoted key' = 'raw \\n'\nn = 1_000\nt = true\n"
	"d = 1979-05-27 07:32:00\nlist = [ \"x\", # c\n  'y', ]\ninline = { a = 1, b.c = \"z\" }\n"
	"multi = \"\"\"\nline\\\n   joined\"\"\"\nlit = '''a'b'''\n"
	"[table.sub]\nk = \"v\"\n[[arr]]\nn = 1\n[[arr]]\nn = 2\n[arr.deep]\nx = 'last'\r\n";

static void reads(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_node *doc = NULL;
	const struct au_node *arr;

	(void)state;
	assert_int_equal(au_toml_load(a, good, sizeof(good) - 1, &doc, NULL), AU_OK);
	assert_string_equal(au_node_str(doc, "title"), "a \"q\" \xc3\xa9");
	assert_string_equal(au_node_str(doc, "quoted key"), "raw \\n");
	assert_string_equal(au_node_str(doc, "d"), "1979-05-27 07:32:00");
	assert_int_equal(au_node_get(doc, "list")->n, 2);
	assert_string_equal(au_node_text(au_node_path(doc, "inline.b.c")), "z");
	assert_string_equal(au_node_str(doc, "multi"), "linejoined");
	assert_string_equal(au_node_str(doc, "lit"), "a'b");
	assert_string_equal(au_node_text(au_node_path(doc, "table.sub.k")), "v");
	arr = au_node_get(doc, "arr");
	assert_int_equal(arr->n, 2);
	assert_string_equal(au_node_text(au_node_path(arr->last, "deep.x")), "last");
	au_arena_free(a);
}

static void refuses(void **state)
{
	static const struct { const char *text; uint32_t line; } bad[] = {
		{ "a = \n", 1 }, { "a = b\n", 1 }, { "\n= 1\n", 2 }, { "a = \"x\n", 1 }, { "a = [1 2]\n", 1 },
		{ "[a\nb = 1\n", 1 }, { "a = 1\n[a.b]\n", 2 }, { "a = 1 b = 2\n", 1 }, { "a = \"\\q\"\n", 1 },
		{ "a = {b = 1\n", 2 }, { "a = '''x\n", 2 }, { "a = \"\\ud800\"\n", 1 },
	};
	struct au_arena *a = au_arena_new();
	char deep[200] = "a = ";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct au_toml_error err = { 0 };
		struct au_node *doc;

		if (au_toml_load(a, bad[i].text, strlen(bad[i].text), &doc, &err) != AU_BAD || err.line != bad[i].line)
			fail_msg("%s -> line %u: %s", bad[i].text, err.line, err.what);
	}
	memset(deep + 4, '[', 100);
	assert_int_equal(au_toml_load(a, deep, 104, &(struct au_node *){ NULL }, NULL), AU_BAD);
	au_arena_free(a);
}

static void duplicate_keys(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_node *doc = NULL;

	(void)state;
	assert_int_equal(au_toml_load(a, "a = 1\na = 2\n", 12, &doc, NULL), AU_OK);
	assert_true(doc->last->dup_key);
	assert_false(doc->first->dup_key);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads), cmocka_unit_test(refuses), cmocka_unit_test(duplicate_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
