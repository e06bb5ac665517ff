/* Judging licences, formats and severities by a policy; see policy.h. */
#include "base/banned.h"
#include "policy/policy.h"
#include "base/arena.h"
#include "base/text.h"
#include "declare/lexpr.h"
#include "legal/tables.h"

enum { PATTERN_MAX = 256 };

const char *au_level_name(enum au_level l)
{
	static const char *const names[] = { "allow", "review", "deny", "unsaid" };

	return (unsigned)l < 4 ? names[l] : "unsaid";
}

static bool covers(const struct au_policy_override *o, const char *path, unsigned uses)
{
	bool hit = !o->paths;

	for (size_t i = 0; !hit && o->paths[i]; i++)
		hit = au_glob(o->paths[i], path);
	return hit && (!o->uses || (o->uses & uses));
}

static bool iglob(const char *pattern, const char *s)
{
	char p[PATTERN_MAX], t[PATTERN_MAX];
	size_t n = strlen(pattern), m = strlen(s);

	if (n >= sizeof(p) || m >= sizeof(t))
		return false;
	for (size_t i = 0; i <= n; i++)
		p[i] = au_lower(pattern[i]);
	for (size_t i = 0; i <= m; i++)
		t[i] = au_lower(s[i]);
	return au_glob(p, t);
}

struct judging {
	struct au_arena *a;
	const struct au_policy *p;
	const char *path;
	unsigned uses;
	const char *why;
	struct au_legal_tables tables;
	const char *duty;       /* asked for ... */
	bool duty_hit;          /* ... and found */
};

static void on_duty(void *ctx, const struct au_obligation *o)
{
	struct judging *j = ctx;

	j->duty_hit |= !strcmp(o->id, j->duty);
}

/* How exactly a pattern names an id: 3 itself, 2 a glob, 1 its family or an obligation, 0 not. */
static int exactness(struct judging *j, const char *pattern, const char *id)
{
	const char *base = au_lexpr_base(j->a, id);

	if (au_ieq(pattern, id))
		return 4;
	if (au_starts(pattern, "family:"))
		return !strcmp(pattern + 7, au_class_name(au_class_of(j->a, NULL, id)));
	if (au_starts(pattern, "obligation:")) {
		j->duty = pattern + 11;
		j->duty_hit = false;
		au_duties(&j->tables, base, au_class_of_id(NULL, id), on_duty, j);
		return j->duty_hit;
	}
	/* "GPL-2.0-only" does not speak of "GPL-2.0-only WITH Classpath-exception-2.0": WITH is one
	 * unit. A glob does when it is written so. */
	return iglob(pattern, id) ? 2 : 0;
}

static enum au_level by_lists(struct judging *j, const struct au_policy_lists *lists, const char *id)
{
	enum au_level best = AU_LEVEL_UNSAID;
	int score = 0;

	for (int level = AU_LEVEL_DENY; level >= AU_LEVEL_ALLOW; level--)
		for (size_t i = 0; lists->by[level] && lists->by[level][i]; i++) {
			int e = exactness(j, lists->by[level][i], id);

			if (e <= score)
				continue;
			score = e;
			best = (enum au_level)level;
			j->why = au_arena_fmt(j->a, "%s: '%s' is under %s", id, lists->by[level][i],
					      au_level_name(best));
		}
	return best;
}

static int judge_id(void *ctx, const char *id)
{
	struct judging *j = ctx;
	const struct au_policy *p = j->p;
	enum au_level l = AU_LEVEL_UNSAID;

	for (size_t i = p->n_overrides; i-- > 0 && l == AU_LEVEL_UNSAID;)
		if (covers(&p->overrides[i], j->path, j->uses))
			l = by_lists(j, &p->overrides[i].licences, id);
	if (l == AU_LEVEL_UNSAID)
		l = by_lists(j, &p->licences, id);
	if (l != AU_LEVEL_UNSAID)
		return (int)l;
	if (p->licences.by[AU_LEVEL_ALLOW]) {
		j->why = au_arena_fmt(j->a, "%s is in no list of the policy", id);
		return AU_LEVEL_REVIEW;
	}
	if (au_class_of_id(NULL, id) == AU_CLASS_UNKNOWN) {
		j->why = au_arena_fmt(j->a, "%s is of no known family", id);
		return (int)p->unknown;
	}
	return AU_LEVEL_ALLOW;
}

enum au_level au_policy_licence(struct au_arena *a, const struct au_policy *p, const char *path,
				unsigned uses, const char *expr, const char **ret_why)
{
	struct judging j = { .a = a, .p = p, .path = path, .uses = uses ? uses : p->uses };
	struct au_lexpr *x = expr ? au_lexpr_parse(a, expr) : NULL;
	enum au_level l;

	au_tables_init(&j.tables, a);
	if (!x || !strcmp(expr, "NONE") || !strcmp(expr, "NOASSERTION")) {
		if (ret_why)
			*ret_why = expr && !strcmp(expr, "NONE") ? "there is no licence" : "the licence is not known";
		return p->unknown;
	}
	l = (enum au_level)au_lexpr_rank(x, judge_id, &j);
	if (ret_why)
		*ret_why = j.why ? j.why : "nothing in the policy names it";
	return l;
}

static enum au_level format_in(const struct au_policy_lists *lists, const char *format)
{
	for (int level = AU_LEVEL_DENY; level >= AU_LEVEL_ALLOW; level--)
		for (size_t i = 0; lists->by[level] && lists->by[level][i]; i++)
			if (iglob(lists->by[level][i], format))
				return (enum au_level)level;
	return AU_LEVEL_UNSAID;
}

enum au_level au_policy_format(const struct au_policy *p, const char *path, unsigned uses,
			       const char *format)
{
	enum au_level l = AU_LEVEL_UNSAID;

	for (size_t i = p->n_overrides; i-- > 0 && l == AU_LEVEL_UNSAID;)
		if (covers(&p->overrides[i], path, uses ? uses : p->uses))
			l = format_in(&p->overrides[i].formats, format);
	if (l == AU_LEVEL_UNSAID)
		l = format_in(&p->formats, format);
	return l == AU_LEVEL_UNSAID ? AU_LEVEL_ALLOW : l;
}

static const struct au_policy_severity *sev_in(const struct au_policy_severity *s, size_t n, const char *rule)
{
	const struct au_policy_severity *hit = NULL;

	for (size_t i = 0; i < n; i++) {
		if (au_ieq(s[i].rule, rule))
			return &s[i];
		if (!hit && iglob(s[i].rule, rule))
			hit = &s[i];
	}
	return hit;
}

enum au_sev au_policy_sev(const struct au_policy *p, const char *path, unsigned uses, const char *rule,
			  enum au_sev sev, bool *ret_off)
{
	const struct au_policy_severity *s = NULL;

	for (size_t i = p->n_overrides; i-- > 0 && !s;)
		if (p->overrides[i].n_severity && covers(&p->overrides[i], path, uses ? uses : p->uses))
			s = sev_in(p->overrides[i].severity, p->overrides[i].n_severity, rule);
	if (!s)
		s = sev_in(p->severity, p->n_severity, rule);
	*ret_off = s && s->off;
	return s && !s->off ? s->sev : sev;
}
