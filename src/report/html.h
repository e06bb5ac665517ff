/* Shared by the files of the HTML writer. */
#ifndef AU_REPORT_HTML_H
#define AU_REPORT_HTML_H

#include "base/arena.h"
#include "report/internal.h"

struct au_html {
	const struct au_report *r;
	const struct au_legal *legal;   /* or NULL */
	FILE *out;
	struct au_arena *a;             /* lives as long as the writer */
	struct au_arena *line;          /* reset by au_html_text: only for escaping */
};

enum {
	AU_HTML_ROWS = 5000,            /* inventory and coverage rows: more would open slowly */
	AU_HTML_COMPONENTS = 300,       /* components in detail */
	AU_HTML_PLACES = 100,           /* findings shown a rule */
};

extern const char *const au_html_style[], *const au_html_script[];   /* NULL-terminated */

/* Hostile text as HTML text or attribute value: controls and bidirectional marks made visible,
 * markup escaped, at most max bytes. NULL writes nothing. */
void au_html_text(struct au_html *h, const char *s, size_t max);
/* "path:line" or "path at byte N", escaped. */
void au_html_place(struct au_html *h, const struct au_entry *e, struct au_span span);
/* A coloured word: <span class="badge b-WORD">. */
void au_html_badge(struct au_html *h, const char *word);

void au_html_components(struct au_html *h);   /* html_legal.c */
void au_html_class_bar(struct au_html *h);    /* html_picture.c */
void au_html_class_plot(struct au_html *h, const struct au_component *c);
void au_html_findings(struct au_html *h);     /* html_list.c */
void au_html_coverage(struct au_html *h);
void au_html_waivers(struct au_html *h);
void au_html_inventory(struct au_html *h);

#endif
