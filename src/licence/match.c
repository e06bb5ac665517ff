/* Texts in texts: seeds vote for licences, candidates are compared word by word, the best fit
 * decides, and what differs decides what it may be called. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/text.h"
#include "licence/align.h"
#include "licence/db.h"
#include "licence/scan.h"

enum { CANDIDATES = 24, HITS_MAX = 4000000, SLACK = 10, LEGALESE = 40, MAX_D = 1500 };

struct hit {
	uint32_t text;         /* licence number */
	int32_t start;         /* where its first word would be */
	uint32_t at;
};

struct candidate {
	uint32_t text;
	uint32_t from, to;     /* words of the file to compare with */
	uint32_t votes;
	double share;          /* of its seeds */
};

struct au_licence_scratch {
	struct au_tokens tokens;
	struct au_align align;
	struct hit *hits;
	size_t n_hits, cap_hits;
	struct candidate *list;
	size_t n_list, cap_list;
	struct au_licence_out out;
};

struct au_licence_scratch *au_licence_scratch_new(void)
{
	return au_xalloc(sizeof(struct au_licence_scratch));
}

void au_licence_scratch_free(struct au_licence_scratch *s)
{
	if (!s)
		return;
	au_tokens_release(&s->tokens);
	au_align_release(&s->align);
	au_xfree(s->hits);
	au_xfree(s->list);
	au_xfree(s->out.found);
	au_xfree(s->out.covered);
	au_xfree(s);
}

void au_licence_found(struct au_licence_out *o, const struct au_licence_found *f)
{
	if (o->n == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 64;
		o->found = au_xrealloc(o->found, o->cap * sizeof(*o->found));
	}
	o->found[o->n++] = *f;
}

void au_licence_cover(struct au_licence_out *o, uint32_t from, uint32_t to)
{
	memset(o->covered + from, 1, to - from);
}

static void collect(const struct au_licence_db *db, struct au_licence_scratch *s)
{
	const struct au_tokens *t = &s->tokens;

	s->n_hits = 0;
	for (size_t i = 0; i + AU_GRAM <= t->n; i++) {
		uint32_t key = au_seed(t->word + i);
		const struct au_licence_slot *slot = au_licence_lookup(db, key);

		if (!slot)
			continue;
		if (s->n_hits + slot->n > s->cap_hits) {
			if (s->cap_hits >= HITS_MAX)
				return;
			s->cap_hits = s->cap_hits ? s->cap_hits * 2 : 65536;
			while (s->cap_hits < s->n_hits + slot->n)
				s->cap_hits *= 2;
			s->hits = au_xrealloc(s->hits, s->cap_hits * sizeof(*s->hits));
		}
		for (uint32_t k = 0; k < slot->n; k++) {
			const struct au_licence_posting *p = &db->postings[slot->first + k];

			s->hits[s->n_hits++] = (struct hit){ p->text, (int32_t)i - p->at, (uint32_t)i };
		}
	}
}

static int by_text(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static void add_candidate(const struct au_licence_db *db, struct au_licence_scratch *s, const struct hit *h, size_t n)
{
	const struct au_licence_text *t = &db->texts[h->text];
	int64_t from = h[0].start, to = (int64_t)h[n - 1].start + t->n;
	uint32_t lo = UINT32_MAX, hi = 0, distinct = 0, last = UINT32_MAX;
	struct candidate *c;

	for (size_t i = 0; i < n; i++) {
		lo = h[i].at < lo ? h[i].at : lo;
		hi = h[i].at > hi ? h[i].at : hi;
		distinct += h[i].at != last;
		last = h[i].at;
	}
	if (distinct < 2 && t->seeds > 3 && distinct * 8 < t->seeds)
		return;
	if (distinct * 12 < t->seeds && distinct < 12)
		return;
	from -= SLACK;
	to += SLACK;
	if (from < 0)
		from = 0;
	if (to > (int64_t)s->tokens.n)
		to = (int64_t)s->tokens.n;
	if (from > lo)
		from = lo;
	if (to < hi + AU_GRAM)
		to = hi + AU_GRAM;
	if (s->n_list == s->cap_list) {
		s->cap_list = s->cap_list ? s->cap_list * 2 : 256;
		s->list = au_xrealloc(s->list, s->cap_list * sizeof(*s->list));
	}
	c = &s->list[s->n_list++];
	*c = (struct candidate){ h->text, (uint32_t)from, (uint32_t)to, distinct,
				 (double)distinct / (t->seeds ? t->seeds : 1) };
}

/* Hits of one licence fall into groups of nearly one starting point: each is a place it may be. */
static void group(const struct au_licence_db *db, struct au_licence_scratch *s)
{
	s->n_list = 0;
	for (size_t i = 0, j; i < s->n_hits; i = j) {
		uint32_t n = db->texts[s->hits[i].text].n;
		int32_t gap = (int32_t)(n / 6 > 24 ? n / 6 : 24);

		for (j = i + 1; j < s->n_hits && s->hits[j].text == s->hits[i].text &&
				s->hits[j].start - s->hits[j - 1].start <= gap; j++)
			;
		add_candidate(db, s, s->hits + i, j - i);
	}
}

static int by_votes(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	double p = x->votes * x->share, q = y->votes * y->share;

	if (p != q)
		return p < q ? 1 : -1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

struct fit {
	const struct candidate *c;
	struct au_diff d;
	double value;
};

static bool fit(const struct au_licence_db *db, struct au_licence_scratch *s, const struct candidate *c, struct fit *ret)
{
	const struct au_licence_text *t = &db->texts[c->text];
	const uint32_t *a = s->tokens.word + c->from, *b = db->words + t->tok;
	size_t max = t->n / 2 + 60 + (c->to - c->from > t->n ? c->to - c->from - t->n : 0);

	if (!au_align_run(&s->align, a, c->to - c->from, b, t->n, max < MAX_D ? max : MAX_D))
		return false;
	ret->c = c;
	au_align_judge(&s->align, a, b, db->flags + t->tok, t->n, &ret->d);
	ret->d.text_from += c->from;
	ret->d.text_to += c->from;
	/* what is found counts once, what is wrong twice: the licence that explains most of the text
	 * with the least left over on either side */
	ret->value = (double)ret->d.same - 2.0 * (ret->d.inserted + ret->d.missing) - 1.0 * (ret->d.head + ret->d.tail) -
		     6.0 * (ret->d.critical_in + ret->d.critical_out);
	return true;
}

static enum au_verdict judge(const struct au_licence_text *t, const struct au_diff *d)
{
	uint32_t edge = d->head + d->tail, wrong = d->inserted + d->missing;
	uint32_t covered = d->same_required + d->missing;
	uint32_t room = t->required / 12 > 3 ? t->required / 12 : 3;
	bool noise = d->missing > d->inserted && d->blocks >= 4 && d->block_out <= 4;

	if (!wrong && !edge)
		return AU_EXACT;
	if (edge <= (t->required / 16 > 2 ? t->required / 16 : 2)) {
		if (wrong + edge <= room && d->block_in <= 7 && d->block_out <= 7 && !d->critical_in &&
		    (!d->critical_out || noise))
			return AU_MATCH;
		return AU_MODIFIED;
	}
	/* a piece: clean where it is, and enough of it */
	if (covered >= 24 && wrong * 10 <= covered && d->block_in <= 7 && d->block_out <= 7 && !d->critical_in)
		return AU_PARTIAL;
	return AU_MODIFIED;
}

static bool free_range(const struct au_licence_out *o, uint32_t from, uint32_t to)
{
	uint32_t taken = 0;

	for (uint32_t i = from; i < to; i++)
		taken += o->covered[i];
	return taken * 5 <= (to - from);
}

static void take(const struct au_licence_db *db, struct au_licence_scratch *s, const struct fit *f)
{
	const struct au_licence_text *t = &db->texts[f->c->text];
	struct au_licence_found m = {
		.verdict = judge(t, &f->d), .text = f->c->text, .from = f->d.text_from, .to = f->d.text_to,
		.missing = f->d.missing + f->d.head + f->d.tail, .inserted = f->d.inserted,
	};

	m.score = t->required ? (double)f->d.same_required / t->required : 1.0;
	if (m.score > 1)
		m.score = 1;
	if (m.verdict == AU_PARTIAL && f->d.same_required < 24)
		return;
	/* a few shared phrases are no modified licence */
	if (m.verdict == AU_MODIFIED && (m.score < 0.5 || f->d.inserted > f->d.same))
		return;
	au_licence_found(&s->out, &m);
	au_licence_cover(&s->out, f->d.text_from, f->d.text_to);
}

/* Candidates around the same place compete; the winner covers its words, the rest goes on. */
static void decide(const struct au_licence_db *db, struct au_licence_scratch *s)
{
	for (size_t i = 0; i < s->n_list; i++) {
		struct candidate *c = &s->list[i];
		struct fit best = { .value = -1e9 }, f;
		size_t tried = 0;

		if (!c->votes || !free_range(&s->out, c->from, c->to)) {
			c->votes = 0;
			continue;
		}
		for (size_t k = i; k < s->n_list && tried < CANDIDATES; k++) {
			struct candidate *r = &s->list[k];
			uint32_t lo = r->from > c->from ? r->from : c->from, hi = r->to < c->to ? r->to : c->to;

			if (!r->votes || lo >= hi || (hi - lo) * 2 < (r->to - r->from < c->to - c->from ? r->to - r->from : c->to - c->from))
				continue;
			if ((double)r->votes * r->share * 3 < (double)c->votes * c->share && tried)
				break;
			tried++;
			if (fit(db, s, r, &f) && f.value > best.value)
				best = f;
		}
		c->votes = 0;
		if (best.value > -1e9 && free_range(&s->out, best.d.text_from, best.d.text_to) && best.d.same >= 6) {
			take(db, s, &best);
			((struct candidate *)(uintptr_t)best.c)->votes = 0;
		}
	}
}

/* Words that legal language is dense with. */
static bool is_legal(uint32_t w)
{
	static const char *const words[] = {
		"license", "licensed", "licenses", "licensor", "licensee", "copyright", "warranty", "warranties",
		"liability", "liable", "redistribution", "redistribute", "redistributions", "permission", "permitted",
		"granted", "grant", "grants", "hereby", "sublicense", "merchantability", "damages", "terms", "conditions",
		"patent", "royalty", "prohibited", "agreement", "rights", "notice", "provided", "modify", "distribute",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (w == au_word(words[i], strlen(words[i])))
			return true;
	return false;
}

/* Legal language that nothing covers. */
static void unknown(const struct au_licence_db *db, struct au_licence_scratch *s, const struct au_licence_hint *hint)
{
	const struct au_tokens *t = &s->tokens;
	uint32_t from = UINT32_MAX, to = 0, legal = 0, words = 0, nearest = UINT32_MAX;

	for (uint32_t i = 0; i < t->n; i++) {
		if (s->out.covered[i])
			continue;
		words++;
		if (is_legal(t->word[i])) {
			legal++;
			from = from == UINT32_MAX ? i : from;
			to = i + 1;
		}
	}
	if (words < LEGALESE || legal < 8 || legal * (hint->licence_file ? 40 : 12) < words)
		return;
	for (size_t i = 0; i < s->n_list && nearest == UINT32_MAX; i++)
		if (s->list[i].from < to && s->list[i].to > from)
			nearest = s->list[i].text;
	au_licence_found(&s->out, &(struct au_licence_found){ .verdict = AU_UNKNOWN, .text = nearest, .from = from, .to = to });
	(void)db;
}

static int by_place(const void *a, const void *b)
{
	const struct au_licence_found *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to > y->to ? -1 : 1;
	return (x->verdict > y->verdict) - (x->verdict < y->verdict);
}

size_t au_licence_scan(const struct au_licence_db *db, struct au_licence_scratch *s, const uint8_t *p, size_t n,
		       const struct au_licence_hint *hint, struct au_arena *a, const struct au_licence_match **ret)
{
	struct au_licence_out *o = &s->out;
	struct au_licence_match *list;

	o->n = 0;
	au_tokenise(&s->tokens, p, n);
	o->covered = au_xrealloc(o->covered, s->tokens.n + 1);
	memset(o->covered, 0, s->tokens.n + 1);
	collect(db, s);
	qsort(s->hits, s->n_hits, sizeof(*s->hits), by_text);
	group(db, s);
	qsort(s->list, s->n_list, sizeof(*s->list), by_votes);
	decide(db, s);
	au_licence_notices(db, &s->tokens, p, n, o, a);
	unknown(db, s, hint);
	if (o->n)
		qsort(o->found, o->n, sizeof(*o->found), by_place);
	list = AU_ARRAY(a, struct au_licence_match, o->n);
	for (size_t i = 0; i < o->n; i++) {
		const struct au_licence_found *f = &o->found[i];
		const char *id = f->expr ? f->expr : f->text != UINT32_MAX ? au_licence_id(db, f->text) : NULL;
		bool named = f->verdict != AU_MODIFIED && f->verdict != AU_UNKNOWN;

		list[i] = (struct au_licence_match){
			.verdict = f->verdict, .id = named ? id : NULL, .nearest = named ? NULL : id, .score = f->score,
			.missing = f->missing, .inserted = f->inserted, .rule = f->rule ? f->rule : "text",
		};
		if (f->to > f->from && f->to <= s->tokens.n) {
			list[i].off = s->tokens.at[f->from];
			list[i].len = s->tokens.end[f->to - 1] - s->tokens.at[f->from];
			list[i].line = s->tokens.line[f->from];
			list[i].line_end = s->tokens.line[f->to - 1];
		}
	}
	*ret = list;
	return o->n;
}

bool au_licence_file_name(const char *name)
{
	static const char *const stems[] = { "license", "licence", "copying", "copyright", "notice", "unlicense", "eula",
					     "legal", "terms", "use_policy", "use-policy", "usage_policy", "agreement", NULL };

	for (size_t i = 0; stems[i]; i++)
		if (au_istr(name, stems[i]))
			return true;
	return false;
}
