/* Licences in texts; see text.h. */
#include "base/banned.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "declare/names.h"
#include "io/view.h"
#include "licence/licence.h"
#include "scan/text.h"

enum { PROSE_MAX = 1024 * 1024 };

static bool ends_with(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (au_iends(name, *list))
			return true;
	return false;
}

static enum au_licence_kind kind_of(const struct au_entry *e)
{
	static const char *const licence[] = { "licen", "copying", "copyright", "notice", "eula", "use_policy", "use-policy",
					       "usage_policy", "terms", "legal", "patents", NULL };
	static const char *const prose[] = { ".md", ".txt", ".rst", ".html", ".htm", ".markdown", ".adoc", ".tex",
					     ".license", ".licence", "copyright", "readme", NULL };
	static const char *const code[] = { ".c", ".h", ".cc", ".cpp", ".hpp", ".py", ".js", ".ts", ".java", ".go", ".rs",
					    ".rb", ".pl", ".php", ".css", ".json", ".csv", ".yaml", ".yml", ".xml", ".sh", NULL };
	const char *name = au_basename(e->name);

	if (!ends_with(name, code))
		for (size_t i = 0; licence[i]; i++)
			if (au_istr(name, licence[i]))
				return AU_LICENCE_FILE;
	if (e->size <= PROSE_MAX && (ends_with(name, prose) || (!strchr(name, '.') && !ends_with(name, code))))
		return AU_LICENCE_TEXT;
	return AU_LICENCE_SOURCE;
}

/* Text of an old encoding: few control characters, no NUL. */
static bool is_old_text(struct au_view *v)
{
	size_t n = 0, odd = 0;
	const uint8_t *p = au_view_some(v, 0, 4096, &n);

	for (size_t i = 0; p && i < n; i++) {
		if (!p[i])
			return false;
		odd += p[i] < 0x20 && !isspace(p[i]) && p[i] != 0x1b;
	}
	return n && odd * 50 < n;
}

/* UTF-16 with a byte order mark to UTF-8; other bytes as they are. Offsets are then those of the
 * converted text, which is told. */
static const uint8_t *decode(struct au_job *job, struct au_entry *e, const uint8_t *p, size_t *n)
{
	bool le = *n >= 2 && p[0] == 0xff && p[1] == 0xfe, be = *n >= 2 && p[0] == 0xfe && p[1] == 0xff;
	struct au_buf b;

	if (!le && !be)
		return p;
	au_buf_init(&b, *n * 2 + 16);
	for (size_t i = 2; i + 1 < *n; i += 2) {
		uint32_t cp = le ? (uint32_t)(p[i] | p[i + 1] << 8) : (uint32_t)(p[i] << 8 | p[i + 1]);

		au_utf8_put(&b, cp >= 0xd800 && cp < 0xe000 ? 0xfffd : cp);
	}
	p = au_arena_dup(job->scratch, b.p, b.len);
	*n = b.len;
	au_buf_release(&b);
	au_emit(job, e, "text.utf16", NULL, NULL, au_span(0, 2));
	return p;
}

static void emit(struct au_job *job, struct au_entry *e, const struct au_licence_match *m)
{
	struct au_span span = { .off = m->off, .len = m->len, .line = m->line, .line_end = m->line_end };
	const char *id = m->expression ? m->expression : m->nearest;
	struct au_fact *f = au_emit(job, e, "licence.match", id, au_licence_verdict_name(m->verdict), span);
	const char *family;

	f->num = (uint64_t)(m->score * 1000);
	f->detail = m;
	if (!m->expression)
		return;
	family = au_name_class(m->expression);
	if (family)
		au_emit(job, e, "licence.family", family, NULL, span);
}

void au_scan_text(struct au_lane *lane, struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_licence_hint hint = { .name = au_basename(e->name) };
	struct au_licence_match *list = NULL;
	bool wide = false;
	const uint8_t *p;
	size_t n = 0;

	if (!lane->run->licences || e->lfs || !e->size)
		return;
	p = au_view_need(v, 0, e->size < 2 ? 1 : 2);
	wide = p && e->size >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff));
	if (!e->text && !wide && (e->n_bids && e->bids[0].score >= 80))
		return;
	if (!e->text && !wide && !is_old_text(v))
		return;
	hint.kind = kind_of(e);
	p = au_view_all(v, job->scratch, (size_t)job->limits->text, &n);
	if (!p) {
		if (e->size > job->limits->text)
			au_emit_coverage(job, e, "limit", job->limits->text,
					 "a text of more than %llu bytes: not searched for licences",
					 (unsigned long long)job->limits->text);
		return;
	}
	p = decode(job, e, p, &n);
	if (hint.kind == AU_LICENCE_SOURCE && !au_licence_prefilter(p, n))
		return;
	if (au_licence_scan(lane->run->licences, lane->licence, p, n, &hint, job->arena, &list, &n) != AU_OK)
		return;
	for (size_t i = 0; i < n; i++)
		emit(job, e, &list[i]);
}
