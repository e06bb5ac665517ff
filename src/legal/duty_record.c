/* Duties that follow from a licence record's conditions and terms (licences/FAMILY/ID.yaml). */
#include "base/banned.h"
#include "legal/tables.h"
#include "base/arena.h"
#include "base/text.h"
#include "licence/record.h"

struct known {
	const char *word;       /* in the record */
	const char *id, *text;
	unsigned uses;
};

enum { SHIP = AU_USE_DISTRIBUTION | AU_USE_PRODUCT };

/* The words of choosealicense.com's conditions. */
static const struct known conditions[] = {
	{ "include-copyright", "include-notice", "Keep the copyright notice and the licence text with every copy.", SHIP },
	{ "include-copyright--source", "include-notice", "Keep the copyright notice and the licence text with every source copy.", SHIP },
	{ "document-changes", "state-changes", "Mark what you changed.", SHIP },
	{ "disclose-source", "disclose-source", "Give the source to everyone who gets the work.", SHIP },
	{ "network-use-disclose", "network-source", "Offer the source to everyone who uses the work over a network.",
	  AU_USE_SERVICE | AU_USE_PRODUCT },
	{ "same-license", "same-licence", "License the whole derived work under the same licence.", SHIP },
	{ "same-license--library", "same-licence", "Keep the library and your changes of it under the same licence.", SHIP },
	{ "same-license--file", "same-licence", "Keep the covered files under the same licence.", SHIP },
};

struct emitter {
	struct au_legal_tables *t;
	const char *licence;
	void (*fn)(void *ctx, const struct au_obligation *o);
	void *ctx;
};

static void tell(struct emitter *e, const char *id, const char *text, unsigned uses, const char *threshold,
		 bool prohibits)
{
	const struct au_obligation o = { .id = id, .text = text, .licence = e->licence, .uses = uses,
					 .threshold = threshold, .prohibits = prohibits };

	e->fn(e->ctx, &o);
}

static void terms(struct emitter *e, const struct au_node *terms_)
{
	struct au_arena *a = e->t->arena;
	const char *s = au_node_str(terms_, "users-threshold");
	const unsigned all = AU_USE_ALL;

	if (s)
		tell(e, "mau-limit", au_arena_fmt(a, "Ask the maker for a licence above %s monthly active users.", s),
		     AU_USE_PRODUCT | AU_USE_SERVICE, au_arena_fmt(a, "%s monthly active users", s), false);
	s = au_node_str(terms_, "revenue-threshold");
	if (s)
		tell(e, "revenue-limit", au_arena_fmt(a, "Get another licence above a revenue of %s.", s),
		     AU_USE_PRODUCT | AU_USE_SERVICE, au_arena_fmt(a, "%s revenue", s), false);
	s = au_node_str(terms_, "naming");
	if (s)
		tell(e, "built-with", au_arena_fmt(a, "Names to show: %s.", s), SHIP | AU_USE_SERVICE, NULL, false);
	s = au_node_str(terms_, "output-limits");
	if (s)
		tell(e, au_starts(s, "names of") ? "name-prefix" : au_starts(s, "no use") ? "no-improving-others"
			: "output-limits", au_arena_fmt(a, "Limits on outputs: %s.", s), AU_USE_TRAINING, NULL,
		     au_starts(s, "no use"));
	s = au_node_str(terms_, "territory");
	if (s)
		tell(e, "territory", au_arena_fmt(a, "Territory: %s.", s), all, NULL, false);
	if (au_node_bool(terms_, "use-policy", false))
		tell(e, "use-policy", "Keep to the use policy and pass it on.", all, NULL, false);
	if (au_node_bool(terms_, "share-alike", false))
		tell(e, "same-licence", "Share derived works under the same licence only.", SHIP, NULL, false);
	s = au_node_str(terms_, "commercial-use");
	if (s && !strcmp(s, "no"))
		tell(e, "no-commercial-use", "Commercial use is not allowed; ask the licensor for another licence.",
		     AU_USE_PRODUCT | AU_USE_SERVICE, NULL, true);
}

void au_duties_of_record(struct au_legal_tables *t, const char *id,
			 void (*fn)(void *ctx, const struct au_obligation *o), void *ctx)
{
	const struct au_node *rec = au_record(t->arena, id);
	struct emitter e = { t, id, fn, ctx };

	AU_EACH(c, au_node_get(rec, "conditions"))
		for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
			if (!strcmp(c->text, conditions[i].word))
				tell(&e, conditions[i].id, conditions[i].text, conditions[i].uses, NULL, false);
	terms(&e, au_node_get(rec, "terms"));
}
