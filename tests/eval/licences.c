/* Accuracy of the licence engine over the corpora. Usage: eval-licences CORPORA_DIR [ERRORS_FILE]
 * [SET]. Prints a line a set; the errors file has a line a file that is not right. */
#include "base/banned.h"
#include <dirent.h>
#include <sys/resource.h>
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/expr.h"
#include "licence/licence.h"

enum { MAX_IDS = 200 };

struct ids { const char *v[MAX_IDS]; size_t n; };

struct run {
	const struct au_licence_db *db;
	struct au_licence_scratch *x;
	FILE *err;
	size_t files, bytes;
	double seconds;
};

static char *slurp(struct au_arena *a, const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *p;
	long n;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	p = au_arena_alloc(a, (size_t)n + 1);
	*ret_n = fread(p, 1, (size_t)n, f);
	fclose(f);
	return p;
}

static const char *fold(struct au_arena *a, const char *id)
{
	size_t n = strlen(id);

	if (au_ends(id, "-or-later"))
		n -= 9;
	else if (au_ends(id, "-only"))
		n -= 5;
	else if (au_ends(id, "+"))
		n -= 1;
	return au_arena_strn(a, id, n);
}

static bool has(const struct ids *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i], id))
			return true;
	return false;
}

static void put(struct ids *s, const char *id)
{
	if (s->n < MAX_IDS && !has(s, id))
		s->v[s->n++] = id;
}

struct put_ctx { struct ids *s; struct au_arena *a; };

static int put_expr(const struct au_expr *e, void *user)
{
	struct put_ctx *c = user;

	put(c->s, e->plus ? au_arena_fmt(c->a, "%s+", e->id) : e->id);
	return 0;
}

static void add_expr(struct ids *s, const char *expr, struct au_arena *a)
{
	struct au_expr *e;
	struct put_ctx c = { s, a };

	if (au_expr_parse(expr, strlen(expr), NULL, 0, a, &e, NULL) == AU_OK)
		au_expr_each(e, put_expr, &c);
	else
		put(s, expr);
}

static void loosen(struct ids *to, const struct ids *from, struct au_arena *a)
{
	to->n = 0;
	for (size_t i = 0; i < from->n; i++)
		put(to, fold(a, from->v[i]));
}

static size_t common(const struct ids *a, const struct ids *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += has(b, a->v[i]);
	return n;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t scan(struct run *r, const char *path, struct au_arena *a, struct au_licence_match **ret)
{
	size_t len = 0, n = 0;
	char *p = slurp(a, path, &len);
	double t;

	if (!p) {
		fprintf(stderr, "cannot read '%s'\n", path);
		exit(1);
	}
	t = now();
	au_licence_scan(r->db, r->x, (uint8_t *)p, len, NULL, a, ret, &n);
	r->seconds += now() - t;
	r->files++;
	r->bytes += len;
	return n;
}

/* What is claimed: texts found whole; notices and tags where asked, or when no text is. */
static void claimed(const struct au_licence_match *m, size_t n, bool partial, bool notices,
		    struct ids *s, const char **ret_top, struct au_arena *a)
{
	uint64_t best = 0;

	s->n = 0;
	*ret_top = NULL;
	for (size_t i = 0; i < n; i++) {
		bool text = m[i].verdict <= AU_LICENCE_MATCH ||
			    (partial && m[i].verdict == AU_LICENCE_PARTIAL);

		if (!text || !m[i].expression)
			continue;
		add_expr(s, m[i].expression, a);
		if (m[i].len > best) {
			best = m[i].len;
			*ret_top = m[i].expression;
		}
	}
	if (!notices && s->n)
		return;
	for (size_t i = 0; i < n; i++)
		if (m[i].verdict == AU_LICENCE_REFERENCE && m[i].expression) {
			add_expr(s, m[i].expression, a);
			if (!*ret_top)
				*ret_top = m[i].expression;
		}
}

static void tell(FILE *f, const char *set, const char *file, const struct ids *want,
		 const struct ids *got, const struct au_licence_match *m, size_t n)
{
	if (!f)
		return;
	fprintf(f, "%s/%s\n  want:", set, file);
	for (size_t i = 0; i < want->n; i++)
		fprintf(f, " %s", want->v[i]);
	fprintf(f, "\n  got: ");
	for (size_t i = 0; i < got->n; i++)
		fprintf(f, " %s", got->v[i]);
	fprintf(f, "\n");
	for (size_t i = 0; i < n && i < 40; i++)
		fprintf(f, "    %-9s %-34s nearest %-24s %.3f lines %u-%u +%u -%u ~%u %s\n",
			au_licence_verdict_name(m[i].verdict), m[i].expression ? m[i].expression : "-",
			m[i].nearest ? m[i].nearest : "-", (double)m[i].score, m[i].line,
			m[i].line_end, m[i].inserted, m[i].missing, m[i].changed, m[i].rule);
}

/* A file that holds nothing but one web address, of somebody's repository mostly: which licence is
 * behind it cannot be known from the file. Counted apart. */
static bool lone_address(const char *path, struct au_arena *a)
{
	size_t n = 0;
	char *p = slurp(a, path, &n);

	while (n && isspace((unsigned char)p[n - 1]))
		n--;
	return n && n < 200 && au_istarts(p, "http") && !memchr(p, '\n', n) && !au_istr(p, "licenses/");
}

struct sums { size_t addresses, files, top, strict, loose, tp, fp, fn, stp, sfp, sfn, ltp, lfp, lfn; };

static bool spdx_only(const char *id)
{
	return !au_starts(id, "LicenseRef-");
}

static void f1(struct sums *s, const struct ids *want, const struct ids *got)
{
	for (size_t i = 0; i < got->n; i++) {
		bool ok = has(want, got->v[i]);

		s->ltp += ok;
		s->lfp += !ok;
		if (spdx_only(got->v[i])) {
			s->tp += ok;
			s->fp += !ok;
		}
	}
	for (size_t i = 0; i < want->n; i++)
		if (!has(got, want->v[i])) {
			s->lfn++;
			s->fn += spdx_only(want->v[i]);
		}
}

static double f1_of(size_t tp, size_t fp, size_t fn)
{
	return tp ? 200.0 * (double)tp / (double)(2 * tp + fp + fn) : 0;
}

static void one_file(struct run *r, const char *dir, const char *set, char *line, struct sums *s)
{
	struct au_arena *a = au_arena_new();
	char *save = NULL, *file = strtok_r(line, "\t", &save), *ids = save;
	struct ids want = { 0 }, got, lw, lg;
	struct au_licence_match *m;
	const char *top;
	char *end = ids ? strpbrk(ids, "\t\n") : NULL, *tok;
	size_t n, hit;
	bool cases = au_starts(set, "scancode-cases");

	if (end)
		*end = 0;
	for (tok = ids ? strtok_r(ids, ",", &save) : NULL; tok; tok = strtok_r(NULL, ",", &save))
		put(&want, strcmp(tok, "LicenseRef-scancode-public-domain") ? tok :
			   "LicenseRef-Public-Domain");
	if (cases && lone_address(au_arena_fmt(a, "%s/licences/%s/%s", dir, set, file), a)) {
		s->addresses++;
		au_arena_free(a);
		return;
	}
	n = scan(r, au_arena_fmt(a, "%s/licences/%s/%s", dir, set, file), a, &m);
	claimed(m, n, au_ends(set, "trunc60"), cases, &got, &top, a);
	loosen(&lw, &want, a);
	loosen(&lg, &got, a);
	s->files++;
	if (au_starts(set, "other-texts")) {
		bool bad = false;

		for (size_t i = 0; i < n; i++)
			bad |= m[i].verdict <= AU_LICENCE_MATCH && m[i].expression &&
			       spdx_only(m[i].expression);
		s->strict += bad;
		if (bad)
			tell(r->err, set, file, &want, &got, m, n);
		au_arena_free(a);
		return;
	}
	s->top += top && has(&lw, fold(a, top));
	s->strict += want.n == got.n && common(&want, &got) == want.n;
	hit = lw.n == lg.n && common(&lw, &lg) == lw.n;
	s->loose += hit;
	f1(s, &lw, &lg);
	hit = want.n == got.n && common(&want, &got) == want.n;
	if (!hit)
		tell(r->err, set, file, &want, &got, m, n);
	au_arena_free(a);
}

static void one_set(struct run *r, const char *dir, const char *set)
{
	struct au_arena *a = au_arena_new();
	size_t len = 0;
	char *p = slurp(a, au_arena_fmt(a, "%s/licences/%s/truth.tsv", dir, set), &len);
	struct sums s = { 0 };

	while (p && *p) {
		char *e = strchr(p, '\n'), *next = e ? e + 1 : p + strlen(p);

		if (e)
			*e = 0;
		if (*p && *p != '#')
			one_file(r, dir, set, p, &s);
		p = next;
	}
	if (!s.files)
		return;
	if (au_starts(set, "other-texts"))
		printf("%-22s %5zu files  asserted as SPDX %5.2f %%\n", set, s.files,
		       100.0 * (double)s.strict / (double)s.files);
	else
		printf("%-22s %5zu files  top-1 %6.2f  set strict %6.2f  loose %6.2f  F1 spdx %6.2f all %6.2f\n",
		       set, s.files, 100.0 * (double)s.top / (double)s.files,
		       100.0 * (double)s.strict / (double)s.files,
		       100.0 * (double)s.loose / (double)s.files, f1_of(s.tp, s.fp, s.fn),
		       f1_of(s.ltp, s.lfp, s.lfn));
	if (s.addresses)
		printf("%-22s %5zu files hold only a web address and are not counted\n", "",
		       s.addresses);
	fflush(stdout);
	au_arena_free(a);
}

static void ai(struct run *r, const char *dir)
{
	struct au_arena *a = au_arena_new();
	size_t len = 0, files = 0, right = 0, wrong = 0;
	char *p = slurp(a, au_arena_fmt(a, "%s/ai-licences/INDEX.tsv", dir), &len);

	while (p && *p) {
		char *e = strchr(p, '\n'), *next = e ? e + 1 : p + strlen(p), *save = NULL;
		char *file, *id;
		struct au_licence_match *m;
		struct ids want = { 0 }, got;
		const char *top, *path;
		size_t n;

		if (e)
			*e = 0;
		if (*p == '#' || !*p) {
			p = next;
			continue;
		}
		file = strtok_r(p, "\t", &save);
		id = strtok_r(NULL, "\t", &save);
		p = next;
		path = au_arena_fmt(a, "%s/ai-licences/%s", dir, file);
		files++;
		put(&want, id);
		n = scan(r, path, a, &m);
		claimed(m, n, false, false, &got, &top, a);
		if (got.n == 1 && has(&got, id))
			right++;
		else
			tell(r->err, "ai-licences", file, &want, &got, m, n);
		au_licence_exclude(r->db, r->x, id);
		n = scan(r, path, a, &m);
		au_licence_exclude(r->db, r->x, NULL);
		claimed(m, n, false, false, &got, &top, a);
		for (size_t i = 0, was = wrong; i < n && was == wrong; i++)
			if (m[i].verdict <= AU_LICENCE_MATCH && strcmp(m[i].expression, id)) {
				wrong++;
				tell(r->err, "ai-licences-left-out", file, &want, &got, m, n);
			}
	}
	printf("%-22s %5zu files  right %6.2f  left out, wrongly named: %zu\n", "ai-licences", files,
	       files ? 100.0 * (double)right / (double)files : 0, wrong);
	au_arena_free(a);
}

int main(int argc, char **argv)
{
	static const char *const sets[] = { "npm-packages", "crates", "licensee-fixtures",
		"spdx-texts-scancode", "scancode-cases-1", "scancode-cases-2",
		"other-texts-scancode", "variants-comment", "variants-del3", "variants-embed",
		"variants-html", "variants-oneline", "variants-trunc60", "variants-two" };
	struct au_arena *a = au_arena_new();
	struct run r = { .db = au_licence_builtin(a) };
	struct rusage u;

	if (argc < 2 || !r.db) {
		fprintf(stderr, "usage: eval-licences CORPORA_DIR [ERRORS_FILE [SET]]\n");
		return 1;
	}
	r.x = au_licence_scratch_new(r.db);
	r.err = argc > 2 ? fopen(argv[2], "w") : NULL;
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if (argc < 4 || !strcmp(argv[3], sets[i]))
			one_set(&r, argv[1], sets[i]);
	if (argc < 4 || !strcmp(argv[3], "ai-licences"))
		ai(&r, argv[1]);
	getrusage(RUSAGE_SELF, &u);
	printf("speed: %.0f files/s, %.1f MB/s (matching only, one core); peak RSS %ld MB\n",
	       (double)r.files / r.seconds, (double)r.bytes / r.seconds / 1e6, u.ru_maxrss / 1024);
	if (r.err)
		fclose(r.err);
	au_licence_scratch_free(r.x);
	au_arena_free(a);
	return 0;
}
