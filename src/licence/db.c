/* The index: opened in place, looked up by id. */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/internal.h"

static const uint32_t unit[SEC_N] = {
	[SEC_STR] = 1, [SEC_LIC] = sizeof(struct lic_rec), [SEC_VOCAB] = sizeof(struct lic_vslot),
	[SEC_WORD] = 4, [SEC_FLAG] = 1, [SEC_TMPL] = sizeof(struct lic_tmpl), [SEC_TOK] = 2,
	[SEC_MARK] = 1, [SEC_BLOOM] = 8, [SEC_SEED] = sizeof(struct lic_seed), [SEC_POST] = 4,
	[SEC_NODE] = sizeof(struct lic_node), [SEC_EDGE] = sizeof(struct lic_edge),
	[SEC_RULE] = sizeof(struct lic_rule), [SEC_START] = 1,
	[SEC_ALIAS] = sizeof(struct lic_alias), [SEC_IDMAP] = 4,
};

const char *lic_str(const struct au_licence_db *db, uint32_t off)
{
	return off ? db->str + off : NULL;
}

static const void *sec(const struct lic_head *h, enum lic_section s)
{
	return (const uint8_t *)h + h->sec[s].off;
}

int au_licence_db_open(const void *blob, size_t len, struct au_arena *a,
		       const struct au_licence_db **ret)
{
	const struct lic_head *h = blob;
	struct au_licence_db *db;

	if (len < sizeof(*h) || h->magic != AU_LIC_MAGIC || h->version != AU_LIC_VERSION ||
	    h->size != len)
		return AU_BAD;
	for (int i = 0; i < SEC_N; i++)
		if (!au_within(h->sec[i].off, (uint64_t)h->sec[i].n * unit[i], len) ||
		    h->sec[i].off % 8)
			return AU_BAD;
	db = AU_NEW(a, struct au_licence_db);
	*db = (struct au_licence_db){
		.blob = blob, .h = h, .str = sec(h, SEC_STR), .lic = sec(h, SEC_LIC),
		.n_lic = h->sec[SEC_LIC].n, .vocab = sec(h, SEC_VOCAB),
		.vocab_mask = h->sec[SEC_VOCAB].n - 1, .word = sec(h, SEC_WORD),
		.flag = sec(h, SEC_FLAG), .n_words = h->sec[SEC_WORD].n, .tmpl = sec(h, SEC_TMPL),
		.n_tmpl = h->sec[SEC_TMPL].n, .tok = sec(h, SEC_TOK), .mark = sec(h, SEC_MARK),
		.bloom = sec(h, SEC_BLOOM), .seed = sec(h, SEC_SEED),
		.seed_mask = h->sec[SEC_SEED].n - 1, .post = sec(h, SEC_POST),
		.node = sec(h, SEC_NODE), .n_node = h->sec[SEC_NODE].n, .edge = sec(h, SEC_EDGE),
		.rule = sec(h, SEC_RULE), .n_rule = h->sec[SEC_RULE].n, .start = sec(h, SEC_START),
		.alias = sec(h, SEC_ALIAS), .n_alias = h->sec[SEC_ALIAS].n,
		.idmap = sec(h, SEC_IDMAP),
	};
	db->pub = AU_ARRAY(a, struct au_licence, db->n_lic);
	for (size_t i = 0; i < db->n_lic; i++) {
		const struct lic_rec *r = &db->lic[i];

		db->pub[i] = (struct au_licence){
			.id = lic_str(db, r->id), .name = lic_str(db, r->name),
			.family = lic_str(db, r->family), .class_ = lic_str(db, r->class_),
			.hub = lic_str(db, r->hub), .url = lic_str(db, r->url),
			.osi = r->flags & 1, .fingerprint = r->flags & 2,
			.exception = r->flags & 4, .deprecated = r->flags & 8, .words = r->n_words,
		};
	}
	*ret = db;
	return AU_OK;
}

size_t au_licence_count(const struct au_licence_db *db)
{
	return db->n_lic;
}

const struct au_licence *au_licence_at(const struct au_licence_db *db, size_t i)
{
	return i < db->n_lic ? &db->pub[i] : NULL;
}

const struct au_licence *au_licence_find(const struct au_licence_db *db, const char *id)
{
	size_t lo = 0, hi = db->n_lic;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = strcasecmp(db->pub[db->idmap[mid]].id, id);

		if (!c)
			return &db->pub[db->idmap[mid]];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const char *au_licence_verdict_name(enum au_licence_verdict v)
{
	static const char *const names[] = { "exact", "match", "modified", "partial", "reference",
		"unknown" };

	return names[v];
}

void lic_vocab_map(const struct au_licence_db *db, struct au_stream *s)
{
	for (size_t i = 0; i < s->n; i++) {
		uint32_t h = s->hash[i], at = h & db->vocab_mask;
		uint32_t id = s->kind[i] & AU_TOK_NUMBER ? LIC_NUM : LIC_OOV;

		for (; db->vocab[at].id; at = (at + 1) & db->vocab_mask)
			if (db->vocab[at].hash == h) {
				id = db->vocab[at].id;
				break;
			}
		s->id[i] = (uint16_t)id;
	}
}
