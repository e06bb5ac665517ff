/* Severities of the policy, and the verdict; see gate.h. */
#include "base/banned.h"
#include "policy/gate.h"
#include "audit/run.h"
#include "base/arena.h"
#include "base/text.h"

void au_gate_apply(const struct au_policy *p, struct au_audit *audit)
{
	size_t n = 0;

	for (size_t i = 0; i < audit->n_findings; i++) {
		struct au_finding *f = audit->findings[i];
		bool off = false;

		f->sev = au_policy_sev(p, f->entry ? f->entry->path : "", audit->run ? audit->run->uses : 0,
				       f->rule->id, f->sev, &off);
		if (!off)
			audit->findings[n++] = f;
	}
	audit->n_findings = n;
}

/* Licence findings of the policy gate by their list, whatever their severity. */
static bool licence_gates(const struct au_gate_options *o, const struct au_finding *f)
{
	const char *id = f->rule->id;

	if (!strcmp(id, "POL-LICENCE-DENIED"))
		return !o->fail_licence || (o->fail_licence & 1U << AU_LEVEL_DENY);
	if (!strcmp(id, "POL-LICENCE-REVIEW"))
		return o->fail_licence & 1U << AU_LEVEL_REVIEW;
	return !strcmp(id, "POL-LICENCE-UNKNOWN") && o->fail_unknown_licence;
}

static void reason(struct au_arena *a, struct au_gate *g, const char *text)
{
	const char **more = AU_ARRAY(a, const char *, g->n_reasons + 1);

	if (g->n_reasons)
		memcpy(more, g->reasons, g->n_reasons * sizeof(*more));
	more[g->n_reasons++] = text;
	g->reasons = more;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void au_gate_judge(struct au_arena *a, const struct au_policy *p, const struct au_gate_options *o,
		   const struct au_audit *audit, struct au_gate *ret)
{
	int level = o->fail_on_said ? o->fail_on : p->fail_on;
	bool tolerate = o->allow_incomplete || !p->incomplete_fails;
	struct au_gate g = { .fail_on = level < 0 ? "never" : au_sev_name((enum au_sev)level) };
	size_t by_licence = 0;

	for (size_t i = 0; i < audit->n_findings; i++) {
		const struct au_finding *f = audit->findings[i];
		bool licence = licence_gates(o, f);

		if (f->state != AU_STATE_NEW || level < 0)
			continue;
		by_licence += licence && (int)f->sev < level;
		g.failing += licence || (int)f->sev >= level;
	}
	for (size_t i = 0; i < audit->n_coverage; i++)
		g.incomplete += !audit->coverage[i]->benign;
	g.complete = !g.incomplete;
	if (g.failing - by_licence)
		reason(a, &g, au_arena_fmt(a, "%zu finding%s at %s or above.", g.failing - by_licence,
					   plural(g.failing - by_licence), g.fail_on));
	if (by_licence)
		reason(a, &g, au_arena_fmt(a, "%zu licence finding%s of the policy.", by_licence, plural(by_licence)));
	if (o->fail_unused_waivers && o->unused_waivers) {
		g.failing++;
		reason(a, &g, au_arena_fmt(a, "%zu waiver%s cover nothing.", o->unused_waivers,
					   plural(o->unused_waivers)));
	}
	if (g.incomplete)
		reason(a, &g, au_arena_fmt(a, "%zu place%s could not be read%s.", g.incomplete, plural(g.incomplete),
					   o->allow_incomplete ? ", which --allow-incomplete permits"
					   : tolerate ? ", which the policy permits" : ""));
	if (g.failing)
		g.exit_code = AU_GATE_FAIL;
	else if (g.incomplete && !tolerate)
		g.exit_code = AU_GATE_INCOMPLETE;
	else if (!audit->n_entries && !g.incomplete)
		g.exit_code = AU_GATE_EMPTY;
	if (g.exit_code == AU_GATE_EMPTY)
		reason(a, &g, "There was nothing to scan.");
	*ret = g;
}
