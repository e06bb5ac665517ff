/* Plain text of all kinds: programs, markup, tables and prose. Identified so that a file is known
 * for what it is and licence texts are looked for in it; nothing is parsed here but what a loader
 * would run. Facts: template.* (jinja.c), hf.script (a dataset loading script; text: the class). */
#include "base/banned.h"
#include "audit/format.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/jinja.h"
#include "io/view.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

static bool has(const struct au_probe *p, const char *s)
{
	return memmem(p->head, p->head_len, s, strlen(s));
}

static bool ext(const struct au_probe *p, const char *const *list)
{
	const char *dot = strrchr(p->name, '.');

	for (; dot && *list; list++)
		if (au_ieq(dot + 1, *list))
			return true;
	return false;
}

/* The line `s` begins a line of the head. */
static bool line(const struct au_probe *p, const char *s)
{
	const uint8_t *q = p->head;
	size_t n = strlen(s), left = p->head_len;

	while ((q = memmem(q, left, s, n))) {
		if (q == p->head || q[-1] == '\n')
			return true;
		q++;
		left = p->head_len - (size_t)(q - p->head);
	}
	return false;
}

static int probe_jinja(const struct au_probe *p)
{
	static const char *const e[] = { "jinja", "jinja2", "j2", "template", "tmpl", NULL };
	const char *close;

	if (!p->text)
		return 0;
	close = memmem(p->head, p->head_len, "{%", 2) ? "%}" : memmem(p->head, p->head_len, "{{", 2) ? "}}" : NULL;
	if (ext(p, e))
		return close ? 90 : 50;
	if (!close || p->head[0] == '<' || ext(p, (const char *const[]){ "md", "html", "py", "json", "js", "tex",
		"rst", "css", "c", "h", "cpp", "go", "rs", "java", "ts", "vue", "yml", "yaml", NULL }))
		return 0;
	return has(p, close) ? 62 : 0;
}

static int read_jinja(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	size_t n;
	const uint8_t *p = au_view_all(v, job->scratch, TEXT_MAX, &n);

	if (!p) {
		au_emit_coverage(job, e, "limit", 0, "a template larger than %d MiB", TEXT_MAX >> 20);
		return AU_LIMIT;
	}
	au_jinja_facts(job, e, (const char *)p, n, au_basename(e->name), au_span(0, n), true);
	return AU_OK;
}

static int probe_python(const struct au_probe *p)
{
	static const char *const e[] = { "py", "pyw", "pyi", NULL };
	static const char *const starts[] = { "import ", "from ", "def ", "class ", "async def ", "@", NULL };
	unsigned n = 0;

	if (!p->text)
		return 0;
	if (ext(p, e))
		return 85;
	if (has(p, "#!") && !memcmp(p->head, "#!", 2) && has(p, "python"))
		return 85;
	for (size_t i = 0; starts[i]; i++)
		n += line(p, starts[i]);
	return n >= 2 && has(p, ":\n") ? 62 : 0;
}

/* A dataset builder class (datasets library): its script is run when the dataset is loaded. */
static int read_python(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	static const char *const bases[] = { "GeneratorBasedBuilder", "ArrowBasedBuilder", "BeamBasedBuilder",
					     "DatasetBuilder", NULL };
	size_t n;
	const uint8_t *p = au_view_all(v, job->scratch, TEXT_MAX, &n);

	for (size_t i = 0; p && bases[i]; i++) {
		const uint8_t *q = memmem(p, n, bases[i], strlen(bases[i])), *l = q;

		while (l && l > p && l[-1] != '\n')
			l--;
		if (l && q - l > 6 && !memcmp(l, "class ", 6)) {
			au_emit(job, e, "hf.script", bases[i], NULL, au_span((uint64_t)(q - p), strlen(bases[i])));
			break;
		}
	}
	return AU_OK;
}

static int probe_shell(const struct au_probe *p)
{
	static const char *const e[] = { "sh", "bash", "zsh", "ksh", "fish", NULL };

	if (p->head_len > 2 && !memcmp(p->head, "#!", 2) && !has(p, "python"))
		return 90;
	return p->text && ext(p, e) ? 80 : 0;
}

static int probe_html(const struct au_probe *p)
{
	char start[512];
	size_t n = p->head_len < sizeof(start) - 1 ? p->head_len : sizeof(start) - 1;

	if (!p->text)
		return 0;
	memcpy(start, p->head, n);
	start[n] = 0;
	if (au_istr(start, "<!doctype html") || au_istr(start, "<html"))
		return 85;
	return ext(p, (const char *const[]){ "html", "htm", "xhtml", NULL }) ? 70 : 0;
}

static int probe_markdown(const struct au_probe *p)
{
	if (!p->text)
		return 0;
	if (ext(p, (const char *const[]){ "md", "markdown", "mdx", NULL }))
		return 80;
	return line(p, "# ") && line(p, "## ") ? 45 : 0;
}

static int probe_csv(const struct au_probe *p)
{
	const uint8_t *nl;
	size_t first = 0, second = 0, i;
	char sep;

	if (!p->text || !ext(p, (const char *const[]){ "csv", "tsv", "tab", NULL }))
		return 0;
	sep = au_iends(p->name, ".csv") ? ',' : '\t';
	nl = memchr(p->head, '\n', p->head_len);
	if (!nl)
		return 60;
	for (i = 0; p->head + i < nl; i++)
		first += p->head[i] == sep;
	for (i++; i < p->head_len && p->head[i] != '\n'; i++)
		second += p->head[i] == sep;
	return first == second && first ? 75 : 60;
}

static int probe_jsonl(const struct au_probe *p)
{
	const uint8_t *nl;

	if (!p->text || p->head_len < 2 || p->head[0] != '{')
		return 0;
	if (ext(p, (const char *const[]){ "jsonl", "ndjson", NULL }))
		return 90;
	nl = memchr(p->head, '\n', p->head_len);
	return nl && nl > p->head && nl[-1] == '}' && nl + 1 < p->head + p->head_len && nl[1] == '{' ? 75 : 0;
}

static int probe_source(const struct au_probe *p)
{
	return p->text && ext(p, (const char *const[]){
		"c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cu", "cuh", "java", "js", "mjs", "cjs", "ts", "tsx",
		"jsx", "go", "rs", "rb", "php", "lua", "pl", "pm", "r", "jl", "scala", "kt", "swift", "m", "mm",
		"cs", "fs", "hs", "ml", "sql", "cmake", "mk", "s", "asm", "vue", "css", "ps1", "bat", NULL }) ? 70 : 0;
}

static int probe_text(const struct au_probe *p)
{
	return p->text ? 35 : p->size ? 0 : 10;
}

#define TEXT(id, text, more, reader, what, ...) \
	const struct au_format au_format_##id = { \
		.name = #id, .title = text, .extensions = (const char *const[]){ __VA_ARGS__, NULL }, \
		.flags = AU_FMT_TEXT | (more), .probe = probe_##id, .read = reader, .checked = what, \
	}

TEXT(jinja, "Jinja template", 0, read_jinja, "names and strings that reach Python objects, includes",
     "jinja", "jinja2", "j2", "template");
TEXT(python, "Python source", AU_FMT_CODE, read_python, "dataset loading scripts; under a weight's name",
     "py", "pyw", "pyi");
TEXT(shell, "Shell script", AU_FMT_CODE, NULL, "under a weight's name", "sh", "bash");
TEXT(html, "HTML page", 0, NULL, "identified", "html", "htm");
TEXT(markdown, "Markdown text", 0, NULL, "identified; model cards are read for their licence", "md");
TEXT(csv, "Table of separated values", AU_FMT_DATA, NULL, "identified", "csv", "tsv");
TEXT(jsonl, "Lines of JSON", AU_FMT_DATA, NULL, "identified", "jsonl", "ndjson");
TEXT(source, "Program source", AU_FMT_CODE, NULL, "identified", "c", "h", "js");
TEXT(text, "Plain text", 0, NULL, "licence texts", "txt");
