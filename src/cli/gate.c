/* Policy, waivers and baseline of a run; see gate.h. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "cli/gate.h"

int au_cli_policy_error(const struct au_policy_error *e, const char *path)
{
	if (!e->what)
		return au_usage_error("cannot read '%s': %s", path, strerror(errno));
	return au_usage_error("%s:%u:%u: %s", e->file ? e->file : path, e->line, e->col, e->what);
}

static int add(struct au_args *a, struct au_policy *p, const char *path)
{
	struct au_policy_error err = { 0 };

	return au_policy_add_file(a->arena, p, path, &err) == AU_OK ? AU_EXIT_PASS : au_cli_policy_error(&err, path);
}

/* A name of a shipped policy, or a file. */
static int add_named(struct au_args *a, struct au_policy *p, const char *name)
{
	struct au_policy_error err = { 0 };
	size_t n = 0;
	const char *text = au_policy_shipped(name, &n);

	if (!text)
		return add(a, p, name);
	return au_policy_add(a->arena, p, name, text, n, &err) == AU_OK ? AU_EXIT_PASS : au_cli_policy_error(&err, name);
}

static const char *const *absolute(struct au_args *a, const char *const *targets)
{
	const char **out;
	size_t n = 0;

	while (targets[n])
		n++;
	out = AU_ARRAY(a->arena, const char *, n + 1);
	for (size_t i = 0, k = 0; i < n; i++) {
		char *real = realpath(targets[i], NULL);

		if (real)
			out[k++] = au_arena_str(a->arena, real);
		free(real);
	}
	return out;
}

int au_cli_policy(struct au_args *a, const char *const *targets, struct au_policy **ret)
{
	const char *named = au_given(a, OPT_POLICY) ? au_opt(a, OPT_POLICY) : au_opt(a, OPT_CONFIG);
	const char *const *files = au_policy_config_files(a->arena);
	struct au_policy *p = au_policy_new(a->arena);
	char cwd[4096];
	int rc = AU_EXIT_PASS;

	for (; *files && rc == AU_EXIT_PASS; files++)
		rc = add(a, p, *files);
	if (rc == AU_EXIT_PASS && named) {
		rc = add_named(a, p, named);
	} else if (rc == AU_EXIT_PASS && getcwd(cwd, sizeof(cwd))) {
		const char *found = au_policy_find(a->arena, cwd, absolute(a, targets));

		if (found)
			rc = add(a, p, found);
	}
	*ret = p;
	return rc;
}

static int today(struct au_args *a, const char **ret)
{
	time_t t = time(NULL);
	char text[16] = "1970-01-01";
	struct tm tm;
	long days;

	if (gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	*ret = au_given(a, OPT_TODAY) ? au_opt(a, OPT_TODAY) : au_arena_str(a->arena, text);
	if (!au_date_days(*ret, &days))
		return au_usage_error("--today takes a date as YYYY-MM-DD, not '%s'", *ret);
	return AU_EXIT_PASS;
}

/* A path in the policy is relative to the policy's folder. */
static const char *beside(struct au_args *a, const struct au_policy *p, const char *path)
{
	const char *slash = p->path ? strrchr(p->path, '/') : NULL;

	return *path == '/' || !slash ? path
		: au_arena_fmt(a->arena, "%.*s/%s", (int)(slash - p->path), p->path, path);
}

int au_cli_gate_load(struct au_args *a, struct au_cli_gate *g)
{
	struct au_policy_error err = { 0 };
	const char *path;
	unsigned use;
	int rc = au_cli_policy(a, a->words, &g->policy);

	if (rc == AU_EXIT_PASS)
		rc = today(a, &g->today);
	if (rc != AU_EXIT_PASS)
		return rc;
	for (const char *const *u = au_opts(a, OPT_USE); *u; u++) {
		use = au_use_parse(*u);
		if (!use)
			return au_usage_error("--use takes internal, product, service, distribution or training, not '%s'", *u);
		if (u == au_opts(a, OPT_USE))
			g->policy->uses = 0;
		g->policy->uses |= use;
	}
	path = au_given(a, OPT_WAIVERS) ? au_opt(a, OPT_WAIVERS)
	     : g->policy->waivers_file ? beside(a, g->policy, g->policy->waivers_file) : NULL;
	if (path && au_waivers_read_file(a->arena, g->policy, path, g->today, &g->waivers, &err) != AU_OK)
		return au_cli_policy_error(&err, path);
	g->has_waivers = path;
	path = au_opt(a, OPT_BASELINE);
	if (path && au_baseline_read_file(a->arena, path, &g->baseline, &err) != AU_OK)
		return au_cli_policy_error(&err, path);
	g->has_baseline = path;
	return AU_EXIT_PASS;
}

static int gate_options(struct au_args *a, struct au_gate_options *o)
{
	const char *word = au_opt(a, OPT_FAIL_ON), *list = au_opt(a, OPT_FAIL_ON_LICENCE);
	enum au_sev level;

	if (word) {
		o->fail_on_said = true;
		if (!strcmp(word, "never"))
			o->fail_on = -1;
		else if (au_sev_parse(word, &level))
			o->fail_on = (int)level;
		else
			return au_usage_error("--fail-on takes info, low, medium, high, critical or never, not '%s'", word);
	}
	while (list && *list) {
		size_t n = strcspn(list, ",");

		if (n == 4 && !memcmp(list, "deny", 4))
			o->fail_licence |= 1U << AU_LEVEL_DENY;
		else if (n == 6 && !memcmp(list, "review", 6))
			o->fail_licence |= 1U << AU_LEVEL_REVIEW;
		else if (n == 7 && !memcmp(list, "unknown", 7))
			o->fail_unknown_licence = true;
		else
			return au_usage_error("--fail-on-licence takes deny, review and unknown, separated by commas, not '%.*s'",
					      (int)n, list);
		list += n + (list[n] == ',');
	}
	o->allow_incomplete = au_given(a, OPT_ALLOW_INCOMPLETE);
	o->fail_unused_waivers = au_given(a, OPT_FAIL_ON_UNUSED);
	return AU_EXIT_PASS;
}

static void note_waivers(struct au_args *a, const struct au_cli_gate *g, struct au_report *r)
{
	struct au_waiver_note *notes = AU_ARRAY(a->arena, struct au_waiver_note, g->waivers.n);

	for (size_t i = 0; i < g->waivers.n; i++) {
		const struct au_waiver *w = &g->waivers.list[i];

		notes[i] = (struct au_waiver_note){ w->id, w->rule, w->path, w->reason, w->owner, w->expires,
						    au_waiver_state_name(w->state), w->used };
		if (w->state != AU_WAIVER_IN_FORCE)
			au_say(a, 0, "waiver %s of %s is %s%s%s", w->id, w->owner, au_waiver_state_name(w->state),
			       w->expires ? ", expires " : "", w->expires ? w->expires : "");
	}
	r->waivers = notes;
	r->n_waivers = g->waivers.n;
}

int au_cli_gate_judge(struct au_args *a, struct au_cli_gate *g, struct au_audit *audit, struct au_report *r)
{
	struct au_gate_options o = { 0 };
	struct au_gate gate;
	int rc = gate_options(a, &o);

	if (rc != AU_EXIT_PASS)
		return rc;
	au_gate_apply(g->policy, audit);
	if (g->has_waivers)
		au_waivers_apply(&g->waivers, audit, g->today);
	if (g->has_baseline)
		au_baseline_apply(&g->baseline, audit);
	o.unused_waivers = g->waivers.unused;
	au_gate_judge(a->arena, g->policy, &o, audit, &gate);
	note_waivers(a, g, r);
	r->exit_code = gate.exit_code;
	r->status = (enum au_status)gate.exit_code;
	r->complete = gate.complete;
	r->fail_on = gate.fail_on;
	r->reasons = gate.reasons;
	r->n_reasons = gate.n_reasons;
	r->policy_path = g->policy->path;
	memcpy(r->policy_sha256, g->policy->sha256, sizeof(r->policy_sha256));
	return AU_EXIT_PASS;
}
