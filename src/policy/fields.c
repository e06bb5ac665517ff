/* The keys of a policy, one function each; see policy.h. */
#include "base/banned.h"
#include "policy/load.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"

static const char *const sev_words[] = { "info", "low", "medium", "high", "critical", "off", "never", NULL };

static void origin(struct au_pol_load *l, struct au_policy *p, const char *key, const struct au_node *n)
{
	struct au_policy_origin *o = AU_ARRAY(l->a, struct au_policy_origin, p->n_origins + 1);
	struct au_buf b;
	size_t at = 0;

	if (p->n_origins)
		memcpy(o, p->origins, p->n_origins * sizeof(*o));
	while (at < p->n_origins && strcmp(o[at].key, key) != 0)
		at++;
	au_buf_init(&b, 4096);
	if (n->type == AU_NODE_SEQ) {
		au_buf_str(&b, "[");
		AU_EACH(c, n)
			au_buf_fmt(&b, "%s%s", c == n->first ? "" : ", ", au_node_text(c) ? c->text : "...");
		au_buf_str(&b, "]");
	} else {
		au_buf_str(&b, au_node_text(n) ? n->text : "...");
	}
	o[at] = (struct au_policy_origin){ au_arena_str(l->a, key), au_arena_str(l->a, au_buf_cstr(&b)), l->file,
					   n->line };
	au_buf_release(&b);
	p->origins = o;
	p->n_origins += at == p->n_origins;
}

static bool lists(struct au_pol_load *l, struct au_policy *p, const struct au_node *n, const char *where,
		  struct au_policy_lists *ret)
{
	static const char *const levels[] = { "allow", "review", "deny" };

	for (size_t i = 0; i < 3; i++) {
		const struct au_node *c = au_node_get(n, levels[i]);

		if (!c)
			continue;
		if (!au_pol_strings(l, c, &ret->by[i]))
			return false;
		if (p)
			origin(l, p, au_arena_fmt(l->a, "%s.%s", where, levels[i]), c);
	}
	return true;
}

static bool known_prefix(struct au_pol_load *l, const struct au_node *map)
{
	static const char *const families[] = {
		"public-domain", "permissive", "weak-copyleft", "strong-copyleft", "network-copyleft",
		"use-restricted", "community", "no-derivatives", "non-commercial", "proprietary", "unknown", NULL,
	};

	AU_EACH(list, map)
		AU_EACH(c, list) {
			struct au_node word = *c;
			size_t i;

			if (list->type != AU_NODE_SEQ || !au_node_text(c) || !au_starts(c->text, "family:"))
				continue;
			word.text += 7;
			word.key = "family:";
			if (!au_pol_word(l, &word, families, &i))
				return false;
		}
	return true;
}

static bool licences(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	static const char *const keys[] = { "allow", "review", "deny", "unknown", "min-score", NULL };
	static const char *const unknown[] = { "allow", "review", "fail", "warn", "deny", NULL };
	static const enum au_level level[] = { AU_LEVEL_ALLOW, AU_LEVEL_REVIEW, AU_LEVEL_DENY, AU_LEVEL_REVIEW,
					       AU_LEVEL_DENY };
	const struct au_node *c;
	size_t i;

	if (!au_pol_keys(l, n, "licences", keys) || !known_prefix(l, n) || !lists(l, p, n, "licences", &p->licences))
		return false;
	c = au_node_get(n, "unknown");
	if (c) {
		if (!au_pol_word(l, c, unknown, &i))
			return false;
		p->unknown = level[i];
		origin(l, p, "licences.unknown", c);
	}
	c = au_node_get(n, "min-score");
	if (c) {
		char *end;
		double v = strtod(c->text, &end);

		if (c->type != AU_NODE_NUMBER || *end || !(v >= 0.0 && v <= 1.0))
			return au_pol_fail(l, c, "'min-score' must be a number from 0 to 1");
		p->min_score = v;
		origin(l, p, "licences.min-score", c);
	}
	return true;
}

static bool formats(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	static const char *const keys[] = { "allow", "review", "deny", NULL };

	return au_pol_keys(l, n, "formats", keys) && lists(l, p, n, "formats", &p->formats);
}

static bool severities(struct au_pol_load *l, const struct au_node *n, const struct au_policy_severity **ret,
		       size_t *ret_n)
{
	struct au_policy_severity *out;
	size_t k = 0, i;

	if (n->type != AU_NODE_MAP)
		return au_pol_fail(l, n, "'severity' must be a map of rule ids and severities");
	out = AU_ARRAY(l->a, struct au_policy_severity, n->n + 1);
	AU_EACH(c, n) {
		if (c->dup_key)
			return au_pol_fail(l, c, "the rule '%s' stands twice in 'severity'", c->key);
		if (!au_pol_word(l, c, sev_words, &i))
			return false;
		if (i == 6)
			return au_pol_fail(l, c, "'never' is no severity; write 'off' to switch a rule off");
		out[k].rule = c->key;
		out[k].off = i == AU_SEV_N;
		out[k++].sev = i < AU_SEV_N ? (enum au_sev)i : AU_INFO;
	}
	*ret = out;
	*ret_n = k;
	return true;
}

static bool uses(struct au_pol_load *l, const struct au_node *n, unsigned *ret)
{
	static const char *const words[] = { "internal", "product", "service", "distribution", "training", NULL };
	unsigned set = 0;
	size_t i;

	if (n->type == AU_NODE_SEQ) {
		AU_EACH(c, n) {
			if (!au_pol_word(l, c, words, &i))
				return false;
			set |= 1U << i;
		}
	} else {
		if (!au_pol_word(l, n, words, &i))
			return false;
		set = 1U << i;
	}
	*ret = set;
	return true;
}

static bool one_override(struct au_pol_load *l, const struct au_node *n, struct au_policy_override *o)
{
	static const char *const keys[] = { "paths", "use", "licences", "formats", "severity", NULL };
	static const char *const levels[] = { "allow", "review", "deny", NULL };
	const struct au_node *c;

	if (!au_pol_keys(l, n, "overrides", keys))
		return false;
	c = au_node_get(n, "paths");
	if (c && !au_pol_strings(l, c, &o->paths))
		return false;
	if (!c && !au_node_get(n, "use"))
		return au_pol_fail(l, n, "an override needs 'paths' or 'use'");
	c = au_node_get(n, "use");
	if (c && !uses(l, c, &o->uses))
		return false;
	c = au_node_get(n, "licences");
	if (c && (!au_pol_keys(l, c, "overrides.licences", levels) || !known_prefix(l, c) ||
		  !lists(l, NULL, c, "", &o->licences)))
		return false;
	c = au_node_get(n, "formats");
	if (c && (!au_pol_keys(l, c, "overrides.formats", levels) || !lists(l, NULL, c, "", &o->formats)))
		return false;
	c = au_node_get(n, "severity");
	return !c || severities(l, c, &o->severity, &o->n_severity);
}

static bool overrides(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	struct au_policy_override *out;
	size_t k = p->n_overrides;

	if (n->type != AU_NODE_SEQ)
		return au_pol_fail(l, n, "'overrides' must be a list");
	out = AU_ARRAY(l->a, struct au_policy_override, p->n_overrides + n->n + 1);
	if (k)
		memcpy(out, p->overrides, k * sizeof(*out));
	AU_EACH(c, n)
		if (!one_override(l, c, &out[k++]))
			return false;
	p->overrides = out;
	p->n_overrides = k;
	origin(l, p, "overrides", n);
	return true;
}

static bool limits(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	static const char *const keys[] = { "depth", "members", "member-size", "ratio", NULL };
	uint64_t v;

	if (!au_pol_keys(l, n, "limits", keys))
		return false;
	AU_EACH(c, n) {
		if (!au_pol_number(l, c, &v))
			return false;
		if (!v || (!strcmp(c->key, "depth") && v > 64))
			return au_pol_fail(l, c, "'%s' is out of range", c->key);
		if (!strcmp(c->key, "depth"))
			p->limits.depth = (unsigned)v;
		else if (!strcmp(c->key, "members"))
			p->limits.members = v;
		else if (!strcmp(c->key, "member-size"))
			p->limits.member_size = v;
		else
			p->limits.ratio = v;
		origin(l, p, au_arena_fmt(l->a, "limits.%s", c->key), c);
	}
	return true;
}

static bool waivers(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	static const char *const keys[] = { "file", "max-days", "allow-permanent", NULL };
	uint64_t v;

	if (!au_pol_keys(l, n, "waivers", keys))
		return false;
	AU_EACH(c, n) {
		if (!strcmp(c->key, "file")) {
			if (!au_node_text(c))
				return au_pol_fail(l, c, "'file' must be a path");
			p->waivers_file = c->text;
		} else if (!strcmp(c->key, "max-days")) {
			if (!au_pol_number(l, c, &v))
				return false;
			if (v < 1 || v > 3660)
				return au_pol_fail(l, c, "'max-days' is 1 to 3660");
			p->waiver_max_days = (unsigned)v;
		} else if (!au_pol_bool(l, c, &p->waiver_permanent)) {
			return false;
		}
		origin(l, p, au_arena_fmt(l->a, "waivers.%s", c->key), c);
	}
	return true;
}

static bool scalars(struct au_pol_load *l, struct au_policy *p, const struct au_node *doc)
{
	static const char *const fail_words[] = { "fail", "warn", NULL };
	const struct au_node *c = au_node_get(doc, "fail-on");
	size_t i;

	if (c) {
		if (!au_pol_word(l, c, sev_words, &i))
			return false;
		if (i == 5)
			return au_pol_fail(l, c, "'off' is no level; write 'never' to let nothing fail");
		p->fail_on = i == 6 ? -1 : (int)i;
		origin(l, p, "fail-on", c);
	}
	c = au_node_get(doc, "incomplete");
	if (c) {
		if (!au_pol_word(l, c, fail_words, &i))
			return false;
		p->incomplete_fails = !i;
		origin(l, p, "incomplete", c);
	}
	c = au_node_get(doc, "use");
	if (c) {
		if (!uses(l, c, &p->uses))
			return false;
		origin(l, p, "use", c);
	}
	c = au_node_get(doc, "outputs");
	if (c) {
		if (!au_pol_strings(l, c, &p->outputs))
			return false;
		origin(l, p, "outputs", c);
	}
	return true;
}

/* `extends: research`: a shipped policy is laid under this one. */
static bool extends(struct au_pol_load *l, struct au_policy *p, const struct au_node *n)
{
	struct au_policy_error err = { 0 };
	size_t i, len;
	const char *text;

	if (!au_pol_word(l, n, au_policy_shipped_names, &i))
		return false;
	text = au_policy_shipped(au_policy_shipped_names[i], &len);
	if (au_policy_add(l->a, p, au_arena_fmt(l->a, "built-in policy %s", n->text), text, len, &err) != AU_OK)
		return au_pol_fail(l, n, "the built-in policy '%s' is broken: %s", n->text, err.what);
	origin(l, p, "extends", n);
	return true;
}

bool au_pol_fields(struct au_pol_load *l, struct au_policy *p, const struct au_node *doc)
{
	static const char *const keys[] = {
		"version", "extends", "fail-on", "incomplete", "use", "formats", "licences", "severity", "overrides",
		"limits", "waivers", "outputs", NULL,
	};
	static const struct {
		const char *key;
		bool (*read)(struct au_pol_load *l, struct au_policy *p, const struct au_node *n);
	} maps[] = {
		{ "licences", licences }, { "formats", formats }, { "overrides", overrides },
		{ "limits", limits }, { "waivers", waivers },
	};
	const struct au_node *c;

	if (!au_pol_keys(l, doc, "the policy", keys))
		return false;
	c = au_node_get(doc, "extends");
	if (c && !extends(l, p, c))
		return false;
	if (!scalars(l, p, doc))
		return false;
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		c = au_node_get(doc, maps[i].key);
		if (c && c->type != AU_NODE_NULL && !maps[i].read(l, p, c))
			return false;
	}
	c = au_node_get(doc, "severity");
	if (c) {
		if (!severities(l, c, &p->severity, &p->n_severity))
			return false;
		origin(l, p, "severity", c);
	}
	return true;
}
