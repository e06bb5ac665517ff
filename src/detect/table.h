/* Judges that are no more than a table: a fact's topic decides the rule. */
#ifndef AU_DETECT_TABLE_H
#define AU_DETECT_TABLE_H

#include "audit/format.h"

/* One row. message: '@' stands for the fact's text, '#' for its aux; both come in already quoted
 * by the pattern. key: the finding's evidence key; NULL takes the fact's text. */
struct au_judge_row {
	const char *topic;
	unsigned rule;
	const char *message;
	const char *key;
};

/* A finding for every fact of e whose topic has a row; the same rule, text and aux is told once
 * an entry. At most `max` findings of one row (0: 50). */
void au_judge_table(struct au_job *job, const struct au_entry *e, const struct au_rule *rules,
		    const struct au_judge_row *rows, size_t n, unsigned max);

#endif
