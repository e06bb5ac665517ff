/* The door to libyaml; see yaml.h. */
#include "base/banned.h"
#include <yaml.h>
#include "ext/yaml.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/rc.h"

struct load {
	struct au_arena *arena;
	struct au_node *stack[AU_YAML_DEPTH];
	unsigned depth;
	struct au_node *root;
	struct au_map keys;
	const char *key_text;
	size_t key_len;
	uint32_t key_line, key_col;
	uint64_t key_off;
	bool dup;
};

const char *au_yaml_version(void)
{
	return yaml_get_version_string();
}

static bool is_number(const char *s)
{
	bool digit = false;

	if (*s == '-' || *s == '+')
		s++;
	for (; *s; s++) {
		if (*s >= '0' && *s <= '9')
			digit = true;
		else if (*s != '.' && !(digit && (*s == 'e' || *s == 'E' || *s == '-' || *s == '+')))
			return false;
	}
	return digit;
}

static enum au_node_type scalar_type(const yaml_event_t *e, const char *s)
{
	if (!e->data.scalar.plain_implicit)
		return AU_NODE_STRING;
	if (!*s || !strcmp(s, "~") || !strcmp(s, "null") || !strcmp(s, "Null") || !strcmp(s, "NULL"))
		return AU_NODE_NULL;
	if (!strcmp(s, "true") || !strcmp(s, "True") || !strcmp(s, "false") || !strcmp(s, "False"))
		return AU_NODE_BOOL;
	return is_number(s) ? AU_NODE_NUMBER : AU_NODE_STRING;
}

static void take_key(struct load *l, const yaml_event_t *e)
{
	const char *s = e->type == YAML_SCALAR_EVENT ? (const char *)e->data.scalar.value : "?";
	size_t n = e->type == YAML_SCALAR_EVENT ? e->data.scalar.length : 1;
	char *id = au_arena_alloc(l->arena, n + sizeof(void *) + 1);
	void **slot;

	memcpy(id, &l->stack[l->depth - 1], sizeof(void *));
	if (n)
		memcpy(id + sizeof(void *), s, n);
	l->key_text = id + sizeof(void *);
	l->key_len = n;
	l->key_line = (uint32_t)e->start_mark.line + 1;
	l->key_col = (uint32_t)e->start_mark.column + 1;
	l->key_off = e->start_mark.index;
	slot = au_map_put(&l->keys, id, n + sizeof(void *));
	l->dup = *slot;
	*slot = l;
}

static struct au_node *add(struct load *l, const yaml_event_t *e, enum au_node_type type,
			   const char *tag)
{
	struct au_node *up = l->depth ? l->stack[l->depth - 1] : NULL;
	struct au_node *n = au_node_add(l->arena, up, type);

	n->off = e->start_mark.index;
	n->line = (uint32_t)e->start_mark.line + 1;
	n->col = (uint32_t)e->start_mark.column + 1;
	n->tag = au_arena_str(l->arena, tag);
	if (l->key_text) {
		n->key = l->key_text;
		n->key_len = l->key_len;
		n->key_off = l->key_off;
		n->line = l->key_line;
		n->col = l->key_col;
		n->dup_key = l->dup;
		l->key_text = NULL;
	}
	if (!l->root)
		l->root = n;
	return n;
}

/* AU_OK, AU_NOTME at the end of the document, AU_LIMIT when too deep. */
static int on_event(struct load *l, const yaml_event_t *e)
{
	bool want_key = l->depth && l->stack[l->depth - 1]->type == AU_NODE_MAP && !l->key_text;
	struct au_node *n;

	switch (e->type) {
	case YAML_SCALAR_EVENT:
		if (want_key) {
			take_key(l, e);
			return AU_OK;
		}
		n = add(l, e, scalar_type(e, (const char *)e->data.scalar.value),
			(const char *)e->data.scalar.tag);
		n->len = e->data.scalar.length;
		n->text = au_arena_strn(l->arena, (const char *)e->data.scalar.value, n->len);
		return AU_OK;
	case YAML_ALIAS_EVENT:
		if (want_key)
			take_key(l, e);
		else
			add(l, e, AU_NODE_NULL, "*alias");
		return AU_OK;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (want_key)
			return AU_BAD; /* a container as a key: nothing we read needs it */
		if (l->depth == AU_YAML_DEPTH)
			return AU_LIMIT;
		n = e->type == YAML_MAPPING_START_EVENT
			? add(l, e, AU_NODE_MAP, (const char *)e->data.mapping_start.tag)
			: add(l, e, AU_NODE_SEQ, (const char *)e->data.sequence_start.tag);
		l->stack[l->depth++] = n;
		return AU_OK;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		l->depth--;
		return AU_OK;
	case YAML_DOCUMENT_END_EVENT:
	case YAML_STREAM_END_EVENT:
		return AU_NOTME;
	default:
		return AU_OK;
	}
}

static int drain(struct load *l, yaml_parser_t *p, struct au_yaml_error *err)
{
	int rc = AU_OK;

	while (rc == AU_OK) {
		yaml_event_t e;

		if (!yaml_parser_parse(p, &e)) {
			snprintf(err->what, sizeof(err->what), "%s", p->problem ? p->problem : "malformed");
			err->line = (uint32_t)p->problem_mark.line + 1;
			err->col = (uint32_t)p->problem_mark.column + 1;
			err->at = p->problem_mark.index ? p->problem_mark.index : p->problem_offset;
			return AU_BAD;
		}
		rc = on_event(l, &e);
		if (rc == AU_LIMIT || rc == AU_BAD) {
			snprintf(err->what, sizeof(err->what), "%s",
				 rc == AU_LIMIT ? "nested too deep" : "a container used as a key");
			err->line = (uint32_t)e.start_mark.line + 1;
			err->col = (uint32_t)e.start_mark.column + 1;
			err->at = e.start_mark.index;
		}
		yaml_event_delete(&e);
	}
	return rc == AU_NOTME ? AU_OK : rc;
}

int au_yaml_load(struct au_arena *a, const void *data, size_t n, size_t max_bytes,
		 struct au_node **ret, struct au_yaml_error *ret_err)
{
	struct au_yaml_error err = { .line = 1, .col = 1 };
	struct load l = { .arena = a };
	yaml_parser_t p;
	int rc;

	if (n > (max_bytes ? max_bytes : AU_YAML_BYTES)) {
		snprintf(err.what, sizeof(err.what), "longer than the %zu bytes that are read",
			 max_bytes ? max_bytes : (size_t)AU_YAML_BYTES);
		rc = AU_LIMIT;
	} else if (!yaml_parser_initialize(&p)) {
		rc = AU_NOMEM;
	} else {
		au_map_init(&l.keys, a);
		yaml_parser_set_input_string(&p, data, n);
		rc = drain(&l, &p, &err);
		yaml_parser_delete(&p);
	}
	if (rc == AU_OK)
		*ret = l.root ? l.root : au_node_add(a, NULL, AU_NODE_NULL);
	else if (ret_err)
		*ret_err = err;
	return rc;
}
