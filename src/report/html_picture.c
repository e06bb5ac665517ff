/* Pictures of the HTML report: licence classes from free to strict, as inline SVG. Colours come
 * from the style sheet, so that dark mode and print change them too. */
#include "base/banned.h"
#include "report/html.h"

enum { BAR_W = 1000, BAR_H = 34 };

/* How many components fall into which class. */
void au_html_class_bar(struct au_html *h)
{
	const struct au_legal *l = h->legal;
	size_t done = 0;

	fprintf(h->out, "<svg class=\"bar\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" height=\"%d\" "
			"role=\"img\" aria-label=\"Components by licence class\">", BAR_W, BAR_H, BAR_H);
	for (unsigned i = 0; i < AU_CLASS_N; i++) {
		size_t at = done * BAR_W / l->n_components, end = (done + l->n_by_class[i]) * BAR_W / l->n_components;

		if (!l->n_by_class[i])
			continue;
		fprintf(h->out, "<rect class=\"f%u\" x=\"%zu\" y=\"0\" width=\"%zu\" height=\"%d\"><title>%s: %zu</title></rect>",
			i, at, end > at + 3 ? end - at - 2 : 2, BAR_H, au_class_name((enum au_class)i), l->n_by_class[i]);
		done += l->n_by_class[i];
	}
	fputs("</svg>\n<ul class=\"legend\">", h->out);
	for (unsigned i = 0; i < AU_CLASS_N; i++)
		if (l->n_by_class[i])
			fprintf(h->out, "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle class=\"f%u\" cx=\"5\" cy=\"5\" "
					"r=\"5\"/></svg>%zu %s</li>", i, l->n_by_class[i], au_class_name((enum au_class)i));
	fputs("</ul>\n", h->out);
}

enum { LEFT = 76, STEP = 24, ROW = 20 };

static unsigned bits(const struct au_claim *c, size_t n)
{
	unsigned b = 0;

	for (size_t i = 0; i < n; i++)
		b |= 1U << c[i].cls;
	return b;
}

static void plot_row(struct au_html *h, int row, const char *word, unsigned set)
{
	int y = 14 + row * ROW;

	fprintf(h->out, "<text x=\"0\" y=\"%d\" font-size=\"11\">%s</text><line class=\"rail\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
		y + 4, word, LEFT + STEP / 2, LEFT + STEP * (int)AU_CLASS_N - STEP / 2, y, y);
	for (unsigned i = 0; i < AU_CLASS_N; i++)
		if (set >> i & 1)
			fprintf(h->out, "<circle class=\"f%u\" cx=\"%d\" cy=\"%d\" r=\"6.5\"><title>%s: %s</title></circle>", i,
				LEFT + STEP * (int)i + STEP / 2, y, word, au_class_name((enum au_class)i));
}

/* Declared, found and inherited claims of a component on one scale, and where that ends. */
void au_html_class_plot(struct au_html *h, const struct au_component *c)
{
	int at = LEFT + STEP * (int)c->cls + STEP / 2, right = LEFT + STEP * (int)AU_CLASS_N, y = 14 + 3 * ROW;

	fprintf(h->out, "<svg class=\"plot\" viewBox=\"0 0 %d 112\" role=\"img\" aria-label=\"Licence classes from free to "
			"strict: concluded %s\">", right + 2, au_class_name(c->cls));
	plot_row(h, 0, "Declared", bits(c->declared, c->n_declared));
	plot_row(h, 1, "Found", bits(c->found, c->n_found));
	plot_row(h, 2, "Inherited", bits(c->inherited, c->n_inherited));
	fprintf(h->out, "<text class=\"strong\" x=\"0\" y=\"%d\" font-size=\"11\">Concluded</text>", y + 4);
	for (unsigned i = 0; i <= (unsigned)c->cls; i++)
		fprintf(h->out, "<rect class=\"f%u\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"8\"/>", i,
			LEFT + STEP * (int)i + 1, y - 4, STEP - 2);
	fprintf(h->out, "<text class=\"strong\" x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"%s\">%s</text>",
		c->cls < 2 ? LEFT : c->cls > 8 ? right : at, y + 21, c->cls < 2 ? "start" : c->cls > 8 ? "end" : "middle",
		au_class_name(c->cls));
	if (c->cls > 4)
		fprintf(h->out, "<text x=\"%d\" y=\"%d\" font-size=\"10\">freer</text>", LEFT, y + 21);
	if (c->cls < 7)
		fprintf(h->out, "<text x=\"%d\" y=\"%d\" font-size=\"10\" text-anchor=\"end\">stricter</text>", right, y + 21);
	fputs("</svg>\n", h->out);
}
