/* Aligning a template with text: exact runs grown from seeds, the best chain of them, and a
 * shortest edit script (Myers 1986) in the gaps between. Gaps are short, so the whole is nearly
 * linear. */
#include "base/banned.h"
#include "licence/internal.h"

enum { GAP_MAX = 600, LOOK_BACK = 160, HEAD_SLACK = 16 };

static void op_add(struct au_licence_scratch *x, char op, uint32_t t, uint32_t tn, uint32_t q,
		   uint32_t qn)
{
	struct lic_op *last = x->n_op ? &x->op[x->n_op - 1] : NULL;

	if (!tn && !qn)
		return;
	if (last && last->op == op && last->t + last->tn == t && last->q + last->qn == q) {
		last->tn += tn;
		last->qn += qn;
		return;
	}
	if (x->n_op < LIC_MAX_OPS)
		x->op[x->n_op++] = (struct lic_op){ op, t, tn, q, qn };
}

/* Walks the stored rows back from (x, y) at distance d; pairs of moves come out in reverse. */
static void trace(struct au_licence_scratch *s, int32_t d, int32_t px, int32_t py, uint32_t ta,
		  uint32_t qb)
{
	struct lic_op *first = &s->op[s->n_op];
	size_t base = s->n_op, n;
	int32_t x = px, y = py;

	/* collected backwards without merging, then turned around */
	while (d >= 0 && s->n_op + 2 < LIC_MAX_OPS) {
		const int32_t *v = d ? s->diag + (size_t)(d - 1) * (size_t)(d - 1) + (d - 1) : NULL;
		int32_t k = x - y, sx, sy, bx, by;

		if (!d) {
			if (x)
				s->op[s->n_op++] = (struct lic_op){ '=', ta, (uint32_t)x, qb, (uint32_t)x };
			break;
		}
		if (k == -d || (k != d && v[k - 1] < v[k + 1])) {
			bx = v[k + 1];
			by = bx - (k + 1);
			sx = bx;
			sy = by + 1;
		} else {
			bx = v[k - 1];
			by = bx - (k - 1);
			sx = bx + 1;
			sy = by;
		}
		if (x > sx)
			s->op[s->n_op++] = (struct lic_op){ '=', ta + (uint32_t)sx, (uint32_t)(x - sx),
				qb + (uint32_t)sy, (uint32_t)(x - sx) };
		s->op[s->n_op++] = (struct lic_op){ '!', ta + (uint32_t)bx, (uint32_t)(sx - bx),
			qb + (uint32_t)by, (uint32_t)(sy - by) };
		x = bx;
		y = by;
		d--;
	}
	n = s->n_op - base;
	for (size_t i = 0; i < n / 2; i++) {
		struct lic_op tmp = first[i];

		first[i] = first[n - 1 - i];
		first[n - 1 - i] = tmp;
	}
	s->n_op = base;
	for (size_t i = 0; i < n; i++) {
		struct lic_op o = first[i];

		op_add(s, o.op, o.t, o.tn, o.q, o.qn);
	}
}

uint32_t lic_myers(struct au_licence_scratch *s, const uint16_t *a, uint32_t na, const uint16_t *b,
		   uint32_t nb, bool free_end, uint32_t ta, uint32_t qb)
{
	int32_t n = (int32_t)na, m = (int32_t)nb;
	int32_t max = free_end ? 32 + n / 6 : 32 + (n > m ? n - m : m - n) + (n + m) / 6;

	/* more differences than this and the passage is another one: not worth its square */
	if (max > LIC_MAX_D)
		max = LIC_MAX_D;
	for (int32_t d = 0; d < max; d++) {
		int32_t *row = s->diag + (size_t)d * (size_t)d + d;
		const int32_t *v = d ? s->diag + (size_t)(d - 1) * (size_t)(d - 1) + (d - 1) : NULL;

		for (int32_t k = -d; k <= d; k += 2) {
			int32_t x, y;

			if (!d)
				x = 0;
			else if (k == -d || (k != d && v[k - 1] < v[k + 1]))
				x = v[k + 1];
			else
				x = v[k - 1] + 1;
			y = x - k;
			if (x > n || y > m || y < 0) {
				row[k] = x > n || y < 0 ? INT32_MIN / 2 : x;
				if (y > m)
					row[k] = INT32_MIN / 2;
				continue;
			}
			while (x < n && y < m && a[x] == b[y]) {
				x++;
				y++;
			}
			row[k] = x;
			if (x == n && (free_end || y == m)) {
				trace(s, d, x, y, ta, qb);
				return (uint32_t)y;
			}
		}
	}
	op_add(s, '!', ta, na, qb, free_end ? 0 : nb);
	return free_end ? 0 : nb;
}

/* Exact runs through the hits of a candidate, in order of text. */
static size_t grow_runs(struct au_licence_scratch *x, const struct lic_cand *c, const uint16_t *t,
			uint32_t tn, uint32_t q_min, uint32_t q_max)
{
	const uint16_t *q = x->s.id;
	size_t n = 0;

	for (uint32_t i = 0; i < c->n_hits && n < LIC_MAX_RUNS; i++) {
		const struct lic_hit *h = &x->hit2[c->hits + i];
		uint32_t hq = h->q, ht = h->t, len = 4;
		bool inside = false;

		for (size_t k = n; k > 0 && k + 6 > n && !inside; k--) {
			const struct lic_run *r = &x->run[k - 1];

			inside = hq - ht == r->q - r->t && hq >= r->q && hq < r->q + r->n;
		}
		if (inside)
			continue;
		while (hq + len < q_max && ht + len < tn && q[hq + len] == t[ht + len])
			len++;
		while (hq > q_min && ht > 0 && q[hq - 1] == t[ht - 1]) {
			hq--;
			ht--;
			len++;
		}
		x->run[n++] = (struct lic_run){ .q = hq, .t = ht, .n = len };
	}
	return n;
}

static int by_q(const void *a, const void *b)
{
	const struct lic_run *x = a, *y = b;

	if (x->q != y->q)
		return x->q < y->q ? -1 : 1;
	return x->t < y->t ? -1 : x->t > y->t;
}

/* Best chain by dynamic programming; returns its last run, or -1. */
static int32_t best_chain(struct lic_run *r, size_t n)
{
	int32_t best = -1;

	for (size_t i = 0; i < n; i++) {
		r[i].score = (int32_t)r[i].n;
		r[i].prev = -1;
		for (size_t k = i; k > 0 && k + LOOK_BACK > i; k--) {
			const struct lic_run *p = &r[k - 1];
			int32_t over = (int32_t)(p->q + p->n) - (int32_t)r[i].q;
			int32_t over_t = (int32_t)(p->t + p->n) - (int32_t)r[i].t;
			int32_t gap_q, gap_t, s;

			if (p->q >= r[i].q || p->t >= r[i].t)
				continue;
			if (over_t > over)
				over = over_t;
			if (over < 0)
				over = 0;
			if (over >= (int32_t)r[i].n)
				continue;
			gap_q = (int32_t)(r[i].q - p->q - p->n) + over;
			gap_t = (int32_t)(r[i].t - p->t - p->n) + over;
			s = p->score + (int32_t)r[i].n - over - (gap_q > gap_t ? gap_q - gap_t : gap_t - gap_q) / 2;
			if (gap_q > 2000)
				continue;
			if (s > r[i].score) {
				r[i].score = s;
				r[i].prev = (int32_t)k - 1;
			}
		}
		if (best < 0 || r[i].score > r[best].score)
			best = (int32_t)i;
	}
	return best;
}

static void gap(struct au_licence_scratch *x, const uint16_t *t, uint32_t t0, uint32_t t1,
		uint32_t q0, uint32_t q1)
{
	if (t0 == t1 || q0 == q1 || t1 - t0 > GAP_MAX || q1 - q0 > GAP_MAX)
		op_add(x, '!', t0, t1 - t0, q0, q1 - q0);
	else
		lic_myers(x, t + t0, t1 - t0, x->s.id + q0, q1 - q0, false, t0, q0);
}

/* The template before its first run, aligned backwards; returns the first text word used. */
static uint32_t head(struct au_licence_scratch *x, const uint16_t *t, uint32_t t0, uint32_t q0,
		     uint32_t q_min)
{
	uint32_t nq = q0 - q_min, used;
	uint16_t *a = x->rev, *b = x->rev + GAP_MAX + 1;
	size_t n;

	if (t0 > GAP_MAX / 2) {
		op_add(x, '!', 0, t0, q0, 0);
		return q0;
	}
	if (nq > t0 + HEAD_SLACK)
		nq = t0 + HEAD_SLACK;
	for (uint32_t i = 0; i < t0; i++)
		a[i] = t[t0 - 1 - i];
	for (uint32_t i = 0; i < nq; i++)
		b[i] = x->s.id[q0 - 1 - i];
	used = lic_myers(x, a, t0, b, nq, true, 0, 0);
	n = x->n_op;
	for (size_t i = 0; i < n / 2; i++) {
		struct lic_op tmp = x->op[i];

		x->op[i] = x->op[n - 1 - i];
		x->op[n - 1 - i] = tmp;
	}
	for (size_t i = 0; i < n; i++) {
		x->op[i].t = t0 - x->op[i].t - x->op[i].tn;
		x->op[i].q = q0 - x->op[i].q - x->op[i].qn;
	}
	return q0 - used;
}

void lic_align(const struct au_licence_db *db, struct au_licence_scratch *x, struct lic_cand *c,
	       uint32_t q_min, uint32_t q_max)
{
	const struct lic_tmpl *tm = &db->tmpl[c->tmpl];
	const uint16_t *t = db->tok + tm->tok;
	size_t n = grow_runs(x, c, t, tm->n, q_min, q_max), k = 0;
	int32_t at, chain[LIC_MAX_RUNS / 4];
	uint32_t qe, te;

	qsort(x->run, n, sizeof(*x->run), by_q);
	at = best_chain(x->run, n);
	x->n_op = 0;
	for (; at >= 0 && k < LIC_MAX_RUNS / 4; at = x->run[at].prev)
		chain[k++] = at;
	if (!k)
		return;
	qe = x->run[chain[k - 1]].q;
	te = x->run[chain[k - 1]].t;
	c->q0 = head(x, t, te, qe, q_min);
	while (k) {
		struct lic_run r = x->run[chain[--k]];
		uint32_t over = 0;

		if (r.q < qe)
			over = qe - r.q;
		if (r.t < te && te - r.t > over)
			over = te - r.t;
		if (over >= r.n)
			continue;
		r.q += over;
		r.t += over;
		r.n -= over;
		gap(x, t, te, r.t, qe, r.q);
		op_add(x, '=', r.t, r.n, r.q, r.n);
		qe = r.q + r.n;
		te = r.t + r.n;
	}
	if (te < tm->n) {
		uint32_t nq = q_max - qe, want = tm->n - te;

		if (nq > want + HEAD_SLACK)
			nq = want + HEAD_SLACK;
		if (want > GAP_MAX / 2)
			op_add(x, '!', te, want, qe, 0);
		else
			qe += lic_myers(x, t + te, want, x->s.id + qe, nq, true, te, qe);
	}
	/* inserted words at the very ends belong to no licence */
	while (x->n_op && x->op[x->n_op - 1].op == '!' && x->op[x->n_op - 1].qn &&
	       !x->op[x->n_op - 1].tn)
		qe -= x->op[--x->n_op].qn;
	c->q1 = qe;
	lic_count_cost(db, x, c);
}

uint32_t lic_lcs(const uint16_t *a, uint32_t na, const uint16_t *b, uint32_t nb, uint64_t *tmp)
{
	uint32_t words = (na + 63) / 64, n = 0;

	memset(tmp, 0xff, words * 8);
	for (uint32_t j = 0; j < nb; j++) {
		uint64_t carry = 0;

		for (uint32_t w = 0; w < words; w++) {
			uint64_t m = 0, v = tmp[w], u, s;
			uint32_t lim = na - w * 64 < 64 ? na - w * 64 : 64;

			for (uint32_t i = 0; i < lim; i++)
				m |= (uint64_t)(a[w * 64 + i] == b[j]) << i;
			u = v & m;
			s = v + u + carry;
			carry = s < v || (carry && s == v);
			tmp[w] = s | (v - u);
		}
	}
	for (uint32_t i = 0; i < na; i++)
		n += !(tmp[i / 64] >> (i % 64) & 1);
	return n;
}
