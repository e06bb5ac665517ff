/* Licence expressions; see lexpr.h. */
#include "base/banned.h"
#include "declare/lexpr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct parse {
	struct au_arena *a;
	const char *s;
	unsigned depth;
};

static void blank(struct parse *p)
{
	while (*p->s == ' ' || *p->s == '\t' || *p->s == '\n' || *p->s == '\r')
		p->s++;
}

static size_t word_len(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || (s[n] && strchr("-.+:_", s[n])))
		n++;
	return n;
}

static bool take_word(struct parse *p, const char *word)
{
	size_t n = strlen(word);

	blank(p);
	if (word_len(p->s) != n || strncasecmp(p->s, word, n) != 0)
		return false;
	p->s += n;
	return true;
}

static bool reserved(const char *s, size_t n)
{
	return (n == 2 && !strncasecmp(s, "or", 2)) || (n == 3 && !strncasecmp(s, "and", 3)) ||
	       (n == 4 && !strncasecmp(s, "with", 4));
}

static const char *take_id(struct parse *p)
{
	size_t n;
	const char *id;

	blank(p);
	n = word_len(p->s);
	if (!n || reserved(p->s, n))
		return NULL;
	id = au_arena_strn(p->a, p->s, n);
	p->s += n;
	return id;
}

static struct au_lexpr *node(struct au_arena *a, enum au_lexpr_op op, struct au_lexpr *first)
{
	struct au_lexpr *x = AU_NEW(a, struct au_lexpr);

	x->op = op;
	x->first = first;
	return x;
}

static struct au_lexpr *or_expr(struct parse *p);

static struct au_lexpr *unit(struct parse *p)
{
	struct au_lexpr *x;
	const char *id, *with;

	blank(p);
	if (*p->s == '(') {
		if (p->depth >= AU_LEXPR_DEPTH)
			return NULL;
		p->depth++;
		p->s++;
		x = or_expr(p);
		blank(p);
		if (!x || *p->s != ')')
			return NULL;
		p->s++;
		p->depth--;
		return x;
	}
	id = take_id(p);
	if (!id)
		return NULL;
	if (take_word(p, "with")) {
		with = take_id(p);
		if (!with)
			return NULL;
		id = au_arena_fmt(p->a, "%s WITH %s", id, with);
	}
	x = node(p->a, AU_LX_ID, NULL);
	x->id = id;
	return x;
}

/* One level of the grammar: operands of `op` joined by `word`. */
static struct au_lexpr *level(struct parse *p, enum au_lexpr_op op, const char *word,
			      struct au_lexpr *(*below)(struct parse *))
{
	struct au_lexpr *x = below(p), *last = x;

	if (!x || !take_word(p, word))
		return x;
	if (x->next)
		return NULL;
	x = node(p->a, op, x);
	do {
		last->next = below(p);
		if (!last->next)
			return NULL;
		last = last->next;
	} while (take_word(p, word));
	return x;
}

static struct au_lexpr *and_expr(struct parse *p)
{
	return level(p, AU_LX_AND, "and", unit);
}

static struct au_lexpr *or_expr(struct parse *p)
{
	return level(p, AU_LX_OR, "or", and_expr);
}

struct au_lexpr *au_lexpr_parse(struct au_arena *a, const char *s)
{
	struct parse p = { .a = a, .s = s };
	struct au_lexpr *x;

	if (!s || strlen(s) > AU_LEXPR_MAX)
		return NULL;
	x = or_expr(&p);
	blank(&p);
	return x && !*p.s ? x : NULL;
}

static void print(struct au_buf *b, const struct au_lexpr *x, enum au_lexpr_op above)
{
	bool paren = x->op == AU_LX_OR && above == AU_LX_AND;

	if (x->op == AU_LX_ID) {
		au_buf_str(b, x->id);
		return;
	}
	if (paren)
		au_buf_byte(b, '(');
	for (const struct au_lexpr *c = x->first; c; c = c->next) {
		if (c != x->first)
			au_buf_str(b, x->op == AU_LX_AND ? " AND " : " OR ");
		print(b, c, x->op);
	}
	if (paren)
		au_buf_byte(b, ')');
}

const char *au_lexpr_print(struct au_arena *a, const struct au_lexpr *x)
{
	struct au_buf b;
	const char *s;

	au_buf_init(&b, 4 * AU_LEXPR_MAX);
	print(&b, x, AU_LX_OR);
	s = au_arena_str(a, au_buf_cstr(&b));
	au_buf_release(&b);
	return s;
}

static void collect(const struct au_lexpr *x, const char **out, size_t *n)
{
	if (x->op == AU_LX_ID) {
		for (size_t i = 0; i < *n; i++)
			if (!strcmp(out[i], x->id))
				return;
		out[(*n)++] = x->id;
		return;
	}
	for (const struct au_lexpr *c = x->first; c; c = c->next)
		collect(c, out, n);
}

static size_t leaves(const struct au_lexpr *x)
{
	size_t n = x->op == AU_LX_ID;

	for (const struct au_lexpr *c = x->first; c; c = c->next)
		n += leaves(c);
	return n;
}

const char *const *au_lexpr_ids(struct au_arena *a, const struct au_lexpr *x, size_t *ret_n)
{
	const char **out = AU_ARRAY(a, const char *, (x ? leaves(x) : 0) + 1);
	size_t n = 0;

	if (x)
		collect(x, out, &n);
	if (ret_n)
		*ret_n = n;
	return out;
}

const char *au_lexpr_base(struct au_arena *a, const char *id)
{
	size_t n = strcspn(id, " ");

	if (n > 1 && id[n - 1] == '+')
		n--;
	return id[n] ? au_arena_strn(a, id, n) : id;
}

static bool same(struct au_arena *a, const struct au_lexpr *x, const struct au_lexpr *y)
{
	if (x->op != y->op)
		return false;
	if (x->op == AU_LX_ID)
		return !strcmp(x->id, y->id);
	return !strcmp(au_lexpr_print(a, x), au_lexpr_print(a, y));
}

static bool has_operand(struct au_arena *a, const struct au_lexpr *all, const struct au_lexpr *x)
{
	for (; all; all = all->next)
		if (same(a, all, x))
			return true;
	return false;
}

const char *au_lexpr_and(struct au_arena *a, const char *x, const char *y)
{
	struct au_lexpr *px = au_lexpr_parse(a, x), *py = au_lexpr_parse(a, y), *all, *last, *c;

	if (!px || !py)
		return px ? x : py ? y : NULL;
	all = px->op == AU_LX_AND ? px : node(a, AU_LX_AND, px);
	for (last = all->first; last->next; last = last->next)
		;
	c = py->op == AU_LX_AND ? py->first : py;
	while (c) {
		struct au_lexpr *next = c->next;

		c->next = NULL;
		if (!has_operand(a, all->first, c)) {
			last->next = c;
			last = c;
		}
		c = next;
	}
	return au_lexpr_print(a, all->first->next ? all : all->first);
}

bool au_lexpr_pass(const struct au_lexpr *x, bool (*fn)(void *ctx, const char *id), void *ctx)
{
	if (x->op == AU_LX_ID)
		return fn(ctx, x->id);
	for (const struct au_lexpr *c = x->first; c; c = c->next)
		if (au_lexpr_pass(c, fn, ctx) == (x->op == AU_LX_OR))
			return x->op == AU_LX_OR;
	return x->op == AU_LX_AND;
}

int au_lexpr_rank(const struct au_lexpr *x, int (*fn)(void *ctx, const char *id), void *ctx)
{
	int best;

	if (x->op == AU_LX_ID)
		return fn(ctx, x->id);
	best = au_lexpr_rank(x->first, fn, ctx);
	for (const struct au_lexpr *c = x->first->next; c; c = c->next) {
		int r = au_lexpr_rank(c, fn, ctx);

		if (x->op == AU_LX_OR ? r < best : r > best)
			best = r;
	}
	return best;
}
