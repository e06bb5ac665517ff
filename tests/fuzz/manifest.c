/* Fuzz target: every reader of declarations. The first byte picks the file's name. */
#include "base/banned.h"
#include "audit/run.h"
#include "declare/declare.h"
#include "io/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const names[] = {
	"README.md", "CITATION.cff", "meta.yaml", "config.json", "croissant.json", "datapackage.json",
	"package.json", "composer.json", "bom.json", "a.spdx", "Cargo.toml", "pyproject.toml", "REUSE.toml",
	"a.license", "METADATA", "setup.cfg", "setup.py", "DESCRIPTION", "copyright", "pom.xml", "a.nuspec",
	"a.gemspec", "go.mod", "d.jsonl", "d.csv", "d.tsv",
};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_arena *a = au_arena_new();
	struct au_job job = { .arena = a, .scratch = a, .limits = &limits };
	struct au_entry e = { .size = n };

	if (n) {
		e.name = e.path = names[p[0] % (sizeof(names) / sizeof(*names))];
		au_declare_entry(&job, &e, au_view_mem(a, p + 1, n - 1));
	}
	au_arena_free(a);
	return 0;
}
