/* Waivers; see waiver.h. */
#include "base/banned.h"
#include "policy/waiver.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "policy/load.h"

const char *au_waiver_state_name(enum au_waiver_state s)
{
	static const char *const names[] = { "unused", "in-force", "due", "expired" };

	return (unsigned)s < 4 ? names[s] : "unused";
}

static bool digits(const char *s, size_t n, int *ret)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*ret = v;
	return true;
}

bool au_date_days(const char *s, long *ret)
{
	static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d, leap;
	long era, yoe, doy;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' || !digits(s, 4, &y) || !digits(s + 5, 2, &m) ||
	    !digits(s + 8, 2, &d) || m < 1 || m > 12 || y < 1970)
		return false;
	leap = m == 2 && (y % 4 == 0 && (y % 100 || y % 400 == 0));
	if (d < 1 || d > month_days[m - 1] + leap)
		return false;
	/* Days from civil: years begin in March, so that the leap day comes last. */
	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	*ret = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
	return true;
}

static bool text_of(struct au_pol_load *l, const struct au_node *n, const char *key, const char **ret)
{
	const struct au_node *c = au_node_get(n, key);

	if (c && (!au_node_text(c) || !*c->text))
		return au_pol_fail(l, c, "'%s' must be a text", key);
	*ret = c ? c->text : NULL;
	return true;
}

static bool expiry(struct au_pol_load *l, const struct au_policy *p, const struct au_node *n, long today,
		   struct au_waiver *w)
{
	const struct au_node *c = au_node_get(n, "expires");
	long day;

	if (!c && !p->waiver_permanent)
		return au_pol_fail(l, n, "'expires' is missing; the policy allows no permanent waivers");
	if (!c)
		return true;
	if (!au_node_text(c) || !au_date_days(c->text, &day))
		return au_pol_fail(l, c, "'expires' must be a date such as 2026-12-31");
	if (day - today > (long)p->waiver_max_days)
		return au_pol_fail(l, c, "'expires' is %ld days away; the policy allows %u", day - today,
				   p->waiver_max_days);
	w->expires = c->text;
	return true;
}

static bool one(struct au_pol_load *l, const struct au_policy *p, const struct au_node *n, long today,
		struct au_waiver *w)
{
	static const char *const keys[] = { "id", "rule", "fingerprint", "path", "sha256", "reason", "owner",
					    "expires", NULL };
	const char *sha;

	if (!au_pol_keys(l, n, "waivers", keys))
		return false;
	w->line = n->first ? n->first->line : n->line;
	if (!text_of(l, n, "id", &w->id) || !text_of(l, n, "rule", &w->rule) ||
	    !text_of(l, n, "fingerprint", &w->fingerprint) || !text_of(l, n, "path", &w->path) ||
	    !text_of(l, n, "sha256", &sha) || !text_of(l, n, "reason", &w->reason) ||
	    !text_of(l, n, "owner", &w->owner))
		return false;
	if (!w->id || !w->owner)
		return au_pol_fail(l, n, "'%s' is missing", w->id ? "owner" : "id");
	if (!w->rule && !w->fingerprint)
		return au_pol_fail(l, n, "a waiver needs 'rule' or 'fingerprint'");
	if (w->rule && !w->fingerprint && !w->path && !sha)
		return au_pol_fail(l, n, "a waiver of a rule needs 'path' or 'sha256'");
	if (w->fingerprint && strlen(w->fingerprint) < 16)
		return au_pol_fail(l, au_node_get(n, "fingerprint"), "'fingerprint' has at least 16 digits");
	if (!w->reason || strlen(w->reason) < 10)
		return au_pol_fail(l, w->reason ? au_node_get(n, "reason") : n,
				   "'reason' must say why in at least 10 characters");
	w->pinned = sha != NULL;
	if (sha && (strlen(sha) != 64 || !au_unhex(sha, 32, w->sha256)))
		return au_pol_fail(l, au_node_get(n, "sha256"), "'sha256' must be 64 hexadecimal digits");
	return expiry(l, p, n, today, w);
}

static bool document(struct au_pol_load *l, const struct au_policy *p, const struct au_node *doc, long today,
		     struct au_waivers *ret)
{
	static const char *const keys[] = { "version", "waivers", NULL };
	const struct au_node *list, *v;

	if (!au_pol_keys(l, doc, "the waivers file", keys))
		return false;
	v = au_node_get(doc, "version");
	if (!v || !au_node_text(v) || strcmp(v->text, "1") != 0)
		return au_pol_fail(l, v ? v : doc, "'version: 1' is missing");
	list = au_node_get(doc, "waivers");
	if (!list || list->type == AU_NODE_NULL)
		return true;
	if (list->type != AU_NODE_SEQ)
		return au_pol_fail(l, list, "'waivers' must be a list");
	ret->list = AU_ARRAY(l->a, struct au_waiver, list->n + 1);
	AU_EACH(c, list) {
		if (!one(l, p, c, today, &ret->list[ret->n]))
			return false;
		for (size_t i = 0; i < ret->n; i++)
			if (!strcmp(ret->list[i].id, ret->list[ret->n].id))
				return au_pol_fail(l, c, "the id '%s' stands twice", ret->list[i].id);
		ret->n++;
	}
	return true;
}

int au_waivers_read(struct au_arena *a, const struct au_policy *p, const char *name, const void *text,
		    size_t n, const char *today, struct au_waivers *ret, struct au_policy_error *ret_err)
{
	struct au_policy_error err = { 0 };
	struct au_pol_load l = { .a = a, .file = au_arena_str(a, name), .err = &err };
	struct au_waivers w = { .file = l.file };
	struct au_yaml_error yerr = { .line = 1, .col = 1 };
	struct au_node *doc = NULL, at;
	long day = 0;

	if (!au_date_days(today, &day))
		au_pol_fail(&l, NULL, "today's date '%s' is no date", today);
	if (!l.failed && au_yaml_load(a, text, n, AU_POLICY_BYTES, &doc, &yerr) != AU_OK) {
		at = (struct au_node){ .line = yerr.line, .col = yerr.col };
		au_pol_fail(&l, &at, "not readable as YAML: %s", yerr.what);
	}
	if (!l.failed && document(&l, p, doc, day, &w)) {
		*ret = w;
		return AU_OK;
	}
	if (ret_err)
		*ret_err = err;
	return AU_BAD;
}

int au_waivers_read_file(struct au_arena *a, const struct au_policy *p, const char *path, const char *today,
			 struct au_waivers *ret, struct au_policy_error *ret_err)
{
	const char *text;
	size_t n;

	if (au_pol_slurp(a, path, AU_POLICY_BYTES, &text, &n) == AU_OK)
		return au_waivers_read(a, p, path, text, n, today, ret, ret_err);
	if (ret_err)
		*ret_err = (struct au_policy_error){ au_arena_str(a, path), "cannot be read", 1, 1 };
	return AU_IO;
}

static bool same_print(const char *want, const struct au_finding *f)
{
	char hex[48];
	size_t n = strcspn(want, ":");

	au_hex(f->fingerprint, sizeof(f->fingerprint), hex);
	if (n > 32 || strncasecmp(want, hex, n) != 0)
		return false;
	return want[n] ? strtoul(want + n + 1, NULL, 10) == f->repeat : true;
}

static bool covers(const struct au_waiver *w, const struct au_finding *f)
{
	if (w->rule && !au_ieq(w->rule, f->rule->id) && !au_glob(w->rule, f->rule->id))
		return false;
	if (w->fingerprint && !same_print(w->fingerprint, f))
		return false;
	if (w->path && !(f->entry && au_glob(w->path, f->entry->path)))
		return false;
	if (w->pinned)
		return f->entry && f->entry->hashed && !memcmp(f->entry->sha256, w->sha256, 32);
	return f->sev < AU_CRITICAL && f->rule->kind != AU_COVERAGE;
}

static bool covers_gap(const struct au_waiver *w, const struct au_coverage *c)
{
	return w->rule && au_ieq(w->rule, "coverage") && w->pinned && c->entry && c->entry->hashed &&
	       !memcmp(c->entry->sha256, w->sha256, 32) && (!w->path || au_glob(w->path, c->entry->path));
}

static void use(struct au_waivers *all, struct au_audit *audit, struct au_waiver *w)
{
	(void)all;
	for (size_t i = 0; i < audit->n_findings; i++) {
		struct au_finding *f = audit->findings[i];

		if (f->state != AU_STATE_NEW || !covers(w, f))
			continue;
		w->used++;
		if (w->state == AU_WAIVER_EXPIRED)
			continue;
		f->state = AU_STATE_WAIVED;
		f->waiver = w->id;
	}
	for (size_t i = 0; i < audit->n_coverage; i++) {
		if (audit->coverage[i]->benign || !covers_gap(w, audit->coverage[i]))
			continue;
		w->used++;
		audit->coverage[i]->benign = w->state != AU_WAIVER_EXPIRED;
	}
}

void au_waivers_apply(struct au_waivers *w, struct au_audit *audit, const char *today)
{
	long now = 0, day = 0;

	au_date_days(today, &now);
	w->unused = w->expired = w->due = 0;
	for (size_t i = 0; i < w->n; i++) {
		struct au_waiver *one_ = &w->list[i];
		bool dated = one_->expires && au_date_days(one_->expires, &day);

		one_->state = dated && day < now ? AU_WAIVER_EXPIRED : AU_WAIVER_IN_FORCE;
		use(w, audit, one_);
		if (one_->state == AU_WAIVER_EXPIRED) {
			w->expired++;
		} else if (!one_->used) {
			one_->state = AU_WAIVER_UNUSED;
			w->unused++;
		} else if (dated && day - now < AU_WAIVER_DUE_DAYS) {
			one_->state = AU_WAIVER_DUE;
			w->due++;
		}
	}
}
