/* Seeds, and the blob itself. A template is found by some of its 4-word shingles: the rarest one
 * in each stretch, so that long texts do not crowd the index and shared boilerplate is seldom
 * used as a seed. */
#include "base/banned.h"
#include "base/rc.h"
#include "licence/compile.h"

enum { DF_SLOTS = 1 << 21 };

struct df { uint32_t key, n; uint32_t last; };
struct posting { uint32_t key, post; };

static struct df *df_at(struct df *t, uint32_t key)
{
	uint32_t i = key & (DF_SLOTS - 1);

	while (t[i].key && t[i].key != key)
		i = (i + 1) & (DF_SLOTS - 1);
	return &t[i];
}

static unsigned stretch(size_t n)
{
	return n < 100 ? 1 : n < 200 ? 2 : n < 600 ? 4 : 12;
}

static int by_key(const void *a, const void *b)
{
	const struct posting *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->post < y->post ? -1 : x->post > y->post;
}

static struct posting *pick_seeds(struct lic_build *b, size_t *ret_n, uint32_t *seeds)
{
	struct df *df = au_xalloc(DF_SLOTS * sizeof(*df));
	size_t total = 0, n = 0;
	struct posting *out;

	memset(df, 0, DF_SLOTS * sizeof(*df));
	for (size_t i = 0; i < b->text.n; i++) {
		const struct lic_text *t = AU_AT(&b->text, struct lic_text, i);

		total += t->n;
		for (size_t k = 0; k + 4 <= t->n; k++) {
			struct df *d = df_at(df, lic_shingle(t->tok + k));

			if (d->last != i + 1)
				d->n++;
			d->last = (uint32_t)i + 1;
			d->key = lic_shingle(t->tok + k);
		}
	}
	out = au_arena_array(b->a, total + 1, sizeof(*out));
	for (size_t i = 0; i < b->text.n; i++) {
		const struct lic_text *t = AU_AT(&b->text, struct lic_text, i);
		size_t w = stretch(t->n);

		for (size_t k = 0; k + 4 <= t->n; k += w) {
			size_t best = k;

			for (size_t j = k; j < k + w && j + 4 <= t->n; j++)
				if (df_at(df, lic_shingle(t->tok + j))->n <
				    df_at(df, lic_shingle(t->tok + best))->n)
					best = j;
			out[n].key = lic_shingle(t->tok + best);
			out[n++].post = (uint32_t)i << 16 | (uint32_t)best;
			seeds[i]++;
		}
	}
	au_xfree(df);
	qsort(out, n, sizeof(*out), by_key);
	*ret_n = n;
	return out;
}

struct out {
	struct lic_head *h;
	struct au_buf b;
};

static void put(struct out *o, enum lic_section s, const void *p, size_t n, size_t unit)
{
	while (o->b.len % 8)
		au_buf_byte(&o->b, 0);
	o->h->sec[s].off = (uint32_t)o->b.len;
	o->h->sec[s].n = (uint32_t)n;
	au_buf_add(&o->b, p, n * unit);
}

static size_t pow2(size_t n)
{
	size_t p = 16;

	while (p < n)
		p *= 2;
	return p;
}

static void put_seeds(struct lic_build *b, struct out *o, const struct posting *p, size_t n)
{
	size_t slots = pow2(n * 2);
	struct lic_seed *t = au_arena_array(b->a, slots, sizeof(*t));
	uint64_t *bloom = au_arena_array(b->a, LIC_BLOOM_BITS / 64, 8);
	uint32_t *post = au_arena_array(b->a, n + 1, 4);

	for (size_t i = 0; i < n; i++) {
		uint32_t at = p[i].key & (uint32_t)(slots - 1);

		post[i] = p[i].post;
		bloom[(p[i].key >> 8) % LIC_BLOOM_BITS / 64] |= 1ULL << ((p[i].key >> 8) & 63);
		if (i && p[i].key == p[i - 1].key) {
			while (t[at].key != p[i].key)
				at = (at + 1) & (uint32_t)(slots - 1);
			t[at].n++;
			continue;
		}
		while (t[at].key)
			at = (at + 1) & (uint32_t)(slots - 1);
		t[at] = (struct lic_seed){ .key = p[i].key, .post = (uint32_t)i, .n = 1 };
	}
	put(o, SEC_BLOOM, bloom, LIC_BLOOM_BITS / 64, 8);
	put(o, SEC_SEED, t, slots, sizeof(*t));
	put(o, SEC_POST, post, n, 4);
}

static void put_texts(struct lic_build *b, struct out *o, const uint32_t *seeds)
{
	struct lic_tmpl *t = au_arena_array(b->a, b->text.n + 1, sizeof(*t));
	struct au_buf tok, mark;

	au_buf_init(&tok, 256 << 20);
	au_buf_init(&mark, 128 << 20);
	for (size_t i = 0; i < b->text.n; i++) {
		const struct lic_text *x = AU_AT(&b->text, struct lic_text, i);

		t[i] = (struct lic_tmpl){ .tok = (uint32_t)(tok.len / 2), .n = x->n, .lic = x->lic,
			.seeds = seeds[i], .flags = x->flags };
		for (size_t k = 0; k < x->n; k++)
			t[i].required += !x->mark[k];
		au_buf_add(&tok, x->tok, x->n * 2);
		au_buf_add(&mark, x->mark, x->n);
	}
	put(o, SEC_TMPL, t, b->text.n, sizeof(*t));
	put(o, SEC_TOK, tok.p, tok.len / 2, 2);
	put(o, SEC_MARK, mark.p, mark.len, 1);
	au_buf_release(&tok);
	au_buf_release(&mark);
}

static void vocab_put(struct lic_vslot *v, size_t slots, uint32_t hash, uint32_t id)
{
	uint32_t at = hash & (uint32_t)(slots - 1);

	while (v[at].id && v[at].hash != hash)
		at = (at + 1) & (uint32_t)(slots - 1);
	v[at] = (struct lic_vslot){ .hash = hash, .id = id };
}

static void put_words(struct lic_build *b, struct out *o)
{
	size_t n = b->word.n, slots = pow2(n * 3);
	struct lic_vslot *v = au_arena_array(b->a, slots, sizeof(*v));
	uint32_t *str = au_arena_array(b->a, n, 4);
	uint8_t *flag = au_arena_alloc(b->a, n);
	const char *const *pairs = au_word_pairs();

	for (size_t i = 0; i < n; i++) {
		const struct lic_word *w = AU_AT(&b->word, struct lic_word, i);

		str[i] = w->str;
		flag[i] = w->flag;
		if (w->str && isalpha(b->str.p[w->str]) && !b->str.p[w->str + 1])
			flag[i] |= WF_SOFT;
		if (i >= LIC_COPY)
			vocab_put(v, slots, w->hash, (uint32_t)i);
	}
	for (size_t i = 0; pairs[i]; i += 2) {
		uint32_t c = au_word_hash(pairs[i + 1], strlen(pairs[i + 1]));
		uint32_t at = c & b->slot_mask;

		for (; b->slot[at]; at = (at + 1) & b->slot_mask)
			if (AU_AT(&b->word, struct lic_word, b->slot[at])->hash == c)
				vocab_put(v, slots, au_word_hash(pairs[i], strlen(pairs[i])),
					  b->slot[at]);
	}
	put(o, SEC_VOCAB, v, slots, sizeof(*v));
	put(o, SEC_WORD, str, n, 4);
	put(o, SEC_FLAG, flag, n, 1);
}

struct idkey { const char *id; uint32_t i; };

static int by_id(const void *a, const void *b)
{
	return strcasecmp(((const struct idkey *)a)->id, ((const struct idkey *)b)->id);
}

static void put_ids(struct lic_build *b, struct out *o)
{
	struct idkey *k = au_arena_array(b->a, b->lic.n + 1, sizeof(*k));
	uint32_t *map = au_arena_array(b->a, b->lic.n + 1, 4);

	for (size_t i = 0; i < b->lic.n; i++)
		k[i] = (struct idkey){ (const char *)b->str.p +
			AU_AT(&b->lic, struct lic_rec, i)->id, (uint32_t)i };
	qsort(k, b->lic.n, sizeof(*k), by_id);
	for (size_t i = 0; i < b->lic.n; i++)
		map[i] = k[i].i;
	put(o, SEC_IDMAP, map, b->lic.n, 4);
}

static void put_notices(struct lic_build *b, struct out *o)
{
	uint8_t *start = au_arena_alloc(b->a, 8192);

	if (b->node.n) {
		const struct lic_node *root = b->node.p;

		for (uint32_t i = 0; i < root->n; i++) {
			uint32_t w = AU_AT(&b->edge, struct lic_edge, root->edge + i)->word;

			start[w >> 3] |= (uint8_t)(1 << (w & 7));
		}
	}
	put(o, SEC_NODE, b->node.p, b->node.n, sizeof(struct lic_node));
	put(o, SEC_EDGE, b->edge.p, b->edge.n, sizeof(struct lic_edge));
	put(o, SEC_RULE, b->rule.p, b->rule.n, sizeof(struct lic_rule));
	put(o, SEC_START, start, 8192, 1);
	put(o, SEC_ALIAS, b->alias.p, b->alias.n, sizeof(struct lic_alias));
}

int lic_build_finish(struct lic_build *b, uint8_t **ret, size_t *ret_len)
{
	struct lic_head h = { .magic = AU_LIC_MAGIC, .version = AU_LIC_VERSION };
	struct out o = { .h = &h };
	uint32_t *seeds = au_arena_array(b->a, b->text.n + 1, 4);
	size_t n;
	struct posting *p = pick_seeds(b, &n, seeds);

	au_buf_init(&o.b, 512 << 20);
	au_buf_add(&o.b, &h, sizeof(h));
	put_words(b, &o);
	put_texts(b, &o, seeds);
	put_seeds(b, &o, p, n);
	put_notices(b, &o);
	put(&o, SEC_LIC, b->lic.p, b->lic.n, sizeof(struct lic_rec));
	put_ids(b, &o);
	put(&o, SEC_STR, b->str.p, b->str.len, 1);
	while (o.b.len % 16)
		au_buf_byte(&o.b, 0);
	h.size = o.b.len;
	if (o.b.full)
		return AU_LIMIT;
	memcpy(o.b.p, &h, sizeof(h));
	*ret = au_arena_dup(b->a, o.b.p, o.b.len);
	*ret_len = o.b.len;
	au_buf_release(&o.b);
	return AU_OK;
}
