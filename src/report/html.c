/* HTML: one file to forward. Nothing is loaded from anywhere; the policy in its head allows only
 * its own style and script, by digest. Readable without the script. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/digest.h"
#include "report/html.h"

void au_html_text(struct au_html *h, const char *s, size_t max)
{
	const char *p;

	if (!s)
		return;
	au_arena_reset(h->line);
	for (p = au_printable(h->line, s, strlen(s), max); *p; p++) {
		switch (*p) {
		case '&': fputs("&amp;", h->out); break;
		case '<': fputs("&lt;", h->out); break;
		case '>': fputs("&gt;", h->out); break;
		case '"': fputs("&quot;", h->out); break;
		case '\'': fputs("&#39;", h->out); break;
		default: fputc(*p, h->out);
		}
	}
}

void au_html_place(struct au_html *h, const struct au_entry *e, struct au_span span)
{
	au_html_text(h, e ? e->path : "the target as a whole", 1000);
	if (span.line)
		fprintf(h->out, ":%u", span.line);
	else if (span.off)
		fprintf(h->out, " at byte %" PRIu64, span.off);
}

void au_html_badge(struct au_html *h, const char *word)
{
	fputs("<span class=\"badge b-", h->out);
	for (const char *p = word; *p; p++)
		fputc(*p == ' ' ? '-' : *p, h->out);
	fprintf(h->out, "\">%s</span>", word);
}

static void digest(struct au_html *h, const char *const *lines)
{
	struct au_digest *d = au_digest_new(AU_SHA256);
	uint8_t sum[32];
	char *b64;

	for (; *lines; lines++)
		au_digest_update(d, *lines, strlen(*lines));
	au_digest_final(d, sum);
	au_digest_free(d);
	b64 = au_report_base64(sum, sizeof(sum));
	fprintf(h->out, "'sha256-%s'", b64);
	au_xfree(b64);
}

static void lines(struct au_html *h, const char *const *list)
{
	for (; *list; list++)
		fputs(*list, h->out);
}

static void head(struct au_html *h)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ", h->out);
	digest(h, au_html_style);
	fputs("; script-src ", h->out);
	digest(h, au_html_script);
	fputs("; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>", h->out);
	fprintf(h->out, "%s: ", au_status_name(h->r->status));
	au_html_text(h, h->r->audit->target, 200);
	fputs(" (assay)</title>\n<style>", h->out);
	lines(h, au_html_style);
	fputs("</style>\n</head>\n<body>\n", h->out);
}

static void tile(struct au_html *h, const char *cls, const char *value, const char *word)
{
	fprintf(h->out, "<li%s><b>%s</b><span>%s</span></li>", cls, value, word);
}

static void tiles(struct au_html *h)
{
	const struct au_summary *s = h->r->summary;
	char text[32];

	fputs("<ul class=\"tiles\">", h->out);
	for (int i = AU_CRITICAL; i >= AU_LOW; i--) {
		snprintf(text, sizeof(text), "%zu", s->by_sev[i]);
		tile(h, !s->by_sev[i] ? "" : i >= AU_HIGH ? " class=\"hot\"" : i == AU_MEDIUM ? " class=\"warm\"" : "",
		     text, au_sev_name((enum au_sev)i));
	}
	snprintf(text, sizeof(text), "%zu", s->files);
	tile(h, "", text, s->files == 1 ? "file" : "files");
	if (s->members) {
		snprintf(text, sizeof(text), "%zu", s->members);
		tile(h, "", text, "members of archives");
	}
	tile(h, "", au_report_size(s->bytes, text), "read");
	snprintf(text, sizeof(text), "%zu", s->incomplete);
	tile(h, s->incomplete ? " class=\"warm\"" : "", text, "places not read");
	fputs("</ul>\n", h->out);
}

static void verdict(struct au_html *h)
{
	static const char *const words[] = { "Passed", "Failed", "Incomplete", "Nothing to scan" };
	const struct au_report *r = h->r;

	fprintf(h->out, "<div class=\"verdict %s\"><b>%s</b>", au_status_name(r->status), words[r->status]);
	if (r->n_reasons) {
		fputs("<ul>", h->out);
		for (size_t i = 0; i < r->n_reasons; i++) {
			fputs("<li>", h->out);
			au_html_text(h, r->reasons[i], 1000);
			fputs("</li>", h->out);
		}
		fputs("</ul>", h->out);
	} else if (r->status == AU_PASS && r->complete && !r->audit->n_findings) {
		fputs("Everything was read, and nothing was found: clean.", h->out);
	} else if (r->status == AU_PASS) {
		fputs("No finding reaches the gate.", h->out);
	}
	fputs("</div>\n", h->out);
	tiles(h);
}

static void contents(struct au_html *h)
{
	const struct au_report *r = h->r;

	fputs("<nav aria-label=\"Contents\">", h->out);
	if (h->legal && h->legal->n_components)
		fputs("<a href=\"#components\">Components and licences</a>", h->out);
	if (r->audit->n_findings)
		fputs("<a href=\"#findings\">Findings</a>", h->out);
	if (r->audit->n_coverage)
		fputs("<a href=\"#coverage\">Not read</a>", h->out);
	if (r->n_waivers || r->n_disabled)
		fputs("<a href=\"#waivers\">Waivers</a>", h->out);
	fputs("<a href=\"#inventory\">Inventory</a></nav>\n", h->out);
}

static void about(struct au_html *h)
{
	char hex[65];

	fputs("<footer>Made by assay " AU_VERSION, h->out);
	if (!h->r->o.reproducible && h->r->o.timestamp && *h->r->o.timestamp) {
		fputs(" on ", h->out);
		au_html_text(h, h->r->o.timestamp, 10);
	}
	fputs(". Policy: ", h->out);
	au_html_text(h, h->r->policy_path ? h->r->policy_path : "built-in", 400);
	fputs("; the gate fails from severity <b>", h->out);
	au_html_text(h, h->r->fail_on, 20);
	au_hex(h->r->rules_sha256, 32, hex);
	fprintf(h->out, "</b> on. Rules <span class=\"mono\">%.16s</span>. A review by a machine: it shows what "
			"files say and hold, and replaces no legal advice.</footer>\n", hex);
}

static int write_html(const struct au_report *r, FILE *out, const char **ret_error)
{
	struct au_html h = { r, au_report_legal(r), out, au_arena_new(), au_arena_new() };

	(void)ret_error;
	head(&h);
	fputs("<header class=\"top\"><p class=\"eyebrow\">Licence and safety audit</p>\n<h1>", out);
	au_html_text(&h, r->audit->target, 400);
	fputs("</h1>\n", out);
	verdict(&h);
	fputs("</header>\n", out);
	contents(&h);
	fputs("<main>\n", out);
	au_html_components(&h);
	au_html_findings(&h);
	au_html_coverage(&h);
	au_html_waivers(&h);
	au_html_inventory(&h);
	fputs("</main>\n", out);
	about(&h);
	fputs("<script>", out);
	lines(&h, au_html_script);
	fputs("</script>\n</body>\n</html>\n", out);
	au_arena_free(h.line);
	au_arena_free(h.a);
	return AU_OK;
}

const struct au_writer au_writer_html = {
	.name = "html", .title = "one file for people, to forward", .extension = "html", .write = write_html,
};
