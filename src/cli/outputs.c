/* The -o options; see outputs.h. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "cli/outputs.h"

struct output {
	const struct au_writer *writer;
	const char *path;      /* NULL: standard output */
	FILE *file;
};

struct au_outputs {
	struct au_args *args;
	struct output *list;
	size_t n;
};

static int unknown_format(const char *name)
{
	const char *list[64] = { NULL };
	const char *near;

	for (size_t i = 0; i < au_n_writers && i < 63; i++)
		list[i] = au_writers[i]->name;
	near = au_suggest(name, list);
	if (near)
		return au_usage_error("unknown report format '%s'; did you mean '%s'?", name, near);
	fputs("assay: unknown report format; there are:", stderr);
	for (size_t i = 0; i < au_n_writers; i++)
		fprintf(stderr, " %s", au_writers[i]->name);
	fputc('\n', stderr);
	return AU_EXIT_USAGE;
}

static int open_one(struct au_outputs *o, const char *spec, bool *stdout_taken)
{
	const char *eq = strchr(spec, '=');
	const char *name = eq ? au_arena_strn(o->args->arena, spec, (size_t)(eq - spec)) : spec;
	struct output *out = &o->list[o->n];

	out->writer = au_writer_find(name);
	if (!out->writer)
		return unknown_format(name);
	if (!eq || !strcmp(eq + 1, "-")) {
		if (*stdout_taken)
			return au_usage_error("only one report can go to standard output; give the others a file: -o %s=FILE",
					      name);
		*stdout_taken = true;
		out->file = stdout;
	} else {
		out->path = eq + 1;
		out->file = fopen(out->path, "we");
		if (!out->file)
			return au_usage_error("cannot write '%s': %s", out->path, strerror(errno));
	}
	o->n++;
	return AU_EXIT_PASS;
}

int au_outputs_open(struct au_args *a, const char *fallback, struct au_outputs **ret)
{
	struct au_outputs *o = AU_NEW(a->arena, struct au_outputs);
	const char *summary = getenv("GITHUB_STEP_SUMMARY");
	bool taken = false;
	int rc = AU_EXIT_PASS;

	o->args = a;
	o->list = AU_ARRAY(a->arena, struct output, a->n[OPT_OUTPUT] + 2);
	for (const char *const *s = au_opts(a, OPT_OUTPUT); *s && rc == AU_EXIT_PASS; s++)
		rc = open_one(o, *s, &taken);
	if (rc == AU_EXIT_PASS && !a->n[OPT_OUTPUT])
		rc = open_one(o, fallback, &taken);
	if (rc == AU_EXIT_PASS && au_given(a, OPT_SUMMARY)) {
		struct output *out = &o->list[o->n++];

		if (!summary || !*summary)
			return au_usage_error("--summary needs GITHUB_STEP_SUMMARY; use -o markdown=FILE elsewhere");
		*out = (struct output){ au_writer_find("markdown"), summary, fopen(summary, "ae") };
		if (!out->file || !out->writer)
			return au_usage_error("cannot write '%s': %s", summary, strerror(errno));
	}
	*ret = o;
	return rc;
}

int au_outputs_write(struct au_outputs *o, struct au_report *r)
{
	int rc = AU_EXIT_PASS;

	for (size_t i = 0; i < o->n; i++) {
		struct output *out = &o->list[i];
		const char *error = NULL;
		bool colour = r->o.colour;

		if (out->path)
			r->o.colour = false;
		if (out->writer->write(r, out->file, &error) != AU_OK) {
			au_usage_error("cannot write the %s report: %s", out->writer->name, error ? error : "?");
			rc = AU_EXIT_INCOMPLETE;
		}
		r->o.colour = colour;
		if (fflush(out->file) || ferror(out->file) || (out->path && fclose(out->file))) {
			au_usage_error("cannot write '%s': %s", out->path ? out->path : "standard output", strerror(errno));
			rc = AU_EXIT_INCOMPLETE;
		}
	}
	return rc;
}
