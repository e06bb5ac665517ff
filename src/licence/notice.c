/* The notice lane: names of licences with the verbs of licensing. The automaton is walked at each
 * word that some pattern begins with; steps are bounded, the longest match counts. */
#include "base/banned.h"
#include "licence/internal.h"
#include "licence/notice.h"

enum { STEPS = 4000, VERB_REACH = 10, TITLE_WORDS = 9, ADD_REACH = 120, ADD_SHORT = 700 };

struct walk {
	const struct au_licence_db *db;
	const struct au_stream *s;
	uint32_t to, steps, end, rule;
};

static bool filler(const struct walk *w, uint32_t q)
{
	uint32_t len = w->s->end[q] - w->s->off[q];

	return len <= 3 && (w->db->flag[w->s->id[q]] & WF_SOFT) && !(w->s->kind[q] & AU_TOK_NUMBER);
}

static void run(struct walk *w, uint32_t node, uint32_t q)
{
	const struct lic_node *n = &w->db->node[node];

	if (w->steps >= STEPS)
		return;
	w->steps++;
	if (n->rule && (q > w->end || !w->rule || (q == w->end && n->rule < w->rule))) {
		w->end = q;
		w->rule = n->rule;
	}
	for (uint32_t i = 0; i < n->n; i++) {
		const struct lic_edge *e = &w->db->edge[n->edge + i];

		if (e->word == LIC_EMPTY) {
			run(w, e->node, q);
		} else if (e->word & LIC_GAP) {
			uint32_t max = e->word & 0xff;

			for (uint32_t k = 0; k <= max && q + k < w->to; k++)
				run(w, e->node, q + k);
		} else if (q < w->to && w->s->id[q] == e->word) {
			run(w, e->node, q + 1);
		} else if (q + 1 < w->to && w->s->id[q + 1] == e->word && filler(w, q)) {
			run(w, e->node, q + 2);
		}
	}
}

/* Longest match at q; false when there is none. */
static bool match_at(struct walk *w, uint32_t q)
{
	const struct lic_node *root = &w->db->node[0];
	const struct lic_edge *e = &w->db->edge[root->edge];
	uint32_t word = w->s->id[q], lo = 0, hi = root->n;

	if (!(w->db->start[word >> 3] >> (word & 7) & 1))
		return false;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (e[mid].word < word)
			lo = mid + 1;
		else
			hi = mid;
	}
	w->end = w->rule = w->steps = 0;
	for (; lo < root->n && e[lo].word == word; lo++)
		run(w, e[lo].node, q + 1);
	return w->rule != 0;
}

/* A line that says little more than the name, or a heading of its own. */
static bool is_title(const struct walk *w, uint32_t from, uint32_t end)
{
	uint32_t a = from, b = end;

	while (a > 0 && from - a < TITLE_WORDS && !(w->s->kind[a] & AU_TOK_LINE))
		a--;
	while (b < w->to && b - end < TITLE_WORDS && !(w->s->kind[b] & AU_TOK_LINE))
		b++;
	return (w->s->kind[a] & AU_TOK_LINE) && (b >= w->to || (w->s->kind[b] & AU_TOK_LINE)) &&
	       from - a <= 2 && b - end <= 2;
}

static bool sentence_between(const struct walk *w, uint32_t a, uint32_t b)
{
	for (uint32_t i = a; i < b && i < w->to; i++)
		if (w->s->kind[i] & AU_TOK_STOP)
			return true;
	return false;
}

static uint32_t past_covered(const struct au_vec *v, size_t n_text, uint32_t q)
{
	for (size_t i = 0; i < n_text; i++) {
		const struct lic_found *f = AU_AT(v, struct lic_found, i);

		if (q >= f->q0 && q < f->q1 && f->verdict != AU_LICENCE_UNKNOWN)
			return f->q1;
	}
	return q;
}

static void found(const struct au_licence_db *db, const struct walk *w, uint32_t q, struct au_vec *v)
{
	const struct lic_rule *r = &db->rule[w->rule - 1];
	struct lic_found *f = au_vec_push(v);

	if (f)
		*f = (struct lic_found){ .verdict = AU_LICENCE_REFERENCE, .q0 = q, .q1 = w->end,
			.score = 1, .expr = lic_str(db, r->expr), .rule = lic_str(db, r->name) };
}

/* An addition beside a short licence's text makes it another licence. */
static void addition(const struct au_licence_db *db, struct au_vec *v, size_t n_text, uint32_t q0,
		     uint32_t q1)
{
	struct lic_found *best = NULL;
	uint32_t near = ADD_REACH;

	for (size_t i = 0; i < n_text; i++) {
		struct lic_found *f = AU_AT(v, struct lic_found, i);
		uint32_t gap = q0 >= f->q1 ? q0 - f->q1 : f->q0 >= q1 ? f->q0 - q1 : 0;

		if (f->verdict <= AU_LICENCE_MODIFIED && gap < near) {
			near = gap;
			best = f;
		}
	}
	if (best && best->verdict <= AU_LICENCE_MATCH && best->q1 - best->q0 < ADD_SHORT) {
		best->verdict = AU_LICENCE_MODIFIED;
		best->cost.inserted += q1 - q0;
	}
	(void)db;
}

/* A text of a few words proves nothing inside other legal prose. */
static void lone_words(const struct au_licence_db *db, const struct au_licence_scratch *x,
		       struct lic_found *f, uint32_t to)
{
	uint32_t legal = 0, a = f->q0 > 25 ? f->q0 - 25 : 0, b = f->q1 + 25 < to ? f->q1 + 25 : to;

	if (f->verdict > AU_LICENCE_MATCH || f->cost.required > 34)
		return;
	for (uint32_t i = a; i < b; i++)
		if (i < f->q0 || i >= f->q1)
			legal += (db->flag[x->s.id[i]] & WF_LEGAL) != 0;
	if (legal > 1)
		f->verdict = AU_LICENCE_MODIFIED;
}

void lic_notices(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		 uint32_t to, struct au_vec *v)
{
	struct walk w = { .db = db, .s = &x->s, .to = to };
	size_t n_text = v->n;
	uint32_t verb_end = 0, reach = 0;

	for (size_t i = 0; i < n_text; i++)
		lone_words(db, x, AU_AT(v, struct lic_found, i), to);
	if (!db->n_node)
		return;
	for (uint32_t q = from; q < to;) {
		uint32_t past = past_covered(v, n_text, q);
		const struct lic_rule *r;
		struct walk after;
		bool ok;

		if (past > q) {
			q = past;
			reach = 0;
			continue;
		}
		if (!match_at(&w, q)) {
			q++;
			continue;
		}
		r = &db->rule[w.rule - 1];
		if (r->kind == LIC_RULE_VERB) {
			verb_end = w.end;
			reach = verb_end + VERB_REACH;
		}
		if (r->kind == LIC_RULE_ADD)
			addition(db, v, n_text, q, w.end);
		if (r->kind == LIC_RULE_NAME || r->kind == LIC_RULE_SAY) {
			after = w;
			ok = r->kind == LIC_RULE_SAY || (q <= reach && reach &&
							 !sentence_between(&w, verb_end + 1, q)) ||
			     is_title(&w, q, w.end) ||
			     (w.end < to && match_at(&after, w.end) &&
			      db->rule[after.rule - 1].kind == LIC_RULE_AFTER);
			if (ok) {
				found(db, &w, q, v);
				verb_end = w.end;
				reach = w.end + 5;
			}
		}
		q = w.end > q ? w.end : q + 1;
	}
}
