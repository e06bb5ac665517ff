/* Arguments by the option table: GNU long options, no abbreviations, ASSAY_OPTION in the
 * environment for every long option with a value. */
#include "base/banned.h"
#include "base/buf.h"
#include "base/text.h"
#include "cli/cli.h"

const struct au_option au_options[OPT_N] = {
#define OPT(id, name, letter, arg, verbs, group, text) [OPT_##id] = { name, letter, arg, verbs, group, text },
#include "cli/options.list"
#undef OPT
};

const struct au_verb au_verbs[] = {
#define VERB(id, name, args, run, text) { id, name, args, run, text },
#include "cli/verbs.list"
#undef VERB
};
const size_t au_n_verbs = sizeof(au_verbs) / sizeof(*au_verbs);

int au_usage_error(const char *fmt, ...)
{
	va_list ap;

	fputs("assay: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return AU_EXIT_USAGE;
}

const char *au_opt(const struct au_args *a, enum au_opt o)
{
	return a->n[o] ? a->values[o][a->n[o] - 1] : NULL;
}

const char *const *au_opts(const struct au_args *a, enum au_opt o)
{
	static const char *const none[] = { NULL };

	return a->values[o] ? (const char *const *)a->values[o] : none;
}

bool au_opt_number(const struct au_args *a, enum au_opt o, uint64_t *ret)
{
	static const struct { const char *s; unsigned shift; } units[] = {
		{ "", 0 }, { "k", 10 }, { "KiB", 10 }, { "M", 20 }, { "MiB", 20 }, { "G", 30 }, { "GiB", 30 },
		{ "T", 40 }, { "TiB", 40 },
	};
	const char *s = au_opt(a, o);
	char *end;
	uint64_t v;

	if (!s)
		return true;
	errno = 0;
	v = strtoull(s, &end, 10);
	for (size_t i = 0; end != s && *s != '-' && !errno && i < sizeof(units) / sizeof(*units); i++) {
		if (au_ieq(end, units[i].s) && v <= UINT64_MAX >> units[i].shift) {
			*ret = v << units[i].shift;
			return true;
		}
	}
	au_usage_error("--%s takes a whole number, with KiB, MiB or GiB behind it if you like, not '%s'",
		       au_options[o].name, s);
	return false;
}

static void add_value(struct au_args *a, enum au_opt o, const char *v)
{
	const char **more = AU_ARRAY(a->arena, const char *, a->n[o] + 2);

	if (a->n[o])
		memcpy(more, a->values[o], a->n[o] * sizeof(*more));
	more[a->n[o]++] = v ? v : "";
	a->values[o] = more;
}

static int unknown_option(const struct au_args *a, const char *name)
{
	const char *list[OPT_N + 1];
	const char *near;
	size_t n = 0;

	for (int i = 0; i < OPT_N; i++)
		if (!a->verb || au_options[i].verbs & a->verb->id)
			list[n++] = au_options[i].name;
	list[n] = NULL;
	near = au_suggest(name, list);
	if (near)
		return au_usage_error("unknown option '--%s'; did you mean '--%s'?", name, near);
	return au_usage_error("unknown option '--%s'; see 'assay help%s%s'", name, a->verb ? " " : "",
			      a->verb ? a->verb->name : "");
}

/* Foreign spelling of our noun is taken silently. */
static const char *our_spelling(struct au_arena *arena, const char *name)
{
	const char *at = strstr(name, "license");

	if (!at)
		return name;
	return au_arena_fmt(arena, "%.*slicence%s", (int)(at - name), name, at + 7);
}

static int long_option(struct au_args *a, const char *arg, const char *next, bool *ret_used)
{
	const char *eq = strchr(arg, '=');
	const char *name = our_spelling(a->arena, eq ? au_arena_strn(a->arena, arg, (size_t)(eq - arg)) : arg);

	for (int i = 0; i < OPT_N; i++) {
		if (strcmp(au_options[i].name, name) != 0)
			continue;
		if (a->verb && !(au_options[i].verbs & a->verb->id))
			return au_usage_error("'--%s' is no option of 'assay %s'; see 'assay help %s'", name, a->verb->name,
					      a->verb->name);
		if (!au_options[i].arg && eq)
			return au_usage_error("'--%s' takes no value", name);
		if (au_options[i].arg && !eq && !next)
			return au_usage_error("'--%s' needs a value: --%s=%s", name, name, au_options[i].arg);
		*ret_used = au_options[i].arg && !eq;
		add_value(a, (enum au_opt)i, au_options[i].arg ? (eq ? eq + 1 : next) : NULL);
		return AU_EXIT_PASS;
	}
	return unknown_option(a, name);
}

static int short_options(struct au_args *a, const char *arg, const char *next, bool *ret_used)
{
	for (const char *p = arg; *p; p++) {
		int i = 0;

		while (i < OPT_N && au_options[i].letter != *p)
			i++;
		if (i == OPT_N || (a->verb && !(au_options[i].verbs & a->verb->id)))
			return au_usage_error("unknown option '-%c'%s%s; see 'assay help'", *p, a->verb ? " of 'assay " : "",
					      a->verb ? au_arena_fmt(a->arena, "%s'", a->verb->name) : "");
		if (!au_options[i].arg) {
			add_value(a, (enum au_opt)i, NULL);
			continue;
		}
		if (p[1]) {
			add_value(a, (enum au_opt)i, p + 1 + (p[1] == '='));
			return AU_EXIT_PASS;
		}
		if (!next)
			return au_usage_error("'-%c' needs a value: -%c %s", *p, *p, au_options[i].arg);
		*ret_used = true;
		add_value(a, (enum au_opt)i, next);
		return AU_EXIT_PASS;
	}
	return AU_EXIT_PASS;
}

static void from_environment(struct au_args *a)
{
	for (int i = 0; i < OPT_N; i++) {
		char name[64];
		const char *v;
		size_t n = (size_t)snprintf(name, sizeof(name), "ASSAY_%s", au_options[i].name);

		for (size_t k = 6; k < n && k < sizeof(name); k++)
			name[k] = name[k] == '-' ? '_' : (char)toupper((unsigned char)name[k]);
		v = getenv(name);
		if (!v || !*v || !(au_options[i].verbs & a->verb->id) || i == OPT_HELP || i == OPT_VERSION)
			continue;
		if (au_options[i].arg || (strcmp(v, "0") != 0 && !au_ieq(v, "false") && !au_ieq(v, "no")))
			add_value(a, (enum au_opt)i, v);
	}
}

static const struct au_verb *find_verb(const char *name)
{
	if (!strcmp(name, "license"))
		name = "licence";
	for (size_t i = 0; i < au_n_verbs; i++)
		if (!strcmp(au_verbs[i].name, name))
			return &au_verbs[i];
	return NULL;
}

static int unknown_verb(const char *name)
{
	const char *list[32] = { NULL };
	const char *near;

	for (size_t i = 0; i < au_n_verbs; i++)
		list[i] = au_verbs[i].name;
	near = au_suggest(name, list);
	if (near)
		return au_usage_error("unknown command '%s'; did you mean '%s'?", name, near);
	return au_usage_error("unknown command '%s'; see 'assay help' (to audit a path: assay scan %s)", name, name);
}

int au_parse_args(struct au_arena *arena, int argc, char **argv, struct au_args *a)
{
	bool options = true;
	int rc = AU_EXIT_PASS;

	memset(a, 0, sizeof(*a));
	a->arena = arena;
	a->words = AU_ARRAY(arena, const char *, (size_t)argc + 1);
	for (int i = 1; i < argc; i++) {
		const char *s = argv[i];
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		bool used = false;

		if (options && !strcmp(s, "--")) {
			options = false;
		} else if (options && s[0] == '-' && s[1] == '-') {
			rc = long_option(a, s + 2, next, &used);
		} else if (options && s[0] == '-' && s[1]) {
			rc = short_options(a, s + 1, next, &used);
		} else if (!a->verb) {
			a->verb = find_verb(s);
			if (!a->verb)
				return unknown_verb(s);
			for (int o = 0; o < OPT_N; o++)
				if (a->n[o] && !(au_options[o].verbs & a->verb->id))
					return au_usage_error("'--%s' is no option of 'assay %s'", au_options[o].name,
							      a->verb->name);
			/* options given later come behind, and win */
			from_environment(a);
		} else {
			a->words[a->n_words++] = s;
		}
		if (rc != AU_EXIT_PASS)
			return rc;
		i += used;
	}
	return rc;
}

void au_say(const struct au_args *a, int level, const char *fmt, ...)
{
	va_list ap;

	if (a->n[OPT_QUIET] || (int)a->n[OPT_VERBOSE] < level)
		return;
	fputs("assay: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool au_want_colour(const struct au_args *a, FILE *f)
{
	const char *mode = au_given(a, OPT_NO_COLOR) ? "never" : au_opt(a, OPT_COLOR);
	const char *env = getenv("NO_COLOR"), *term = getenv("TERM"), *force = getenv("FORCE_COLOR");

	if (mode && !strcmp(mode, "always"))
		return true;
	if ((mode && !strcmp(mode, "never")) || (env && *env))
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return isatty(fileno(f)) && !(term && !strcmp(term, "dumb"));
}
