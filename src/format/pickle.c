/* Python pickle, protocols 0 to 5 (CPython's Lib/pickletools.py and Modules/_pickle.c describe
 * them). Facts, all offsets in the entry:
 *   pickle.global         a global that the pickle names; text module.name as written, detail
 *                         struct au_pickle_ref with all that is done to it
 *   pickle.call           the same global is called (REDUCE, INST, OBJ, NEWOBJ); aux the arguments
 *   pickle.build-global   BUILD on the bare global: its attributes are set; aux the state
 *   pickle.mutate-global  items are set on or appended to the bare global
 *   pickle.pass           a global goes into a call; text callee, aux argument, detail
 *                         struct au_pickle_passed
 *   pickle.ext, pickle.ext-call   an extension code, and its call; num the code
 *   pickle.dynamic-global the names of an import are computed
 *   pickle.computed-call  what is called is itself the result of a call
 *   pickle.confusion      a value of a type that no pickler writes there
 *   pickle.tensor-item    items are set on a rebuilt tensor
 *   pickle.frame          opcodes and frames disagree
 *   pickle.error          the loader stops here; what ran before has run; num opcodes before it
 *   pickle.int            an integer spelled as no pickler spells it
 *   pickle.proto          a protocol header that is not first; num the protocol
 *   pickle.trailing       bytes behind the last stream; num how many
 *   pickle.resource       loading, or walking what was loaded, takes immense memory
 *   pickle.nested         a literal is itself a pickle
 *   pickle.persid         a persistent id that is not torch's
 *   pickle.streams        num streams, text "protocol N"
 * num of the note facts with a reach (confusion, computed-call, ...) is as said; aux "unreached",
 * "swept" or "nested" when it is not certain that the loader gets there. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/pickle.h"
#include "io/view.h"

static const char *const note_topics[AU_PN_N] = {
	[AU_PN_EXT] = "pickle.ext", [AU_PN_EXT_CALL] = "pickle.ext-call",
	[AU_PN_DYNAMIC_GLOBAL] = "pickle.dynamic-global", [AU_PN_CONFUSION] = "pickle.confusion",
	[AU_PN_TENSOR_ITEM] = "pickle.tensor-item", [AU_PN_COMPUTED] = "pickle.computed-call",
	[AU_PN_FRAME] = "pickle.frame", [AU_PN_ERROR] = "pickle.error", [AU_PN_INT] = "pickle.int",
	[AU_PN_PROTO] = "pickle.proto", [AU_PN_TRAILING] = "pickle.trailing",
	[AU_PN_RESOURCE] = "pickle.resource", [AU_PN_NESTED] = "pickle.nested",
	[AU_PN_PERSID] = "pickle.persid", [AU_PN_CUT] = "pickle.cut",
};

static const char *reach_word(unsigned reach)
{
	static const char *const words[] = { NULL, "unreached", "swept", "nested" };

	return reach < AU_PICKLE_REACH_N ? words[reach] : NULL;
}

static unsigned best_reach(const struct au_pickle_ref *r)
{
	static const uint8_t order[] = { AU_PICKLE_REACHED, AU_PICKLE_NESTED, AU_PICKLE_UNREACHED, AU_PICKLE_SWEPT };

	for (size_t i = 0; i < AU_PICKLE_REACH_N; i++)
		if (r->done[order[i]])
			return order[i];
	return AU_PICKLE_SWEPT;
}

static void emit_ref(struct au_job *job, struct au_entry *e, const struct au_pickle_ref *r, uint64_t shift)
{
	unsigned reach = best_reach(r), done = r->done[reach];
	const char *name = au_arena_fmt(job->scratch, "%s.%s", r->module, r->name);
	struct au_span call = au_span(r->call_at[reach] + shift, 1);

	au_emit(job, e, "pickle.global", name, reach_word(reach), au_span(r->at[reach] + shift, 1))->detail = r;
	if (done & (AU_PICKLE_CALL | AU_PICKLE_NEW))
		au_emit(job, e, "pickle.call", name, r->args, call)->detail = r;
	if (done & AU_PICKLE_BUILD)
		au_emit(job, e, "pickle.build-global", name, r->args, call)->detail = r;
	if (done & AU_PICKLE_MUTATE)
		au_emit(job, e, "pickle.mutate-global", name, r->args, call)->detail = r;
}

static void emit_note(struct au_job *job, struct au_entry *e, const struct au_pickle_note *n, uint64_t shift)
{
	if (n->kind == AU_PN_CUT) {
		au_emit_coverage(job, e, "limit", n->at + shift, "%s: the rest was not read", n->text);
		return;
	}
	au_emit(job, e, note_topics[n->kind], n->text, reach_word(n->reach), au_span(n->at + shift, 1))->num = n->num;
}

void au_pickle_emit(struct au_job *job, struct au_entry *e, const struct au_pickle *p, uint64_t shift)
{
	char proto[32];

	snprintf(proto, sizeof(proto), "protocol %d", p->proto);
	au_emit(job, e, "pickle.streams", proto, NULL, au_span(shift, p->end))->num = p->streams;
	for (size_t i = 0; i < p->n_refs; i++)
		emit_ref(job, e, &p->refs[i], shift);
	for (size_t i = 0; i < p->n_passes; i++) {
		const struct au_pickle_pass *x = &p->passes[i];
		const struct au_pickle_ref *c = &p->refs[x->callee], *g = &p->refs[x->arg];
		struct au_pickle_passed *d = AU_NEW(job->arena, struct au_pickle_passed);

		*d = (struct au_pickle_passed){ c, g, x->reach, x->first };
		au_emit(job, e, "pickle.pass", au_arena_fmt(job->scratch, "%s.%s", c->module, c->name),
			au_arena_fmt(job->scratch, "%s.%s", g->module, g->name), au_span(x->at + shift, 1))->detail = d;
	}
	for (size_t i = 0; i < p->n_notes; i++)
		emit_note(job, e, &p->notes[i], shift);
}

static int probe(const struct au_probe *p)
{
	static const char *const ends[] = { ".pkl", ".pickle", ".pck", ".joblib", ".dill", NULL };
	int score = p->head_len ? au_pickle_sniff(p->head, p->head_len) : 0;

	if (score)
		return score;
	for (size_t i = 0; ends[i]; i++)
		if (au_iends(p->name, ends[i]))
			return p->head_len > 1 && au_pickle_skim(p->view, 0, 100000, NULL) > 1 ? 60 : 30;
	return 0;
}

static int read_pickle(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pickle_opts o = { .sweep = true };
	struct au_pickle p;
	int rc;

	/* the reader of old torch files knows where the streams end and the storages begin */
	if (au_entry_is(e, "torch-legacy"))
		return AU_OK;
	rc = au_pickle_scan(v, job->arena, job->scratch, &o, &p);
	au_pickle_emit(job, e, &p, 0);
	return rc;
}

const struct au_format au_format_pickle = {
	.name = "pickle",
	.title = "Python pickle",
	.extensions = (const char *const[]){ "pkl", "pickle", "pck", "joblib", "dill", "p", "pt", "pth", "bin",
					     "ckpt", "dat", "data", NULL },
	.flags = AU_FMT_MODEL | AU_FMT_EXECUTES,
	.probe = probe,
	.read = read_pickle,
	.checked = "every import, call and change a loader would make, over all streams and nested pickles",
};
