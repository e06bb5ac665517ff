/* Shared by the commands that scan; see common.h. */
#include "base/banned.h"
#include <signal.h>
#include "base/buf.h"
#include "base/rc.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "cli/sandbox.h"

/* Written by the signal handler, which cannot be given anything: the one global there is. */
static struct au_progress *volatile watched;
static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	if (caught)
		_exit(128 + sig); /* the second time: at once */
	caught = sig;
	if (watched)
		watched->stop = true;
}

int au_cli_interrupted(void)
{
	return caught ? 128 + caught : 0;
}

int au_cli_limits(struct au_args *a, struct au_limits *l)
{
	uint64_t depth = l->depth;

	if (!au_opt_number(a, OPT_MAX_DEPTH, &depth) || !au_opt_number(a, OPT_MAX_MEMBERS, &l->members) ||
	    !au_opt_number(a, OPT_MAX_MEMBER_SIZE, &l->member_size) || !au_opt_number(a, OPT_MAX_RATIO, &l->ratio))
		return AU_EXIT_USAGE;
	if (depth > 1000)
		return au_usage_error("--max-depth is at most 1000");
	l->depth = (unsigned)depth;
	return AU_EXIT_PASS;
}

/* Names of targets out of a file, one a line or NUL-separated. */
static int names_from(struct au_args *a, const char *path, struct au_vec *out)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int end = au_given(a, OPT_NUL) ? 0 : '\n';
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f)
		return au_usage_error("cannot open '%s': %s", path, strerror(errno));
	while ((n = getdelim(&line, &cap, end, f)) > 0) {
		const char **slot;

		if (line[n - 1] == end)
			n--;
		if (!n)
			continue;
		slot = au_vec_push(out);
		*slot = au_arena_strn(a->arena, line, (size_t)n);
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return AU_EXIT_PASS;
}

static int targets(struct au_args *a, struct au_plan_options *o)
{
	struct au_vec names;
	int rc = AU_EXIT_PASS;

	au_vec_init(&names, sizeof(char *), 10000000);
	for (size_t i = 0; i < a->n_words; i++)
		*(const char **)au_vec_push(&names) = a->words[i];
	for (const char *const *f = au_opts(a, OPT_FILES_FROM); *f && rc == AU_EXIT_PASS; f++)
		rc = names_from(a, *f, &names);
	if (rc == AU_EXIT_PASS && !names.n && !au_given(a, OPT_FILES_FROM))
		rc = au_usage_error("name what to look at: assay %s PATH...", a->verb->name);
	o->targets = au_arena_dup(a->arena, names.p, names.n * sizeof(char *));
	o->n_targets = names.n;
	au_vec_release(&names);
	return rc;
}

static void sandbox(struct au_args *a, const struct au_plan_options *o)
{
	const char **paths = AU_ARRAY(a->arena, const char *, o->n_targets * 2 + 2);
	const char *tmp = getenv("TMPDIR");
	struct au_sandbox s = { .read = paths, .tmp = tmp && *tmp ? tmp : "/tmp" };
	size_t n = 0;

	if (au_given(a, OPT_NO_SANDBOX))
		return;
	for (size_t i = 0; i < o->n_targets; i++) {
		char *real = strcmp(o->targets[i], "-") ? realpath(o->targets[i], NULL) : NULL;
		char *hub;

		if (!real)
			continue;
		/* a hub snapshot's links lead to the blobs beside it */
		hub = strstr(real, "/snapshots/");
		if (hub && strstr(real, "--"))
			*hub = 0;
		paths[n++] = au_arena_str(a->arena, real);
		free(real);
	}
	au_sandbox_enter(&s);
	if (strcmp(s.landlock, "on") != 0)
		au_say(a, 1, "files are not confined (Landlock): %s", s.landlock);
	if (strcmp(s.seccomp, "on") != 0)
		au_say(a, 1, "system calls are not confined (seccomp): %s", s.seccomp);
}

static void watch(struct au_progress *p)
{
	struct sigaction act = { .sa_handler = on_signal };

	watched = p;
	sigaction(SIGINT, p ? &act : &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	sigaction(SIGTERM, p ? &act : &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

int au_cli_scan(struct au_args *a, const struct au_run *run, struct au_scan **ret)
{
	struct au_progress *progress = AU_NEW(a->arena, struct au_progress);
	struct au_scan_options o = {
		.plan = { .include = au_opts(a, OPT_INCLUDE), .exclude = au_opts(a, OPT_EXCLUDE),
			  .no_ignore = au_given(a, OPT_NO_IGNORE) },
		.run = run, .progress = progress,
	};
	struct au_progress_bar *bar;
	const char *error = NULL;
	uint64_t jobs = 0;
	int rc = targets(a, &o.plan);

	if (rc != AU_EXIT_PASS)
		return rc;
	if (!au_opt_number(a, OPT_JOBS, &jobs))
		return AU_EXIT_USAGE;
	if (jobs > 64)
		return au_usage_error("--jobs is at most 64");
	o.jobs = (unsigned)jobs;
	sandbox(a, &o.plan);
	watch(progress);
	bar = au_progress_start(a, progress);
	rc = au_scan_run(&o, ret, &error);
	au_progress_stop(bar);
	watch(NULL);
	if (rc != AU_OK) {
		rc = au_usage_error("%s", error);
		au_scan_free(*ret);
		*ret = NULL;
		return rc;
	}
	return AU_EXIT_PASS;
}
