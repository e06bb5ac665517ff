/* What must lie beside a model: notice files, naming lines, use policies, the licence text itself. */
#include "base/banned.h"
#include "legal/judge.h"
#include "base/text.h"
#include "declare/lexpr.h"

enum { NEED_TEXT = 1, NEED_NOTICE = 2, NEED_POLICY = 4, NEED_SHOWN = 8, NEED_NAME = 16 };

struct need {
	const char *id;        /* glob */
	unsigned needs;
	const char *shown;     /* the line or the name's beginning */
	const char *clause;
};

static const struct need needs[] = {
	{ "LicenseRef-Llama-2-*", NEED_TEXT | NEED_NOTICE | NEED_POLICY, NULL, "1.b" },
	{ "LicenseRef-Llama-3-*", NEED_TEXT | NEED_NOTICE | NEED_POLICY | NEED_SHOWN | NEED_NAME,
	  "Built with Meta Llama 3", "1.b" },
	{ "LicenseRef-Llama-*", NEED_TEXT | NEED_NOTICE | NEED_POLICY | NEED_SHOWN | NEED_NAME,
	  "Built with Llama", "1.b" },
	{ "LicenseRef-Gemma-Terms", NEED_TEXT | NEED_NOTICE | NEED_POLICY, NULL, "3.1" },
	{ "LicenseRef-*RAIL*", NEED_TEXT, NULL, "4, Attachment A" },
	{ "LicenseRef-DeepSeek-*", NEED_TEXT, NULL, "4, Attachment A" },
	{ "LicenseRef-Qwen", NEED_TEXT | NEED_NOTICE | NEED_SHOWN, "Built with Qwen", "3, 4" },
	{ "LicenseRef-Stability-AI-Community", NEED_TEXT | NEED_NOTICE | NEED_SHOWN, "Powered by Stability AI", "IV" },
	{ "LicenseRef-NVIDIA-Open-Model", NEED_TEXT | NEED_NOTICE, NULL, "3.1" },
	{ "LicenseRef-Falcon-*", NEED_TEXT | NEED_POLICY, NULL, "5" },
};

static const struct need *find(const char *id)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (au_glob(needs[i].id, id))
			return &needs[i];
	return NULL;
}

static bool is_derivative(const struct au_component *c, const char *id)
{
	for (size_t i = 0; i < c->n_inherited; i++)
		if (!c->inherited[i].via_dataset && c->inherited[i].expr && !strcmp(c->inherited[i].expr, id))
			return true;
	return false;
}

static unsigned missing(const struct au_component *c, const char *id, const struct need *n)
{
	unsigned m = 0;

	if ((n->needs & NEED_TEXT) && !c->text)
		m |= NEED_TEXT;
	if ((n->needs & NEED_NOTICE) && !c->notice)
		m |= NEED_NOTICE;
	/* The policy is part of some texts; without a text it is missing with it. */
	if ((n->needs & NEED_POLICY) && !c->use_policy)
		m |= NEED_POLICY;
	if ((n->needs & NEED_SHOWN) && c->card && !(c->shown && au_starts(c->shown, "Built with") ==
						   au_starts(n->shown, "Built with")))
		m |= NEED_SHOWN;
	if ((n->needs & NEED_NAME) && is_derivative(c, id) && !au_istarts(au_basename(c->name), "llama"))
		m |= NEED_NAME;
	return m;
}

static const char *list(struct au_arena *a, unsigned m, const struct need *n)
{
	const char *s = "";

	if (m & NEED_TEXT)
		s = au_arena_fmt(a, "%s, the licence text", s);
	if (m & NEED_NOTICE)
		s = au_arena_fmt(a, "%s, a Notice file", s);
	if (m & NEED_POLICY)
		s = au_arena_fmt(a, "%s, the use policy", s);
	if (m & NEED_SHOWN)
		s = au_arena_fmt(a, "%s, the line '%s'", s, n->shown);
	if (m & NEED_NAME)
		s = au_arena_fmt(a, "%s, a name that begins with 'Llama'", s);
	return *s ? s + 2 : s;
}

/* A vendored Apache base in the same target had a NOTICE: it must have been carried over. */
static void apache_notice(struct au_judging *j, const struct au_component *c, const struct au_entry *at,
			  au_about_fn *about)
{
	for (size_t i = 0; i < c->n_lineage; i++) {
		const struct au_component *base = c->lineage[i].in_target;

		if (base && base->notice && !c->notice && au_expr_within(j->a, "Apache-2.0", base->expr))
			about(j, AU_LIC_NOTICE_MISSING, at, au_span(0, 0), "Apache-2.0:NOTICE",
			      "The base '%s' ships a NOTICE file, but '%s' does not. "
			      "Apache-2.0 clause 4(d) asks that it is carried over.", base->name, c->name);
	}
}

void au_judge_notices(struct au_judging *j, const struct au_component *c, au_about_fn *about)
{
	const struct au_entry *at = c->n_declared ? c->declared[0].entry : c->manifest;
	struct au_span span = c->n_declared ? c->declared[0].span : au_span(0, 0);
	size_t n;
	const char *const *ids = au_lexpr_ids(j->a, au_lexpr_parse(j->a, c->expr), &n);

	if (!at || c->type == AU_COMP_DIRECTORY)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct need *need = find(ids[i]);
		unsigned m = need ? missing(c, ids[i], need) : 0;

		if (m)
			about(j, AU_LIC_NOTICE_MISSING, at, span, ids[i],
			      "'%s' is under %s, but these are missing: %s (clause %s).", c->name, ids[i],
			      list(j->a, m, need), need->clause);
	}
	apache_notice(j, c, at, about);
}
