/* Document tree; see node.h. */
#include "base/banned.h"
#include "base/node.h"
#include "base/arena.h"
#include "base/text.h"

const struct au_node *au_node_get(const struct au_node *m, const char *key)
{
	const struct au_node *hit = NULL;
	size_t n = strlen(key);

	if (!m || m->type != AU_NODE_MAP)
		return NULL;
	AU_EACH(c, m)
		if (c->key_len == n && !memcmp(c->key, key, n))
			hit = c;
	return hit;
}

const struct au_node *au_node_path(const struct au_node *m, const char *path)
{
	char word[64];

	while (m && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(word))
			return NULL;
		memcpy(word, path, n);
		word[n] = 0;
		m = au_node_get(m, word);
		path += n + (path[n] == '.');
	}
	return m;
}

const char *au_node_text(const struct au_node *n)
{
	if (!n || n->type == AU_NODE_NULL || n->type == AU_NODE_SEQ || n->type == AU_NODE_MAP)
		return NULL;
	return n->text;
}

const char *au_node_str(const struct au_node *m, const char *key)
{
	return au_node_text(au_node_get(m, key));
}

bool au_node_bool(const struct au_node *m, const char *key, bool def)
{
	const char *s = au_node_str(m, key);

	if (!s)
		return def;
	if (au_ieq(s, "true") || au_ieq(s, "yes") || au_ieq(s, "on"))
		return true;
	if (au_ieq(s, "false") || au_ieq(s, "no") || au_ieq(s, "off"))
		return false;
	return def;
}

uint64_t au_node_u64(const struct au_node *m, const char *key, uint64_t def)
{
	const char *s = au_node_str(m, key);
	uint64_t v = 0;

	if (!s || !*s)
		return def;
	for (; *s; s++) {
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return def;
	}
	return v;
}

const char *const *au_node_list(struct au_arena *a, const struct au_node *m, const char *key,
				size_t *ret_n)
{
	const struct au_node *seq = au_node_get(m, key);
	const char **out;
	size_t n = 0;

	if (seq && seq->type != AU_NODE_SEQ) {
		out = AU_ARRAY(a, const char *, 2);
		if (au_node_text(seq))
			out[n++] = seq->text;
	} else {
		out = AU_ARRAY(a, const char *, (seq ? seq->n : 0) + 1);
		AU_EACH(c, seq)
			if (au_node_text(c))
				out[n++] = c->text;
	}
	if (ret_n)
		*ret_n = n;
	return out;
}

struct au_node *au_node_add(struct au_arena *a, struct au_node *parent, enum au_node_type type)
{
	struct au_node *c = AU_NEW(a, struct au_node);

	c->type = type;
	c->text = "";
	if (parent) {
		if (parent->last)
			parent->last->next = c;
		else
			parent->first = c;
		parent->last = c;
		parent->n++;
	}
	return c;
}
