/* The tables under rules/; see tables.h. */
#include "base/banned.h"
#include "legal/tables.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"

enum { TABLE_MAX = 4 * 1024 * 1024, NAME_MAX_HUB = 160 };

#define EMBED(sym, file) \
	__asm__(".section .rodata\n.global " #sym "\n" #sym ":\n.incbin \"" file "\"\n" \
		".global " #sym "_end\n" #sym "_end:\n.byte 0\n.text\n"); \
	extern const char sym[], sym##_end[]
EMBED(au_rules_hub, "rules/hub-models.yaml");
EMBED(au_rules_compat, "rules/compatibility.yaml");
EMBED(au_rules_duties, "rules/obligations.yaml");

const char *au_table_text(const char *name, size_t *ret_len)
{
	const char *p = NULL, *end = NULL;

	if (!strcmp(name, "hub-models")) {
		p = au_rules_hub;
		end = au_rules_hub_end;
	} else if (!strcmp(name, "compatibility")) {
		p = au_rules_compat;
		end = au_rules_compat_end;
	} else if (!strcmp(name, "obligations")) {
		p = au_rules_duties;
		end = au_rules_duties_end;
	}
	*ret_len = p ? (size_t)(end - p) : 0;
	return p;
}

void au_tables_init(struct au_legal_tables *t, struct au_arena *a)
{
	*t = (struct au_legal_tables){ .arena = a };
}

/* Our own table: that it is well-formed is tested, a broken one reads as empty. */
static const struct au_node *load(struct au_legal_tables *t, const struct au_node **at, const char *name)
{
	struct au_node *doc = NULL;
	size_t n;
	const char *p;

	if (*at)
		return *at;
	p = au_table_text(name, &n);
	if (au_yaml_load(t->arena, p, n, TABLE_MAX, &doc, NULL) != AU_OK)
		doc = au_node_add(t->arena, NULL, AU_NODE_MAP);
	*at = doc;
	return doc;
}

/* Lower case, blanks to '-', hub prefixes away: "Llama 3.1 8B" to "llama-3.1-8b". */
static bool hub_key(const char *name, char ret[NAME_MAX_HUB])
{
	size_t n = 0;

	if (au_starts(name, "hf://"))
		name += 5;
	if (au_starts(name, "datasets/"))
		name += 9;
	for (; *name; name++) {
		if (n + 1 >= NAME_MAX_HUB)
			return false;
		ret[n++] = *name == ' ' ? '-' : au_lower(*name);
	}
	ret[n] = 0;
	return n > 0;
}

static const struct au_node *hub_row(const struct au_node *rows, const char *key)
{
	bool bare = !strchr(key, '/');

	AU_EACH(r, rows) {
		const char *glob = au_node_str(r, "name"), *slash = glob ? strchr(glob, '/') : NULL;

		if (!glob)
			continue;
		if (au_glob(glob, key))
			return r;
		/* A bare name matches a row with an account only when that row names one model family. */
		if (bare && slash && strlen(slash) > 6 && slash[1] != '*' && au_glob(slash + 1, key))
			return r;
	}
	return NULL;
}

const char *au_hub_licence(struct au_legal_tables *t, const char *name, bool dataset,
			   const char **ret_basis)
{
	const struct au_node *doc = load(t, &t->hub, "hub-models"), *row;
	char key[NAME_MAX_HUB];
	const char *lic;

	if (!hub_key(name, key))
		return NULL;
	row = hub_row(au_node_get(doc, dataset ? "datasets" : "models"), key);
	if (!row)
		return NULL;
	lic = au_node_str(row, "licence");
	*ret_basis = au_arena_fmt(t->arena, "known licence of '%s' (hub-models.yaml, basis: %s)",
				  au_node_str(row, "name"), au_node_str(row, "basis"));
	return lic && strcmp(lic, "unknown") != 0 ? lic : NULL;
}

static size_t id_index(const struct au_node *ids, const char *id)
{
	size_t i = 0;

	AU_EACH(c, ids) {
		if (!strcmp(c->text, id))
			return i;
		i++;
	}
	return SIZE_MAX;
}

static char matrix_cell(const struct au_node *doc, const char *out, const char *in)
{
	const struct au_node *ids = au_node_get(doc, "ids");
	size_t row = id_index(ids, out), col = id_index(ids, in), i = 0;

	if (row == SIZE_MAX || col == SIZE_MAX)
		return 'u';
	AU_EACH(c, au_node_get(doc, "matrix"))
		if (i++ == row)
			return col < c->len ? c->text[col] : 'u';
	return 'u';
}

static bool names_class(const char *pattern, const char *id)
{
	enum au_class c = au_class_parse(pattern);

	if (c != AU_CLASS_UNKNOWN || !strcmp(pattern, "unknown"))
		return au_class_of_id(NULL, id) == c;
	return au_glob(pattern, id);
}

enum au_compat au_compatible(struct au_legal_tables *t, const char *out, const char *in,
			     const char **ret_why)
{
	const struct au_node *doc = load(t, &t->compat, "compatibility");
	char cell = strcmp(out, in) ? matrix_cell(doc, out, in) : 's';

	*ret_why = "OSADL licence compatibility matrix";
	if (cell == 'y' || cell == 's')
		return AU_COMPAT_YES;
	if (cell == 'n')
		return AU_COMPAT_NO;
	if (cell == 'c')
		return AU_COMPAT_CHECK;
	AU_EACH(r, au_node_get(doc, "classes")) {
		const char *o = au_node_str(r, "out"), *i = au_node_str(r, "in"), *res;

		if (!o || !i || !names_class(o, out) || !names_class(i, in))
			continue;
		*ret_why = au_node_str(r, "why");
		res = au_node_str(r, "result");
		return res && !strcmp(res, "no") ? AU_COMPAT_NO : AU_COMPAT_CHECK;
	}
	return AU_COMPAT_UNKNOWN;
}

static unsigned use_set(const struct au_node *row)
{
	unsigned set = 0;

	AU_EACH(u, au_node_get(row, "uses"))
		set |= au_use_parse(u->text);
	return set ? set : AU_USE_ALL;
}

void au_duties(struct au_legal_tables *t, const char *id, enum au_class cls,
	       void (*fn)(void *ctx, const struct au_obligation *o), void *ctx)
{
	const struct au_node *doc = load(t, &t->duties, "obligations");

	AU_EACH(r, au_node_get(doc, "obligations")) {
		const char *pattern = au_node_str(r, "for");
		bool hit = pattern && (au_starts(pattern, "class:")
				       ? !strcmp(pattern + 6, au_class_name(cls)) : au_glob(pattern, id));
		struct au_obligation o;

		if (!hit)
			continue;
		o = (struct au_obligation){
			.id = au_node_str(r, "id"), .text = au_node_str(r, "text"), .licence = id,
			.clause = au_node_str(r, "clause"), .uses = use_set(r),
			.prohibits = au_node_bool(r, "prohibits", false),
			.threshold = au_node_str(r, "threshold"),
		};
		if (o.clause && !*o.clause)
			o.clause = NULL;
		fn(ctx, &o);
	}
}
