/* TOML subset; see toml.h. */
#include "base/banned.h"
#include "io/toml.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"

struct toml {
	struct au_arena *a;
	const char *p, *s, *end;   /* begin, here, end */
	uint32_t line;
	unsigned depth;
	size_t nodes;
	const char *err;
	struct au_buf text;
};

static bool fail(struct toml *t, const char *what)
{
	if (!t->err)
		t->err = what;
	return false;
}

static int peek(const struct toml *t)
{
	return t->s < t->end ? (unsigned char)*t->s : -1;
}

static bool starts(const struct toml *t, const char *lit)
{
	size_t n = strlen(lit);

	return (size_t)(t->end - t->s) >= n && !memcmp(t->s, lit, n);
}

static void blanks(struct toml *t)
{
	while (peek(t) == ' ' || peek(t) == '\t')
		t->s++;
}

/* Blanks, comments and line ends. */
static void gap(struct toml *t)
{
	for (;;) {
		int c = peek(t);

		if (c == '#') {
			while (peek(t) >= 0 && peek(t) != '\n')
				t->s++;
		} else if (c == '\n') {
			t->line++;
			t->s++;
		} else if (c == ' ' || c == '\t' || c == '\r') {
			t->s++;
		} else {
			return;
		}
	}
}

static struct au_node *add(struct toml *t, struct au_node *up, enum au_node_type type, uint32_t line)
{
	struct au_node *n;

	if (++t->nodes > AU_TOML_NODES) {
		fail(t, "too many values");
		return NULL;
	}
	n = au_node_add(t->a, up, type);
	n->off = (uint64_t)(t->s - t->p);
	n->line = line;
	n->col = 1;
	return n;
}

static bool unicode(struct toml *t, unsigned digits)
{
	uint32_t cp = 0;

	for (unsigned i = 0; i < digits; i++, t->s++) {
		int c = peek(t);

		if (c < 0 || !isxdigit(c))
			return fail(t, "bad unicode escape");
		cp = cp << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return fail(t, "bad unicode escape");
	au_utf8_put(&t->text, cp);
	return true;
}

static bool escape(struct toml *t, bool multi)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	int c = peek(t);
	const char *hit = c > 0 ? strchr(from, c) : NULL;

	if (hit) {
		au_buf_byte(&t->text, (uint8_t)to[hit - from]);
		t->s++;
		return true;
	}
	if (c == 'u' || c == 'U') {
		t->s++;
		return unicode(t, c == 'u' ? 4 : 8);
	}
	if (multi && (c == '\n' || c == '\r' || c == ' ' || c == '\t')) {
		while (peek(t) == ' ' || peek(t) == '\t' || peek(t) == '\r' || peek(t) == '\n')
			if (*t->s++ == '\n')
				t->line++;
		return true;
	}
	return fail(t, "unknown escape");
}

/* A string into t->text; the opening quote is here. */
static bool string(struct toml *t)
{
	char q = *t->s;
	char three[4] = { q, q, q, 0 };
	bool multi = starts(t, three);

	au_buf_clear(&t->text);
	t->s += multi ? 3 : 1;
	if (multi && peek(t) == '\r')
		t->s++;
	if (multi && peek(t) == '\n') {
		t->s++;
		t->line++;
	}
	while (multi ? !starts(t, three) : peek(t) != q) {
		int c = peek(t);

		if (c < 0 || (c == '\n' && !multi))
			return fail(t, "string without an end");
		t->s++;
		if (c == '\n')
			t->line++;
		if (c == '\\' && q == '"') {
			if (!escape(t, multi))
				return false;
		} else {
			au_buf_byte(&t->text, (uint8_t)c);
		}
	}
	t->s += multi ? 3 : 1;
	while (multi && peek(t) == q) {     /* up to two quotes may stand before the closing three */
		au_buf_byte(&t->text, (uint8_t)q);
		t->s++;
	}
	return true;
}

/* One part of a key into t->text. */
static bool key_part(struct toml *t)
{
	blanks(t);
	if (peek(t) == '"' || peek(t) == '\'')
		return string(t);
	au_buf_clear(&t->text);
	while (peek(t) >= 0 && (isalnum(peek(t)) || peek(t) == '-' || peek(t) == '_'))
		au_buf_byte(&t->text, (uint8_t)*t->s++);
	return t->text.len ? true : fail(t, "a key was expected");
}

static struct au_node *child(const struct au_node *m, const char *key, size_t len)
{
	for (struct au_node *c = m->first; c; c = c->next)
		if (c->key && c->key_len == len && (!len || !memcmp(c->key, key, len)))
			return c;
	return NULL;
}

static void name(struct toml *t, struct au_node *n, struct au_node *up, const char *key, size_t len)
{
	n->dup_key = child(up, key, len) && child(up, key, len) != n;
	n->key = au_arena_strn(t->a, key, len);
	n->key_len = len;
	n->key_off = n->off;
}

/* The table below m with the key in t->text, made when absent; the last element of an array. */
static struct au_node *descend(struct toml *t, struct au_node *m)
{
	struct au_node *c = child(m, au_buf_cstr(&t->text), t->text.len);

	if (!c) {
		c = add(t, m, AU_NODE_MAP, t->line);
		if (c)
			name(t, c, m, au_buf_cstr(&t->text), t->text.len);
		return c;
	}
	if (c->type == AU_NODE_SEQ && c->last)
		c = c->last;
	if (c->type == AU_NODE_MAP)
		return c;
	fail(t, "a value is used as a table");
	return NULL;
}

static bool value(struct toml *t, struct au_node *up, struct au_node **ret);
static bool key_value(struct toml *t, struct au_node *table);

static bool array(struct toml *t, struct au_node *seq)
{
	t->s++;
	for (;;) {
		gap(t);
		if (peek(t) == ']')
			break;
		if (!value(t, seq, NULL))
			return false;
		gap(t);
		if (peek(t) == ',')
			t->s++;
		else if (peek(t) != ']')
			return fail(t, "',' or ']' was expected");
	}
	t->s++;
	return true;
}

static bool inline_table(struct toml *t, struct au_node *map)
{
	t->s++;
	for (;;) {
		gap(t);
		if (peek(t) == '}')
			break;
		if (!key_value(t, map))
			return false;
		gap(t);
		if (peek(t) == ',')
			t->s++;
		else if (peek(t) != '}')
			return fail(t, "',' or '}' was expected");
	}
	t->s++;
	return true;
}

static bool bare(struct toml *t, struct au_node *up, struct au_node **ret)
{
	const char *from = t->s;
	struct au_node *n;
	size_t len;

	while (peek(t) >= 0 && !strchr(" \t\r\n,]}#", peek(t)))
		t->s++;
	if (peek(t) == ' ' && t->end - t->s > 2 && t->s[1] >= '0' && t->s[1] <= '2' && t->s[-1] >= '0' &&
	    t->s - from == 10)
		while (peek(t) >= 0 && !strchr("\t\r\n,]}#", peek(t)))
			t->s++;             /* a date and a time apart */
	len = (size_t)(t->s - from);
	if (!len)
		return fail(t, "a value was expected");
	n = add(t, up, *from == 't' || *from == 'f' ? AU_NODE_BOOL : AU_NODE_NUMBER, t->line);
	if (!n)
		return false;
	if (isalpha((unsigned char)*from) && !(len == 4 && !memcmp(from, "true", 4)) &&
	    !(len == 5 && !memcmp(from, "false", 5)) && *from != 'i' && *from != 'n')
		return fail(t, "a string must stand in quotes");
	n->text = au_arena_strn(t->a, from, len);
	n->len = len;
	if (ret)
		*ret = n;
	return true;
}

static bool value(struct toml *t, struct au_node *up, struct au_node **ret)
{
	int c = peek(t);
	struct au_node *n;
	bool ok;

	if (c != '"' && c != '\'' && c != '[' && c != '{')
		return bare(t, up, ret);
	n = add(t, up, c == '[' ? AU_NODE_SEQ : c == '{' ? AU_NODE_MAP : AU_NODE_STRING, t->line);
	if (!n)
		return false;
	if (ret)
		*ret = n;
	if (c == '"' || c == '\'') {
		ok = string(t);
		n->text = au_arena_strn(t->a, au_buf_cstr(&t->text), t->text.len);
		n->len = t->text.len;
		return ok;
	}
	if (++t->depth > AU_TOML_DEPTH)
		return fail(t, "nested too deep");
	ok = c == '[' ? array(t, n) : inline_table(t, n);
	t->depth--;
	return ok;
}

static bool key_value(struct toml *t, struct au_node *table)
{
	uint32_t line = t->line;
	struct au_node *n = NULL;
	const char *key;
	size_t len;

	for (unsigned parts = 0;; parts++) {
		if (parts > AU_TOML_DEPTH || !key_part(t))
			return fail(t, "nested too deep");
		blanks(t);
		if (peek(t) != '.')
			break;
		t->s++;
		table = descend(t, table);
		if (!table)
			return false;
	}
	key = au_arena_strn(t->a, au_buf_cstr(&t->text), t->text.len);
	len = t->text.len;
	if (peek(t) != '=')
		return fail(t, "'=' was expected");
	t->s++;
	blanks(t);
	if (!value(t, table, &n))
		return false;
	n->line = line;
	name(t, n, table, key, len);
	return true;
}

/* "[a.b]" or "[[a.b]]": the table that follows. */
static struct au_node *header(struct toml *t, struct au_node *root)
{
	bool list = starts(t, "[[");
	struct au_node *at = root, *seq;

	t->s += list ? 2 : 1;
	for (unsigned parts = 0;; parts++) {
		if (parts > AU_TOML_DEPTH || !key_part(t))
			return NULL;
		blanks(t);
		if (peek(t) != '.')
			break;
		t->s++;
		at = descend(t, at);
		if (!at)
			return NULL;
	}
	if (!starts(t, list ? "]]" : "]")) {
		fail(t, "']' was expected");
		return NULL;
	}
	t->s += list ? 2 : 1;
	if (!list)
		return descend(t, at);
	seq = child(at, au_buf_cstr(&t->text), t->text.len);
	if (!seq) {
		seq = add(t, at, AU_NODE_SEQ, t->line);
		if (!seq)
			return NULL;
		name(t, seq, at, au_buf_cstr(&t->text), t->text.len);
	}
	if (seq->type != AU_NODE_SEQ) {
		fail(t, "a value is used as an array of tables");
		return NULL;
	}
	return add(t, seq, AU_NODE_MAP, t->line);
}

static bool document(struct toml *t, struct au_node *root)
{
	struct au_node *table = root;

	for (;;) {
		gap(t);
		if (peek(t) < 0)
			return true;
		if (peek(t) == '[') {
			table = header(t, root);
			if (!table)
				return fail(t, "malformed table header");
		} else if (!key_value(t, table)) {
			return false;
		}
		blanks(t);
		if (peek(t) == '\r')
			t->s++;
		if (peek(t) >= 0 && peek(t) != '\n' && peek(t) != '#')
			return fail(t, "the end of the line was expected");
	}
}

int au_toml_load(struct au_arena *a, const void *p, size_t n, struct au_node **ret,
		 struct au_toml_error *ret_err)
{
	struct toml t = { .a = a, .p = p, .s = p, .end = (const char *)p + n, .line = 1 };
	struct au_node *root = au_node_add(a, NULL, AU_NODE_MAP);
	bool ok;

	if (n > AU_TOML_BYTES) {
		if (ret_err)
			*ret_err = (struct au_toml_error){ "longer than what is read", 1 };
		return AU_LIMIT;
	}
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		t.s += 3;
	root->line = 1;
	au_buf_init(&t.text, AU_TOML_BYTES);
	ok = document(&t, root);
	au_buf_release(&t.text);
	if (ok && !t.err) {
		*ret = root;
		return AU_OK;
	}
	if (ret_err)
		*ret_err = (struct au_toml_error){ t.err ? t.err : "malformed", t.line };
	return AU_BAD;
}
