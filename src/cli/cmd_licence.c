/* assay licence: records, differences, fingerprints; with a path, a scan for licences alone. */
#include "base/banned.h"
#include <fcntl.h>
#include <sys/stat.h>
#include "base/node.h"
#include "base/rc.h"
#include "base/text.h"
#include "cli/cli.h"
#include "licence/licence.h"
#include "licence/record.h"

static int list(struct au_args *a)
{
	for (size_t i = 0; i < au_record_count(); i++) {
		const struct au_node *r = au_record(a->arena, au_record_id(i));

		printf("%-44s %-17s %s\n", au_record_id(i), au_node_str(r, "family"), au_node_str(r, "name"));
	}
	return AU_EXIT_PASS;
}

static int no_licence(struct au_args *a, const char *id)
{
	const char **ids = AU_ARRAY(a->arena, const char *, au_record_count() + 1);
	const char *near;

	for (size_t i = 0; i < au_record_count(); i++)
		ids[i] = au_record_id(i);
	near = au_suggest(id, ids);
	return near ? au_usage_error("no licence '%s'; did you mean '%s'?", id, near)
		    : au_usage_error("no licence '%s'; 'assay licence list' lists them", id);
}

static int show(struct au_args *a, const char *id)
{
	const struct au_node *r = au_record(a->arena, id);

	if (!r)
		return no_licence(a, id);
	AU_EACH(n, r) {
		if (au_node_text(n)) {
			printf("%-13s %s\n", n->key, n->text);
		} else if (n->type == AU_NODE_SEQ) {
			printf("%-13s", n->key);
			AU_EACH(x, n)
				printf("%s%s", x == n->first ? " " : ", ", x->text);
			putchar('\n');
		} else {
			printf("%s\n", n->key);
			AU_EACH(x, n)
				printf("  %-19s %s\n", x->key ? x->key : "-", x->text);
		}
	}
	return AU_EXIT_PASS;
}

static const uint8_t *slurp(struct au_args *a, const char *path, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *p = NULL;
	ssize_t n = -1;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < 64 << 20) {
		p = au_arena_alloc(a->arena, (size_t)st.st_size + 1);
		n = read(fd, p, (size_t)st.st_size);
	}
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		au_usage_error("cannot read '%s': %s", path, errno ? strerror(errno) : "not a file of less than 64 MiB");
		return NULL;
	}
	*ret_n = (size_t)n;
	return p;
}

static int fingerprint(struct au_args *a, const char *path)
{
	const char *base = au_basename(path), *dot = strrchr(base, '.');
	const char *name = au_arena_strn(a->arena, base, dot && dot != base ? (size_t)(dot - base) : strlen(base));
	size_t n = 0, len = 0;
	const uint8_t *p = slurp(a, path, &n);
	char *out = NULL;

	if (!p)
		return AU_EXIT_USAGE;
	if (au_licence_fingerprint(p, n, au_arena_fmt(a->arena, "LicenseRef-%s", name), name, a->arena, &out, &len) != AU_OK)
		return au_usage_error("'%s' has too few or too many words for a fingerprint", path);
	fwrite(out, 1, len, stdout);
	return AU_EXIT_PASS;
}

static void segment(const struct au_licence_segment *s, const uint8_t *text, bool colour)
{
	static const char *const code[] = { "", "\033[32m", "\033[31m", "\033[33m" };
	static const char *const open[] = { "", "{+", "[-", "[-" };
	bool canon = s->kind == AU_SEG_MISSING || s->kind == AU_SEG_CHANGED;

	if (s->kind == AU_SEG_EQUAL && s->len > 400) {
		printf("%.*s\n  ... %llu bytes the same ...\n%.*s", 120, text + s->off, (unsigned long long)(s->len - 240), 120,
		       text + s->off + s->len - 120);
		return;
	}
	fputs(colour ? code[s->kind] : open[s->kind], stdout);
	if (canon)
		printf("%s%s", s->canon ? s->canon : "", colour ? "" : "-]");
	if (s->kind == AU_SEG_CHANGED)
		fputs(colour ? " " : "{+", stdout);
	if (s->kind != AU_SEG_MISSING)
		fwrite(text + s->off, 1, (size_t)s->len, stdout);
	if (!colour && (s->kind == AU_SEG_INSERTED || s->kind == AU_SEG_CHANGED))
		fputs("+}", stdout);
	fputs(colour && s->kind != AU_SEG_EQUAL ? "\033[0m " : " ", stdout);
}

static int diff(struct au_args *a, const char *path, const char *id)
{
	const struct au_licence_db *db = au_licence_builtin(a->arena);
	struct au_licence_scratch *x;
	struct au_licence_segment *list_ = NULL;
	const char *against = NULL;
	size_t n = 0, n_seg = 0, differ = 0;
	const uint8_t *p = slurp(a, path, &n);
	bool colour = au_want_colour(a, stdout);
	int rc;

	if (!p || !db)
		return AU_EXIT_USAGE;
	x = au_licence_scratch_new(db);
	rc = au_licence_diff(db, x, p, n, id, a->arena, &list_, &n_seg, &against);
	if (rc == AU_OK) {
		printf("'%s' against %s:\n\n", path, against);
		for (size_t i = 0; i < n_seg; i++) {
			segment(&list_[i], p, colour);
			differ += list_[i].kind != AU_SEG_EQUAL && !list_[i].free_;
		}
		printf("\n\n%zu difference%s that count%s.\n", differ, differ == 1 ? "" : "s", differ == 1 ? "s" : "");
	}
	au_licence_scratch_free(x);
	if (rc != AU_OK)
		return id ? no_licence(a, id) : au_usage_error("'%s' is near no licence of the index", path);
	return differ ? AU_EXIT_FAIL : AU_EXIT_PASS;
}

int au_cmd_licence(struct au_args *a)
{
	const char *verb = a->n_words ? a->words[0] : "";

	if (!strcmp(verb, "list") && a->n_words == 1)
		return list(a);
	if (!strcmp(verb, "show") && a->n_words == 2)
		return show(a, a->words[1]);
	if (!strcmp(verb, "fingerprint") && a->n_words == 2)
		return fingerprint(a, a->words[1]);
	if (!strcmp(verb, "diff") && (a->n_words == 2 || a->n_words == 3))
		return diff(a, a->words[1], a->words[2]);
	if (!a->n_words)
		return au_usage_error("usage: assay licence PATH... | list | show ID | diff FILE [ID] | fingerprint FILE");
	return au_cmd_scan(a);
}
