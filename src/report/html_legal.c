/* HTML: components, what they declare, hold and inherit, their conflicts and what must be done. */
#include "base/banned.h"
#include "report/html.h"

static void claims(struct au_html *h, const char *side, const struct au_claim *c, size_t n)
{
	const size_t max = 60;

	for (size_t i = 0; i < n && i < max; i++, c++) {
		fprintf(h->out, "<tr><td>%s</td><td class=\"w\">", side);
		if (c->expr) {
			fputs("<b>", h->out);
			au_html_text(h, c->expr, 400);
			fputs("</b>", h->out);
		} else {
			au_html_text(h, c->raw, 200);
			fputs(" <span class=\"soft\">(unresolved)</span>", h->out);
		}
		if (c->kind == AU_CLAIM_FOUND) {
			fprintf(h->out, " <span class=\"soft\">%s %.1f %%", au_found_name(c->verdict), c->score * 100);
			if (c->nearest && c->verdict != AU_FOUND_EXACT) {
				fputs(", nearest ", h->out);
				au_html_text(h, c->nearest, 100);
			}
			fputs("</span>", h->out);
		}
		if (c->via) {
			fputs(" <span class=\"soft\">via ", h->out);
			au_html_text(h, c->via, 200);
			fputs(c->basis ? ", " : "", h->out);
			au_html_text(h, c->basis, 200);
			fputs("</span>", h->out);
		}
		fprintf(h->out, "</td><td>%s</td><td class=\"opt\">", au_class_name(c->cls));
		au_html_text(h, c->source, 100);
		fputs("</td><td class=\"mono\">", h->out);
		au_html_place(h, c->entry, c->span);
		fputs("</td></tr>\n", h->out);
	}
	if (n > max)
		fprintf(h->out, "<tr><td>%s</td><td colspan=\"4\" class=\"soft\">and %zu more, in the JSON report</td></tr>\n", side,
			n - max);
}

static void claim_table(struct au_html *h, const struct au_component *c)
{
	if (c->n_declared + c->n_found + c->n_inherited == 0)
		return;
	fputs("<h4>What is said, held and inherited</h4><div class=\"scroll\"><table><thead><tr><th>Side</th><th>Licence</th><th>Class</th>"
	      "<th class=\"opt\">Source</th><th>Where</th></tr></thead><tbody>\n", h->out);
	claims(h, "Declared", c->declared, c->n_declared);
	claims(h, "Found", c->found, c->n_found);
	claims(h, "Inherited", c->inherited, c->n_inherited);
	fputs("</tbody></table></div>\n", h->out);
}

static void side(struct au_html *h, const char *word, const struct au_entry *e, struct au_span span, const char *text,
		 bool quoted)
{
	fprintf(h->out, "<div class=\"side\"><span>%s</span><code>", word);
	au_html_place(h, e, span);
	fputs("</code>", h->out);
	if (text && *text) {
		fputs(quoted ? "<q>" : "<p>", h->out);
		au_html_text(h, text, 1200);
		fputs(quoted ? "</q>" : "</p>", h->out);
	}
	fputs("</div>\n", h->out);
}

static void conflict(struct au_html *h, const struct au_finding *f)
{
	fprintf(h->out, "<div class=\"conflict-box s-%s\"><div class=\"head\"><b>", au_sev_name(f->sev));
	au_html_text(h, f->rule->title, 200);
	fputs("</b>", h->out);
	if (f->state != AU_STATE_NEW)
		au_html_badge(h, au_report_state_names[f->state]);
	au_html_badge(h, au_sev_name(f->sev));
	fputs("</div><p>", h->out);
	au_html_text(h, f->message, 2000);
	fputs("</p><div class=\"sides\">", h->out);
	side(h, f->n_related ? "One side" : "Where", f->entry, f->span, f->evidence, true);
	for (size_t i = 0; i < f->n_related && i < 6; i++)
		side(h, "The other", f->related[i].entry, f->related[i].span, f->related[i].text, false);
	fputs("</div><p class=\"do\"><span class=\"soft\">", h->out);
	au_html_text(h, f->rule->why, 2000);
	fputs("</span></p><p class=\"do\"><b>What to do.</b> ", h->out);
	au_html_text(h, f->fix ? f->fix : f->rule->fix, 2000);
	fputs("</p></div>\n", h->out);
}

static void obligation(struct au_html *h, const struct au_obligation *b)
{
	const char *sep = "";

	fputs(b->prohibits ? "<li class=\"bar\">" : "<li>", h->out);
	au_html_text(h, b->text, 1000);
	fputs("<small>", h->out);
	au_html_text(h, b->licence, 200);
	if (b->clause) {
		fputs(", clause ", h->out);
		au_html_text(h, b->clause, 100);
	}
	if (b->threshold) {
		fputs("; threshold: ", h->out);
		au_html_text(h, b->threshold, 200);
	}
	fputs("; for ", h->out);
	for (unsigned u = 1; u < AU_USE_ALL; u <<= 1) {
		if (b->uses & u) {
			fprintf(h->out, "%s%s", sep, au_use_name(u));
			sep = ", ";
		}
	}
	fputs("</small></li>\n", h->out);
}

static void obligations(struct au_html *h, const struct au_component *c)
{
	size_t other = 0, n = 0;

	if (!c->n_obligations)
		return;
	fputs("<h4>What must be done</h4>\n<ul class=\"check\">", h->out);
	for (int pass = 1; pass >= 0; pass--) {
		for (size_t i = 0; i < c->n_obligations; i++) {
			if (c->obligations[i].prohibits != (pass == 1))
				continue;
			if (h->legal->uses && !c->obligations[i].applies) {
				other++;
				continue;
			}
			obligation(h, &c->obligations[i]);
			n++;
		}
	}
	fputs("</ul>\n", h->out);
	if (!n)
		fputs("<p class=\"soft\">Nothing for the uses asked.</p>\n", h->out);
	if (!other)
		return;
	fputs("<details><summary>For other uses</summary><ul class=\"check\">", h->out);
	for (size_t i = 0; i < c->n_obligations; i++)
		if (!c->obligations[i].applies)
			obligation(h, &c->obligations[i]);
	fputs("</ul></details>\n", h->out);
}

static void title(struct au_html *h, const struct au_component *c)
{
	fputs("<div class=\"head\"><h3>", h->out);
	au_html_text(h, c->name, 300);
	fputs("</h3>", h->out);
	au_html_badge(h, au_legal_status_name(c->status));
	fprintf(h->out, "</div><p class=\"soft small\">%s", au_component_type_name(c->type));
	if (c->version) {
		fputs(", version ", h->out);
		au_html_text(h, c->version, 100);
	}
	fputs(", in <span class=\"mono\">", h->out);
	au_html_text(h, *c->dir ? c->dir : ".", 400);
	fprintf(h->out, "</span>, %zu file%s</p>\n", c->n_entries, au_report_plural(c->n_entries));
}

static void component(struct au_html *h, size_t i)
{
	const struct au_component *c = &h->legal->components[i];

	fprintf(h->out, "<section class=\"card\" id=\"c%zu\">", i);
	title(h, c);
	fputs("<p class=\"concl\">Concluded: <strong>", h->out);
	au_html_text(h, c->expr, 1000);
	fputs("</strong></p>\n<div class=\"pair\"><ol class=\"small\">", h->out);
	for (size_t k = 0; k < c->n_reasons; k++) {
		fputs("<li>", h->out);
		au_html_text(h, c->reasons[k], 1000);
		fputs("</li>", h->out);
	}
	fputs("</ol><div>", h->out);
	au_html_class_plot(h, c);
	fputs("</div></div>\n", h->out);
	if (c->n_conflicts)
		fputs("<h4>Conflicts and gaps</h4>\n", h->out);
	for (size_t k = 0; k < c->n_conflicts; k++)
		conflict(h, c->conflicts[k]);
	claim_table(h, c);
	obligations(h, c);
	if (c->n_copyrights) {
		fputs("<h4>Copyright</h4><p class=\"small\">", h->out);
		for (size_t k = 0; k < c->n_copyrights && k < 20; k++) {
			fputs(k ? "<br>" : "", h->out);
			au_html_text(h, c->copyrights[k], 300);
		}
		if (c->n_copyrights > 20)
			fprintf(h->out, "<br>and %zu more", c->n_copyrights - 20);
		fputs("</p>", h->out);
	}
	fputs("</section>\n", h->out);
}

static void index_row(struct au_html *h, size_t i, bool linked)
{
	const struct au_component *c = &h->legal->components[i];

	fputs("<tr><td>", h->out);
	if (linked)
		fprintf(h->out, "<a href=\"#c%zu\">", i);
	au_html_text(h, c->name, 200);
	fputs(linked ? "</a>" : "", h->out);
	fprintf(h->out, "</td><td class=\"opt\">%s</td><td class=\"w\">", au_component_type_name(c->type));
	au_html_text(h, c->expr, 300);
	fprintf(h->out, "</td><td>%s</td><td>", au_class_name(c->cls));
	au_html_badge(h, au_legal_status_name(c->status));
	fputs("</td></tr>\n", h->out);
}

/* Worst first: conflicts and missing licences, then those to review, then the clear ones. */
static size_t *worst_first(struct au_html *h)
{
	static const enum au_legal_status order[] = { AU_LEGAL_CONFLICT, AU_LEGAL_NONE, AU_LEGAL_REVIEW, AU_LEGAL_CLEAR };
	size_t *list = AU_ARRAY(h->a, size_t, h->legal->n_components), n = 0;

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < h->legal->n_components; i++)
			if (h->legal->components[i].status == order[k])
				list[n++] = i;
	return list;
}

void au_html_components(struct au_html *h)
{
	size_t n = h->legal ? h->legal->n_components : 0, *order;

	if (!n)
		return;
	order = worst_first(h);
	fprintf(h->out, "<h2 id=\"components\">Components and licences</h2>\n<div class=\"card\">");
	au_html_class_bar(h);
	fputs("<div class=\"scroll\"><table><thead><tr><th>Component</th><th class=\"opt\">Type</th><th>Concluded licence</th><th>Class</th><th>Status</th>"
	      "</tr></thead><tbody>\n", h->out);
	for (size_t i = 0; i < n && i < AU_HTML_ROWS; i++)
		index_row(h, order[i], i < AU_HTML_COMPONENTS);
	fputs("</tbody></table></div>", h->out);
	if (n > AU_HTML_COMPONENTS)
		fprintf(h->out, "<p class=\"soft small\">%zu components. Details follow for the %d that need most attention; "
				"the JSON report holds all.</p>", n, AU_HTML_COMPONENTS);
	fputs("</div>\n", h->out);
	for (size_t i = 0; i < n && i < AU_HTML_COMPONENTS; i++)
		component(h, order[i]);
}
