/* From shingles to candidates: hits are counted by template; templates with a fair share of their
 * seeds become candidates, one for each diagonal band (two copies of a text are two bands). */
#include "base/banned.h"
#include "licence/internal.h"

static const struct lic_seed *find(const struct au_licence_db *db, uint32_t key)
{
	uint32_t at;

	if (!(db->bloom[(key >> 8) % LIC_BLOOM_BITS / 64] >> ((key >> 8) & 63) & 1))
		return NULL;
	for (at = key & db->seed_mask; db->seed[at].key; at = (at + 1) & db->seed_mask)
		if (db->seed[at].key == key)
			return &db->seed[at];
	return NULL;
}

static uint32_t collect(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
			uint32_t to)
{
	uint32_t q;

	x->n_hit = 0;
	memset(x->count, 0, (db->n_tmpl + 1) * sizeof(*x->count));
	for (q = from; q + 4 <= to; q++) {
		const struct lic_seed *s = find(db, lic_shingle(x->s.id + q));

		if (!s)
			continue;
		if (x->n_hit + s->n > LIC_MAX_HITS)
			return q;
		for (uint32_t i = 0; i < s->n; i++) {
			uint32_t p = db->post[s->post + i];

			x->hit[x->n_hit++] = (struct lic_hit){ q, (uint16_t)(p >> 16),
				(uint16_t)p };
			x->count[p >> 16]++;
		}
	}
	return to;
}

static void add(struct au_licence_scratch *x, const struct lic_tmpl *tm, uint32_t t, uint32_t at,
		uint32_t n)
{
	const struct lic_hit *h = &x->hit2[at];
	struct lic_cand *c;
	uint32_t distinct = 1;

	for (uint32_t i = 1; i < n; i++)
		distinct += h[i].q != h[i - 1].q;
	if (x->n_cand == LIC_MAX_CAND || (distinct < 3 && distinct < tm->seeds))
		return;
	c = &x->cand[x->n_cand++];
	*c = (struct lic_cand){ .tmpl = t, .hits = at, .n_hits = n };
	c->q0 = h[0].q;
	c->q1 = h[n - 1].q + 4;
	c->cover = (float)distinct / (float)tm->seeds;
	if (c->cover > 1)
		c->cover = 1;
	c->score = (int32_t)(4 * c->cover * c->cover * (float)tm->n);
}

/* Hits of one template, sorted by place, are cut into bands of diagonals: a stable partition by
 * repeatedly taking the band around the first hit that is left. */
static void bands(struct au_licence_scratch *x, const struct lic_tmpl *tm, uint32_t t, uint32_t at,
		  uint32_t n)
{
	int64_t width = 64 + tm->n / 3, least = INT64_MAX, most = INT64_MIN;

	for (uint32_t i = 0; i < n; i++) {
		int64_t d = (int64_t)x->hit2[at + i].q - x->hit2[at + i].t;

		least = d < least ? d : least;
		most = d > most ? d : most;
	}
	if (most - least <= width) {
		add(x, tm, t, at, n);
		return;
	}
	for (int guard = 0; n && guard < 512; guard++) {
		struct lic_hit *h = &x->hit2[at];
		int64_t d0, lo, hi;
		uint32_t k = 0, m = 0, same = 0;

		/* the band's centre: where most of the next hits agree with one another */
		d0 = (int64_t)h[0].q - h[0].t;
		for (uint32_t s = 0; s < n && s < 48; s += 6) {
			int64_t d = (int64_t)h[s].q - h[s].t;
			uint32_t agree = 0;

			for (uint32_t i = 0; i < n && i < 48; i++) {
				int64_t e = (int64_t)h[i].q - h[i].t - d;

				agree += e > -24 && e < 24;
			}
			if (agree > same) {
				same = agree;
				d0 = d;
			}
		}
		lo = d0 - width;
		hi = d0 + width;
		for (uint32_t i = 0; i < n; i++) {
			int64_t d = (int64_t)h[i].q - h[i].t;

			if (d >= lo && d <= hi)
				x->hit[k++] = h[i];
			else
				h[m++] = h[i];
		}
		/* the band in front, the rest behind it */
		memmove(h + k, h, m * sizeof(*h));
		memcpy(h, x->hit, k * sizeof(*h));
		add(x, tm, t, at, k);
		at += k;
		n = m;
		if (n * 10 < tm->seeds || (n < 4 && n < tm->seeds))
			return;
	}
}

static int by_guess(const void *a, const void *b)
{
	const struct lic_cand *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->tmpl != y->tmpl)
		return x->tmpl < y->tmpl ? -1 : 1;
	return x->q0 < y->q0 ? -1 : x->q0 > y->q0;
}

uint32_t lic_seed(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		  uint32_t to)
{
	uint32_t stop = collect(db, x, from, to), at = 0;

	x->n_cand = 0;
	for (size_t t = 0; t < db->n_tmpl; t++) {
		uint32_t n = x->count[t];

		x->count[t] = at;
		at += n;
	}
	for (size_t i = 0; i < x->n_hit; i++)
		x->hit2[x->count[x->hit[i].tmpl]++] = x->hit[i];
	at = 0;
	for (size_t t = 0; t < db->n_tmpl; t++) {
		uint32_t end = x->count[t], n = end - at, first = at;
		const struct lic_tmpl *tm = &db->tmpl[t];

		at = end;
		if (!n || (n < 4 && n < tm->seeds) || n * 8 < tm->seeds ||
		    (x->exclude >= 0 && tm->lic == (uint32_t)x->exclude))
			continue;
		bands(x, tm, (uint32_t)t, first, n);
	}
	qsort(x->cand, x->n_cand, sizeof(*x->cand), by_guess);
	return stop;
}
