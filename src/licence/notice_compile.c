/* The notice rules (rules/notices) to one automaton over words. A pattern is words with
 *   [a b]   may be absent        {a|b c}  one of these
 *   ~N      up to N other words  <name>   a macro of the file
 * Each pattern becomes a small graph that shares its tails; all begin at node 0. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "licence/compile.h"
#include "licence/expr.h"
#include "licence/notice.h"

enum { PATTERN_MAX = 8192, DEPTH_MAX = 24 };

struct pat {
	struct lic_build *b;
	const char *s;
	size_t at;
	int depth;
	bool bad;
};

static uint32_t new_node(struct lic_build *b, uint32_t rule)
{
	struct lic_node *n = au_vec_push(&b->node);

	if (!n)
		return 0;
	n->rule = rule;
	return (uint32_t)b->node.n - 1;
}

/* Edges of a node stand together: they are gathered first. */
static void set_edges(struct lic_build *b, uint32_t node, const struct lic_edge *e, size_t n)
{
	struct lic_node *x = AU_AT(&b->node, struct lic_node, node);

	x->edge = (uint32_t)b->edge.n;
	x->n = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		*(struct lic_edge *)au_vec_push(&b->edge) = e[i];
}

static uint32_t one_edge(struct lic_build *b, uint32_t word, uint32_t next)
{
	uint32_t n = new_node(b, 0);

	set_edges(b, n, &(struct lic_edge){ word, next }, 1);
	return n;
}

/* The end of the item that begins at s[at]. */
static size_t item_end(const char *s, size_t at)
{
	int depth = 0;

	if (s[at] != '[' && s[at] != '{') {
		while (s[at] && !strchr(" []{}|", s[at]))
			at++;
		return at;
	}
	for (; s[at]; at++) {
		depth += s[at] == '[' || s[at] == '{';
		depth -= s[at] == ']' || s[at] == '}';
		if (!depth)
			return at + 1;
	}
	return at;
}

static uint32_t emit(struct lic_build *b, const char *s, size_t n, uint32_t next, int depth, bool *bad);

/* {a|b|c} or [a|b]: a node with an empty edge to each. */
static uint32_t emit_choice(struct lic_build *b, const char *s, size_t n, uint32_t next, bool optional,
			    int depth, bool *bad)
{
	struct lic_edge e[64];
	size_t k = 0, from = 0;
	int level = 0;
	uint32_t node;

	for (size_t i = 0; i <= n; i++) {
		if (i < n) {
			level += s[i] == '[' || s[i] == '{';
			level -= s[i] == ']' || s[i] == '}';
		}
		if (i < n && (level || s[i] != '|'))
			continue;
		if (k < 63)
			e[k++] = (struct lic_edge){ LIC_EMPTY, emit(b, s + from, i - from, next,
								    depth + 1, bad) };
		from = i + 1;
	}
	if (optional)
		e[k++] = (struct lic_edge){ LIC_EMPTY, next };
	node = new_node(b, 0);
	set_edges(b, node, e, k);
	return node;
}

/* A sequence, from its last item to its first. */
static uint32_t emit(struct lic_build *b, const char *s, size_t n, uint32_t next, int depth, bool *bad)
{
	size_t starts[512], k = 0, at = 0;
	char *copy = au_arena_strn(b->a, s, n);

	if (depth > DEPTH_MAX) {
		*bad = true;
		return next;
	}
	while (at < n && k < 512) {
		if (copy[at] == ' ') {
			at++;
			continue;
		}
		starts[k++] = at;
		at = item_end(copy, at);
		if (at == starts[k - 1]) {
			*bad = true;
			return next;
		}
	}
	while (k) {
		const char *p = copy + starts[--k];
		size_t len = item_end(copy, starts[k]) - starts[k];

		if (*p == '[' || *p == '{') {
			next = emit_choice(b, p + 1, len - 2, next, *p == '[', depth, bad);
		} else if (*p == '~') {
			next = one_edge(b, LIC_GAP | (uint32_t)strtoul(p + 1, NULL, 10), next);
		} else {
			size_t m;
			uint16_t *t = lic_build_tokens(b, p, len, &m);

			while (m)
				if (!lic_is_filler(b, t[--m]))
					next = one_edge(b, t[m], next);
		}
	}
	return next;
}

bool lic_is_filler(struct lic_build *b, uint16_t id)
{
	static const char *const w[] = { "the", "a", "an" };

	for (size_t i = 0; i < 3; i++)
		if (lic_build_word(b, au_word_hash(w[i], strlen(w[i])), w[i], strlen(w[i]), false) == id)
			return true;
	return false;
}

/* <macro> replaced by its text, a few levels deep. */
static char *expand(struct lic_build *b, const struct au_node *macros, const char *s, int depth)
{
	struct au_buf out;
	char *r;

	au_buf_init(&out, PATTERN_MAX);
	while (*s) {
		const char *e = *s == '<' ? strchr(s, '>') : NULL;
		const char *m = e ? au_node_str(macros, au_arena_strn(b->a, s + 1,
							(size_t)(e - s) - 1)) : NULL;

		if (*s == '<' && (!m || depth > 6))
			return NULL;
		if (!m) {
			au_buf_byte(&out, (uint8_t)*s++);
			continue;
		}
		m = expand(b, macros, m, depth + 1);
		if (!m)
			return NULL;
		au_buf_str(&out, m);
		s = e + 1;
	}
	r = out.full ? NULL : au_arena_str(b->a, au_buf_cstr(&out));
	au_buf_release(&out);
	return r;
}

struct starts { struct au_vec v; };

static int add_pattern(struct lic_build *b, struct starts *st, const struct au_node *macros,
		       const char *pattern, const char *name, const char *expr, uint32_t kind)
{
	struct lic_rule *r = au_vec_push(&b->rule);
	char *s = expand(b, macros, pattern, 0);
	bool bad = false;
	uint32_t *start, node;
	struct lic_rule v;

	if (!s || !r)
		return AU_BAD;
	v = (struct lic_rule){ .name = lic_build_str(b, name), .expr = lic_build_str(b, expr),
		.kind = kind, .weight = 0 };
	*r = v;
	node = emit(b, s, strlen(s), new_node(b, (uint32_t)b->rule.n), 0, &bad);
	start = au_vec_push(&st->v);
	if (bad || !start)
		return AU_BAD;
	*start = node;
	return AU_OK;
}

static int add_list(struct lic_build *b, struct starts *st, const struct au_node *macros,
		    const struct au_node *list, uint32_t kind)
{
	AU_EACH(c, list) {
		const char *id = au_node_str(c, "id");
		size_t n = 0;
		const char *const *p = c->type == AU_NODE_MAP ? au_node_list(b->a, c, "is", &n) : NULL;
		const char *lone[] = { au_node_text(c) };

		if (!p) {
			p = lone;
			n = 1;
		}
		for (size_t i = 0; i < n; i++)
			if (!p[i] || add_pattern(b, st, macros, p[i], au_node_bool(c, "generic", false) ?
						 "generic" : "notice", id, kind) != AU_OK) {
				b->error = au_arena_fmt(b->a, "bad notice pattern '%s'", p[i] ? p[i] : "");
				return AU_BAD;
			}
	}
	return AU_OK;
}

/* Every licence's own id and name are names. */
static int add_names(struct lic_build *b, struct starts *st)
{
	for (size_t i = 0; i < b->lic.n; i++) {
		const struct lic_rec *r = AU_AT(&b->lic, struct lic_rec, i);
		char *id = au_arena_str(b->a, (char *)b->str.p + r->id), *c;
		char *name = au_arena_str(b->a, r->name ? (char *)b->str.p + r->name : "");
		const char *now = au_expr_deprecated(id), *expr = now ? now : id;

		for (c = name; *c; c++)
			if (strchr("[]{}|<>~\"'()", *c))
				*c = ' ';
		if (!strncmp(id, "any-", 4))
			continue;
		if (strchr(id, '-') && strlen(id) > 5 &&
		    add_pattern(b, st, NULL, id, "name", expr, LIC_RULE_NAME) != AU_OK)
			return AU_BAD;
		if (strchr(name, ' ') && strlen(name) > 8 &&
		    add_pattern(b, st, NULL, name, "name", expr, LIC_RULE_NAME) != AU_OK)
			return AU_BAD;
	}
	return AU_OK;
}

static int load(struct lic_build *b, struct starts *st, const char *path)
{
	static const struct { const char *key; uint32_t kind; } lists[] = {
		{ "names", LIC_RULE_NAME }, { "notices", LIC_RULE_SAY }, { "verbs", LIC_RULE_VERB },
		{ "after", LIC_RULE_AFTER }, { "never", LIC_RULE_NEVER },
		{ "additions", LIC_RULE_ADD },
	};
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	struct au_node *root;
	struct au_yaml_error err;

	if (!p || au_yaml_load(b->a, p, n, 1 << 20, &root, &err) != AU_OK) {
		b->error = au_arena_fmt(b->a, "cannot use '%s'", path);
		return AU_BAD;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (add_list(b, st, au_node_get(root, "macros"), au_node_get(root, lists[i].key),
			     lists[i].kind) != AU_OK)
			return AU_BAD;
	return AU_OK;
}

/* The words a node can begin with, through empty edges, as edges of the root. */
static void first_words(struct lic_build *b, uint32_t node, struct au_vec *v, int depth)
{
	struct lic_node n = *AU_AT(&b->node, struct lic_node, node);

	for (uint32_t i = 0; i < n.n && depth < DEPTH_MAX * 2; i++) {
		struct lic_edge e = *AU_AT(&b->edge, struct lic_edge, n.edge + i);
		struct lic_edge *to;

		if (e.word == LIC_EMPTY) {
			first_words(b, e.node, v, depth + 1);
			continue;
		}
		to = e.word < LIC_EMPTY ? au_vec_push(v) : NULL;
		if (to)
			*to = e;
	}
}

static int by_word(const void *a, const void *b)
{
	const struct lic_edge *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

int lic_build_notices(struct lic_build *b, const char *dir)
{
	struct starts st;
	struct au_vec roots;
	size_t n;
	char **list = lic_list(b->a, dir, ".yaml", &n);
	int rc = AU_OK;

	b->node.n = b->edge.n = b->rule.n = 0;
	new_node(b, 0);
	au_vec_init(&st.v, sizeof(uint32_t), 1 << 18);
	au_vec_init(&roots, sizeof(struct lic_edge), 1 << 20);
	for (size_t i = 0; i < n && rc == AU_OK; i++)
		if (!au_ends(list[i], "/marks.yaml"))
			rc = load(b, &st, list[i]);
	if (rc == AU_OK)
		rc = add_names(b, &st);
	for (size_t i = 0; i < st.v.n && rc == AU_OK; i++)
		first_words(b, *AU_AT(&st.v, uint32_t, i), &roots, 0);
	if (rc == AU_OK && roots.n) {
		qsort(roots.p, roots.n, sizeof(struct lic_edge), by_word);
		set_edges(b, 0, roots.p, roots.n);
	}
	au_vec_release(&st.v);
	au_vec_release(&roots);
	return rc;
}
