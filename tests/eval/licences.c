/* Accuracy of the licence room over corpora with truth.
 * Usage: eval-licences CORPORA_DIR [ERRORS_FILE]
 * For every set with a truth.tsv: files whose set of named ids equals the truth, strictly and
 * loosely (-only, -or-later and + folded), and micro F1; for texts that are in no index: how many
 * are given an SPDX id. Ids count as named when the verdict is exact, match or reference (partial
 * too for the truncated set). */
#include "base/banned.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/licence.h"

enum { IDS_MAX = 64 };

struct ids {
	const char *id[IDS_MAX];
	size_t n;
};

struct score {
	size_t files, strict, loose, tp, fp, fn, asserted;
};

static uint8_t *slurp(struct au_arena *a, const char *path, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *p;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	p = au_arena_alloc(a, (size_t)st.st_size + 1);
	*ret_n = (size_t)st.st_size;
	if (read(fd, p, *ret_n) != (ssize_t)*ret_n)
		*ret_n = 0;
	close(fd);
	return p;
}

static const char *fold(struct au_arena *a, const char *id)
{
	static const char *const ends[] = { "-only", "-or-later", "+" };

	for (size_t i = 0; i < 3; i++)
		if (au_iends(id, ends[i]))
			return au_arena_strn(a, id, strlen(id) - strlen(ends[i]));
	return id;
}

static void add_id(struct ids *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (au_ieq(s->id[i], id))
			return;
	if (s->n < IDS_MAX)
		s->id[s->n++] = id;
}

/* The ids in an expression or a comma-separated list; exceptions count as ids of their own. */
static void add_words(struct au_arena *a, struct ids *s, const char *text)
{
	while (*text) {
		size_t n;

		text += strspn(text, " ,();");
		n = strcspn(text, " ,();");
		if (n && !(n == 3 && !memcmp(text, "AND", 3)) && !(n == 2 && !memcmp(text, "OR", 2)) &&
		    !(n == 4 && !memcmp(text, "WITH", 4)))
			add_id(s, au_arena_strn(a, text, n));
		text += n;
	}
}

static bool has(const struct ids *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (au_ieq(s->id[i], id))
			return true;
	return false;
}

static bool same(const struct ids *x, const struct ids *y)
{
	for (size_t i = 0; i < x->n; i++)
		if (!has(y, x->id[i]))
			return false;
	return x->n == y->n;
}

static struct ids folded(struct au_arena *a, const struct ids *s)
{
	struct ids f = { .n = 0 };

	for (size_t i = 0; i < s->n; i++)
		add_id(&f, fold(a, s->id[i]));
	return f;
}

static void print_ids(FILE *f, const struct ids *s)
{
	for (size_t i = 0; i < s->n; i++)
		fprintf(f, "%s%s", i ? "," : "", s->id[i]);
	if (!s->n)
		fputc('-', f);
}

struct eval {
	struct au_arena *a;
	struct au_licence_db *db;
	struct au_licence_scratch *s;
	FILE *errors;
	size_t all_files, all_bytes;
};

static struct ids found(struct eval *e, const uint8_t *p, size_t n, const char *name, bool partial,
			const struct au_licence_match **ret, size_t *ret_n)
{
	struct au_licence_hint hint = { .licence_file = au_licence_file_name(name) };
	struct ids s = { .n = 0 };

	*ret_n = au_licence_scan(e->db, e->s, p, n, &hint, e->a, ret);
	for (size_t i = 0; i < *ret_n; i++) {
		const struct au_licence_match *m = &(*ret)[i];

		if (m->id && (m->verdict != AU_PARTIAL || partial))
			add_words(e->a, &s, m->id);
	}
	return s;
}

static void tell(struct eval *e, const char *set, const char *file, const struct ids *want, const struct ids *got,
		 const struct au_licence_match *m, size_t n)
{
	fprintf(e->errors, "%s/%s\twant ", set, file);
	print_ids(e->errors, want);
	fputs("\tgot ", e->errors);
	print_ids(e->errors, got);
	for (size_t i = 0; i < n && i < 6; i++)
		fprintf(e->errors, "\t[%s %s %.3f -%u +%u @%u-%u]", au_verdict_name(m[i].verdict),
			m[i].id ? m[i].id : m[i].nearest ? m[i].nearest : "?", m[i].score, m[i].missing, m[i].inserted,
			m[i].line, m[i].line_end);
	fputc('\n', e->errors);
}

static void one(struct eval *e, const char *dir, const char *set, char *line, struct score *sc)
{
	char *tab = strchr(line, '\t'), *end;
	struct ids want = { .n = 0 }, got, fw, fg;
	const struct au_licence_match *m;
	bool other = au_starts(set, "other"), ok;
	size_t n = 0, count;
	uint8_t *p;

	if (!tab)
		return;
	*tab = 0;
	end = strchr(tab + 1, '\t');
	if (end)
		*end = 0;
	p = slurp(e->a, au_arena_fmt(e->a, "%s/%s/%s", dir, set, line), &n);
	if (!p)
		return;
	e->all_files++;
	e->all_bytes += n;
	add_words(e->a, &want, tab + 1);
	got = found(e, p, n, au_basename(line), strstr(set, "trunc") != NULL, &m, &count);
	fw = folded(e->a, &want);
	fg = folded(e->a, &got);
	sc->files++;
	sc->strict += same(&want, &got);
	ok = same(&fw, &fg);
	sc->loose += ok;
	for (size_t i = 0; i < fg.n; i++) {
		*(has(&fw, fg.id[i]) ? &sc->tp : &sc->fp) += 1;
	}
	for (size_t i = 0; i < fw.n; i++)
		sc->fn += !has(&fg, fw.id[i]);
	if (other) {
		ok = true;
		for (size_t i = 0; i < count; i++)
			if ((m[i].verdict == AU_EXACT || m[i].verdict == AU_MATCH) && !au_starts(m[i].id, "LicenseRef"))
				ok = false;
		sc->asserted += !ok;
	}
	if (!ok)
		tell(e, set, line, &want, &got, m, count);
}

static void run_set(struct eval *e, const char *dir, const char *set)
{
	struct score sc = { 0 };
	struct timespec t0, t1;
	size_t n, bytes = e->all_bytes;
	char *text = (char *)slurp(e->a, au_arena_fmt(e->a, "%s/%s/truth.tsv", dir, set), &n), *save = NULL;
	double f1, secs;

	if (!text)
		return;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			one(e, dir, set, line, &sc);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (!sc.files)
		return;
	secs = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
	f1 = 2.0 * (double)sc.tp / (double)(2 * sc.tp + sc.fp + sc.fn ? 2 * sc.tp + sc.fp + sc.fn : 1);
	printf("%-24s %5zu files  loose %6.2f %%  strict %6.2f %%  micro F1 %6.2f %%", set, sc.files,
	       100.0 * (double)sc.loose / (double)sc.files, 100.0 * (double)sc.strict / (double)sc.files, 100 * f1);
	if (au_starts(set, "other"))
		printf("  asserted %5.2f %%", 100.0 * (double)sc.asserted / (double)sc.files);
	printf("  %6.0f files/s %6.1f MB/s\n", (double)sc.files / secs, (double)(e->all_bytes - bytes) / secs / 1e6);
}

int main(int argc, char **argv)
{
	struct eval e = { .a = au_arena_new(), .s = au_licence_scratch_new() };
	struct dirent **list = NULL;
	int n;

	if (argc < 2)
		return 1;
	e.db = au_licence_builtin(e.a);
	e.errors = fopen(argc > 2 ? argv[2] : "/dev/null", "w");
	n = scandir(argv[1], &list, NULL, alphasort);
	if (!e.db || !e.errors || n < 0)
		return 1;
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			run_set(&e, argv[1], list[i]->d_name);
		free(list[i]);
	}
	free(list);
	fclose(e.errors);
	au_licence_scratch_free(e.s);
	au_arena_free(e.a);
	return 0;
}
