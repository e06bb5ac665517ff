/* Policies: strict reading with places and suggestions, and judgement of expressions. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "policy/gate.h"

static struct au_policy *load(struct au_arena *a, const char *text)
{
	struct au_policy_error err = { 0 };
	struct au_policy *p = au_policy_new(a);

	if (au_policy_add(a, p, "p.yaml", text, strlen(text), &err) != AU_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.what);
	return p;
}

struct bad {
	const char *text;
	unsigned line, col;
	const char *what;
};

static const struct bad bads[] = {
	{ "version: 1\nfail-onn: high\n", 2, 1, "unknown key 'fail-onn' in 'the policy'; did you mean 'fail-on'?" },
	{ "version: 1\nfail-on: hgih\n", 2, 1, "'hgih' is not a value of 'fail-on'; did you mean 'high'?" },
	{ "version: 1\nfail-on: high\nfail-on: low\n", 3, 1, "the key 'fail-on' stands twice in 'the policy'" },
	{ "version: 2\n", 1, 1, "version '2' is not known; this program reads version 1" },
	{ "fail-on: high\n", 1, 1, "'version: 1' is missing" },
	{ "version: 1\nlicences:\n  alow: [MIT]\n", 3, 3, "unknown key 'alow' in 'licences'; did you mean 'allow'?" },
	{ "version: 1\nlicences:\n  allow: MIT\n", 3, 3, "'allow' must be a list" },
	{ "version: 1\nlicences: [MIT]\n", 2, 1, "'licences' must be a map of keys and values" },
	{ "version: 1\nlicences:\n  deny: [\"family:copyleft\"]\n", 3, 10, NULL },
	{ "version: 1\nlicences: {min-score: 2}\n", 2, 12, "'min-score' must be a number from 0 to 1" },
	{ "version: 1\nlimits: {member-size: 64Gib}\n", 2, 10, "'member-size' has the unknown unit 'Gib'; units are KiB, MiB, GiB, TiB" },
	{ "version: 1\nuse: produkt\n", 2, 1, "'produkt' is not a value of 'use'; did you mean 'product'?" },
	{ "version: 1\nseverity: {AU1: dire}\n", 2, 12, NULL },
	{ "version: 1\noverrides:\n- licences: {}\n", 3, 3, "an override needs 'paths' or 'use'" },
	{ "version: 1\nwaivers: {allow-permanent: maybe}\n", 2, 11, "'allow-permanent' must be true or false" },
	{ "version: 1\nextends: reserch\n", 2, 1, "'reserch' is not a value of 'extends'; did you mean 'research'?" },
	{ "- a\n", 1, 1, "a policy is a map of keys and values; begin with 'version: 1'" },
	{ "version: [\n", 2, 1, NULL }, { "", 1, 1, NULL },
};

static void mistakes(void **state)
{
	struct au_arena *a = au_arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		struct au_policy_error err = { 0 };

		assert_int_equal(au_policy_add(a, au_policy_new(a), "p", bads[i].text, strlen(bads[i].text), &err), AU_BAD);
		assert_non_null(err.what);
		if ((bads[i].what && strcmp(bads[i].what, err.what) != 0) || err.line != bads[i].line ||
		    err.col != bads[i].col)
			fail_msg("%s -> %u:%u: %s", bads[i].text, err.line, err.col, err.what);
	}
	au_arena_free(a);
}

static const char whole[] =
	"version: 1\nfail-on: medium\nincomplete: warn\nuse: [product, service]\n"
	"formats: {deny: [pickle, keras-*], review: [onnx], allow: [safetensors]}\n"
	"licences:\n  allow: [Apache-2.0, MIT, BSD-3-Clause, CC-BY-4.0, \"GPL-2.0-only WITH Classpath-exception-2.0\"]\n"
	"  review: [\"LicenseRef-*-openrail*\", \"LicenseRef-llama-*\"]\n"
	"  deny: [AGPL-3.0-only, CC-BY-NC-4.0, \"family:strong-copyleft\", \"obligation:revenue-limit\"]\n"
	"  unknown: fail\n  min-score: 0.95\n"
	"severity: {LIC-NONE: critical, \"PKL-*\": low, LIC-TEXT-MISSING: off}\n"
	"overrides:\n  - paths: [\"datasets/**\"]\n    licences: {allow: [CC-BY-SA-4.0, CC-BY-NC-4.0]}\n"
	"  - use: internal\n    licences: {allow: [\"family:network-copyleft\", AGPL-3.0-only]}\n"
	"limits: {depth: 8, members: 100000, member-size: 64GiB, ratio: 200}\n"
	"waivers: {file: .assay-waivers.yaml, max-days: 30, allow-permanent: false}\n"
	"outputs: [sarif=assay.sarif, markdown=summary.md]\n";

struct row {
	const char *path;
	unsigned uses;
	const char *expr;
	enum au_level want;
};

static const struct row rows[] = {
	{ "x", 0, "MIT", AU_LEVEL_ALLOW }, { "x", 0, "mit", AU_LEVEL_ALLOW },
	{ "x", 0, "AGPL-3.0-only", AU_LEVEL_DENY },
	{ "x", 0, "MIT OR AGPL-3.0-only", AU_LEVEL_ALLOW },
	{ "x", 0, "MIT AND AGPL-3.0-only", AU_LEVEL_DENY },
	{ "x", 0, "MIT AND (AGPL-3.0-only OR Apache-2.0)", AU_LEVEL_ALLOW },
	{ "x", 0, "GPL-2.0-only", AU_LEVEL_DENY },
	{ "x", 0, "GPL-2.0-only WITH Classpath-exception-2.0", AU_LEVEL_ALLOW },
	{ "x", 0, "LicenseRef-Llama-3.1-Community", AU_LEVEL_REVIEW },
	{ "x", 0, "LicenseRef-CreativeML-OpenRAIL-M", AU_LEVEL_REVIEW },
	{ "x", 0, "LicenseRef-Stability-AI-Community", AU_LEVEL_DENY },
	{ "x", 0, "ISC", AU_LEVEL_REVIEW },
	{ "x", 0, "NOASSERTION", AU_LEVEL_DENY }, { "x", 0, "NONE", AU_LEVEL_DENY }, { "x", 0, NULL, AU_LEVEL_DENY },
	{ "x", 0, "CC-BY-NC-4.0", AU_LEVEL_DENY },
	{ "datasets/a/b.csv", 0, "CC-BY-NC-4.0", AU_LEVEL_ALLOW },
	{ "datasets/a", 0, "CC-BY-SA-4.0", AU_LEVEL_ALLOW }, { "x", 0, "CC-BY-SA-4.0", AU_LEVEL_DENY },
	{ "x", AU_USE_INTERNAL, "AGPL-3.0-only", AU_LEVEL_ALLOW },
	{ "x", AU_USE_SERVICE, "AGPL-3.0-only", AU_LEVEL_DENY },
};

static void judgement(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_policy *p = load(a, whole);
	bool off;

	(void)state;
	assert_int_equal(p->fail_on, AU_MEDIUM);
	assert_false(p->incomplete_fails);
	assert_int_equal(p->uses, AU_USE_PRODUCT | AU_USE_SERVICE);
	assert_int_equal(p->limits.member_size, 64ULL << 30);
	assert_int_equal(p->waiver_max_days, 30);
	assert_string_equal(p->outputs[1], "markdown=summary.md");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *why = NULL;
		enum au_level l = au_policy_licence(a, p, rows[i].path, rows[i].uses, rows[i].expr, &why);

		if (l != rows[i].want || !why)
			fail_msg("%s at %s: %s (%s)", rows[i].expr, rows[i].path, au_level_name(l), why);
	}
	assert_int_equal(au_policy_format(p, "m.pkl", 0, "pickle"), AU_LEVEL_DENY);
	assert_int_equal(au_policy_format(p, "m.h5", 0, "keras-h5"), AU_LEVEL_DENY);
	assert_int_equal(au_policy_format(p, "m", 0, "onnx"), AU_LEVEL_REVIEW);
	assert_int_equal(au_policy_format(p, "m", 0, "text"), AU_LEVEL_ALLOW);
	assert_int_equal(au_policy_sev(p, "x", 0, "LIC-NONE", AU_LOW, &off), AU_CRITICAL);
	assert_int_equal(au_policy_sev(p, "x", 0, "PKL-CALL", AU_HIGH, &off), AU_LOW);
	assert_false(off);
	au_policy_sev(p, "x", 0, "LIC-TEXT-MISSING", AU_LOW, &off);
	assert_true(off);
	au_arena_free(a);
}

static void shipped(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_policy *p;

	(void)state;
	for (size_t i = 0; au_policy_shipped_names[i]; i++) {
		size_t n;
		const char *text = au_policy_shipped(au_policy_shipped_names[i], &n);

		load(a, au_arena_strn(a, text, n));
	}
	p = load(a, "version: 1\nextends: permissive-product\nlicences: {unknown: review}\n");
	assert_int_equal(p->unknown, AU_LEVEL_REVIEW);
	assert_int_equal(au_policy_licence(a, p, "", 0, "MIT", NULL), AU_LEVEL_ALLOW);
	assert_int_equal(au_policy_licence(a, p, "", 0, "GPL-3.0-only", NULL), AU_LEVEL_DENY);
	assert_int_equal(au_policy_licence(a, p, "", 0, "MPL-2.0", NULL), AU_LEVEL_REVIEW);
	p = load(a, "version: 1\nextends: research\n");
	assert_int_equal(au_policy_licence(a, p, "", 0, "CC-BY-NC-4.0", NULL), AU_LEVEL_ALLOW);
	p = load(a, "version: 1\nextends: internal-service\n");
	assert_int_equal(au_policy_licence(a, p, "", 0, "AGPL-3.0-only", NULL), AU_LEVEL_DENY);
	assert_int_equal(au_policy_licence(a, p, "", 0, "GPL-3.0-only", NULL), AU_LEVEL_ALLOW);
	au_arena_free(a);
}

static void shows_origin(void **state)
{
	struct au_arena *a = au_arena_new();
	struct au_policy *p = load(a, whole);
	struct au_buf b;

	(void)state;
	au_buf_init(&b, 1 << 16);
	au_policy_show(p, true, &b);
	assert_non_null(strstr(au_buf_cstr(&b), "fail-on: medium  # p.yaml:2\n"));
	assert_non_null(strstr(au_buf_cstr(&b), "limits.depth: 8  # p.yaml:18\n"));
	au_buf_release(&b);
	p = load(a, "version: 1\n");
	au_buf_init(&b, 1 << 16);
	au_policy_show(p, true, &b);
	assert_non_null(strstr(au_buf_cstr(&b), "fail-on: high  # built-in\n"));
	au_buf_release(&b);
	au_arena_free(a);
}

static void touch(struct au_arena *a, const char *dir, const char *name)
{
	FILE *f = fopen(au_arena_fmt(a, "%s/%s", dir, name), "w");

	assert_non_null(f);
	fclose(f);
}

static void search(void **state)
{
	struct au_arena *a = au_arena_new();
	char root[] = "/tmp/assay-policy-XXXXXX";
	const char *sub, *target, *found;

	(void)state;
	assert_non_null(mkdtemp(root));
	sub = au_arena_fmt(a, "%s/sub", root);
	target = au_arena_fmt(a, "%s/sub/model", root);
	mkdir(au_arena_fmt(a, "%s/.git", root), 0700);
	mkdir(sub, 0700);
	mkdir(target, 0700);
	touch(a, target, ".assay.yaml");
	assert_null(au_policy_find(a, sub, (const char *const[]){ target, NULL }));
	touch(a, root, ".assay.yaml");
	found = au_policy_find(a, sub, (const char *const[]){ target, NULL });
	assert_string_equal(found, au_arena_fmt(a, "%s/.assay.yaml", root));
	/* working inside a target that is not the project: its own file is not taken from above */
	found = au_policy_find(a, au_arena_fmt(a, "%s/deep", target), (const char *const[]){ target, NULL });
	assert_string_equal(found, au_arena_fmt(a, "%s/.assay.yaml", root));
	unlink(au_arena_fmt(a, "%s/.assay.yaml", target));
	unlink(au_arena_fmt(a, "%s/.assay.yaml", root));
	rmdir(target);
	rmdir(sub);
	rmdir(au_arena_fmt(a, "%s/.git", root));
	rmdir(root);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes), cmocka_unit_test(judgement), cmocka_unit_test(shipped),
		cmocka_unit_test(shows_origin), cmocka_unit_test(search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
