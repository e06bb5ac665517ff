/* Obligations: what the licences of a conclusion ask, for each use. */
#include "base/banned.h"
#include "legal/internal.h"
#include "declare/lexpr.h"

struct ctx {
	struct au_legal_build *b;
	size_t i;
};

static void add(void *p, const struct au_obligation *o)
{
	struct ctx *x = p;
	struct au_vec *v = &x->b->work[x->i].duties;
	struct au_obligation *slot;

	for (size_t k = 0; k < v->n; k++) {
		slot = AU_AT(v, struct au_obligation, k);
		if (!strcmp(slot->id, o->id) && !strcmp(slot->licence, o->licence))
			return;
	}
	slot = au_vec_push(v);
	if (!slot)
		return;
	*slot = *o;
	slot->applies = !x->b->legal->uses || (o->uses & x->b->legal->uses);
}

/* Under an OR the freest side is taken, as anyone would. */
static void chosen(struct au_legal_build *b, size_t i, const struct au_lexpr *x)
{
	const struct au_lexpr *best = NULL;
	enum au_class best_class = AU_CLASS_N;
	struct ctx ctx = { b, i };

	if (x->op == AU_LX_ID) {
		const char *id = au_lexpr_base(b->a, x->id);

		au_duties(&b->tables, id, au_class_of_id(b->db, x->id), add, &ctx);
		return;
	}
	for (const struct au_lexpr *c = x->first; c; c = c->next) {
		enum au_class cls = au_class_of(b->a, b->db, au_lexpr_print(b->a, c));

		if (x->op == AU_LX_AND)
			chosen(b, i, c);
		else if (cls < best_class) {
			best = c;
			best_class = cls;
		}
	}
	if (best)
		chosen(b, i, best);
}

void au_legal_duties(struct au_legal_build *b, size_t i)
{
	const struct au_component *c = &b->legal->components[i];
	struct au_lexpr *x = au_lexpr_parse(b->a, c->expr);
	struct ctx ctx = { b, i };

	if (x && strcmp(c->expr, "NONE") && strcmp(c->expr, "NOASSERTION"))
		chosen(b, i, x);
	else
		au_duties(&b->tables, c->expr, AU_CLASS_UNKNOWN, add, &ctx);
}
