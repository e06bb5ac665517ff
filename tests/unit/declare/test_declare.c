/* Each reader of declarations on a small file of its kind: the facts and their lines. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "audit/run.h"
#include "base/buf.h"
#include "declare/declare.h"
#include "io/view.h"

struct row {
	const char *name, *content, *want;   /* want: "topic=text>aux@line" of each fact, newline-separated */
};

static const struct row rows[] = {
	{ "README.md", "---\nlicense: mit\nbase_model: meta-llama/Llama-3.1-8B\ndatasets:\n- org/data\n---\n# x\n",
	  "licence=mit>MIT@2\nbase_model=meta-llama/Llama-3.1-8B@3\ndataset=org/data@5\n" },
	{ "README.md", "---\nlicense:\n- mit\n- openrail\n---\n",
	  "licence=mit>MIT@3\nlicence=openrail@4\nfamily=openrail>openrail@4\n" },
	{ "README.md", "---\nlicense: other\nlicense_name: llama3.2\nlicense_link: LICENSE\n---\n",
	  "licence=other@2\nfamily=other>other@2\nlicence_name=llama3.2@3\n"
	  "licence=llama3.2>LicenseRef-Llama-3.2-Community@3\nlicence_link=LICENSE@4\n" },
	{ "README.md", "# no front matter\nlicense: mit\n", "" },
	{ "README.md", "---\nlicense: [unclosed\n---\n", "problem=" },
	{ "package.json", "{\n \"name\": \"a\", \"version\": \"1.0.0\",\n \"license\": \"(MIT OR Apache-2.0)\"\n}",
	  "package=pkg:npm/a@1.0.0>a@2\nlicence=(MIT OR Apache-2.0)>MIT OR Apache-2.0@3\n" },
	{ "package.json", "{\"name\":\"a\",\"licenses\":[{\"type\":\"MIT\"},{\"type\":\"GPL-2.0\"}]}",
	  "package=pkg:npm/a>a@1\nlicence=MIT, GPL-2.0>MIT OR GPL-2.0-only@1\n" },
	{ "package.json", "{\"license\":\"SEE LICENSE IN x.txt\"}",
	  "licence=SEE LICENSE IN x.txt@1\nfamily=file>SEE LICENSE IN x.txt@1\n" },
	{ "package.json", "{\"license\":{\"type\":\"ISC\"}}", "licence=ISC>ISC@1\n" },
	{ "package.json", "{\"license\":\"UNLICENSED\"}", "licence=UNLICENSED@1\nfamily=proprietary>UNLICENSED@1\n" },
	{ "Cargo.toml", "[package]\nname = \"c\"\nversion = \"0.1.0\"\nlicense = \"MIT/Apache-2.0\"\n",
	  "package=pkg:cargo/c@0.1.0>c@1\nlicence=MIT/Apache-2.0>MIT OR Apache-2.0@4\n" },
	{ "pyproject.toml", "[project]\nname = 'p'\nlicense = {text = \"GPLv3+\"}\nclassifiers = [\n"
	  " \"License :: OSI Approved :: MIT License\", # c\n]\n",
	  "package=pkg:pypi/p>p@1\nlicence=GPLv3+>GPL-3.0-or-later@3\n"
	  "licence=License :: OSI Approved :: MIT License>MIT@5\n" },
	{ "setup.py", "from setuptools import setup\nsetup(\n  name='s',\n  version=\"2\",\n  license='BSD-3-Clause')\n",
	  "package=pkg:pypi/s@2>s@3\nlicence=BSD-3-Clause>BSD-3-Clause@5\n" },
	{ "setup.cfg", "[metadata]\nname = s\nlicense = Apache 2\nclassifiers =\n    License :: OSI Approved :: MIT License\n",
	  "licence=Apache 2>Apache-2.0@3\nlicence=License :: OSI Approved :: MIT License>MIT@5\npackage=pkg:pypi/s>s@2\n" },
	{ "METADATA", "Metadata-Version: 2.4\nName: q\nVersion: 3\nLicense-Expression: MIT AND ISC\nLicense-File: LICENSE\n\nLicense: no\n",
	  "package=pkg:pypi/q@3>q@3\nlicence=MIT AND ISC>MIT AND ISC@4\nlicence_link=LICENSE@5\n" },
	{ "DESCRIPTION", "Package: r\nVersion: 1\nLicense: MIT + file LICENSE\n",
	  "package=pkg:cran/r@1>r@2\nlicence=MIT>MIT@3\n" },
	{ "copyright", "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\n"
	  "Copyright: 2020 A\nLicense: GPL-2+ or Artistic-2.0\n\nLicense: GPL-2+\n text\n",
	  "copyright=2020 A@4\nlicence=GPL-2+ or Artistic-2.0>GPL-2.0-or-later OR Artistic-2.0@5\n" },
	{ "pom.xml", "<project>\n<groupId>g</groupId><artifactId>a</artifactId><version>1</version>\n<licenses><license>\n"
	  "<name>The Apache Software License, Version 2.0</name>\n<url>http://www.apache.org/licenses/LICENSE-2.0.txt</url>\n"
	  "</license></licenses></project>",
	  "licence=The Apache Software License, Version 2.0>Apache-2.0@4\n"
	  "licence_link=http://www.apache.org/licenses/LICENSE-2.0.txt@4\npackage=pkg:maven/g/a@1>g/a@2\n" },
	{ "x.nuspec", "<package xmlns=\"u\"><metadata><id>n</id><version>1</version>\n<license type=\"expression\">MIT</license>"
	  "</metadata></package>", "licence=MIT>MIT@2\npackage=pkg:nuget/n@1>n@1\n" },
	{ "x.gemspec", "Gem::Specification.new do |s|\n s.name = \"g\"\n s.version = '1'\n s.licenses = ['MIT', 'GPL-2.0']\nend\n",
	  "package=pkg:gem/g@1>g@2\nlicence=MIT OR GPL-2.0-only>MIT OR GPL-2.0-only@4\n" },
	{ "composer.json", "{\"name\":\"v/p\",\"license\":[\"MIT\",\"GPL-3.0-or-later\"]}",
	  "package=pkg:composer/v/p>v/p@1\nlicence=MIT, GPL-3.0-or-later>MIT OR GPL-3.0-or-later@1\n" },
	{ "go.mod", "module example.org/m\n\ngo 1.22\n", "package=pkg:golang/example.org/m>example.org/m@1\n" },
	{ "REUSE.toml", "version = 1\n[[annotations]]\npath = \"a\"\nSPDX-License-Identifier = \"CC0-1.0\"\n",
	  "licence=CC0-1.0>CC0-1.0@4\n" },
	{ "a.png.license", "SPDX-FileCopyrightText: 2020 A\nSPDX-License-Identifier: CC-BY-4.0\n",
	  "copyright=2020 A@1\nlicence=CC-BY-4.0>CC-BY-4.0@2\n" },
	{ "CITATION.cff", "cff-version: 1.2.0\nlicense: Apache-2.0\ntitle: T\n", "licence=Apache-2.0>Apache-2.0@2\nmodel_id=T@3\n" },
	{ "meta.yaml", "{% set v = 1 %}\npackage:\n  name: k\nabout:\n  license: BSD 3-Clause\n",
	  "licence=BSD 3-Clause>BSD-3-Clause@5\npackage=pkg:conda/k>k@2\n" },
	{ "adapter_config.json", "{\"base_model_name_or_path\": \"mistralai/Mistral-7B-v0.1\"}",
	  "base_model=mistralai/Mistral-7B-v0.1>adapter@1\n" },
	{ "croissant.json", "{\"@context\":{},\"name\":\"d\",\"license\":\"https://creativecommons.org/licenses/by/4.0/\"}",
	  "licence=https://creativecommons.org/licenses/by/4.0/>CC-BY-4.0@1\nmodel_id=d@1\n" },
	{ "datapackage.json", "{\"licenses\":[{\"name\":\"ODC-PDDL-1.0\",\"path\":\"x\"}]}", NULL },
	{ "bom.json", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"c\",\"purl\":\"pkg:npm/c@1\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}]}]}",
	  "package=pkg:npm/c@1>c@1\nlicence=MIT>MIT@1\n" },
	{ "a.spdx.json", "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"name\":\"c\",\"licenseDeclared\":\"MIT\"}]}",
	  "package=pkg:generic/c>c@1\nlicence=MIT>MIT@1\n" },
	{ "a.spdx", "SPDXVersion: SPDX-2.3\nPackageName: c\nPackageLicenseDeclared: Apache-2.0\n",
	  "package=pkg:generic/c>c@2\nlicence=Apache-2.0>Apache-2.0@3\n" },
	{ "d.jsonl", "{\"t\":\"x\",\"license\":\"mit\"}\n{\"license\":\"mit\"}\n{\"meta\":{\"license\":\"cc-by-nc-4.0\"}}\n{\"t\":\"license\"}\n",
	  "records=mit>MIT*2@1\nrecords=cc-by-nc-4.0>CC-BY-NC-4.0*1@3\n" },
	{ "d.csv", "id,License,text\n1,MIT,\"a, b\"\n2,\"GPLv3\",x\n3,MIT,y\n",
	  "records=MIT>MIT*2@2\nrecords=GPLv3>GPL-3.0-only*1@3\n" },
};

static const char *print_facts(struct au_arena *a, const struct au_entry *e)
{
	struct au_buf b;
	const char *s;

	au_buf_init(&b, 100000);
	AU_EACH_FACT(f, e) {
		const char *t = f->topic + strlen("declared.");

		au_buf_fmt(&b, "%s=%s", t, f->text);
		if (f->aux)
			au_buf_fmt(&b, ">%s", f->aux);
		if (!strcmp(t, "records"))
			au_buf_fmt(&b, "*%llu", (unsigned long long)f->num);
		au_buf_fmt(&b, "@%u\n", f->span.line);
	}
	s = au_arena_str(a, au_buf_cstr(&b));
	au_buf_release(&b);
	return s;
}

static const char *declare(struct au_arena *a, const char *name, const void *p, size_t n)
{
	static const struct au_limits limits = AU_LIMITS_DEFAULT;
	struct au_job *job = AU_NEW(a, struct au_job);
	struct au_entry *e = AU_NEW(a, struct au_entry);

	job->arena = job->scratch = a;
	job->limits = &limits;
	e->name = e->path = name;
	e->size = n;
	au_declare_entry(job, e, au_view_mem(a, p, n));
	return print_facts(a, e);
}

static void readers(void **state)
{
	struct au_arena *a = au_arena_new();
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got = declare(a, rows[i].name, rows[i].content, strlen(rows[i].content));
		bool ok = !rows[i].want || !strcmp(got, rows[i].want) ||
			  (!strcmp(rows[i].want, "problem=") && !strncmp(got, "problem=", 8));

		if (!ok) {
			print_error("%s:\n%s\nwant:\n%s\n", rows[i].name, got, rows[i].want);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
	au_arena_free(a);
}

/* Every file cut at every length: no reader may overrun (run under the sanitisers). */
static void cut_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = strlen(rows[i].content);

		for (size_t cut = 0; cut < n; cut++) {
			struct au_arena *a = au_arena_new();
			uint8_t *copy = au_xalloc(cut ? cut : 1);

			memcpy(copy, rows[i].content, cut);
			declare(a, rows[i].name, copy, cut);
			au_xfree(copy);
			au_arena_free(a);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(readers), cmocka_unit_test(cut_short) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
