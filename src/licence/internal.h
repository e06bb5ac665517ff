/* What the files of this room share: the flat index (no pointers, opened in place) and the
 * working memory of a scan. */
#ifndef AU_LICENCE_INTERNAL_H
#define AU_LICENCE_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "licence/licence.h"
#include "licence/token.h"

enum { AU_LIC_MAGIC = 0x31636c61, AU_LIC_VERSION = 3 };

enum lic_section {
	SEC_STR, SEC_LIC, SEC_VOCAB, SEC_WORD, SEC_FLAG, SEC_TMPL, SEC_TOK, SEC_MARK, SEC_BLOOM,
	SEC_SEED, SEC_POST, SEC_NODE, SEC_EDGE, SEC_RULE, SEC_START, SEC_ALIAS, SEC_IDMAP, SEC_N,
};

/* Ids with a meaning of their own. */
enum { LIC_OOV = 0, LIC_NUM = 1, LIC_COPY = 2, LIC_FIRST = 3 };

/* SEC_FLAG, one byte a word. */
enum { WF_CRITICAL = 1, WF_LEGAL = 2, WF_SOFT = 4, WF_NUMBER = 8, WF_LIMIT = 16 };

/* SEC_MARK, one byte a template token. */
enum { TM_OPTIONAL = 1, TM_SLOT = 2 };

struct lic_head {
	uint32_t magic, version;
	uint64_t size;
	struct { uint32_t off, n; } sec[SEC_N];
};

struct lic_rec {
	uint32_t id, name, family, class_, hub, url;  /* offsets into SEC_STR */
	uint32_t flags, n_words;
};

struct lic_tmpl {
	uint32_t tok, n;         /* in SEC_TOK and SEC_MARK */
	uint32_t lic;
	uint32_t required;       /* tokens that are neither optional nor slot */
	uint32_t seeds;          /* postings that point here */
	uint32_t flags;          /* LIC_T_* */
};

enum { LIC_T_FINGERPRINT = 1, LIC_T_USER = 2 };

struct lic_vslot { uint32_t hash, id; };
struct lic_seed { uint32_t key, post, n; };
struct lic_node { uint32_t edge, n; uint32_t rule; uint32_t gap; }; /* gap: node after a gap edge */
struct lic_edge { uint32_t word, node; };
struct lic_rule { uint32_t name, expr, kind, weight; };
struct lic_alias { uint32_t key, expr; };

enum { LIC_BLOOM_BITS = 1 << 20 };

struct au_licence_db {
	const uint8_t *blob;
	const struct lic_head *h;
	const char *str;
	const struct lic_rec *lic;
	size_t n_lic;
	const struct lic_vslot *vocab;
	uint32_t vocab_mask;
	const uint32_t *word;
	const uint8_t *flag;
	size_t n_words;
	const struct lic_tmpl *tmpl;
	size_t n_tmpl;
	const uint16_t *tok;
	const uint8_t *mark;
	const uint64_t *bloom;
	const struct lic_seed *seed;
	uint32_t seed_mask;
	const uint32_t *post;
	const struct lic_node *node;
	size_t n_node;
	const struct lic_edge *edge;
	const struct lic_rule *rule;
	size_t n_rule;
	const uint8_t *start;        /* bit a word: some notice rule begins with it */
	const struct lic_alias *alias;
	size_t n_alias;
	const uint32_t *idmap;       /* licences sorted by lower-case id */
	struct au_licence *pub;      /* for au_licence_at */
};

static inline uint32_t lic_shingle(const uint16_t *t)
{
	uint64_t k = (uint64_t)t[0] << 48 | (uint64_t)t[1] << 32 | (uint64_t)t[2] << 16 | t[3];

	return (uint32_t)((k * 0x9e3779b97f4a7c15ULL) >> 32) | 1;
}

/* A piece of an alignment: equal when t and q lengths are equal and op is '='. */
struct lic_op {
	char op;               /* '=' run, '!' difference block */
	uint32_t t, tn, q, qn;
};

struct lic_cost {
	uint32_t missing, inserted, changed;  /* words that matter */
	uint32_t matched, required, optional;  /* words of each kind that were found, or exist */
	uint32_t hard;         /* critical differences */
	uint32_t hard_single;  /* critical words missing on their own */
	uint32_t worst;        /* longest single difference, in words */
	uint32_t head, tail;   /* template words missing before and behind what was found */
	uint32_t singles;      /* words missing one or two at a time with nothing put in */
	uint32_t free_;        /* inserted or missing words that cost nothing */
};

struct lic_cand {
	uint32_t tmpl;
	uint32_t hits;         /* first hit in scratch->hit */
	uint32_t n_hits;
	uint32_t q0, q1;       /* estimate, then exact token span */
	float cover;           /* seeds found / seeds there are */
	bool done;
	struct lic_cost cost;
	int32_t score;
};

struct lic_hit { uint32_t q; uint16_t tmpl, t; };

struct au_licence_scratch {
	struct au_stream s;
	uint32_t *pad;
	struct lic_hit *hit, *hit2;
	uint32_t *count;           /* by template */
	size_t n_hit, n_tmpl_cap;
	struct lic_cand *cand;
	size_t n_cand;
	struct lic_op *op;
	size_t n_op;
	struct lic_run *run;
	int32_t *diag;             /* Myers' rows */
	uint16_t *rev;             /* reversed gap pieces */
	uint8_t *covered;          /* by token */
	const uint8_t *text;       /* of the scan that runs */
	int exclude;               /* licence left out, or -1 */
};

struct lic_run { uint32_t q, t, n; int32_t score, prev; };

enum {
	LIC_WINDOW = 1 << 16,      /* tokens looked at together */
	LIC_OVERLAP = 1 << 14,     /* the longest template fits */
	LIC_MAX_HITS = 1 << 18,
	LIC_MAX_CAND = 4096,
	LIC_MAX_RUNS = 4096,
	LIC_MAX_OPS = 16384,
	LIC_MAX_D = 300,           /* differences between two anchors */
};

void lic_vocab_map(const struct au_licence_db *db, struct au_stream *s);
/* Align template t with the tokens around the hits of c; fills ops, cost and the exact span. */
void lic_align(const struct au_licence_db *db, struct au_licence_scratch *x, struct lic_cand *c,
	       uint32_t q_min, uint32_t q_max);
/* cost.c: what x->op amounts to. */
void lic_count_cost(const struct au_licence_db *db, const struct au_licence_scratch *x,
		    struct lic_cand *c);
/* Shortest edit script of a (whole) into b; with free_end b's tail costs nothing. Appends ops
 * with the given bases. Returns how much of b was used. */
uint32_t lic_myers(struct au_licence_scratch *x, const uint16_t *a, uint32_t na, const uint16_t *b,
		   uint32_t nb, bool free_end, uint32_t ta, uint32_t qb);
/* Length of the longest common subsequence, bit-parallel (Hyyro 2004). */
uint32_t lic_lcs(const uint16_t *a, uint32_t na, const uint16_t *b, uint32_t nb, uint64_t *tmp);

const char *lic_str(const struct au_licence_db *db, uint32_t off);

/* seed.c: hits of [from, to) into x->hit2, by template; candidates into x->cand, best guess first.
 * Returns the word it stopped at (less than `to` when there were too many hits). */
uint32_t lic_seed(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		  uint32_t to);

/* A full-text finding, in words. */
struct lic_found {
	enum au_licence_verdict verdict;
	uint32_t q0, q1;
	uint32_t lic;          /* nearest for modified, partial, unknown */
	bool has_lic;
	struct lic_cost cost;
	float score;
	const char *expr, *rule;   /* notices and tags */
};
/* decide.c: align the candidates, choose, judge; appends struct lic_found to v. */
void lic_decide(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		uint32_t to, struct au_vec *v);
/* Legal prose in [from, to) that nothing in v covers. */
void lic_unknown(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		 uint32_t to, struct au_vec *v);
/* notice.c: names with verbs, in [from, to). */
void lic_notices(const struct au_licence_db *db, struct au_licence_scratch *x, uint32_t from,
		 uint32_t to, struct au_vec *v);
/* tag.c: SPDX-License-Identifier lines in raw bytes; appends struct au_licence_match. */
void lic_tags(const struct au_licence_db *db, const uint8_t *text, size_t len, struct au_arena *a,
	      struct au_vec *v);

#endif
