/* Judge of identity by hash, by Git LFS pointer and by name: what is listed, what claims to be
 * something it is not. The scanned tree can raise a severity here, never lower one: no claim it
 * makes turns a listed file into a harmless one. */
#include "base/banned.h"
#include "audit/run.h"
#include "base/text.h"
#include "detect/known_db.h"

enum { FLAGGED, UNALIGNED, REFERENCE, NAME, IMPOSTOR, LOOKALIKE, RENAMED };

static const struct au_rule rules[] = {
	[FLAGGED] = {
		"KNOWN-FLAGGED", AU_SAFETY, AU_CRITICAL, "File is listed as tampered with or malicious",
		"The SHA-256 of this file is that of a file known to be edited, back-doored or to run code when "
		"loaded.",
		"Do not load it. Delete it and fetch the original from its publisher.",
	},
	[UNALIGNED] = {
		"KNOWN-UNALIGNED", AU_SAFETY, AU_HIGH, "File is listed as a model without safeguards",
		"The SHA-256 of this file is that of a model whose alignment was never there, was trained away or "
		"was cut out of its weights.",
		"Use the aligned release, or put your own safeguards in front of it and waive this finding with "
		"a reason.",
	},
	[REFERENCE] = {
		"KNOWN-REFERENCE", AU_INTEGRITY, AU_INFO, "File is a known one",
		"The SHA-256 of this file is that of a published file: nobody has changed it since.",
		"Nothing to do.",
	},
	[NAME] = {
		"KNOWN-NAME", AU_SAFETY, AU_MEDIUM, "Model is listed by its name",
		"The name that is declared here belongs to a model that is listed as edited, malicious, unaligned "
		"or uncensored. A name proves nothing: the files decide.",
		"Find out which model this is and whether you want what was built from it.",
	},
	[IMPOSTOR] = {
		"KNOWN-IMPOSTOR", AU_SAFETY, AU_HIGH, "File claims to be a known model's and is another",
		"It goes by the model's name and has its file's name and size, but other bytes. That is what an "
		"edited copy of the weights looks like.",
		"Compare with the publisher's own SHA-256; fetch the file anew from the publisher, by revision.",
	},
	[LOOKALIKE] = {
		"KNOWN-LOOKALIKE", AU_SAFETY, AU_HIGH, "Account name looks like a known publisher's",
		"The account differs by a letter or two from a publisher of well-known models. PoisonGPT was "
		"spread under such a name.",
		"Check the spelling against the publisher's page; fetch the model from the publisher.",
	},
	[RENAMED] = {
		"KNOWN-RENAMED", AU_INTEGRITY, AU_MEDIUM, "Known file under another model's name",
		"The bytes are those of a file of another model than the one that is named here.",
		"Find out why it goes by this name: the licence and the safeguards are those of the other model.",
	},
};

/* A statement of the target about which model it is. */
struct claim {
	const char *id;
	const char *dir;         /* directory it speaks for, with '/' or "" */
	const struct au_entry *entry;
	struct au_span span;
	bool identity;           /* "this is X", not "made from X" */
	bool layout;             /* told by the folder layout, not by a document */
};

struct work {
	struct au_job *job;
	const struct au_audit *audit;
	const struct au_known_db *db;
	struct claim *claims;
	size_t n_claims, cap;
};

static const char *dir_of(struct au_arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? au_arena_strn(a, path, (size_t)(slash - path) + 1) : "";
}

static void add_claim(struct work *w, struct claim c)
{
	if (w->n_claims == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 32;
		struct claim *more = AU_ARRAY(w->job->scratch, struct claim, cap);

		if (w->n_claims)
			memcpy(more, w->claims, w->n_claims * sizeof(*more));
		w->claims = more;
		w->cap = cap;
	}
	w->claims[w->n_claims++] = c;
}

/* "org/name" out of a name, a hub address or a cache path; NULL when it is a local path. */
static const char *model_id(struct au_arena *a, const char *s)
{
	const char *at = strstr(s, "://"), *slash;

	if (at) {
		at = strchr(at + 3, '/');
		if (!at)
			return NULL;
		s = at + 1;
		slash = strchr(s, '/');
		if (!slash)
			return NULL;
		at = strchr(slash + 1, '/');
		return at ? au_arena_strn(a, s, (size_t)(at - s)) : s;
	}
	if (*s == '/' || *s == '.' || strchr(s, '\\') || strchr(s, ' '))
		return NULL;
	slash = strchr(s, '/');
	return slash && strchr(slash + 1, '/') ? NULL : s;
}

static void claims_of_facts(struct work *w, const struct au_entry *e)
{
	AU_EACH_FACT(f, e) {
		bool base = !strcmp(f->topic, "declared.base_model");
		const char *id = NULL;

		if (base || !strcmp(f->topic, "declared.model_id"))
			id = f->text;
		else if (!strcmp(f->topic, "gguf.kv") && f->aux &&
			 (!strcmp(f->aux, "general.repo_url") || !strcmp(f->aux, "general.source.huggingface.repository")))
			id = f->text;
		id = id ? model_id(w->job->arena, id) : NULL;
		if (id && *id)
			add_claim(w, (struct claim){ id, dir_of(w->job->arena, e->path), e, f->span, !base, false });
	}
}

/* The model id by the folder layout speaks for one file. */
static const struct au_model_id *layout_of(const struct work *w, const struct au_entry *e)
{
	return e->job < w->audit->n_jobs && w->audit->models[e->job].id ? &w->audit->models[e->job] : NULL;
}

static const char *place(const struct au_known *k)
{
	return *k->source ? k->source : "the table of known files";
}

static void attach(struct work *w, struct au_finding *f, const struct claim *c)
{
	struct au_related *r;

	if (!c || !c->entry)
		return;
	r = AU_NEW(w->job->arena, struct au_related);
	*r = (struct au_related){ c->entry, c->span,
				  au_arena_fmt(w->job->arena, "the claim to be '%s'",
					       au_printable(w->job->arena, c->id, strlen(c->id), 100)) };
	f->related = r;
	f->n_related = 1;
}

/* The identity claim nearest to an entry: in its own folder or one above. */
static const struct claim *claim_for(const struct work *w, const struct au_entry *e)
{
	const struct claim *best = NULL;

	for (size_t i = 0; i < w->n_claims; i++) {
		const struct claim *c = &w->claims[i];

		if (c->identity && au_starts(e->path, c->dir) && (!best || strlen(c->dir) > strlen(best->dir)))
			best = c;
	}
	return best;
}

static bool same_model(const char *a, const char *b)
{
	return au_ieq(a, b) || (!strchr(a, '/') && au_ieq(a, au_basename(b)));
}

static void judge_listed(struct work *w, const struct au_entry *e, size_t row)
{
	const struct au_model_id *layout = layout_of(w, e);
	const struct claim *c = claim_for(w, e);
	const char *claimed = layout ? layout->id : c ? c->id : NULL;
	struct au_known k, worst;
	const struct au_rule *rule;
	struct au_finding *f;
	bool own = false;

	au_known_row(w->db, row, &worst);
	for (k = worst; row < au_known_n(w->db); row++) {
		au_known_row(w->db, row, &k);
		if (memcmp(k.sha256, e->sha256, 32) != 0)
			break;
		own |= claimed && same_model(claimed, k.model);
		if (k.cls < worst.cls)
			worst = k;
	}
	rule = &rules[worst.cls <= AU_KNOWN_MALIGNED ? FLAGGED : au_known_flagged(worst.cls) ? UNALIGNED : REFERENCE];
	f = au_find(w->job, rule, e, au_span(0, 0), worst.model,
		    "%s is listed as %s: '%s' of '%s'. %s. Source: %s.",
		    e->lfs ? "The file this pointer stands for" : "This file", au_known_class_name(worst.cls),
		    worst.file, worst.model, worst.reason, place(&worst));
	if (claimed && !own) {
		f = au_find(w->job, &rules[RENAMED], e, au_span(0, 0), worst.model,
			    "The bytes are those of '%s' of '%s', the name given here is '%s'.", worst.file,
			    worst.model, claimed);
		if (au_known_flagged(worst.cls))
			f->sev = AU_CRITICAL;
		else if (worst.cls == AU_KNOWN_OTHER)
			f->sev = AU_LOW; /* mirrors and shared parts (tokenizers, encoders) are everywhere */
		attach(w, f, layout ? NULL : c);
	}
}

struct compare {
	struct work *w;
	const struct au_entry *e;
	const struct claim *c;
	struct au_known hit;
	bool found, equal;
};

static void compare_row(void *ctx, const struct au_known *k)
{
	struct compare *x = ctx;
	uint64_t size = x->e->lfs ? x->e->lfs_size : x->e->size;

	if (au_known_flagged(k->cls) || strcmp(k->file, au_basename(x->e->name)) != 0)
		return;
	if (!memcmp(k->sha256, x->e->sha256, 32)) {
		x->equal = true;
	} else if (k->size && k->size == size) {
		x->found = true;
		x->hit = *k;
	}
}

static void judge_impostor(struct work *w, const struct au_entry *e)
{
	const struct au_model_id *layout = layout_of(w, e);
	const struct claim *c = claim_for(w, e);
	struct compare x = { .w = w, .e = e, .c = c };
	struct au_finding *f;

	if (!layout && !c)
		return;
	au_known_of_model(w->db, layout ? layout->id : c->id, compare_row, &x);
	if (!x.found || x.equal)
		return;
	f = au_find(w->job, &rules[IMPOSTOR], e, au_span(0, 0), x.hit.model,
		    "It goes by the name of '%s' and has the name and size of its file '%s', but other bytes. "
		    "The listed SHA-256 begins with %02x%02x%02x%02x. Source: %s.", x.hit.model, x.hit.file,
		    x.hit.sha256[0], x.hit.sha256[1], x.hit.sha256[2], x.hit.sha256[3], place(&x.hit));
	if (!layout) {
		/* a document's claim survives honest fine-tuning, which keeps names and sizes too */
		f->sev = AU_MEDIUM;
		attach(w, f, c);
	}
}

static void judge_name(struct work *w, const struct au_entry *e, const char *id, struct au_span span,
		       const char *how)
{
	const char *slash = strchr(id, '/'), *known;
	struct au_known k;

	if (au_known_name(w->db, id, &k)) {
		struct au_finding *f = au_find(w->job, &rules[NAME], e, span, k.model,
					       "The model '%s', %s, is listed as %s. %s. Source: %s.", k.model, how,
					       au_known_class_name(k.cls), k.reason, place(&k));

		if (k.cls <= AU_KNOWN_MALIGNED)
			f->sev = AU_HIGH;
	}
	if (!slash)
		return;
	known = au_known_lookalike(w->db, au_arena_strn(w->job->scratch, id, (size_t)(slash - id)));
	if (known)
		au_find(w->job, &rules[LOOKALIKE], e, span, id,
			"The account in '%s', %s, is nearly that of '%s'.", id, how, known);
}

/* Each name once for each document that states it; a layout's name once for the whole target. */
static void judge_names(struct work *w)
{
	const char *last = NULL;

	for (size_t i = 0; i < w->n_claims; i++) {
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = w->claims[k].entry == w->claims[i].entry && au_ieq(w->claims[k].id, w->claims[i].id);
		if (!again)
			judge_name(w, w->claims[i].entry, w->claims[i].id, w->claims[i].span,
				   w->claims[i].identity ? "which is named here" : "which this one is made from");
	}
	for (size_t i = 0; i < w->audit->n_entries; i++) {
		const struct au_entry *e = w->audit->entries[i];
		const struct au_model_id *m = e->parent ? NULL : layout_of(w, e);

		if (m && (!last || strcmp(last, m->id) != 0))
			judge_name(w, e, m->id, au_span(0, 0), "which the folder is named after");
		if (m)
			last = m->id;
	}
}

static void judge(struct au_job *job, const struct au_audit *audit)
{
	struct work w = { .job = job, .audit = audit, .db = audit->run->known };

	if (!w.db)
		return;
	for (size_t i = 0; i < audit->n_entries; i++)
		claims_of_facts(&w, audit->entries[i]);
	for (size_t i = 0; i < audit->n_entries; i++) {
		const struct au_entry *e = audit->entries[i];
		size_t row;

		if (!e->hashed && !e->lfs)
			continue;
		row = au_known_by_sha256(w.db, e->sha256);
		if (row != SIZE_MAX)
			judge_listed(&w, e, row);
		else
			judge_impostor(&w, e);
	}
	judge_names(&w);
}

const struct au_judge au_judge_known = {
	.name = "known",
	.rules = rules,
	.n_rules = sizeof(rules) / sizeof(*rules),
	.target = judge,
};
