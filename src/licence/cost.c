/* What an alignment's differences amount to. The SPDX matching guidelines and the way texts are
 * passed on forgive some of them: names in slots, copyright statements, addresses, list numbers,
 * spelling; those cost nothing. What is left counts, and some words count as hard. */
#include "base/banned.h"
#include "base/text.h"
#include "licence/internal.h"

enum { SLOT_MAX = 40, ADDRESS_MAX = 16, COPY_MAX = 60 };

struct block {
	const struct au_licence_db *db;
	const struct au_licence_scratch *x;
	const struct lic_tmpl *tm;
	const struct lic_op *o;
	const uint16_t *t;
	const uint8_t *mark;
};

static uint32_t q_len(const struct block *b, uint32_t i)
{
	return b->x->s.end[i] - b->x->s.off[i];
}

static bool q_number(const struct block *b, uint32_t i)
{
	return b->x->s.kind[i] & AU_TOK_NUMBER;
}

static bool t_number(const struct block *b, uint32_t i)
{
	return b->db->flag[b->t[i]] & WF_NUMBER;
}

static const char *t_word(const struct block *b, uint32_t i)
{
	const char *s = lic_str(b->db, b->db->word[b->t[i]]);

	return b->t[i] == LIC_COPY ? "copyright" : s ? s : "";
}

/* A stray list number or letter, or a page number. */
static bool stray(const struct block *b, uint32_t i)
{
	uint32_t len = q_len(b, i);

	if (len == 1)
		return !b->o->tn || !q_number(b, i);
	return !b->o->tn && len <= 2 && (q_number(b, i) || b->x->s.id[i] == LIC_OOV);
}

static bool is_year(const char *s, size_t n)
{
	return n == 4 && (!strncmp(s, "19", 2) || !strncmp(s, "20", 2));
}

/* Letters and digits of a piece of text, lower case. */
static size_t squeeze(const char *s, size_t n, char *ret, size_t cap)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k + 1 < cap; i++)
		if (isalnum((unsigned char)s[i]))
			ret[k++] = au_lower(s[i]);
	ret[k] = 0;
	return k;
}

/* The same letters split otherwise ("and or", "andor"), or a slip or two in them. */
static bool same_spelling(const struct block *b)
{
	const struct lic_op *o = b->o;
	char want[100] = "", got[100];
	size_t n = 0, k;

	if (o->tn > 4 || o->qn > 4 || !o->tn || !o->qn)
		return false;
	for (uint32_t i = o->t; i < o->t + o->tn; i++) {
		const char *w = t_word(b, i);

		if (!*w || n + strlen(w) + 1 > sizeof(want) || (t_number(b, i) && o->qn == o->tn))
			return false;
		n += squeeze(w, strlen(w), want + n, sizeof(want) - n);
	}
	k = squeeze((const char *)b->x->text + b->x->s.off[o->q],
		    b->x->s.end[o->q + o->qn - 1] - b->x->s.off[o->q], got, sizeof(got));
	if (!strcmp(want, got))
		return true;
	return n >= 4 && k >= 4 && n < 40 && k < 40 &&
	       au_edit_distance(want, got, n > 6 ? 2 : 1) <= (n > 6 ? 2U : 1U);
}

/* An address on the web or of mail, with no blank in it. */
static bool is_address(const struct block *b)
{
	const char *p = (const char *)b->x->text + b->x->s.off[b->o->q];
	size_t n = b->x->s.end[b->o->q + b->o->qn - 1] - b->x->s.off[b->o->q];
	bool mark = false;

	if (n > 200)
		return false;
	mark = p > (const char *)b->x->text && p[-1] == '/';
	for (size_t i = 0; i < n; i++) {
		if (isspace((unsigned char)p[i]))
			return false;
		mark |= p[i] == '/' || p[i] == '@' || (p[i] == '.' && i + 1 < n && isalpha((unsigned char)p[i + 1]));
	}
	return mark;
}

struct tally {
	uint32_t miss, ins, hard, legal, num_t, num_q;
	bool slot, copy, postcode, years;
};

static void tally_template(const struct block *b, struct tally *y)
{
	for (uint32_t i = b->o->t; i < b->o->t + b->o->tn; i++) {
		uint16_t id = b->t[i];
		const char *w = t_word(b, i);

		y->slot |= (b->mark[i] & TM_SLOT) != 0;
		y->copy |= id == LIC_COPY;
		if (t_number(b, i) && !(b->mark[i] & TM_SLOT) && !is_year(w, strlen(w))) {
			y->num_t++;
			y->postcode |= strlen(w) == 5;
		}
		if (b->mark[i] || (b->db->flag[id] & WF_SOFT) || is_year(w, strlen(w)))
			continue;
		y->miss++;
		y->hard += (b->db->flag[id] & WF_CRITICAL) != 0;
		y->legal += (b->db->flag[id] & WF_LEGAL) != 0;
	}
}

static void tally_text(const struct block *b, struct tally *y)
{
	for (uint32_t i = b->o->q; i < b->o->q + b->o->qn; i++) {
		uint16_t id = b->x->s.id[i];
		bool year = is_year((const char *)b->x->text + b->x->s.off[i], q_len(b, i));

		y->copy |= id == LIC_COPY;
		if (year || (b->db->flag[id] & WF_SOFT) || (b->o->qn <= 3 && stray(b, i)))
			continue;
		y->ins++;
		if (q_number(b, i)) {
			y->num_q++;
			y->postcode |= q_len(b, i) == 5;
		}
		y->hard += (b->db->flag[id] & WF_CRITICAL) && !y->slot;
		y->legal += (b->db->flag[id] & WF_LEGAL) != 0;
	}
}

/* Differences that the guidelines, or sense, forgive. */
static bool forgiven(const struct block *b, const struct tally *y)
{
	const struct lic_op *o = b->o;

	if (y->slot && o->qn <= SLOT_MAX && (!y->miss || y->ins))
		return y->miss <= 3 && !(y->hard > 1);
	if (y->copy && o->qn <= COPY_MAX && o->tn <= COPY_MAX && y->legal <= 1 &&
	    (!y->hard || y->miss <= 2) && y->miss <= 20)
		return true;
	if (y->postcode && o->qn <= ADDRESS_MAX && o->tn <= ADDRESS_MAX && !y->legal)
		return true;
	if (o->qn && !y->miss && is_address(b))
		return true;
	return false;
}

static void block_cost(const struct block *b, struct lic_cost *c)
{
	const struct lic_op *o = b->o;
	struct tally y = {
		.slot = (o->t < b->tm->n && (b->mark[o->t] & TM_SLOT)) ||
			(o->t > 0 && (b->mark[o->t - 1] & TM_SLOT)),
	};
	uint32_t both;

	tally_template(b, &y);
	tally_text(b, &y);
	if (forgiven(b, &y)) {
		c->free_ += y.ins + y.miss;
		return;
	}
	if (o->tn && o->qn && same_spelling(b)) {
		c->missing++;
		c->singles++;
		return;
	}
	if (o->qn && (y.ins || y.miss) && (y.num_t || y.num_q) && (y.num_t != 0 || y.num_q > 1 || y.miss))
		y.hard++;
	both = y.ins < y.miss ? y.ins : y.miss;
	c->changed += both;
	c->missing += y.miss - both;
	c->inserted += y.ins - both;
	if (y.miss <= 2 && !y.ins) {
		c->singles += y.miss;
		c->hard_single += y.hard;
	} else {
		c->hard += y.hard;
	}
	if ((b->tm->flags & LIC_T_FINGERPRINT) && y.ins && (y.num_q || y.ins > 1 || both))
		c->hard++;
	if (y.ins + y.miss - both > c->worst)
		c->worst = y.ins + y.miss - both;
}

/* Missing at an end: does it hold terms at all, or only who wrote it and when? */
static uint32_t edge_cost(const struct block *b, struct lic_cost *c)
{
	uint32_t miss = 0, legal = 0;

	for (uint32_t i = b->o->t; i < b->o->t + b->o->tn; i++) {
		if (b->mark[i] || (b->db->flag[b->t[i]] & WF_SOFT) || t_number(b, i))
			continue;
		miss++;
		legal += (b->db->flag[b->t[i]] & WF_LEGAL) != 0;
	}
	if ((legal * 25 > miss && (legal > 1 || miss > 14)) || miss * 10 > b->tm->required * 6 ||
	    miss > 90 || (b->tm->flags & LIC_T_FINGERPRINT))
		return miss;
	c->free_ += miss;
	return 0;
}

void lic_count_cost(const struct au_licence_db *db, const struct au_licence_scratch *x,
		    struct lic_cand *c)
{
	const struct lic_tmpl *tm = &db->tmpl[c->tmpl];
	struct lic_cost *k = &c->cost;
	struct block b = { db, x, tm, NULL, db->tok + tm->tok, db->mark + tm->tok };

	*k = (struct lic_cost){ .required = tm->required };
	for (size_t i = 0; i < x->n_op; i++) {
		const struct lic_op *o = b.o = &x->op[i];

		if (o->op == '=') {
			for (uint32_t j = o->t; j < o->t + o->tn; j++)
				k->optional += b.mark[j] != 0;
			k->matched += o->tn;
		} else if (!o->qn && i + 1 == x->n_op && i) {
			k->tail = edge_cost(&b, k);
			k->singles += k->tail <= 2 ? k->tail : 0;
		} else if (!o->qn && !i) {
			k->head = edge_cost(&b, k);
			k->singles += k->head <= 2 ? k->head : 0;
		} else {
			block_cost(&b, k);
		}
	}
	k->matched -= k->optional;
}
