/* The report for people at a terminal: findings by file, what could not be read, the licences, and
 * last the verdict with its counts. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "report/internal.h"

struct text {
	const struct au_report *r;
	FILE *out;
	struct au_arena *a;
};

enum colour { PLAIN, BOLD, DIM, RED, YELLOW, GREEN, CYAN };

static const char *const codes[] = { "", "1", "2", "1;31", "33", "1;32", "36" };

static void paint(struct text *t, enum colour c, const char *s)
{
	if (t->r->o.colour && c)
		fprintf(t->out, "\033[%sm%s\033[0m", codes[c], s);
	else
		fputs(s, t->out);
}

static const char *clean(struct text *t, const char *s, size_t max)
{
	return au_printable(t->a, s, strlen(s), max);
}

/* Words of s wrapped at the width, every line indented. */
static void wrapped(struct text *t, const char *s, int indent)
{
	size_t col = 0, width = t->r->o.width > (unsigned)indent + 20 ? t->r->o.width - (unsigned)indent : 60;

	fprintf(t->out, "%*s", indent, "");
	while (*s) {
		size_t n = strcspn(s, " ");

		if (col && col + 1 + n > width) {
			fprintf(t->out, "\n%*s", indent, "");
			col = 0;
		}
		fprintf(t->out, "%s%.*s", col ? " " : "", (int)n, s);
		col += n + (col != 0);
		s += n;
		while (*s == ' ')
			s++;
	}
	fputc('\n', t->out);
}

static enum colour sev_colour(enum au_sev s)
{
	return s >= AU_HIGH ? RED : s == AU_MEDIUM ? YELLOW : DIM;
}

static void place(struct text *t, const struct au_finding *f)
{
	if (f->span.line)
		fprintf(t->out, "  line %u", f->span.line);
	else if (f->span.off || f->span.len)
		fprintf(t->out, "  offset %llu", (unsigned long long)f->span.off);
}

static void finding(struct text *t, const struct au_finding *f)
{
	char head[64];

	snprintf(head, sizeof(head), "%s", au_sev_name(f->sev));
	fputs("  ", t->out);
	paint(t, sev_colour(f->sev), head);
	fputs("  ", t->out);
	paint(t, BOLD, f->rule->id);
	place(t, f);
	if (f->state == AU_STATE_WAIVED)
		fprintf(t->out, "  waived by %s", clean(t, f->waiver ? f->waiver : "?", 80));
	else if (f->state == AU_STATE_KNOWN)
		fputs("  known", t->out);
	fputc('\n', t->out);
	wrapped(t, f->message, 4);
	if (f->evidence && t->r->o.evidence)
		wrapped(t, clean(t, f->evidence, t->r->o.evidence > 1 ? AU_EVIDENCE_MAX : 160), 4);
	for (size_t i = 0; i < f->n_related; i++) {
		const struct au_related *x = &f->related[i];

		wrapped(t, au_arena_fmt(t->a, "See: %s%s%s", x->entry ? clean(t, x->entry->path, 200) : "",
					x->entry && x->text ? ", " : "", x->text ? x->text : ""), 4);
	}
}

/* Rules explained once, behind the findings that go by them. */
static void explain(struct text *t, const struct au_rule *const *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		paint(t, CYAN, rules[i]->id);
		fprintf(t->out, ": %s\n", rules[i]->title);
		wrapped(t, rules[i]->why, 4);
		wrapped(t, au_arena_fmt(t->a, "What to do: %s", rules[i]->fix), 4);
	}
	if (n)
		fputc('\n', t->out);
}

static bool hidden(const struct text *t, const struct au_finding *f)
{
	return f->sev < t->r->o.text_min || (f->state != AU_STATE_NEW && !t->r->o.show_waived) ||
	       (f->sev == AU_INFO && t->r->o.text_min == AU_INFO && !t->r->o.show_coverage);
}

static void findings(struct text *t)
{
	const struct au_rule **rules = AU_ARRAY(t->a, const struct au_rule *, t->r->audit->n_findings + 1);
	const struct au_entry *last = NULL;
	size_t n_rules = 0;
	bool any = false;

	for (size_t i = 0; i < t->r->audit->n_findings; i++) {
		const struct au_finding *f = t->r->audit->findings[i];
		size_t k = 0;

		if (hidden(t, f))
			continue;
		if (!any || f->entry != last) {
			if (any)
				fputc('\n', t->out);
			paint(t, BOLD, f->entry ? clean(t, f->entry->path, 400) : "The target as a whole");
			fputc('\n', t->out);
		}
		any = true;
		last = f->entry;
		finding(t, f);
		while (k < n_rules && rules[k] != f->rule)
			k++;
		if (k == n_rules)
			rules[n_rules++] = f->rule;
	}
	if (any)
		fputc('\n', t->out);
	explain(t, rules, n_rules);
}

static void coverage(struct text *t)
{
	size_t shown = 0, all = 0;

	for (size_t i = 0; i < t->r->audit->n_coverage; i++) {
		const struct au_coverage *c = t->r->audit->coverage[i];

		if (c->benign && !t->r->o.show_coverage)
			continue;
		all++;
		if (shown == 20 && !t->r->o.show_coverage)
			continue;
		if (!shown++)
			fputs("Not read:\n", t->out);
		fputs("  ", t->out);
		paint(t, c->benign ? DIM : YELLOW, c->path ? clean(t, c->path, 400) : "?");
		fprintf(t->out, ": %s\n", c->text ? c->text : c->reason);
	}
	if (all > shown)
		fprintf(t->out, "  ... and %zu more; --show-coverage lists all\n", all - shown);
	if (shown)
		fputc('\n', t->out);
}

struct licence_row {
	const char *id, *verdict;
	size_t n;
	const char *first;
};

static int by_count(const void *a, const void *b)
{
	const struct licence_row *const *x = a, *const *y = b;

	if ((*x)->n != (*y)->n)
		return (*x)->n < (*y)->n ? 1 : -1;
	return strcmp((*x)->id, (*y)->id);
}

static void licences(struct text *t)
{
	struct licence_row **rows;
	struct au_map seen;
	size_t n = 0;

	au_map_init(&seen, t->a);
	for (size_t i = 0; i < t->r->audit->n_entries; i++) {
		const struct au_entry *e = t->r->audit->entries[i];

		AU_EACH_FACT(f, e) {
			bool named = f->aux && strcmp(f->aux, "modified") != 0 && strcmp(f->aux, "unknown") != 0;
			const char *id = !f->text ? "-" : named ? f->text : au_arena_fmt(t->a, "(nearest %s)", f->text);
			const char *key;
			struct licence_row *row;
			void **slot;

			if (strcmp(f->topic, "licence.match") != 0)
				continue;
			key = au_arena_fmt(t->a, "%s|%s", id, f->aux ? f->aux : "");
			slot = au_map_put(&seen, key, strlen(key));
			row = *slot;
			if (!row) {
				row = *slot = AU_NEW(t->a, struct licence_row);
				*row = (struct licence_row){ id, f->aux ? f->aux : "", 0, e->path };
			}
			row->n++;
		}
	}
	if (!seen.n)
		return;
	rows = AU_ARRAY(t->a, struct licence_row *, seen.n);
	for (size_t i = 0; i < seen.n; i++)
		rows[n++] = seen.items[i].value;
	qsort(rows, n, sizeof(*rows), by_count);
	fputs("Licences found:\n", t->out);
	for (size_t i = 0; i < n && i < 40; i++)
		fprintf(t->out, "  %6zu  %-9s  %-34s  %s\n", rows[i]->n, rows[i]->verdict, clean(t, rows[i]->id, 80),
			clean(t, rows[i]->first, 120));
	if (n > 40)
		fprintf(t->out, "  ... and %zu more; -o json lists all\n", n - 40);
	fputc('\n', t->out);
}

static void component(struct text *t, const struct au_component *c)
{
	static const enum colour colours[] = { GREEN, YELLOW, RED, RED };

	fprintf(t->out, "  %s  %s  ", clean(t, c->name, 80), au_component_type_name(c->type));
	paint(t, colours[c->status], au_legal_status_name(c->status));
	fprintf(t->out, "\n    %s  (%s)\n", clean(t, c->expr, 400), au_class_name(c->cls));
	if (c->status != AU_LEGAL_CLEAR)
		for (size_t i = 0; i < c->n_reasons && i < 6; i++)
			wrapped(t, clean(t, c->reasons[i], 600), 4);
}

/* Those a person must look at first; the clear ones only as far as there is room. */
static void components(struct text *t)
{
	const struct au_legal *l = au_report_legal(t->r);
	size_t shown = 0;

	if (!l || !l->n_components)
		return;
	fputs("Components:\n", t->out);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < l->n_components && shown < 40; i++) {
			const struct au_component *c = &l->components[i];

			if ((c->status == AU_LEGAL_CLEAR) != (pass == 1))
				continue;
			component(t, c);
			shown++;
		}
	}
	if (l->n_components > shown)
		fprintf(t->out, "  ... and %zu more; -o html or -o json lists all\n", l->n_components - shown);
	fputc('\n', t->out);
}

static void verdict(struct text *t)
{
	const struct au_summary *s = t->r->summary;
	static const char *const words[] = { "PASS", "FAIL", "INCOMPLETE", "NOTHING TO SCAN" };
	static const enum colour colours[] = { GREEN, RED, YELLOW, YELLOW };
	char size[24];

	fprintf(t->out, "%zu file%s", s->files, au_report_plural(s->files));
	if (s->members)
		fprintf(t->out, " and %zu member%s of archives", s->members, au_report_plural(s->members));
	fprintf(t->out, ", %s read", au_report_size(s->bytes, size));
	if (s->incomplete)
		fprintf(t->out, "; %zu place%s NOT read", s->incomplete, au_report_plural(s->incomplete));
	if (s->noted)
		fprintf(t->out, "; %zu left out on purpose", s->noted);
	fputs(".\nFindings:", t->out);
	for (int i = AU_SEV_N - 1; i >= 0; i--)
		fprintf(t->out, " %zu %s%s", s->by_sev[i], au_sev_name((enum au_sev)i), i ? "," : "");
	if (s->waived || s->known)
		fprintf(t->out, "; %zu waived, %zu known", s->waived, s->known);
	fputs(".\n", t->out);
	for (size_t i = 0; i < t->r->n_disabled; i++)
		fprintf(t->out, "Rule %s is switched off.\n", t->r->disabled[i]);
	paint(t, colours[t->r->status], words[t->r->status]);
	if (t->r->status == AU_PASS && t->r->complete && !t->r->audit->n_findings)
		fputs(": clean.", t->out);
	else if (t->r->n_reasons)
		fputc(':', t->out);
	for (size_t i = 0; i < t->r->n_reasons; i++)
		fprintf(t->out, " %s", t->r->reasons[i]);
	fputc('\n', t->out);
}

static int write_text(const struct au_report *r, FILE *out, const char **ret_error)
{
	struct text t = { r, out, au_arena_new() };

	(void)ret_error;
	findings(&t);
	licences(&t);
	components(&t);
	coverage(&t);
	verdict(&t);
	au_arena_free(t.a);
	return AU_OK;
}

const struct au_writer au_writer_text = {
	.name = "text", .title = "for people at a terminal", .extension = "txt", .write = write_text,
};
