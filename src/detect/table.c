/* See table.h. */
#include "base/banned.h"
#include "base/buf.h"
#include "base/text.h"
#include "detect/table.h"

enum { ROW_MAX = 50, MESSAGE_MAX = 2048, PART_MAX = 240 };

static void build(struct au_buf *b, const char *pattern, const struct au_fact *f, struct au_arena *a)
{
	for (; *pattern; pattern++) {
		const char *s = *pattern == '@' ? f->text : *pattern == '#' ? f->aux : NULL;

		if (*pattern != '@' && *pattern != '#')
			au_buf_byte(b, (uint8_t)*pattern);
		else
			au_buf_str(b, s ? au_printable(a, s, strlen(s), PART_MAX) : "?");
	}
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool told(const struct au_entry *e, const struct au_fact *f)
{
	unsigned looked = 0;

	for (const struct au_fact *g = e->facts; g && g != f && looked < 2000; g = g->next) {
		if (strcmp(g->topic, f->topic))
			continue;
		looked++;
		if (same(g->text, f->text) && same(g->aux, f->aux))
			return true;
	}
	return false;
}

void au_judge_table(struct au_job *job, const struct au_entry *e, const struct au_rule *rules,
		    const struct au_judge_row *rows, size_t n, unsigned max)
{
	for (size_t i = 0; i < n; i++) {
		unsigned found = 0;

		AU_EACH_FACT(f, e) {
			struct au_buf b;

			if (strcmp(f->topic, rows[i].topic) || told(e, f))
				continue;
			if (found++ >= (max ? max : ROW_MAX))
				break;
			au_buf_init(&b, MESSAGE_MAX);
			build(&b, rows[i].message, f, job->scratch);
			au_find(job, &rules[rows[i].rule], e, f->span,
				rows[i].key ? rows[i].key : f->text ? f->text : f->topic, "%s",
				au_buf_cstr(&b));
			au_buf_release(&b);
		}
	}
}
