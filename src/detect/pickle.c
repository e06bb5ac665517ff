/* Judge of pickles: tiers of the names they import, what is done with them, and the structure of
 * the stream. A call that is reached is worse than an import, an unknown function worse than an
 * unknown class; what has no name (computed calls, changed globals, frames) is judged by itself. */
#include "base/banned.h"
#include "audit/format.h"
#include "audit/run.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "detect/pickle_names.h"
#include "detect/pickle_rules.h"
#include "format/pickle.h"

/* Lesser findings first run into their bound: a flood of them must not hide a worse one. */
enum { FINDINGS_MAX = 500, WORSE_MAX = 5000 };

struct judge {
	struct au_job *job;
	const struct au_entry *e;
	unsigned n, worse;
};

static struct au_finding *tell(struct judge *j, enum au_pkl_rule rule, uint64_t at, const char *key,
			       const char *message, const char *evidence)
{
	struct au_finding *f;

	if (au_pickle_rules[rule].sev >= AU_HIGH && rule != PKL_CALL_UNKNOWN) {
		if (j->worse++ >= WORSE_MAX)
			return NULL;
	} else if (j->n++ >= FINDINGS_MAX && !(rule == PKL_NESTED && j->worse++ < WORSE_MAX)) {
		if (j->n > FINDINGS_MAX + 1)
			return NULL;
		return au_find(j->job, &au_pickle_rules[PKL_MANY], j->e, au_span(at, 1), "many",
			       "More than %d findings; the rest is not listed.", FINDINGS_MAX);
	}
	f = au_find(j->job, &au_pickle_rules[rule], j->e, au_span(at, 1), key, "%s", message);
	if (evidence)
		f->evidence = au_printable(j->job->arena, evidence, strlen(evidence), AU_EVIDENCE_MAX);
	return f;
}

static const char *fmt(struct judge *j, const char *f, ...)
{
	va_list ap;
	const char *s;

	va_start(ap, f);
	s = au_arena_vfmt(j->job->scratch, f, ap);
	va_end(ap);
	return s;
}

/* The best place: where the loader gets for certain, else the next likely. */
static unsigned reach_of(const struct au_pickle_ref *r)
{
	static const uint8_t order[] = { AU_PICKLE_REACHED, AU_PICKLE_NESTED, AU_PICKLE_UNREACHED, AU_PICKLE_SWEPT };

	for (size_t i = 0; i < AU_PICKLE_REACH_N; i++)
		if (r->done[order[i]])
			return order[i];
	return AU_PICKLE_SWEPT;
}

struct seen {
	const struct au_pickle_ref *r;
	struct au_named n;
	const char *full;      /* module.name after the map */
	unsigned reach, done;
	uint64_t at;
	const char *how;       /* "calls os.system('id')" */
};

static void changed(struct judge *j, const struct seen *s)
{
	if (s->reach == AU_PICKLE_SWEPT)
		return;
	if (s->done & AU_PICKLE_BUILD)
		tell(j, PKL_BUILD, s->at, s->full, fmt(j, "Loading it sets attributes of %s at offset %" PRIu64 ".",
						       s->full, s->at), s->r->args);
	if (s->done & AU_PICKLE_MUTATE)
		tell(j, PKL_MUTATE, s->at, s->full, fmt(j, "Loading it changes the contents of %s at offset %" PRIu64
							".", s->full, s->at), s->r->args);
}

static bool is_partial(const struct au_named *n)
{
	return (!strcmp(n->module, "functools") || !strcmp(n->module, "_functools")) && !strcmp(n->name, "partial");
}

/* functools.partial around known things is ordinary: it is judged by what it is given. */
static bool partial_ok(const struct seen *s)
{
	return is_partial(&s->n) && s->r->calls && s->r->calls == s->r->calls_global;
}

static void dangerous(struct judge *j, const struct seen *s)
{
	const char *what = au_harm_what(s->n.harm);
	struct au_finding *f;

	if (strchr(s->r->name, '.') && !s->r->dotted && s->reach != AU_PICKLE_SWEPT) {
		tell(j, PKL_DOTTED, s->at, s->full, fmt(j, "It names %s, which %s, but below protocol 4 the import fails.",
							s->full, what), s->r->args);
	} else if (s->reach == AU_PICKLE_SWEPT) {
		if (s->n.harm != AU_HARM_WEAK)
			tell(j, PKL_RESIDUE, s->at, s->full, fmt(j, "Bytes at offset %" PRIu64 " import %s, which %s.",
								 s->at, s->full, what), s->r->args);
	} else if (s->n.harm == AU_HARM_WEAK) {
		f = tell(j, PKL_UNKNOWN, s->at, s->full, fmt(j, "Loading it %s at offset %" PRIu64 ", which %s.", s->how,
							 s->at, what), s->r->args);
		if (f && !strcmp(s->n.module, "builtins"))
			f->sev = AU_LOW;
	} else if (s->n.harm == AU_HARM_TAMPER) {
		tell(j, PKL_TAMPER, s->at, s->full, fmt(j, "Loading it %s at offset %" PRIu64 ".", s->how, s->at),
		     s->r->args);
	} else if (s->reach == AU_PICKLE_NESTED) {
		f = tell(j, PKL_NESTED, s->at, s->full, fmt(j, "A pickle inside the pickle at offset %" PRIu64
							    " %s, which %s.", s->at, s->how, what), s->r->args);
		if (f)
			f->sev = AU_HIGH;
	} else if (s->done & (AU_PICKLE_CALL | AU_PICKLE_NEW) && s->reach == AU_PICKLE_REACHED) {
		f = tell(j, PKL_CALL, s->at, s->full, fmt(j, "Loading it %s at offset %" PRIu64 ".", s->how, s->at),
			 s->r->args);
		if (f && (s->n.harm == AU_HARM_DECODE || s->n.harm == AU_HARM_DOS))
			f->sev = AU_HIGH;
	} else {
		tell(j, PKL_GLOBAL, s->at, s->full, fmt(j, "Loading it %s at offset %" PRIu64 ", which %s.", s->how, s->at,
							what), s->r->args);
	}
}

static void unknown(struct judge *j, const struct seen *s)
{
	bool called = s->done & AU_PICKLE_CALL, cls = s->n.tier == AU_TIER_CLASS;
	enum au_pkl_rule rule = cls ? PKL_CLASS : called ? PKL_CALL_UNKNOWN : PKL_UNKNOWN;
	struct au_finding *f;

	if (s->reach == AU_PICKLE_SWEPT)
		return;
	f = tell(j, rule, s->at, s->full, fmt(j, "Loading it %s at offset %" PRIu64 ".", s->how, s->at), s->r->args);
	if (f && (s->reach == AU_PICKLE_UNREACHED || s->reach == AU_PICKLE_NESTED))
		f->sev = AU_MEDIUM;
}

static void judge_ref(struct judge *j, const struct au_pickle_ref *r)
{
	struct seen s = { .r = r, .n = au_pickle_name(j->job->scratch, j->job->run ? j->job->run->rules : NULL, r->module, r->name, r->dotted) };
	const char *args = r->args ? r->args : "";

	s.reach = reach_of(r);
	s.done = r->done[s.reach];
	s.at = s.done & ~(unsigned)(AU_PICKLE_IMPORT | AU_PICKLE_PASS) ? r->call_at[s.reach] : r->at[s.reach];
	s.full = fmt(j, "%s.%s", s.n.module, s.n.name);
	s.how = s.done & (AU_PICKLE_CALL | AU_PICKLE_NEW) ? fmt(j, "calls %s(%s)", s.full, args) :
		fmt(j, "imports %s", s.full);
	if (s.reach == AU_PICKLE_UNREACHED)
		s.how = fmt(j, "%s (behind an error)", s.how);
	changed(j, &s);
	if (s.n.tier == AU_TIER_DANGEROUS && !partial_ok(&s))
		dangerous(j, &s);
	else if (s.n.tier == AU_TIER_CLASS || s.n.tier == AU_TIER_FUNCTION)
		unknown(j, &s);
}

/* A global given to something that calls what it is given. */
static void judge_pass(struct judge *j, const struct au_fact *f)
{
	const struct au_pickle_passed *p = f->detail;
	struct au_named c = au_pickle_name(j->job->scratch, j->job->run ? j->job->run->rules : NULL, p->callee->module, p->callee->name, p->callee->dotted);
	struct au_named a = au_pickle_name(j->job->scratch, j->job->run ? j->job->run->rules : NULL, p->arg->module, p->arg->name, p->arg->dotted);
	bool partial = is_partial(&c);
	struct au_finding *x;

	if (p->reach == AU_PICKLE_SWEPT || !p->first)
		return;
	if (!partial && !(!strcmp(c.module, "collections") && !strcmp(c.name, "defaultdict")))
		return;
	if (a.tier == AU_TIER_SAFE && !partial)
		return;
	if (a.tier == AU_TIER_CLASS && !partial)
		return;
	x = tell(j, PKL_INDIRECT, f->span.off, fmt(j, "%s(%s.%s)", c.name, a.module, a.name),
		 fmt(j, "Loading it hands %s.%s to %s at offset %" PRIu64 ".", a.module, a.name, c.name, f->span.off), NULL);
	if (x && a.tier == AU_TIER_SAFE)
		x->sev = AU_LOW;
	else if (x && a.tier == AU_TIER_CLASS)
		x->sev = AU_MEDIUM;
}

static void judge_note(struct judge *j, const struct au_fact *f)
{
	static const struct {
		const char *topic;
		enum au_pkl_rule rule;
		bool certain;          /* only where the loader gets */
		const char *message;
	} notes[] = {
		{ "ext-call", PKL_EXT_CALL, false, "Loading it calls or changes an object known only by a code: %s." },
		{ "ext", PKL_EXT, false, "It takes an object from the extension registry: %s." },
		{ "dynamic-global", PKL_DYNAMIC, false, "Loading it imports a name that it computes: %s." },
		{ "computed-call", PKL_COMPUTED, false, "Loading it calls the result of %s." },
		{ "confusion", PKL_CONFUSION, true, "It holds %s." },
		{ "tensor-item", PKL_CONFUSION, true, "In the stream %s, which no pickler does." },
		{ "frame", PKL_FRAME, true, "In the stream %s." },
		{ "error", PKL_BROKEN, true, "The stream is broken: %s." },
		{ "int", PKL_INT, false, "There is %s." },
		{ "proto", PKL_PROTO, false, "There is %s." },
		{ "trailing", PKL_TRAILING, true, "There are %s." },
		{ "resource", PKL_RESOURCE, false, "It holds %s." },
		{ "nested", PKL_NESTED, false, "Inside it, %s." },
	};
	const char *topic = f->topic + strlen("pickle.");

	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		struct au_finding *x;

		if (strcmp(topic, notes[i].topic) != 0)
			continue;
		if (f->aux && (notes[i].certain || !strcmp(f->aux, "swept")))
			return;
		x = tell(j, notes[i].rule, f->span.off, topic,
			 fmt(j, "%s At offset %" PRIu64 ".", fmt(j, notes[i].message, f->text), f->span.off), f->text);
		if (x && !strcmp(topic, "tensor-item"))
			x->sev = AU_HIGH;
		if (x && f->aux && x->sev > AU_MEDIUM && strcmp(topic, "ext-call") != 0)
			x->sev = AU_MEDIUM;
		return;
	}
}

static void judge(struct au_job *job, const struct au_entry *e)
{
	struct judge j = { job, e, 0, 0 };

	AU_EACH_FACT(f, e) {
		if (strncmp(f->topic, "pickle.", 7) != 0)
			continue;
		if (!strcmp(f->topic, "pickle.global"))
			judge_ref(&j, f->detail);
		else if (!strcmp(f->topic, "pickle.pass"))
			judge_pass(&j, f);
		else if (!strcmp(f->topic, "pickle.streams"))
			tell(&j, PKL_PRESENT, 0, "pickle", fmt(&j, "It is a pickle of %" PRIu64 " stream%s, %s.", f->num,
							       f->num == 1 ? "" : "s", f->text), NULL);
		else
			judge_note(&j, f);
	}
}

/* Names of the Python modules in the target: x.py and x/__init__.py. */
static void add_module(struct au_map *m, const char *path, const struct au_entry *e)
{
	size_t n = strlen(path);
	const char *base = au_basename(path);

	if (n < 4 || strcmp(path + n - 3, ".py") != 0)
		return;
	if (!strcmp(base, "__init__.py") && base > path) {
		const char *end = base - 1, *start = end;

		while (start > path && start[-1] != '/')
			start--;
		*au_map_put(m, start, (size_t)(end - start)) = (void *)(uintptr_t)e;
		return;
	}
	*au_map_put(m, base, strlen(base) - 3) = (void *)(uintptr_t)e;
}

static void judge_target(struct au_job *closing, const struct au_audit *audit)
{
	struct au_map modules;

	au_map_init(&modules, closing->scratch);
	for (size_t i = 0; i < audit->n_entries; i++)
		add_module(&modules, audit->entries[i]->path, audit->entries[i]);
	for (size_t i = 0; modules.n && i < audit->n_entries; i++) {
		const struct au_entry *e = audit->entries[i];
		struct judge j = { closing, e, 0, 0 };

		AU_EACH_FACT(f, e) {
			const struct au_pickle_ref *r = f->detail;
			struct au_named n;
			const struct au_entry *py;

			if (strcmp(f->topic, "pickle.global") != 0 || r->done[AU_PICKLE_SWEPT])
				continue;
			n = au_pickle_name(closing->scratch, closing->run ? closing->run->rules : NULL, r->module, r->name, r->dotted);
			py = au_map_get(&modules, n.module, strcspn(n.module, "."));
			if (!py || n.tier == AU_TIER_SAFE || n.tier == AU_TIER_DANGEROUS)
				continue;
			tell(&j, PKL_LOCAL, f->span.off, n.module, fmt(&j, "Loading it imports %s, and '%s' ships with it.",
								       n.module, py->path), NULL);
		}
	}
}

const struct au_judge au_judge_pickle = {
	.name = "pickle",
	.rules = au_pickle_rules,
	.n_rules = PKL_N,
	.entry = judge,
	.target = judge_target,
};
