/* The policy judge: components whose licence, and entries whose format, the policy does not let
 * pass. Without a policy it says nothing. */
#include "base/banned.h"
#include "policy/gate.h"
#include "audit/run.h"
#include "base/arena.h"

enum { LICENCE_DENIED, LICENCE_REVIEW, LICENCE_UNKNOWN, FORMAT_DENIED, FORMAT_REVIEW, N_RULES };

static const struct au_rule rules[N_RULES] = {
	[LICENCE_DENIED] = { "POL-LICENCE-DENIED", AU_LICENCE, AU_HIGH,
		"Licence denied by the policy",
		"The concluded licence of the component is one that the project's policy refuses.",
		"Replace the component, get another licence, or have the policy's owner grant a waiver." },
	[LICENCE_REVIEW] = { "POL-LICENCE-REVIEW", AU_LICENCE, AU_MEDIUM,
		"Licence needs a review by the policy",
		"The concluded licence of the component is one that somebody has to look at before use.",
		"Have it reviewed and record the outcome as a waiver or in the policy's lists." },
	[LICENCE_UNKNOWN] = { "POL-LICENCE-UNKNOWN", AU_LICENCE, AU_HIGH,
		"Licence unknown, which the policy does not let pass",
		"No licence could be concluded for the component, and the policy says that unknown licences fail.",
		"Find out the licence, or have the policy's owner grant a waiver." },
	[FORMAT_DENIED] = { "POL-FORMAT-DENIED", AU_SAFETY, AU_HIGH,
		"Format denied by the policy",
		"The project's policy refuses files of this format, whatever they hold.",
		"Convert the file to an allowed format, such as safetensors." },
	[FORMAT_REVIEW] = { "POL-FORMAT-REVIEW", AU_SAFETY, AU_MEDIUM,
		"Format needs a review by the policy",
		"The project's policy wants files of this format looked at before use.",
		"Have it reviewed and record the outcome as a waiver." },
};

static void formats(struct au_job *job, const struct au_policy *p, const struct au_audit *audit)
{
	for (size_t i = 0; i < audit->n_entries; i++) {
		const struct au_entry *e = audit->entries[i];
		enum au_level l;

		for (unsigned k = 0; k < e->n_bids; k++) {
			if (e->bids[k].score < 60)
				continue;
			l = au_policy_format(p, e->path, audit->run->uses, e->bids[k].format->name);
			if (l == AU_LEVEL_ALLOW)
				continue;
			au_find(job, &rules[l == AU_LEVEL_DENY ? FORMAT_DENIED : FORMAT_REVIEW], e, au_span(0, 0),
				e->bids[k].format->name, "The format '%s' is under '%s' in the policy.",
				e->bids[k].format->name, au_level_name(l));
			break;
		}
	}
}

/* A text that matched less surely than the policy asks for. */
static bool below_score(const struct au_policy *p, const struct au_component *c)
{
	for (size_t i = 0; i < c->n_found; i++)
		if (c->found[i].verdict == AU_FOUND_MATCH && c->found[i].score > 0 &&
		    c->found[i].score < p->min_score)
			return true;
	return false;
}

static void licences(struct au_job *job, const struct au_policy *p, const struct au_audit *audit)
{
	for (size_t i = 0; audit->legal && i < audit->legal->n_components; i++) {
		struct au_component *c = &audit->legal->components[i];
		const struct au_entry *e = c->n_declared ? c->declared[0].entry : c->n_found ? c->found[0].entry
					 : c->manifest ? c->manifest : c->n_entries ? c->entries[0] : NULL;
		struct au_span span = c->n_declared ? c->declared[0].span : c->n_found ? c->found[0].span
				      : au_span(0, 0);
		bool unknown = !strcmp(c->expr, "NONE") || !strcmp(c->expr, "NOASSERTION") || below_score(p, c);
		const char *why = NULL;
		enum au_level l;

		if (!e || (c->type == AU_COMP_DIRECTORY && !c->n_declared && !c->n_found))
			continue;
		l = au_policy_licence(job->arena, p, e->path, audit->run->uses, unknown ? NULL : c->expr, &why);
		if (l == AU_LEVEL_ALLOW)
			continue;
		au_find(job, &rules[l == AU_LEVEL_REVIEW ? LICENCE_REVIEW : unknown ? LICENCE_UNKNOWN : LICENCE_DENIED],
			e, span, c->expr, "The licence of '%s', %s, is under '%s' in the policy: %s.", c->name,
			c->expr, au_level_name(l), why);
	}
}

static void target(struct au_job *closing, const struct au_audit *audit)
{
	const struct au_policy *p = audit->run->policy;

	if (!p)
		return;
	formats(closing, p, audit);
	licences(closing, p, audit);
}

const struct au_judge au_judge_policy = {
	.name = "policy",
	.rules = rules,
	.n_rules = N_RULES,
	.target = target,
};
