/* HTML: findings by rule, what was not read, waivers, and the inventory. */
#include "base/banned.h"
#include "base/map.h"
#include "base/text.h"
#include "report/html.h"

static void place(struct au_html *h, const struct au_finding *f)
{
	fputs("<li><span class=\"mono\">", h->out);
	au_html_place(h, f->entry, f->span);
	fputs("</span>", h->out);
	if (f->sev != f->rule->sev) {
		fputc(' ', h->out);
		au_html_badge(h, au_sev_name(f->sev));
	}
	if (f->state != AU_STATE_NEW) {
		fputc(' ', h->out);
		au_html_badge(h, au_report_state_names[f->state]);
		fputc(' ', h->out);
		au_html_text(h, f->waiver, 100);
	}
	fputs("<br>", h->out);
	au_html_text(h, f->message, 2000);
	if (f->evidence && h->r->o.evidence) {
		fputs("<br><code>", h->out);
		au_html_text(h, f->evidence, h->r->o.evidence > 1 ? AU_EVIDENCE_MAX : 200);
		fputs("</code>", h->out);
	}
	fputs("</li>\n", h->out);
}

static void rule(struct au_html *h, const struct au_rule *r, enum au_sev sev)
{
	const struct au_audit *au = h->r->audit;
	size_t shown = 0, n = 0;

	fputs("<section class=\"card rule\"><div class=\"head\"><h3>", h->out);
	au_html_text(h, r->title, 300);
	fputs("</h3><span>", h->out);
	fprintf(h->out, "<code>%s</code> ", r->id);
	au_html_badge(h, au_sev_name(sev));
	fputs("</span></div><p>", h->out);
	au_html_text(h, r->why, 2000);
	fputs("</p><p><b>What to do.</b> ", h->out);
	au_html_text(h, r->fix, 2000);
	fputs("</p><ul class=\"places\">\n", h->out);
	for (size_t i = 0; i < au->n_findings; i++) {
		if (au->findings[i]->rule != r || au->findings[i]->sev != sev)
			continue;
		if (n++ < AU_HTML_PLACES) {
			place(h, au->findings[i]);
			shown++;
		}
	}
	fputs("</ul>", h->out);
	if (n > shown)
		fprintf(h->out, "<p class=\"soft small\">and %zu more places; the JSON report lists all.</p>", n - shown);
	fputs("</section>\n", h->out);
}

/* Rules that occur with this severity, in order of first occurrence. */
static void severity(struct au_html *h, enum au_sev sev)
{
	const struct au_audit *au = h->r->audit;
	struct au_map seen;

	au_map_init(&seen, h->a);
	for (size_t i = 0; i < au->n_findings; i++) {
		const struct au_rule *r = au->findings[i]->rule;

		if (au->findings[i]->sev == sev && !au_map_get(&seen, r->id, strlen(r->id))) {
			*au_map_put(&seen, r->id, strlen(r->id)) = (void *)(uintptr_t)1;
			rule(h, r, sev);
		}
	}
}

void au_html_findings(struct au_html *h)
{
	const struct au_audit *au = h->r->audit;
	size_t info = 0;

	if (!au->n_findings)
		return;
	for (size_t i = 0; i < au->n_findings; i++)
		info += au->findings[i]->sev == AU_INFO;
	fputs("<h2 id=\"findings\">Findings</h2>\n", h->out);
	for (int sev = AU_CRITICAL; sev > AU_INFO; sev--)
		severity(h, (enum au_sev)sev);
	if (info) {
		fprintf(h->out, "<details><summary>%zu for information only</summary>\n", info);
		severity(h, AU_INFO);
		fputs("</details>\n", h->out);
	}
}

void au_html_coverage(struct au_html *h)
{
	const struct au_audit *au = h->r->audit;

	if (!au->n_coverage)
		return;
	fputs("<h2 id=\"coverage\">Not read</h2>\n<div class=\"card\"><p class=\"soft\">Nothing can be said about these bytes.</p>"
	      "<div class=\"scroll\"><table><thead><tr><th>Where</th><th>Why</th><th>Counts</th></tr></thead><tbody>\n", h->out);
	for (size_t i = 0; i < au->n_coverage && i < AU_HTML_ROWS; i++) {
		const struct au_coverage *c = au->coverage[i];

		fputs("<tr><td class=\"mono\">", h->out);
		au_html_text(h, c->path ? c->path : "?", 1000);
		fputs("</td><td>", h->out);
		au_html_text(h, c->text ? c->text : c->reason, 1000);
		fprintf(h->out, "</td><td>%s</td></tr>\n", c->benign ? "no" : "yes");
	}
	fputs("</tbody></table></div>", h->out);
	if (au->n_coverage > AU_HTML_ROWS)
		fprintf(h->out, "<p class=\"soft small\">and %zu more; the JSON report lists all.</p>", au->n_coverage - AU_HTML_ROWS);
	fputs("</div>\n", h->out);
}

void au_html_waivers(struct au_html *h)
{
	const struct au_report *r = h->r;

	if (!r->n_waivers && !r->n_disabled)
		return;
	fputs("<h2 id=\"waivers\">Waivers and rules switched off</h2>\n<div class=\"card\">", h->out);
	if (r->n_disabled) {
		fputs("<p>Switched off:", h->out);
		for (size_t i = 0; i < r->n_disabled; i++) {
			fputs(" <code>", h->out);
			au_html_text(h, r->disabled[i], 100);
			fputs("</code>", h->out);
		}
		fputs("</p>\n", h->out);
	}
	if (r->n_waivers)
		fputs("<div class=\"scroll\"><table><thead><tr><th>Waiver</th><th>For</th><th>Reason</th><th>Owner</th><th>Expires</th>"
		      "<th>State</th></tr></thead><tbody>\n", h->out);
	for (size_t i = 0; i < r->n_waivers; i++) {
		const struct au_waiver_note *w = &r->waivers[i];
		const char *cells[] = { w->id, w->rule ? w->rule : w->path, w->reason, w->owner, w->expires, w->state };

		fputs("<tr>", h->out);
		for (size_t k = 0; k < sizeof(cells) / sizeof(*cells); k++) {
			fputs("<td>", h->out);
			au_html_text(h, cells[k], 600);
			fputs("</td>", h->out);
		}
		fputs("</tr>\n", h->out);
	}
	fputs(r->n_waivers ? "</tbody></table></div></div>\n" : "</div>\n", h->out);
}

static void row(struct au_html *h, const struct au_entry *e, size_t component)
{
	const char *said = NULL;
	char hex[65], size[24];

	AU_EACH_FACT(f, e) {
		if (!strcmp(f->topic, "licence.match") && f->text) {
			said = f->text;
			break;
		}
		if (!said && !strcmp(f->topic, "declared.licence"))
			said = f->aux ? f->aux : f->text;
	}
	fputs("<tr><td class=\"mono w\">", h->out);
	au_html_text(h, e->path, 1000);
	fprintf(h->out, "</td><td>%s</td><td class=\"n\">%s</td><td>", au_report_format(e), au_report_size(e->size, size));
	au_html_text(h, said, 200);
	fputs("</td><td class=\"opt\">", h->out);
	if (component != SIZE_MAX)
		au_html_text(h, h->legal->components[component].name, 100);
	fputs("</td><td class=\"mono hash opt\">", h->out);
	if (e->hashed) {
		au_hex(e->sha256, 32, hex);
		fprintf(h->out, "<span title=\"%s\">%.12s…</span>", hex, hex);
	}
	fputs("</td></tr>\n", h->out);
}

void au_html_inventory(struct au_html *h)
{
	const struct au_audit *au = h->r->audit;
	const struct au_report_owner *owner = au_report_owners(h->a, h->legal);

	fputs("<h2 id=\"inventory\">Inventory</h2>\n<div class=\"card\"><div class=\"filter\" hidden>"
	      "<input id=\"f\" type=\"search\" placeholder=\"Filter by path, format, licence…\" aria-label=\"Filter the inventory\" "
	      "autocomplete=\"off\"><span id=\"fc\" class=\"soft small\" role=\"status\"></span></div>\n", h->out);
	if (au->n_entries > AU_HTML_ROWS)
		fprintf(h->out, "<p class=\"soft small\">The first %d of %zu entries; the JSON and CSV reports hold all.</p>", AU_HTML_ROWS,
			au->n_entries);
	fputs("<div class=\"scroll\"><table id=\"inv\"><thead><tr><th>Path</th><th>Format</th><th class=\"n\">Size</th><th>Licence</th>"
	      "<th class=\"opt\">Component</th><th class=\"opt\">SHA-256</th></tr></thead><tbody>\n", h->out);
	for (size_t i = 0; i < au->n_entries && i < AU_HTML_ROWS; i++)
		row(h, au->entries[i], au_report_owner_of(owner, au->entries[i]));
	fputs("</tbody></table></div></div>\n", h->out);
}
