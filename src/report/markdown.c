/* Markdown for a job summary: verdict first, 50 rows, the rest folded; cut below 900 KiB because
 * hosts drop a summary over 1 MiB, and said so. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "report/internal.h"

enum { ROWS = 50, BYTES_MAX = 900 * 1024 };

/* Hostile text in a table cell: markup and line starts that a host would act on are escaped. */
static const char *cell(struct au_arena *a, const char *s, size_t max)
{
	struct au_buf b;
	const char *out;

	s = au_printable(a, s, strlen(s), max);
	au_buf_init(&b, 8 * strlen(s) + 8);
	for (; *s; s++) {
		if (*s == '<')
			au_buf_str(&b, "&lt;");
		else if (*s == '>')
			au_buf_str(&b, "&gt;");
		else if (*s == '&')
			au_buf_str(&b, "&amp;");
		else if (*s == '@')
			au_buf_str(&b, "&#64;"); /* no mentions */
		else if (strchr("\\`*_{}[]()#|!~", *s))
			au_buf_fmt(&b, "\\%c", *s);
		else
			au_buf_byte(&b, (uint8_t)*s);
	}
	out = au_arena_str(a, au_buf_cstr(&b));
	au_buf_release(&b);
	return out;
}

static void row(struct au_buf *b, struct au_arena *a, const struct au_finding *f)
{
	au_buf_fmt(b, "| %s | %s | %s | %s |\n", au_sev_name(f->sev), f->rule->id,
		   f->entry ? cell(a, f->entry->path, 300) : "", cell(a, f->message, 600));
}

static void findings(struct au_buf *b, struct au_arena *a, const struct au_report *r)
{
	size_t shown = 0, left = 0;

	for (int sev = AU_CRITICAL; sev >= AU_LOW; sev--) {
		for (size_t i = 0; i < r->audit->n_findings; i++) {
			const struct au_finding *f = r->audit->findings[i];

			if ((int)f->sev != sev || f->state != AU_STATE_NEW)
				continue;
			if (b->len > BYTES_MAX) {
				left++;
				continue;
			}
			if (!shown)
				au_buf_str(b, "| severity | rule | where | what |\n|---|---|---|---|\n");
			if (shown == ROWS)
				au_buf_str(b, "\n<details><summary>More findings</summary>\n\n"
					      "| severity | rule | where | what |\n|---|---|---|---|\n");
			shown++;
			row(b, a, f);
		}
	}
	if (shown > ROWS)
		au_buf_str(b, "\n</details>\n");
	if (left)
		au_buf_fmt(b, "\n%zu more findings are left out here: the summary would be too long for its host.\n", left);
	if (shown)
		au_buf_byte(b, '\n');
}

static void coverage(struct au_buf *b, struct au_arena *a, const struct au_report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->audit->n_coverage; i++) {
		const struct au_coverage *c = r->audit->coverage[i];

		if (c->benign)
			continue;
		if (n++ == 0)
			au_buf_str(b, "<details><summary>Not read</summary>\n\n| where | why |\n|---|---|\n");
		if (n <= 200 && b->len < BYTES_MAX)
			au_buf_fmt(b, "| %s | %s |\n", cell(a, c->path ? c->path : "", 300), cell(a, c->text ? c->text : "", 300));
	}
	if (n > 200)
		au_buf_fmt(b, "\n%zu more.\n", n - 200);
	if (n)
		au_buf_str(b, "\n</details>\n");
}

static int write_markdown(const struct au_report *r, FILE *out, const char **ret_error)
{
	static const char *const words[] = { "passed", "FAILED", "is incomplete", "found nothing to scan" };
	const struct au_summary *s = r->summary;
	struct au_arena *a = au_arena_new();
	struct au_buf b;
	char size[24];

	(void)ret_error;
	au_buf_init(&b, 4U << 20);
	au_buf_fmt(&b, "## The audit %s\n\n", words[r->status]);
	for (size_t i = 0; i < r->n_reasons; i++)
		au_buf_fmt(&b, "- %s\n", r->reasons[i]);
	au_buf_fmt(&b, "%s%zu files, %zu members of archives, %s read; %zu places not read. Findings: %zu critical, "
		   "%zu high, %zu medium, %zu low; %zu waived, %zu known.\n\n", r->n_reasons ? "\n" : "", s->files,
		   s->members, au_report_size(s->bytes, size), s->incomplete, s->by_sev[AU_CRITICAL],
		   s->by_sev[AU_HIGH], s->by_sev[AU_MEDIUM], s->by_sev[AU_LOW], s->waived, s->known);
	findings(&b, a, r);
	coverage(&b, a, r);
	fputs(au_buf_cstr(&b), out);
	au_buf_release(&b);
	au_arena_free(a);
	return AU_OK;
}

const struct au_writer au_writer_markdown = {
	.name = "markdown", .title = "Markdown, for a job summary", .extension = "md", .write = write_markdown,
};
