/* Word diff of a text against a licence of the index. */
#include "base/banned.h"
#include "base/rc.h"
#include "licence/internal.h"

static const char *words(const struct au_licence_db *db, const struct lic_tmpl *tm,
			 const struct lic_op *o, struct au_arena *a)
{
	struct au_buf b;
	const char *r;

	au_buf_init(&b, 1 << 20);
	for (uint32_t i = o->t; i < o->t + o->tn; i++) {
		uint16_t id = db->tok[tm->tok + i];
		const char *w = id == LIC_COPY ? "copyright" : lic_str(db, db->word[id]);

		au_buf_str(&b, i > o->t ? " " : "");
		au_buf_str(&b, w && !(tm->flags & LIC_T_FINGERPRINT) ? w : "…");
	}
	r = au_arena_str(a, au_buf_cstr(&b));
	au_buf_release(&b);
	return r;
}

static bool all_optional(const struct au_licence_db *db, const struct lic_tmpl *tm,
			 const struct lic_op *o)
{
	for (uint32_t i = o->t; i < o->t + o->tn; i++)
		if (!db->mark[tm->tok + i])
			return false;
	return o->tn > 0;
}

/* The candidate that explains most; only those of one licence when lic >= 0. */
static struct lic_cand *pick(const struct au_licence_db *db, struct au_licence_scratch *x, long lic)
{
	struct lic_cand *best = NULL;
	unsigned tried = 0;

	for (size_t i = 0; i < x->n_cand && tried < 32; i++) {
		struct lic_cand *c = &x->cand[i];

		if (lic >= 0 && db->tmpl[c->tmpl].lic != (uint32_t)lic)
			continue;
		tried++;
		lic_align(db, x, c, 0, (uint32_t)x->s.n);
		c->score = (int32_t)c->cost.matched - 3 * (int32_t)(c->cost.missing +
			c->cost.inserted + c->cost.changed) - (int32_t)(c->cost.head + c->cost.tail);
		if (!best || c->score > best->score)
			best = c;
	}
	if (best)
		lic_align(db, x, best, 0, (uint32_t)x->s.n);
	return best;
}

int au_licence_diff(const struct au_licence_db *db, struct au_licence_scratch *x,
		    const uint8_t *text, size_t len, const char *id, struct au_arena *a,
		    struct au_licence_segment **ret, size_t *ret_n, const char **ret_id)
{
	const struct au_licence *l = id ? au_licence_find(db, id) : NULL;
	const struct lic_tmpl *tm;
	struct au_licence_segment *seg;
	struct lic_cand *c;

	if ((id && !l) || len > UINT32_MAX)
		return AU_NOTME;
	x->text = text;
	au_tokenise(text, len, 0, &x->s);
	lic_vocab_map(db, &x->s);
	lic_seed(db, x, 0, (uint32_t)x->s.n);
	c = pick(db, x, l ? (long)(l - db->pub) : -1);
	if (!c)
		return AU_NOTME;
	tm = &db->tmpl[c->tmpl];
	seg = AU_ARRAY(a, struct au_licence_segment, x->n_op + 1);
	for (size_t i = 0; i < x->n_op; i++) {
		const struct lic_op *o = &x->op[i];

		seg[i].kind = o->op == '=' ? AU_SEG_EQUAL : !o->qn ? AU_SEG_MISSING :
			      !o->tn ? AU_SEG_INSERTED : AU_SEG_CHANGED;
		if (o->qn) {
			seg[i].off = x->s.off[o->q];
			seg[i].len = x->s.end[o->q + o->qn - 1] - seg[i].off;
		}
		if (o->op != '=' && o->tn)
			seg[i].canon = words(db, tm, o, a);
		seg[i].free_ = o->op != '=' && all_optional(db, tm, o);
	}
	*ret = seg;
	*ret_n = x->n_op;
	if (ret_id)
		*ret_id = db->pub[tm->lic].id;
	return AU_OK;
}
