/* Which candidates are what the text is, and how sure that is (spec sections 3.6 to 3.9). A
 * candidate scores by the words it explains, less those that speak against it; of overlapping
 * candidates the best stays. The verdict then looks only at what differs. */
#include "base/banned.h"
#include "base/arena.h"
#include "licence/internal.h"

enum { MAX_OVERLAP = 14, COST_WEIGHT = 3 };

static uint32_t cost_sum(const struct lic_cost *k)
{
	return k->missing + k->inserted + k->changed;
}

/* A missing end speaks against a licence, but a text that was cut off says nothing about its end. */
static int32_t edge_weight(const struct lic_cost *k)
{
	uint32_t edge = k->head + k->tail;

	return (int32_t)(edge * 5 > k->required && edge > k->matched / 4 ? k->matched : edge * 4);
}

static uint32_t overlap(uint32_t a0, uint32_t a1, uint32_t b0, uint32_t b1)
{
	uint32_t lo = a0 > b0 ? a0 : b0, hi = a1 < b1 ? a1 : b1;

	return hi > lo ? hi - lo : 0;
}

/* Is it worth aligning? Not when a perfect one already spans it, or enough others were tried. */
static bool worth(const struct au_licence_db *db, const struct au_licence_scratch *x, size_t i)
{
	const struct lic_cand *c = &x->cand[i];
	unsigned tried = 0;

	for (size_t k = 0; k < i; k++) {
		const struct lic_cand *o = &x->cand[k];

		if (!o->done || overlap(o->q0, o->q1, c->q0, c->q1) * 2 < c->q1 - c->q0)
			continue;
		if (!cost_sum(&o->cost) && !o->cost.head && !o->cost.tail && !o->cost.free_ && c->q0 + 3 >= o->q0 &&
		    c->q1 <= o->q1 + 3 && db->tmpl[c->tmpl].n <= db->tmpl[o->tmpl].n * 2)
			return false;
		/* seeds tell about how many words can be equal: too few to win */
		if ((float)o->score > 4 * (1.6F * c->cover * (float)db->tmpl[c->tmpl].n + 40))
			return false;
		if (++tried >= MAX_OVERLAP)
			return false;
	}
	return true;
}

static int by_score(const void *a, const void *b)
{
	const struct lic_cand *x = a, *y = b;

	if (x->done != y->done)
		return x->done ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->q0 != y->q0)
		return x->q0 < y->q0 ? -1 : 1;
	return x->tmpl < y->tmpl ? -1 : x->tmpl > y->tmpl;
}

static enum au_licence_verdict judge(const struct lic_cost *k, bool *ret_weak)
{
	uint32_t diff = cost_sum(k), edge = k->head + k->tail, req = k->required ? k->required : 1;
	uint32_t single = k->singles < diff ? k->singles : diff, other = diff - single;
	uint32_t found = req > edge ? req - edge : 0, hard = k->hard;

	*ret_weak = found * 10 < req * 3 && !(k->matched > 400 && found * 10 > req);
	if (*ret_weak)
		return AU_LICENCE_UNKNOWN;
	if (!diff && !edge)
		return AU_LICENCE_EXACT;
	/* a worn copy: words lost one by one all over, so one that matters may be among them */
	if (single * 100 > found && single > 4)
		hard -= hard <= 1 + found / 1000 ? hard : 0;
	else
		hard += k->hard_single;
	if (!hard && other * 100 <= found && k->worst <= 6 && single * 100 <= found * 6) {
		if (edge <= 3 || edge * 50 <= req)
			return AU_LICENCE_MATCH;
		if (k->matched >= 30 && k->matched * 10 >= req * 3)
			return AU_LICENCE_PARTIAL;
	}
	if (k->matched >= 25 && k->matched * 10 >= req * 6)
		return AU_LICENCE_MODIFIED;
	*ret_weak = true;
	return AU_LICENCE_UNKNOWN;
}

static float found_share(const struct lic_cost *k)
{
	float r = (float)(k->required ? k->required : 1);
	float s = (r - (float)(k->missing + k->changed + k->head + k->tail)) / r;

	return s < 0 ? 0 : s;
}

void lic_decide(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		uint32_t to, struct au_vec *v)
{
	for (size_t i = 0; i < x->n_cand; i++) {
		struct lic_cand *c = &x->cand[i];
		const struct lic_cost *k = &c->cost;

		if (!worth(db, x, i))
			continue;
		lic_align(db, x, c, from, to);
		c->done = true;
		c->score = 4 * (int32_t)k->matched + 4 * (int32_t)k->optional - 4 * COST_WEIGHT * (int32_t)cost_sum(k) -
			   edge_weight(k) - (int32_t)k->free_ - 8 * (int32_t)k->hard;
	}
	qsort(x->cand, x->n_cand, sizeof(*x->cand), by_score);
	if (getenv("LICDBG")) for (size_t i = 0; i < 8 && i < x->n_cand; i++) { const struct lic_cand *c = &x->cand[i]; fprintf(stderr, "%s score %d q %u-%u m %u o %u req %u miss %u ins %u chg %u hard %u/%u head %u tail %u free %u single %u worst %u done %d\n", db->pub[db->tmpl[c->tmpl].lic].id, c->score, c->q0, c->q1, c->cost.matched, c->cost.optional, c->cost.required, c->cost.missing, c->cost.inserted, c->cost.changed, c->cost.hard, c->cost.hard_single, c->cost.head, c->cost.tail, c->cost.free_, c->cost.singles, c->cost.worst, c->done); }
	for (size_t i = 0; i < x->n_cand && x->cand[i].done; i++) {
		struct lic_cand *c = &x->cand[i];
		bool weak, taken = false;
		enum au_licence_verdict verdict = judge(&c->cost, &weak);
		struct lic_found *f;

		if (weak || c->q1 <= c->q0)
			continue;
		for (size_t k = 0; k < v->n && !taken; k++) {
			f = AU_AT(v, struct lic_found, k);
			taken = overlap(f->q0, f->q1, c->q0, c->q1) * 4 > c->q1 - c->q0;
		}
		if (taken)
			continue;
		f = au_vec_push(v);
		if (!f)
			return;
		*f = (struct lic_found){ .verdict = verdict, .q0 = c->q0, .q1 = c->q1,
			.lic = db->tmpl[c->tmpl].lic, .has_lic = true, .cost = c->cost,
			.score = found_share(&c->cost), .rule = "text" };
	}
}

/* A byte a word of [from, to): set where a match lies. The caller frees it. */
static uint8_t *covered_map(const struct au_vec *v, uint32_t from, uint32_t to)
{
	uint8_t *map = au_xalloc(to - from);

	for (size_t i = 0; i < v->n; i++) {
		const struct lic_found *f = AU_AT(v, struct lic_found, i);
		uint32_t a = f->q0 > from ? f->q0 : from, b = f->q1 < to ? f->q1 : to;

		if (a < b)
			memset(map + (a - from), 1, b - a);
	}
	return map;
}

static void unknown_region(const struct au_licence_db *db, struct au_licence_scratch *x,
			   uint32_t a, uint32_t b, struct au_vec *v)
{
	struct lic_found *f = au_vec_push(v);
	uint32_t best = 0;

	if (!f)
		return;
	*f = (struct lic_found){ .verdict = AU_LICENCE_UNKNOWN, .q0 = a, .q1 = b, .rule = "text" };
	for (size_t i = 0; i < x->n_cand; i++) {
		const struct lic_cand *c = &x->cand[i];
		uint32_t o = c->done ? overlap(a, b, c->q0, c->q1) : 0;

		if (!o || c->cost.matched <= best)
			continue;
		best = c->cost.matched;
		f->lic = db->tmpl[c->tmpl].lic;
		f->has_lic = true;
		f->cost = c->cost;
		f->score = found_share(&c->cost);
	}
}

void lic_unknown(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		 uint32_t to, struct au_vec *v)
{
	uint8_t *taken = covered_map(v, from, to);
	uint32_t q = from, start, last, legal;

	while (q < to) {
		if (taken[q - from]) {
			q++;
			continue;
		}
		start = last = q;
		legal = 0;
		for (; q < to && !taken[q - from]; q++) {
			if (!(db->flag[x->s.id[q]] & WF_LEGAL))
				continue;
			if (legal && q - last > 40)
				break;
			if (!legal)
				start = q;
			legal++;
			last = q;
		}
		if (last - start >= 40 && legal * 14 >= last - start)
			unknown_region(db, x, start, last + 1, v);
		if (q < to && !taken[q - from] && q == last)
			q++;
	}
	au_xfree(taken);
}
