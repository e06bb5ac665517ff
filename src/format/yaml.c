/* YAML documents. Facts: yaml.tag (text: the Python tag without "!!python/"; aux: "object/apply:"
 * and so on is part of text) and those of jsondoc.c. Tags are found in the events of libyaml and,
 * as only the first document and no tags of keys come that way, by their spelling too. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "format/jsondoc.h"
#include "io/view.h"

enum { BYTES_MAX = 16 * 1024 * 1024, DEPTH = 64 };

static bool key_line(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && (isalnum(p[i]) || p[i] == '_' || p[i] == '-' || p[i] == '.'))
		i++;
	return i && i < n && p[i] == ':' && (i + 1 == n || p[i + 1] == '\n' || p[i + 1] == ' ' || p[i + 1] == '\r');
}

static int probe(const struct au_probe *p)
{
	bool ext = au_iends(p->name, ".yaml") || au_iends(p->name, ".yml");

	if (!p->text)
		return 0;
	if (ext)
		return 80;
	if (memmem(p->head, p->head_len, "!!python/", 9) ||
	    memmem(p->head, p->head_len, "tag:yaml.org,2002:python/", 25))
		return 60;
	if (p->head_len > 4 && (!memcmp(p->head, "---\n", 4) || !memcmp(p->head, "%YAML ", 6)))
		return au_iends(p->name, ".md") ? 0 : 61;
	return key_line(p->head, p->head_len) ? 40 : 0;
}

static void tag_fact(struct au_job *job, struct au_entry *e, const char *tag, size_t n, uint64_t off)
{
	au_emit_n(job, e, "yaml.tag", tag, n, NULL, au_span(off, n));
}

static void tags(struct au_job *job, struct au_entry *e, const struct au_node *n, unsigned depth)
{
	static const char full[] = "tag:yaml.org,2002:python/";

	if (n->tag && au_starts(n->tag, full))
		tag_fact(job, e, n->tag + sizeof(full) - 1, strlen(n->tag + sizeof(full) - 1), n->off);
	if (depth < DEPTH)
		AU_EACH(c, n)
			tags(job, e, c, depth + 1);
}

/* A tag stands at the begin of a value: behind a blank or a bracket, not in a comment or quotes. */
static bool tag_place(const uint8_t *p, size_t at)
{
	size_t from = at;
	unsigned quotes = 0;

	if (at && !strchr(" \t\n\r[{,?:", p[at - 1]))
		return false;
	while (from && p[from - 1] != '\n' && at - from < 4096)
		from--;
	for (size_t i = from; i < at; i++) {
		if (p[i] == '#' && (i == from || p[i - 1] == ' '))
			return false;
		quotes += p[i] == '"' || p[i] == '\'' || p[i] == '`';
	}
	return quotes % 2 == 0;
}

static void spelled(struct au_job *job, struct au_entry *e, const uint8_t *p, size_t n)
{
	static const char *const marks[] = { "!!python/", "!<tag:yaml.org,2002:python/", NULL };

	for (size_t m = 0; marks[m]; m++) {
		size_t len = strlen(marks[m]), found = 0;
		const uint8_t *q = p;

		while (found < 100 && (q = memmem(q, n - (size_t)(q - p), marks[m], len))) {
			size_t at = (size_t)(q - p), k = at + len;

			while (k < n && !isspace(p[k]) && p[k] != '>' && p[k] != ',' && p[k] != ']' && p[k] != '}')
				k++;
			if (tag_place(p, at)) {
				tag_fact(job, e, (const char *)p + at + len, k - at - len, at);
				found++;
			}
			q += len;
		}
	}
}

static int read_yaml(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_node *root = NULL;
	struct au_yaml_error err;
	size_t n;
	const uint8_t *p = au_view_all(v, job->scratch, BYTES_MAX, &n);

	if (!p || !n)
		return AU_NOTME;
	spelled(job, e, p, n);
	if (au_yaml_load(job->scratch, p, n, 0, &root, &err) != AU_OK)
		return au_fact_first(e, "yaml.tag") ? AU_WARN : AU_NOTME;
	if (root->type != AU_NODE_MAP && root->type != AU_NODE_SEQ && !root->tag)
		return AU_NOTME;
	tags(job, e, root, 0);
	au_jsondoc_walk(job, e, root);
	return AU_OK;
}

const struct au_format au_format_yaml = {
	.name = "yaml",
	.title = "YAML document",
	.extensions = (const char *const[]){ "yaml", "yml", NULL },
	.flags = AU_FMT_TEXT,
	.probe = probe,
	.read = read_yaml,
	.checked = "Python object tags, instantiation targets (Hydra, OmegaConf), remote code keys",
};
