/* assay hash: SHA-256 of every file, in the format of sha256sum, or a check against such a list. */
#include "base/banned.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "cli/common.h"
#include "scan/scan.h"

struct check {
	struct au_map want;    /* path -> hex */
	size_t bad, missing, good;
};

static bool load_list(struct au_args *a, const char *path, struct check *c)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f) {
		au_usage_error("cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	au_map_init(&c->want, a->arena);
	while ((n = getline(&line, &cap, f)) > 0) {
		uint8_t sum[32];

		while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = 0;
		if (n < 67 || !au_unhex(line, 32, sum) || line[64] != ' ')
			continue;
		*au_map_put(&c->want, line + 66, (size_t)n - 66) = au_arena_strn(a->arena, line, 64);
	}
	free(line);
	fclose(f);
	return true;
}

static void compare(struct check *c, const struct au_entry *e, const char *hex)
{
	const char *want = au_map_get(&c->want, e->path, strlen(e->path));

	if (!want) {
		c->missing++;
		printf("%s: not in the list\n", e->path);
	} else if (!au_ieq(want, hex)) {
		c->bad++;
		printf("%s: DIFFERS\n", e->path);
	} else {
		c->good++;
	}
}

int au_cmd_hash(struct au_args *a)
{
	struct au_run run = { .limits = AU_LIMITS_DEFAULT, .only_hash = true };
	struct check c = { 0 };
	struct au_scan *s = NULL;
	const struct au_audit *audit;
	int rc;

	if (au_given(a, OPT_CHECK) && !load_list(a, au_opt(a, OPT_CHECK), &c))
		return AU_EXIT_USAGE;
	rc = au_cli_scan(a, &run, &s);
	if (rc != AU_EXIT_PASS)
		return rc;
	audit = au_scan_audit(s);
	for (size_t i = 0; i < audit->n_entries; i++) {
		const struct au_entry *e = audit->entries[i];
		char hex[65];

		if (!e->hashed || e->parent)
			continue;
		au_hex(e->sha256, 32, hex);
		if (c.want.arena)
			compare(&c, e, hex);
		else
			printf("%s  %s\n", hex, e->path);
	}
	rc = AU_EXIT_PASS;
	for (size_t i = 0; i < audit->n_coverage; i++) {
		if (audit->coverage[i]->benign)
			continue;
		fprintf(stderr, "assay: %s: %s\n", audit->coverage[i]->path, audit->coverage[i]->text);
		rc = AU_EXIT_INCOMPLETE;
	}
	if (c.want.arena)
		printf("%zu equal, %zu different, %zu not in the list\n", c.good, c.bad, c.missing);
	if (c.bad || c.missing)
		rc = AU_EXIT_FAIL;
	if (!audit->n_entries && rc == AU_EXIT_PASS)
		rc = AU_EXIT_EMPTY;
	au_scan_free(s);
	return rc;
}
