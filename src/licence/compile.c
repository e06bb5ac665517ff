/* Compiler of the licence index; see compile.h. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/compile.h"
#include "licence/seed.h"
#include "licence/table.h"
#include "licence/token.h"

enum { TEXTS_MAX = 8000, WORDS_MAX = 60000, HOT = 300 };

struct text {
	const char *id;
	uint32_t *words;
	uint8_t *flags;
	size_t n;
	uint32_t sample;
};

struct seed {
	uint32_t key;
	struct au_licence_posting at;
};

struct au_licence_compiler {
	struct au_arena *a;
	struct au_vec texts, seeds;
	struct au_map seen;
	struct au_tokens tokens;
};

struct au_licence_compiler *au_licence_compiler_new(struct au_arena *a)
{
	struct au_licence_compiler *c = AU_NEW(a, struct au_licence_compiler);

	c->a = a;
	au_vec_init(&c->texts, sizeof(struct text), TEXTS_MAX);
	au_vec_init(&c->seeds, sizeof(struct seed), 50000000);
	au_map_init(&c->seen, a);
	return c;
}

/* The marks that matter, in our own words: parts that may be absent, places to be filled in.
 * Phrases are short and are compared as words. to NULL: until the end; from NULL: from the start.
 * A slot lies between its two phrases, at most `span` words. */
static const struct mark {
	const char *ids;       /* glob */
	const char *from, *to;
	unsigned span;         /* 0: optional part, phrases included (from) or not (to) */
} marks[] = {
	{ "*", "end of terms and conditions", NULL, 0 },
	{ "*", "how to apply these terms to your new", NULL, 0 },
	{ "*", "how to apply this license", NULL, 0 },
	{ "MPL-*", "exhibit a source code form", NULL, 0 },
	{ "MPL-*", "exhibit a mozilla public license", NULL, 0 },
	{ "NPL-*", "exhibit a", NULL, 0 },
	{ "EPL-*", "exhibit a form of secondary", NULL, 0 },
	{ "CDDL-*", "notice pursuant to section 9", NULL, 0 },
	{ "EUPL-*", "appendix compatible", NULL, 0 },
	{ "OSL-*", "licensed under the open software license", "this open software license", 0 },
	{ "AFL-*", "licensed under the academic free license", "this academic free license", 0 },
	{ "CC*", NULL, "by exercising the licensed rights", 0 },
	{ "CC*", "creative commons corporation is not a law firm", "license", 0 },
	{ "CC*", "creative commons is not a party", NULL, 0 },
	{ "CC*", "creative commons may be contacted", NULL, 0 },
	{ "GFDL-*", "addendum how to use this license", NULL, 0 },
	{ "OFL-*", "this font software is licensed under the sil open font license version 1.1", "sil open font", 0 },
	{ "*", "neither the name of", "nor the names of", 20 },
	{ "*", "neither the names of", "nor the names of", 20 },
	{ "*", "neither the name", "nor the names of", 20 },
	{ "*", "the name of", "may not be used to endorse", 20 },
	{ "*", "the names", "may not be used to endorse", 24 },
	{ "*", "the name of", "shall not be used in advertising", 20 },
	{ "*", "the name of", "must not be used to endorse", 20 },
	{ "*", "nor the names of", "may be used to endorse", 12 },
	{ "*", "names of", "contributors may be used", 6 },
	{ "*", "this software is provided by", "as is and any express", 20 },
	{ "*", "in no event shall", "be liable", 20 },
	{ "*", "in no event will", "be liable", 20 },
	{ "*", "product includes software developed by", "neither", 40 },
	{ "*", "product includes software developed by", "redistributions", 40 },
	{ "*", "software developed by", "all advertising", 20 },
	{ "*", "is furnished to do so", "the above copyright notice", 14 },
	{ "*", "disclaims all warranties", "with regard", 6 },
	{ "ISC", "and or", "disclaims", 2 },
};

static size_t find_phrase(const struct text *t, const char *phrase, size_t from, size_t *ret_len)
{
	struct au_tokens p = { 0 };
	size_t hit = SIZE_MAX;

	au_tokenise(&p, (const uint8_t *)phrase, strlen(phrase));
	*ret_len = p.n;
	for (size_t i = from; p.n && i + p.n <= t->n && hit == SIZE_MAX; i++)
		if (!memcmp(t->words + i, p.word, p.n * 4))
			hit = i;
	au_tokens_release(&p);
	return hit;
}

static void mark_optional(struct text *t, const struct mark *m)
{
	size_t len = 0, from = m->from ? find_phrase(t, m->from, 0, &len) : 0, to = t->n;

	if (from == SIZE_MAX)
		return;
	if (m->to)
		to = find_phrase(t, m->to, from + len, &len);
	/* a part that is most of the text is no optional part of it */
	if (to == SIZE_MAX || (!m->to && from * 3 < t->n) || (m->to && (to - from) * 10 > t->n * 6))
		return;
	for (size_t i = from; i < to; i++)
		t->flags[i] |= AU_TOK_OPTIONAL;
}

static void mark_slots(struct text *t, const struct mark *m)
{
	size_t a, b, from = 0, to;

	while ((from = find_phrase(t, m->from, from, &a)) != SIZE_MAX) {
		from += a;
		to = find_phrase(t, m->to, from, &b);
		if (to == SIZE_MAX)
			return;
		if (to - from > m->span)
			continue;
		for (size_t i = from; i < to; i++)
			t->flags[i] |= AU_TOK_SLOT;
	}
}

static void mark_all(struct text *t)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (!au_glob(marks[i].ids, t->id))
			continue;
		if (marks[i].span)
			mark_slots(t, &marks[i]);
		else
			mark_optional(t, &marks[i]);
	}
}

/* Short first lines are the title: it may be absent or worded otherwise. */
static size_t title_words(const struct au_tokens *t)
{
	size_t n = 0, lines = 0;

	while (n < t->n && lines < 4) {
		size_t k = n;

		while (k < t->n && t->line[k] == t->line[n])
			k++;
		if (k - n > 10)
			break;
		n = k;
		lines++;
	}
	return n * 4 < t->n ? n : 0;
}

static int add(struct au_licence_compiler *c, struct text t)
{
	struct text *slot;
	void **seen;

	if (t.n < 6)
		return AU_NOTME;
	if (t.n > WORDS_MAX)
		return AU_LIMIT;
	seen = au_map_put(&c->seen, (const char *)t.words, t.n * 4);
	if (*seen)
		return AU_NOTME;
	*seen = c;
	slot = au_vec_push(&c->texts);
	if (!slot)
		return AU_LIMIT;
	t.sample = t.n < 160 ? 1 : t.n < 700 ? 2 : 8;
	*slot = t;
	return AU_OK;
}

int au_licence_compiler_text(struct au_licence_compiler *c, const char *id, const void *text, size_t n)
{
	struct text t = { .id = au_arena_str(c->a, id) };
	size_t title;

	au_tokenise(&c->tokens, text, n);
	t.n = c->tokens.n;
	t.words = au_arena_dup(c->a, c->tokens.word, t.n * 4);
	t.flags = au_arena_alloc(c->a, t.n);
	title = title_words(&c->tokens);
	for (size_t i = 0; i < title; i++)
		t.flags[i] |= AU_TOK_OPTIONAL | AU_TOK_TITLE;
	mark_all(&t);
	return add(c, t);
}

int au_licence_compiler_words(struct au_licence_compiler *c, const char *id, const uint32_t *words,
			      const uint8_t *flags, size_t n)
{
	return add(c, (struct text){ .id = au_arena_str(c->a, id), .words = au_arena_dup(c->a, words, n * 4),
				     .flags = au_arena_dup(c->a, flags, n), .n = n });
}

static int by_key(const void *a, const void *b)
{
	const struct seed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->at.text != y->at.text)
		return x->at.text < y->at.text ? -1 : 1;
	return (x->at.at > y->at.at) - (x->at.at < y->at.at);
}

static void collect_seeds(struct au_licence_compiler *c, size_t i)
{
	struct text *t = AU_AT(&c->texts, struct text, i);

	for (size_t k = 0; k + AU_GRAM <= t->n; k++) {
		uint32_t key = au_seed(t->words + k);
		struct seed *s;

		if (!au_seed_taken(key, t->sample))
			continue;
		s = au_vec_push(&c->seeds);
		if (s)
			*s = (struct seed){ key, { (uint16_t)i, (uint16_t)k } };
	}
}

static uint32_t intern(struct au_buf *pool, const char *s)
{
	uint32_t at = (uint32_t)pool->len;

	au_buf_add(pool, s, strlen(s) + 1);
	return at;
}

struct out {
	struct au_buf texts, words, flags, slots, postings, pool;
};

static void emit_texts(struct au_licence_compiler *c, struct out *o)
{
	uint32_t at = 0;

	for (size_t i = 0; i < c->texts.n; i++) {
		const struct text *t = AU_AT(&c->texts, struct text, i);
		struct au_licence_text row = { .id = intern(&o->pool, t->id), .tok = at, .n = (uint32_t)t->n,
					       .sample = t->sample };

		for (size_t k = 0; k < t->n; k++)
			row.required += !(t->flags[k] & (AU_TOK_OPTIONAL | AU_TOK_SLOT));
		for (size_t k = 0; k + AU_GRAM <= t->n; k++)
			row.seeds += au_seed_taken(au_seed(t->words + k), t->sample);
		au_buf_add(&o->texts, &row, sizeof(row));
		au_buf_add(&o->words, t->words, t->n * 4);
		au_buf_add(&o->flags, t->flags, t->n);
		at += (uint32_t)t->n;
	}
	while (o->flags.len % 4)
		au_buf_byte(&o->flags, 0);
}

static uint32_t emit_seeds(struct au_licence_compiler *c, struct out *o)
{
	const struct seed *s = c->seeds.p;
	size_t keys = 0, n_slots = 1024;
	struct au_licence_slot *slots;

	for (size_t i = 0; i < c->seeds.n; i++)
		keys += !i || s[i].key != s[i - 1].key;
	while (n_slots < keys * 2)
		n_slots *= 2;
	slots = AU_ARRAY(c->a, struct au_licence_slot, n_slots);
	for (size_t i = 0, j; i < c->seeds.n; i = j) {
		size_t k = s[i].key & (n_slots - 1);

		for (j = i; j < c->seeds.n && s[j].key == s[i].key; j++)
			;
		if (j - i > HOT) /* says nothing about which text it is */
			continue;
		while (slots[k].key)
			k = (k + 1) & (n_slots - 1);
		slots[k] = (struct au_licence_slot){ s[i].key, (uint32_t)(o->postings.len / sizeof(s->at)),
						     (uint32_t)(j - i) };
		for (size_t x = i; x < j; x++)
			au_buf_add(&o->postings, &s[x].at, sizeof(s[x].at));
	}
	au_buf_add(&o->slots, slots, n_slots * sizeof(*slots));
	return (uint32_t)n_slots;
}

void au_licence_compiler_emit(struct au_licence_compiler *c, uint8_t **ret, size_t *ret_len)
{
	struct au_licence_header h = { .n_texts = (uint32_t)c->texts.n };
	struct out o;
	struct au_buf all;

	for (size_t i = 0; i < sizeof(o) / sizeof(struct au_buf); i++)
		au_buf_init(&((struct au_buf *)&o)[i], 1U << 30);
	for (size_t i = 0; i < c->texts.n; i++)
		collect_seeds(c, i);
	if (c->seeds.n)
		qsort(c->seeds.p, c->seeds.n, sizeof(struct seed), by_key);
	emit_texts(c, &o);
	memcpy(h.magic, AU_LICENCE_MAGIC, sizeof(h.magic));
	h.n_slots = emit_seeds(c, &o);
	h.n_tokens = (uint32_t)(o.words.len / 4);
	h.fill = (uint32_t)o.flags.len;
	h.n_postings = (uint32_t)(o.postings.len / sizeof(struct au_licence_posting));
	h.pool = (uint32_t)o.pool.len;
	au_buf_init(&all, 1U << 30);
	au_buf_add(&all, &h, sizeof(h));
	au_buf_add(&all, o.texts.p, o.texts.len);
	au_buf_add(&all, o.words.p, o.words.len);
	au_buf_add(&all, o.flags.p, o.flags.len);
	au_buf_add(&all, o.slots.p, o.slots.len);
	au_buf_add(&all, o.postings.p, o.postings.len);
	au_buf_add(&all, o.pool.p, o.pool.len);
	*ret = au_arena_dup(c->a, all.p, all.len);
	*ret_len = all.len;
	au_buf_release(&all);
	for (size_t i = 0; i < sizeof(o) / sizeof(struct au_buf); i++)
		au_buf_release(&((struct au_buf *)&o)[i]);
	au_vec_release(&c->texts);
	au_vec_release(&c->seeds);
	au_tokens_release(&c->tokens);
}

void au_licence_fingerprint(const void *text, size_t n, struct au_buf *out)
{
	struct au_tokens t = { 0 };
	size_t title;

	au_tokenise(&t, text, n);
	title = title_words(&t);
	au_buf_fmt(out, "assay-fingerprint 1 %zu\n", t.n);
	for (size_t i = 0; i < t.n; i++)
		au_buf_fmt(out, "%08x%s%c", t.word[i], i < title ? "t" : "", i % 8 == 7 || i + 1 == t.n ? '\n' : ' ');
	au_tokens_release(&t);
}

int au_licence_fingerprint_read(struct au_arena *a, const void *data, size_t n, uint32_t **ret_words,
				uint8_t **ret_flags, size_t *ret_n)
{
	char *text = au_arena_strn(a, data, n), *p = text, *end;
	unsigned long long count;
	uint32_t *words;
	uint8_t *flags;

	if (!au_starts(text, "assay-fingerprint 1 "))
		return AU_BAD;
	count = strtoull(p + 20, &p, 10);
	if (count > WORDS_MAX || count * 9 > n + 9)
		return AU_BAD;
	words = AU_ARRAY(a, uint32_t, (size_t)count);
	flags = au_arena_alloc(a, (size_t)count);
	for (size_t i = 0; i < count; i++) {
		unsigned long v = strtoul(p, &end, 16);

		if (end == p || v > UINT32_MAX)
			return AU_BAD;
		words[i] = (uint32_t)v;
		if (*end == 't') {
			flags[i] = AU_TOK_OPTIONAL | AU_TOK_TITLE;
			end++;
		}
		p = end;
	}
	*ret_words = words;
	*ret_flags = flags;
	*ret_n = (size_t)count;
	return AU_OK;
}
