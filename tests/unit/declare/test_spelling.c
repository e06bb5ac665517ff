/* Odd spellings: to an expression, or to a family word that is never read as permissive. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "declare/declare.h"
#include "declare/names.h"
#include "licence/licence.h"

struct row {
	const char *text, *expr, *family;
};

static const struct row rows[] = {
	{ "MIT", "MIT", 0 }, { "mit license", "MIT", 0 }, { "The MIT License (MIT)", "MIT", 0 },
	{ "Apache 2", "Apache-2.0", 0 }, { "apache-2.0", "Apache-2.0", 0 },
	{ "apache license, version 2.0", "Apache-2.0", 0 }, { "Apache Software License 2.0", "Apache-2.0", 0 },
	{ "Apache License 2.0", "Apache-2.0", 0 }, { "ASL 2.0", "Apache-2.0", 0 },
	{ "GPLv3+", "GPL-3.0-or-later", 0 }, { "GPLv2", "GPL-2.0-only", 0 }, { "gpl-3.0", "GPL-3.0-only", 0 },
	{ "GPL-2.0+", "GPL-2.0-or-later", 0 }, { "GPL (>= 2)", "GPL-2.0-or-later", 0 },
	{ "GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later", 0 },
	{ "GNU GPL version 2 or any later version", "GPL-2.0-or-later", 0 },
	{ "License :: OSI Approved :: MIT License", "MIT", 0 },
	{ "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)",
	  "LGPL-2.0-or-later", 0 },
	{ "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0", 0 },
	{ "License :: OSI Approved :: GNU Affero General Public License v3", "AGPL-3.0-only", 0 },
	{ "License :: OSI Approved :: ISC License (ISCL)", "ISC", 0 },
	{ "License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0", 0 },
	{ "cc-by-nc-4", "CC-BY-NC-4.0", 0 }, { "cc-by-4.0", "CC-BY-4.0", 0 },
	{ "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0", 0 },
	{ "CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0", 0 }, { "cc0", "CC0-1.0", 0 }, { "CC0 1.0 Universal", "CC0-1.0", 0 },
	{ "MIT/Apache-2.0", "MIT OR Apache-2.0", 0 }, { "MIT OR Apache-2.0", "MIT OR Apache-2.0", 0 },
	{ "(MIT OR Apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause", 0 },
	{ "mit and (gplv2 or bsd-3-clause)", "MIT AND (GPL-2.0-only OR BSD-3-Clause)", 0 },
	{ "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", 0 },
	{ "Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception", 0 },
	{ "GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only", 0 },
	{ "BSD-3-Clause", "BSD-3-Clause", 0 }, { "New BSD License", "BSD-3-Clause", 0 }, { "Simplified BSD", "BSD-2-Clause", 0 },
	{ "https://opensource.org/licenses/MIT", "MIT", 0 },
	{ "http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0", 0 },
	{ "https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0", 0 },
	{ "https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0", 0 },
	{ "https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0-only", 0 },
	{ "https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html", "LGPL-2.1-only", 0 },
	{ "https://spdx.org/licenses/BSD-3-Clause.html", "BSD-3-Clause", 0 },
	{ "https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0", 0 },
	{ "https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0", 0 },
	{ "llama3.1", "LicenseRef-Llama-3.1-Community", 0 }, { "llama2", "LicenseRef-Llama-2-Community", 0 },
	{ "gemma", "LicenseRef-Gemma-Terms", 0 }, { "openrail++", "LicenseRef-CreativeML-OpenRAIL-PlusPlus-M", 0 },
	{ "creativeml-openrail-m", "LicenseRef-CreativeML-OpenRAIL-M", 0 },
	{ "LicenseRef-My-Own", "LicenseRef-My-Own", 0 },
	{ "wtfpl", "WTFPL", 0 }, { "Unlicense", "Unlicense", 0 }, { "0BSD", "0BSD", 0 }, { "isc", "ISC", 0 },
	{ "odc-by", "ODC-By-1.0", 0 }, { "lgpl-lr", "LGPLLR", 0 }, { "Expat", "MIT", 0 },
	{ "GPL-1+ or Artistic-2.0", "GPL-1.0-or-later OR Artistic-2.0", 0 },
	{ "Perl_5", "Artistic-1.0-Perl OR GPL-1.0-or-later", 0 },
	{ "LGPLv3+_or_GPLv2+", "LGPL-3.0-or-later OR GPL-2.0-or-later", 0 },
	{ "MPL-1.1 or LGPL-2.1+, and ISC", "(MPL-1.1 OR LGPL-2.1-or-later) AND ISC", 0 },
	{ "GPL-3+ with Bison exception", "GPL-3.0-or-later WITH Bison-exception-2.2", 0 },
	{ "GPL-2 with Linux-syscall-note exception", "GPL-2.0-only WITH Linux-syscall-note", 0 },
	{ "bsl-1.0", "BSL-1.0", 0 }, { "PSF-2.0", "PSF-2.0", 0 },
	/* what does not say which licence it is */
	{ "openrail", 0, "openrail" }, { "cc", 0, "cc" }, { "cc-by", 0, "cc" }, { "bsd", 0, "bsd" },
	{ "BSD License", 0, "bsd" }, { "other", 0, "other" }, { "unknown", 0, "unknown" }, { "gpl", 0, "gpl" },
	{ "lgpl", 0, "lgpl" }, { "", 0, "unknown" }, { "UNLICENSED", 0, "proprietary" },
	{ "Proprietary", 0, "proprietary" }, { "All rights reserved", 0, "proprietary" },
	{ "SEE LICENSE IN LICENSE.txt", 0, "file" }, { "LICENSE", 0, "file" },
	{ "License :: OSI Approved :: Apache Software License", 0, "apache" },
	{ "License :: OSI Approved :: BSD License", 0, "bsd" }, { "NOASSERTION", 0, "unknown" },
	{ "MIT AND Foo-Bar", 0, "other" }, { "https://example.org/x/blob/main/LICENSE", 0, "file" },
	{ "MIT-ish but with my own conditions", 0, "other" }, { "Public Domain", 0, "public-domain" },
	{ "Apache", 0, "apache" }, { "GPL-2.0 WITH some-odd-thing", 0, "gpl" },
};

static void spellings(void **state)
{
	struct au_arena *a = au_arena_new();
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *x = NULL, *f = NULL;
		bool ok = au_declare_normalise(a, NULL, rows[i].text, &x, &f);
		const char *got = ok ? x : f, *want = rows[i].expr ? rows[i].expr : rows[i].family;

		if (ok == !rows[i].expr || strcmp(got, want) != 0) {
			print_error("%s: got %s%s, want %s\n", rows[i].text, ok ? "" : "family ", got, want);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
	au_arena_free(a);
}

/* The index knows records of family words: they must not make them licences. */
static void with_the_index(void **state)
{
	struct au_arena *a = au_arena_new();
	const struct au_licence_db *db = au_licence_builtin(a);

	(void)state;
	assert_non_null(db);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *x = NULL, *f = NULL;
		bool ok = au_declare_normalise(a, db, rows[i].text, &x, &f);

		if (ok == !rows[i].expr || strcmp(ok ? x : f, rows[i].expr ? rows[i].expr : rows[i].family) != 0)
			fail_msg("%s: %s", rows[i].text, ok ? x : f);
	}
	au_arena_free(a);
}

static void table_is_sorted_and_folded(void **state)
{
	size_t n, line = 0;
	const char *t = au_name_table(&n);
	char prev[AU_FOLD_MAX] = "", key[AU_FOLD_MAX];

	(void)state;
	for (size_t at = 0; at < n; line++) {
		size_t len = strcspn(t + at, "\t");

		assert_true(au_name_fold(t + at, len, key));
		if (strlen(key) != len || memcmp(key, t + at, len) != 0 || strcmp(prev, key) >= 0)
			fail_msg("line %zu: '%.*s' folds to '%s'", line + 1, (int)len, t + at, key);
		memcpy(prev, key, sizeof(prev));
		at += strcspn(t + at, "\n") + 1;
	}
	assert_true(line > 1000);
	assert_string_equal(au_name_class("CC-BY-NC-4.0"), "non-commercial");
	assert_string_equal(au_name_class("LicenseRef-Llama-3-Community"), "community");
	assert_string_equal(au_name_class("GPL-2.0-or-later"), "strong-copyleft");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings), cmocka_unit_test(with_the_index), cmocka_unit_test(table_is_sorted_and_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
