/* Bounded JSON pull reader and tree loader; see json.h. */
#include "base/banned.h"
#include "io/json.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"

enum state { S_VALUE, S_FIRST_KEY, S_KEY, S_FIRST_ITEM, S_AFTER, S_DONE, S_FAILED };

void au_json_init(struct au_json *j, const void *p, size_t n)
{
	memset(j, 0, sizeof(*j));
	j->p = p;
	j->n = n;
	j->line = 1;
	j->state = S_VALUE;
	au_buf_init(&j->scratch, n + 16);
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		j->at = 3;
}

void au_json_release(struct au_json *j)
{
	au_buf_release(&j->scratch);
}

static enum au_json_event fail(struct au_json *j, const char *why)
{
	j->err = why;
	j->tok_at = j->at;
	j->state = S_FAILED;
	return AU_JSON_ERROR;
}

static void blanks(struct au_json *j)
{
	while (j->at < j->n) {
		uint8_t c = j->p[j->at];

		if (c == '\n') {
			j->line++;
			j->line_at = j->at + 1;
		} else if (c != ' ' && c != '\t' && c != '\r') {
			return;
		}
		j->at++;
	}
}

static bool hex4(const struct au_json *j, size_t at, uint32_t *ret)
{
	uint8_t b[2];

	if (!au_within(at, 4, j->n) || !au_unhex((const char *)j->p + at, 2, b))
		return false;
	*ret = (uint32_t)(b[0] << 8 | b[1]);
	return true;
}

/* An escape behind the backslash at j->at - 1. */
static bool escape(struct au_json *j)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *hit;
	uint32_t cp, low;
	char c;

	if (j->at >= j->n)
		return false;
	c = (char)j->p[j->at++];
	if (c == 'u') {
		if (!hex4(j, j->at, &cp))
			return false;
		j->at += 4;
		if (cp >= 0xd800 && cp < 0xdc00 && j->at + 1 < j->n && j->p[j->at] == '\\' &&
		    j->p[j->at + 1] == 'u' && hex4(j, j->at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			j->at += 6;
		} else if (cp >= 0xd800 && cp < 0xe000) {
			j->lone_surrogate = true;
			cp = 0xfffd;
		}
		au_utf8_put(&j->scratch, cp);
		return true;
	}
	hit = c ? strchr(from, c) : NULL;
	if (!hit)
		return false;
	return au_buf_byte(&j->scratch, (uint8_t)to[hit - from]) == AU_OK;
}

/* A string whose opening quote is at j->at. Text without escapes is borrowed from the input. */
static bool string(struct au_json *j)
{
	size_t start = ++j->at;

	au_buf_clear(&j->scratch);
	for (;;) {
		size_t run = j->at;

		while (j->at < j->n && j->p[j->at] != '"' && j->p[j->at] != '\\' && j->p[j->at] >= 0x20)
			j->at++;
		if (j->at >= j->n)
			return false;
		if (j->p[j->at] == '"' && run == start) {
			j->text = (const char *)j->p + start;
			j->len = j->at - start;
			j->at++;
			return true;
		}
		au_buf_add(&j->scratch, j->p + run, j->at - run);
		if (j->p[j->at] == '"') {
			j->at++;
			break;
		}
		if (j->p[j->at] != '\\')
			return false; /* a raw control character */
		j->at++;
		if (!escape(j))
			return false;
		start = SIZE_MAX;
	}
	j->text = au_buf_cstr(&j->scratch);
	j->len = j->scratch.len;
	return true;
}

static size_t digits(struct au_json *j)
{
	size_t from = j->at;

	while (j->at < j->n && j->p[j->at] >= '0' && j->p[j->at] <= '9')
		j->at++;
	return j->at - from;
}

static bool number(struct au_json *j)
{
	size_t from = j->at;

	if (j->p[j->at] == '-')
		j->at++;
	if (j->at < j->n && j->p[j->at] == '0')
		j->at++;
	else if (!digits(j))
		return false;
	if (j->at < j->n && j->p[j->at] == '.') {
		j->at++;
		if (!digits(j))
			return false;
	}
	if (j->at < j->n && (j->p[j->at] | 32) == 'e') {
		j->at++;
		if (j->at < j->n && (j->p[j->at] == '+' || j->p[j->at] == '-'))
			j->at++;
		if (!digits(j))
			return false;
	}
	j->text = (const char *)j->p + from;
	j->len = j->at - from;
	return true;
}

/* NaN and Infinity are no JSON, but Python writes them: taken as numbers. */
static enum au_json_event word(struct au_json *j)
{
	static const struct { const char *w; enum au_json_event e; } words[] = {
		{ "true", AU_JSON_TRUE }, { "false", AU_JSON_FALSE }, { "null", AU_JSON_NULL },
		{ "NaN", AU_JSON_NUMBER }, { "Infinity", AU_JSON_NUMBER }, { "-Infinity", AU_JSON_NUMBER },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i].w);

		if (au_within(j->at, n, j->n) && !memcmp(j->p + j->at, words[i].w, n)) {
			j->text = (const char *)j->p + j->at;
			j->len = n;
			j->at += n;
			return words[i].e;
		}
	}
	return AU_JSON_ERROR;
}

static enum au_json_event open_nest(struct au_json *j, bool object)
{
	if (j->depth == AU_JSON_DEPTH)
		return fail(j, "nested too deep");
	j->stack[j->depth++] = object;
	j->at++;
	j->state = object ? S_FIRST_KEY : S_FIRST_ITEM;
	return object ? AU_JSON_OBJECT : AU_JSON_ARRAY;
}

static enum au_json_event close_nest(struct au_json *j)
{
	bool object = j->stack[--j->depth];

	j->at++;
	j->state = j->depth ? S_AFTER : S_DONE;
	return object ? AU_JSON_OBJECT_END : AU_JSON_ARRAY_END;
}

static enum au_json_event value(struct au_json *j)
{
	uint8_t c = j->p[j->at];
	enum au_json_event e;

	if (c == '{' || c == '[')
		return open_nest(j, c == '{');
	if (c == '"') {
		if (!string(j))
			return fail(j, "bad string");
		e = AU_JSON_STRING;
	} else {
		e = word(j);
		if (e == AU_JSON_ERROR) {
			if ((c != '-' && (c < '0' || c > '9')) || !number(j))
				return fail(j, "unexpected character");
			e = AU_JSON_NUMBER;
		}
	}
	j->state = j->depth ? S_AFTER : S_DONE;
	return e;
}

static enum au_json_event key(struct au_json *j)
{
	if (j->p[j->at] != '"')
		return fail(j, "a key was expected");
	j->tok_at = j->at;
	if (!string(j))
		return fail(j, "bad string");
	blanks(j);
	if (j->at >= j->n || j->p[j->at] != ':')
		return fail(j, "':' was expected");
	j->at++;
	j->state = S_VALUE;
	return AU_JSON_KEY;
}

enum au_json_event au_json_next(struct au_json *j)
{
	bool object = j->depth && j->stack[j->depth - 1];
	uint8_t c;

	if (j->state == S_FAILED)
		return AU_JSON_ERROR;
	if (j->state == S_DONE)
		return AU_JSON_END;
	blanks(j);
	j->text = "";
	j->len = 0;
	j->tok_at = j->at;
	if (j->at >= j->n)
		return fail(j, "ends too early");
	c = j->p[j->at];
	if (c == (object ? '}' : ']') && j->depth &&
	    (j->state == S_AFTER || j->state == S_FIRST_KEY || j->state == S_FIRST_ITEM))
		return close_nest(j);
	if (j->state == S_AFTER) {
		if (c != ',')
			return fail(j, "',' was expected");
		j->at++;
		blanks(j);
		j->tok_at = j->at;
		if (j->at >= j->n)
			return fail(j, "ends too early");
		return object ? key(j) : value(j);
	}
	return j->state == S_FIRST_KEY ? key(j) : value(j);
}

bool au_json_skip(struct au_json *j, enum au_json_event e)
{
	unsigned until = j->depth;

	if (e != AU_JSON_OBJECT && e != AU_JSON_ARRAY)
		return e != AU_JSON_ERROR;
	until--;
	while (j->depth > until) {
		e = au_json_next(j);
		if (e == AU_JSON_ERROR || e == AU_JSON_END)
			return false;
	}
	return true;
}

/* The loader: open containers are on a stack of nodes, no recursion. */
struct load {
	struct au_arena *arena;
	struct au_node *stack[AU_JSON_DEPTH + 1];
	unsigned depth;
	struct au_map keys;      /* (container, key) pairs seen */
	const char *key;
	size_t key_len, key_at;
	bool dup;
};

static void load_key(struct load *l, const struct au_json *j)
{
	char *id = au_arena_alloc(l->arena, j->len + sizeof(void *) + 1);
	void **slot;

	memcpy(id, &l->stack[l->depth - 1], sizeof(void *));
	if (j->len)
		memcpy(id + sizeof(void *), j->text, j->len);
	l->key = id + sizeof(void *);
	l->key_len = j->len;
	l->key_at = j->tok_at;
	slot = au_map_put(&l->keys, id, j->len + sizeof(void *));
	l->dup = *slot;
	*slot = l;
}

static struct au_node *load_node(struct load *l, const struct au_json *j, enum au_node_type type)
{
	struct au_node *up = l->depth ? l->stack[l->depth - 1] : NULL;
	struct au_node *n = au_node_add(l->arena, up, type);

	n->off = j->tok_at;
	n->line = j->line;
	n->col = (uint32_t)(j->tok_at - j->line_at) + 1;
	if (l->key) {
		n->key = l->key;
		n->key_len = l->key_len;
		n->key_off = l->key_at;
		n->dup_key = l->dup;
		l->key = NULL;
	}
	if (j->len) {
		n->text = au_arena_strn(l->arena, j->text, j->len);
		n->len = j->len;
	}
	return n;
}

static const enum au_node_type node_type[] = {
	[AU_JSON_OBJECT] = AU_NODE_MAP, [AU_JSON_ARRAY] = AU_NODE_SEQ, [AU_JSON_STRING] = AU_NODE_STRING,
	[AU_JSON_NUMBER] = AU_NODE_NUMBER, [AU_JSON_TRUE] = AU_NODE_BOOL, [AU_JSON_FALSE] = AU_NODE_BOOL,
	[AU_JSON_NULL] = AU_NODE_NULL,
};

static int load_all(struct load *l, struct au_json *j, size_t max_nodes, struct au_node **ret)
{
	struct au_node *root = NULL;

	for (size_t n = 0; ; n++) {
		enum au_json_event e = au_json_next(j);
		struct au_node *node;

		if (e == AU_JSON_END)
			break;
		if (e == AU_JSON_ERROR)
			return AU_BAD;
		if (n >= max_nodes) {
			j->err = "too many values";
			return AU_LIMIT;
		}
		if (e == AU_JSON_KEY) {
			load_key(l, j);
			continue;
		}
		if (e == AU_JSON_OBJECT_END || e == AU_JSON_ARRAY_END) {
			l->depth--;
			continue;
		}
		node = load_node(l, j, node_type[e]);
		if (!root)
			root = node;
		if (e == AU_JSON_OBJECT || e == AU_JSON_ARRAY)
			l->stack[l->depth++] = node;
	}
	*ret = root;
	return AU_OK;
}

int au_json_load(struct au_arena *a, const void *p, size_t n, size_t max_nodes, size_t *prefix,
		 struct au_node **ret, struct au_json_error *ret_err)
{
	struct load l = { .arena = a };
	struct au_node *root = NULL;
	struct au_json j;
	int rc;

	au_map_init(&l.keys, a);
	au_json_init(&j, p, n);
	rc = load_all(&l, &j, max_nodes, &root);
	if (rc == AU_OK && prefix) {
		*prefix = j.at;
	} else if (rc == AU_OK) {
		blanks(&j);
		if (j.at < j.n) {
			j.err = "text after the end";
			j.tok_at = j.at;
			rc = AU_BAD;
		}
	}
	if (rc == AU_OK)
		*ret = root;
	else if (ret_err)
		*ret_err = (struct au_json_error){ j.err, j.tok_at, j.line,
						   (uint32_t)(j.tok_at - j.line_at) + 1 };
	au_json_release(&j);
	return rc;
}
