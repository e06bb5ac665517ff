/* assay inspect: the facts of one file and of everything inside it, without judgement. */
#include "base/banned.h"
#include <fcntl.h>
#include <sys/stat.h>
#include "base/buf.h"
#include "base/text.h"
#include "cli/common.h"
#include "format/pickle.h"
#include "io/view.h"
#include "licence/licence.h"
#include "scan/scan.h"

enum { PROGRAM_MAX = 4 << 20 };

static void print_text(struct au_arena *a, const char *s)
{
	fputs(au_printable(a, s, strlen(s), 300), stdout);
}

static void print_fact(struct au_arena *a, const struct au_fact *f)
{
	printf("  %-26s", f->topic);
	if (f->span.line)
		printf(" line %u", f->span.line);
	else if (f->span.off || f->span.len)
		printf(" @%llu", (unsigned long long)f->span.off);
	if (f->span.len)
		printf("+%llu", (unsigned long long)f->span.len);
	if (f->aux) {
		fputs("  ", stdout);
		print_text(a, f->aux);
	}
	if (f->text) {
		fputs(f->aux ? " = " : "  ", stdout);
		print_text(a, f->text);
	}
	if (f->num)
		printf("  (%llu)", (unsigned long long)f->num);
	putchar('\n');
}

static void print_tensors(struct au_arena *a, const struct au_entry *e)
{
	for (size_t i = 0; i < e->n_tensors; i++) {
		const struct au_tensor *t = &e->tensors[i];

		printf("  tensor %-8s [", t->dtype == AU_DT_OTHER && t->dtype_text ? t->dtype_text
			: au_dtype_name(t->dtype));
		for (unsigned d = 0; d < t->n_dims; d++)
			printf("%s%llu", d ? ", " : "", (unsigned long long)t->dims[d]);
		printf("]  @%llu+%llu  ", (unsigned long long)t->off, (unsigned long long)t->bytes);
		print_text(a, t->name);
		putchar('\n');
	}
}

static void print_entry(struct au_arena *a, const struct au_entry *e)
{
	char hex[65];

	print_text(a, e->path);
	printf("\n  size %llu", (unsigned long long)e->size);
	if (e->hashed) {
		au_hex(e->sha256, 32, hex);
		printf("  sha256 %s", hex);
	}
	putchar('\n');
	for (unsigned i = 0; i < e->n_bids; i++)
		printf("  format %-18s %3d  %s\n", e->bids[i].format->name, e->bids[i].score,
		       e->bids[i].format->title);
	AU_EACH_FACT(f, e)
		print_fact(a, f);
	print_tensors(a, e);
}

/* The program of a pickle, one operation a line. */
static void print_program(const char *path)
{
	struct au_arena *a = au_arena_new();
	struct stat st;
	struct au_buf out;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	au_buf_init(&out, PROGRAM_MAX);
	if (fd >= 0 && !fstat(fd, &st)) {
		au_pickle_decompile(au_view_fd(a, fd, 0, (uint64_t)st.st_size), &out);
		fputs("program\n", stdout);
		fwrite(out.p, 1, out.len, stdout);
		if (out.full)
			puts("... the program is longer than what is shown");
	}
	if (fd >= 0)
		close(fd);
	au_buf_release(&out);
	au_arena_free(a);
}

int au_cmd_inspect(struct au_args *a)
{
	struct au_run run = { .limits = AU_LIMITS_DEFAULT };
	const struct au_audit *audit;
	struct au_scan *s = NULL;
	int rc;

	run.licences = au_licence_builtin(a->arena);
	rc = au_cli_scan(a, &run, &s);
	if (rc != AU_EXIT_PASS)
		return rc;
	audit = au_scan_audit(s);
	for (size_t i = 0; i < audit->n_entries; i++)
		print_entry(audit->arena, audit->entries[i]);
	if (audit->n_entries && a->n_words == 1 && strcmp(a->words[0], "-") && !audit->entries[0]->parent &&
	    (au_entry_is(audit->entries[0], "pickle") || au_entry_is(audit->entries[0], "torch-legacy")))
		print_program(a->words[0]);
	for (size_t i = 0; i < audit->n_coverage; i++) {
		printf("not read: %s: %s\n", audit->coverage[i]->path, audit->coverage[i]->text);
		if (!audit->coverage[i]->benign)
			rc = AU_EXIT_INCOMPLETE;
	}
	au_scan_free(s);
	return rc;
}
