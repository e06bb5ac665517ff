/* XML documents: PMML, OpenVINO's graph, anything else (XML 1.0, fifth edition). Only declarations
 * and start tags are looked at, by a scan that does not expand anything. Facts:
 *   xml.root     text: name of the document's element
 *   xml.entity   text: name of a declared entity; aux: "external", "parameter" or "internal"
 *   xml.dtd      text: system identifier of an external document type
 *   xml.library  text: library named by a graph's extension; aux: layer
 *   xml.include  text: address of an XInclude or stylesheet */
#include "base/banned.h"
#include "audit/format.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/view.h"

enum { BYTES_MAX = 256 * 1024 * 1024, ENTITIES_MAX = 200, LIBRARIES_MAX = 200 };

static bool wide(const struct au_probe *p)
{
	return p->head_len > 8 && (!memcmp(p->head, "\xff\xfe<\0", 4) || !memcmp(p->head, "\xfe\xff\0<", 4) ||
				   !memcmp(p->head, "<\0?\0", 4) || !memcmp(p->head, "\0<\0?", 4));
}

static int probe(const struct au_probe *p)
{
	size_t i = p->head_len > 3 && !memcmp(p->head, "\xef\xbb\xbf", 3) ? 3 : 0;
	bool ext = au_iends(p->name, ".xml") || au_iends(p->name, ".pmml");

	if (wide(p))
		return 80;
	if (!p->text)
		return 0;
	while (i < p->head_len && isspace(p->head[i]))
		i++;
	if (i + 5 < p->head_len && !memcmp(p->head + i, "<?xml", 5))
		return 90;
	if (i < p->head_len && p->head[i] == '<' && ext)
		return 80;
	return i + 5 < p->head_len && !memcmp(p->head + i, "<PMML", 5) ? 90 : 0;
}

struct scan {
	struct au_job *job;
	struct au_entry *e;
	const char *p;
	size_t n, at;
	unsigned entities, libraries;
	bool root;
};

static size_t name_len(const struct scan *s, size_t i)
{
	size_t n = 0;

	while (i + n < s->n && !isspace((uint8_t)s->p[i + n]) && !strchr("<>/='\"[]%;", s->p[i + n]) && n < 256)
		n++;
	return n;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->n && isspace((uint8_t)s->p[s->at]))
		s->at++;
}

/* A quoted string at s->at; empty when there is none. */
static const char *quoted(struct scan *s)
{
	char q = s->at < s->n ? s->p[s->at] : 0;
	const char *end;
	size_t from = s->at + 1, n;

	if (q != '"' && q != '\'')
		return "";
	end = memchr(s->p + from, q, s->n - from);
	n = end ? (size_t)(end - s->p) - from : s->n - from;
	s->at = from + n + (end != NULL);
	return au_arena_strn(s->job->scratch, s->p + from, n < 2048 ? n : 2048);
}

static bool word(struct scan *s, const char *w)
{
	size_t n = strlen(w);

	skip_space(s);
	if (s->n - s->at < n || memcmp(s->p + s->at, w, n))
		return false;
	s->at += n;
	return true;
}

static void entity(struct scan *s)
{
	size_t from = s->at, n;
	const char *name, *kind = "internal";

	skip_space(s);
	if (word(s, "%"))
		kind = "parameter";
	skip_space(s);
	n = name_len(s, s->at);
	name = au_arena_strn(s->job->scratch, s->p + s->at, n);
	s->at += n;
	if (word(s, "SYSTEM") || word(s, "PUBLIC"))
		kind = "external";
	if (s->entities++ < ENTITIES_MAX)
		au_emit(s->job, s->e, "xml.entity", name, kind, au_span(from, s->at - from));
}

static void doctype(struct scan *s)
{
	size_t from = s->at;

	skip_space(s);
	s->at += name_len(s, s->at);
	if (word(s, "PUBLIC")) {
		skip_space(s);
		quoted(s);
		skip_space(s);
		au_emit(s->job, s->e, "xml.dtd", quoted(s), NULL, au_span(from, s->at - from));
	} else if (word(s, "SYSTEM")) {
		skip_space(s);
		au_emit(s->job, s->e, "xml.dtd", quoted(s), NULL, au_span(from, s->at - from));
	}
	/* the internal subset is read by the main loop, which meets its declarations one by one */
}

static void start_tag(struct scan *s)
{
	static const char *const libs[] = { "library", "extension_path", "extensions", NULL };
	size_t n = name_len(s, s->at), from = s->at;
	const char *name = au_arena_strn(s->job->scratch, s->p + s->at, n), *href = NULL;

	if (!s->root)
		au_emit(s->job, s->e, "xml.root", name, NULL, au_span(from, n));
	s->root = true;
	s->at += n;
	while (s->at < s->n && s->p[s->at] != '>') {
		const char *key, *value;

		skip_space(s);
		n = name_len(s, s->at);
		if (!n) {
			if (s->at < s->n && s->p[s->at] != '>')
				s->at++;
			continue;
		}
		key = au_arena_strn(s->job->scratch, s->p + s->at, n);
		s->at += n;
		if (!word(s, "="))
			continue;
		skip_space(s);
		value = quoted(s);
		for (size_t i = 0; libs[i]; i++)
			if (!strcmp(key, libs[i]) && *value && s->libraries++ < LIBRARIES_MAX)
				au_emit(s->job, s->e, "xml.library", value, name, au_span(from, s->at - from));
		if (!strcmp(key, "href"))
			href = value;
	}
	if (href && au_ends(name, ":include"))
		au_emit(s->job, s->e, "xml.include", href, name, au_span(from, s->at - from));
}

static void skip_to(struct scan *s, const char *end)
{
	const char *q = memmem(s->p + s->at, s->n - s->at, end, strlen(end));

	s->at = q ? (size_t)(q - s->p) + strlen(end) : s->n;
}

static void scan(struct scan *s)
{
	while (s->at < s->n) {
		const char *q = memchr(s->p + s->at, '<', s->n - s->at);

		if (!q)
			return;
		s->at = (size_t)(q - s->p) + 1;
		if (word(s, "!--"))
			skip_to(s, "-->");
		else if (word(s, "![CDATA["))
			skip_to(s, "]]>");
		else if (word(s, "!DOCTYPE") || word(s, "!doctype"))
			doctype(s);
		else if (word(s, "!ENTITY"))
			entity(s);
		else if (s->at < s->n && (isalpha((uint8_t)s->p[s->at]) || s->p[s->at] == '_'))
			start_tag(s);
	}
}

/* UTF-16 to bytes, as far as ASCII goes: markup is ASCII. */
static const char *narrow(struct au_arena *a, const uint8_t *p, size_t n, size_t *ret)
{
	bool be = p[0] == 0xfe || !p[0];
	char *r = au_arena_alloc(a, n / 2 + 1);
	size_t k = 0;

	for (size_t i = 0; i + 2 <= n; i += 2) {
		unsigned c = be ? au_be16(p + i) : au_le16(p + i);

		r[k++] = c < 0x80 ? (char)c : '?';
	}
	*ret = k;
	return r;
}

static int read_xml(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct scan s = { .job = job, .e = e };
	size_t n;
	const uint8_t *p = au_view_all(v, job->scratch, BYTES_MAX, &n);

	if (!p || n < 4) {
		au_emit_coverage(job, e, "limit", 0, "an XML document larger than %d MiB", BYTES_MAX >> 20);
		return AU_LIMIT;
	}
	s.p = (const char *)p;
	s.n = n;
	if (!p[0] || !p[1] || p[0] >= 0xfe)
		s.p = narrow(job->scratch, p, n, &s.n);
	scan(&s);
	return s.root ? AU_OK : AU_NOTME;
}

const struct au_format au_format_xml = {
	.name = "xml",
	.title = "XML document (PMML, OpenVINO and others)",
	.extensions = (const char *const[]){ "xml", "pmml", "svg", NULL },
	.flags = AU_FMT_TEXT,
	.probe = probe,
	.read = read_xml,
	.checked = "document types, entities, XInclude, libraries named by OpenVINO layers",
};
