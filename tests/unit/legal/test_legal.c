/* Components, conclusions and conflicts over small made-up targets. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "audit/run.h"
#include "base/rc.h"
#include "declare/declare.h"
#include "ext/yaml.h"
#include "io/view.h"
#include "legal/legal.h"
#include "legal/tables.h"

enum { FILES_MAX = 24 };

struct file {
	const char *path, *content;
	const char *match, *verdict;   /* a licence.match fact to add, or NULL */
};

struct world {
	struct au_arena *a;
	struct au_audit audit;
	struct au_run run;
	struct au_job closing;
	struct au_legal *legal;
};

static const struct au_limits limits = AU_LIMITS_DEFAULT;

static void build(struct world *w, const struct file *files, unsigned uses)
{
	*w = (struct world){ .a = au_arena_new() };
	w->audit = (struct au_audit){ .arena = w->a, .run = &w->run, .target = "target" };
	w->audit.entries = AU_ARRAY(w->a, struct au_entry *, FILES_MAX);
	for (size_t i = 0; files[i].path; i++) {
		struct au_job job = { .arena = w->a, .scratch = w->a, .limits = &limits, .run = &w->run };
		struct au_entry *e = AU_NEW(w->a, struct au_entry);

		e->name = e->path = files[i].path;
		e->job = (uint32_t)i;
		au_declare_entry(&job, e, au_view_mem(w->a, files[i].content, strlen(files[i].content)));
		if (files[i].match)
			au_emit(&job, e, "licence.match", files[i].match, files[i].verdict,
				(struct au_span){ 0, 1, 1, 1 })->num = 1000;
		w->audit.entries[w->audit.n_entries++] = e;
	}
	w->closing = (struct au_job){ .arena = w->a, .scratch = w->a, .limits = &limits, .run = &w->run };
	w->legal = au_legal_build(w->a, &w->audit, uses);
	au_legal_judge(&w->closing, w->legal);
}

static const struct au_component *comp(const struct world *w, const char *dir)
{
	for (size_t i = 0; i < w->legal->n_components; i++)
		if (!strcmp(w->legal->components[i].dir, dir))
			return &w->legal->components[i];
	fail_msg("no component '%s'", dir);
	return NULL;
}

static const struct au_finding *finding(const struct world *w, const char *rule)
{
	for (const struct au_finding *f = w->closing.findings; f; f = f->next)
		if (!strcmp(f->rule->id, rule))
			return f;
	return NULL;
}

static void expect(const struct world *w, const char *const *rules)
{
	size_t n = 0;

	for (const struct au_finding *f = w->closing.findings; f; f = f->next) {
		bool wanted = false;

		for (size_t i = 0; rules[i]; i++)
			wanted |= !strcmp(rules[i], f->rule->id);
		if (!wanted)
			fail_msg("not expected: %s: %s", f->rule->id, f->message);
	}
	for (; rules[n]; n++)
		if (!finding(w, rules[n]))
			fail_msg("missing: %s", rules[n]);
}

#define EXPECT(w, ...) expect(w, (const char *const[]){ __VA_ARGS__, NULL })
#define NOTHING(w) expect(w, (const char *const[]){ NULL })

static void clear(void **state)
{
	static const struct file files[] = {
		{ "LICENSE", "", "MIT", "exact" },
		{ "README.md", "---\nlicense: mit\n---\n", 0, 0 }, { 0 },
	};
	struct world w;

	(void)state;
	build(&w, files, 0);
	assert_int_equal(w.legal->n_components, 1);
	assert_string_equal(w.legal->expr, "MIT");
	assert_int_equal(w.legal->status, AU_LEGAL_CLEAR);
	assert_int_equal(comp(&w, "")->type, AU_COMP_MODEL);
	assert_int_equal(comp(&w, "")->n_entries, 2);
	assert_true(comp(&w, "")->n_obligations >= 1);
	NOTHING(&w);
	au_arena_free(w.a);
}

static void contradiction(void **state)
{
	static const struct file files[] = {
		{ "LICENSE.txt", "", "LicenseRef-Llama-3.1-Community", "exact" },
		{ "NOTICE", "", 0, 0 }, { "README.md", "---\nlicense: apache-2.0\n---\nBuilt with Llama\n", 0, 0 },
		{ "USE_POLICY.md", "", 0, 0 }, { 0 },
	};
	struct world w;
	const struct au_finding *f;

	(void)state;
	build(&w, files, 0);
	EXPECT(&w, "LIC-TEXT-CONTRADICTS");
	f = finding(&w, "LIC-TEXT-CONTRADICTS");
	assert_int_equal(f->sev, AU_HIGH);
	assert_string_equal(f->entry->path, "README.md");
	assert_int_equal(f->n_related, 1);
	assert_string_equal(f->related[0].entry->path, "LICENSE.txt");
	assert_int_equal(w.legal->status, AU_LEGAL_CONFLICT);
	assert_string_equal(w.legal->expr, "Apache-2.0 AND LicenseRef-Llama-3.1-Community");
	au_arena_free(w.a);
}

static void laundering(void **state)
{
	static const struct file files[] = {
		{ "m/LICENSE", "", "MIT", "exact" },
		{ "m/README.md", "---\nlicense: mit\nbase_model: meta-llama/Llama-3.1-8B\ndatasets: [tatsu-lab/alpaca]\n---\n", 0, 0 },
		{ 0 },
	};
	struct world w;

	(void)state;
	build(&w, files, 0);
	EXPECT(&w, "LIC-LAUNDERING", "LIC-DATASET-RESTRICTED", "LIC-NOTICE-MISSING");
	assert_string_equal(comp(&w, "m")->expr, "MIT AND LicenseRef-Llama-3.1-Community");
	assert_int_equal(comp(&w, "m")->cls, AU_CLASS_COMMUNITY);
	assert_int_equal(finding(&w, "LIC-LAUNDERING")->n_related, 1);
	au_arena_free(w.a);
}

/* An adapter of a fine-tune of a base, all but the base in the target; and a loop. */
static void transitive(void **state)
{
	static const struct file files[] = {
		{ "a/README.md", "---\nlicense: apache-2.0\nbase_model: org/b\n---\n", 0, 0 },
		{ "b/README.md", "---\nlicense: llama2\nbase_model: org/c\n---\n", 0, 0 },
		{ "c/README.md", "---\nlicense: cc-by-nc-4.0\nbase_model: org/a\n---\n", 0, 0 }, { 0 },
	};
	struct world w;
	const struct au_component *a;

	(void)state;
	build(&w, files, 0);
	a = comp(&w, "a");
	assert_true(a->n_inherited >= 2);
	assert_int_equal(a->cls, AU_CLASS_NON_COMMERCIAL);
	assert_ptr_equal(a->lineage[0].in_target, comp(&w, "b"));
	assert_non_null(finding(&w, "LIC-LAUNDERING"));
	au_arena_free(w.a);
}

static void unresolved_and_none(void **state)
{
	static const struct file files[] = {
		{ "a/README.md", "---\nlicense: openrail\n---\n", 0, 0 },
		{ "b/LICENSE", "", "LicenseRef-CreativeML-OpenRAIL-M", "match" },
		{ "b/README.md", "---\nlicense: openrail\n---\n", 0, 0 },
		{ "c/README.md", "---\ntags: [x]\n---\n", 0, 0 },
		{ "d/LICENSE", "", "BSD-3-Clause", "exact" },
		{ "d/setup.cfg", "[metadata]\nname=d\nlicense = BSD\n", 0, 0 }, { 0 },
	};
	struct world w;

	(void)state;
	build(&w, files, 0);
	EXPECT(&w, "LIC-UNRESOLVED", "LIC-NONE");
	assert_string_equal(comp(&w, "a")->expr, "NOASSERTION");
	assert_int_equal(comp(&w, "a")->cls, AU_CLASS_UNKNOWN);
	assert_string_equal(comp(&w, "b")->expr, "LicenseRef-CreativeML-OpenRAIL-M");
	assert_string_equal(comp(&w, "c")->expr, "NONE");
	assert_string_equal(comp(&w, "d")->expr, "BSD-3-Clause");
	assert_int_equal(comp(&w, "d")->status, AU_LEGAL_CLEAR);
	au_arena_free(w.a);
}

static void changed_text(void **state)
{
	static const struct file files[] = {
		{ "LICENSE", "", "MIT", "modified" },
		{ "package.json", "{\"name\":\"p\",\"version\":\"1\",\"license\":\"MIT\"}", 0, 0 }, { 0 },
	};
	struct world w;

	(void)state;
	build(&w, files, 0);
	EXPECT(&w, "LIC-EDITED");
	assert_string_equal(w.legal->expr, "NOASSERTION");
	assert_string_equal(comp(&w, "")->purl, "pkg:npm/p@1");
	au_arena_free(w.a);
}

static void disagreement(void **state)
{
	static const struct file files[] = {
		{ "LICENSE", "", "Apache-2.0", "exact" }, { "README.md", "---\nlicense: apache-2.0\n---\n", 0, 0 },
		{ "config.json", "{\"license\":\"cc-by-nc-4.0\"}", 0, 0 }, { 0 },
	};
	struct world w;

	(void)state;
	build(&w, files, AU_USE_PRODUCT);
	EXPECT(&w, "LIC-DECLARED-DISAGREE", "LIC-USE-BARRED");
	assert_string_equal(w.legal->expr, "Apache-2.0 AND CC-BY-NC-4.0");
	au_arena_free(w.a);
}

static void incompatible(void **state)
{
	static const struct file files[] = {
		{ "LICENSE", "", "MIT", "exact" },
		{ "node_modules/g/LICENSE", "", "GPL-3.0-only", "exact" },
		{ "node_modules/g/package.json", "{\"name\":\"g\",\"license\":\"GPL-3.0-or-later\"}", 0, 0 },
		{ "node_modules/o/LICENSE", "", "MIT", "exact" },
		{ "node_modules/o/package.json", "{\"name\":\"o\",\"license\":\"MIT OR GPL-3.0-only\"}", 0, 0 },
		{ "package.json", "{\"name\":\"p\",\"license\":\"MIT\"}", 0, 0 },
		{ "vendor/x.c", "", "GPL-2.0-only", "reference" }, { 0 },
	};
	struct world w;
	size_t n = 0;

	(void)state;
	build(&w, files, 0);
	EXPECT(&w, "LIC-INCOMPATIBLE");
	for (const struct au_finding *f = w.closing.findings; f; f = f->next)
		n++;
	assert_int_equal(n, 2);
	au_arena_free(w.a);
}

static void uses(void **state)
{
	static const struct file files[] = {
		{ "LICENSE", "", "AGPL-3.0-only", "exact" },
		{ "package.json", "{\"name\":\"p\",\"license\":\"AGPL-3.0-only\"}", 0, 0 }, { 0 },
	};
	struct world w;
	bool service = false;

	(void)state;
	build(&w, files, AU_USE_SERVICE);
	for (size_t i = 0; i < comp(&w, "")->n_obligations; i++)
		service |= !strcmp(comp(&w, "")->obligations[i].id, "network-source") &&
			   comp(&w, "")->obligations[i].applies;
	assert_true(service);
	au_arena_free(w.a);
	build(&w, files, AU_USE_INTERNAL);
	for (size_t i = 0; i < comp(&w, "")->n_obligations; i++)
		assert_false(comp(&w, "")->obligations[i].applies);
	au_arena_free(w.a);
}

static void empty_target(void **state)
{
	static const struct file files[] = { { "x.bin", "x", 0, 0 }, { 0 } };
	struct world w;

	(void)state;
	build(&w, files, 0);
	assert_int_equal(w.legal->n_components, 1);
	assert_string_equal(w.legal->expr, "NONE");
	NOTHING(&w);
	au_arena_free(w.a);
}

/* The tables are ours: they must load whole, and know what they are asked for. */
static void tables(void **state)
{
	static const char *const names[] = { "hub-models", "compatibility", "obligations" };
	static const struct { const char *name; bool dataset; const char *want; } hub[] = {
		{ "meta-llama/Llama-2-7b-hf", false, "LicenseRef-Llama-2-Community" },
		{ "meta-llama/Meta-Llama-3-8B", false, "LicenseRef-Llama-3-Community" },
		{ "meta-llama/Meta-Llama-3.1-8B-Instruct", false, "LicenseRef-Llama-3.1-Community" },
		{ "Llama 3.2 1B Instruct", false, "LicenseRef-Llama-3.2-Community" },
		{ "mistralai/Mistral-7B-v0.1", false, "Apache-2.0" }, { "google/gemma-2-9b", false, "LicenseRef-Gemma-Terms" },
		{ "Qwen/Qwen2.5-72B-Instruct", false, "LicenseRef-Qwen" }, { "Qwen/Qwen2.5-7B", false, "Apache-2.0" },
		{ "EleutherAI/gpt-j-6B", false, "Apache-2.0" }, { "gpt2", false, "MIT" },
		{ "black-forest-labs/FLUX.1-dev", false, "LicenseRef-FLUX-1-dev-NC" },
		{ "black-forest-labs/FLUX.1-schnell", false, "Apache-2.0" },
		{ "tatsu-lab/alpaca", true, "CC-BY-NC-4.0" }, { "nobody/nothing", false, NULL }, { "imdb", true, NULL },
	};
	struct au_arena *a = au_arena_new();
	struct au_legal_tables t;
	const char *why;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct au_yaml_error err = { 0 };
		struct au_node *doc;
		size_t n;
		const char *p = au_table_text(names[i], &n);

		if (au_yaml_load(a, p, n, 4 << 20, &doc, &err) != AU_OK)
			fail_msg("%s:%u: %s", names[i], err.line, err.what);
	}
	au_tables_init(&t, a);
	for (size_t i = 0; i < sizeof(hub) / sizeof(*hub); i++) {
		const char *got = au_hub_licence(&t, hub[i].name, hub[i].dataset, &why);

		if (hub[i].want ? !got || strcmp(got, hub[i].want) : got != NULL)
			fail_msg("%s: %s", hub[i].name, got ? got : "(none)");
	}
	assert_int_equal(au_compatible(&t, "MIT", "GPL-3.0-only", &why), AU_COMPAT_NO);
	assert_int_equal(au_compatible(&t, "GPL-3.0-only", "MIT", &why), AU_COMPAT_YES);
	assert_int_equal(au_compatible(&t, "GPL-2.0-only", "Apache-2.0", &why), AU_COMPAT_NO);
	assert_int_equal(au_compatible(&t, "MIT", "CC-BY-NC-4.0", &why), AU_COMPAT_NO);
	assert_int_equal(au_compatible(&t, "GPL-3.0-only", "LicenseRef-CreativeML-OpenRAIL-M", &why), AU_COMPAT_NO);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clear), cmocka_unit_test(contradiction), cmocka_unit_test(laundering),
		cmocka_unit_test(transitive), cmocka_unit_test(unresolved_and_none),
		cmocka_unit_test(changed_text), cmocka_unit_test(disagreement), cmocka_unit_test(incompatible),
		cmocka_unit_test(uses), cmocka_unit_test(empty_target), cmocka_unit_test(tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
