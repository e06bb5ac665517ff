/* SPDX expressions; see expr.h. A recursive descent over at most AU_EXPR_DEPTH brackets. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "licence/expr.h"
#include "licence/licence.h"

/* SPDX licence list 3.x, deprecated ids: old, today's. */
static const char *const deprecated[][2] = {
	{ "AGPL-1.0", "AGPL-1.0-only" }, { "AGPL-3.0", "AGPL-3.0-only" },
	{ "AGPL-1.0+", "AGPL-1.0-or-later" }, { "AGPL-3.0+", "AGPL-3.0-or-later" },
	{ "BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views" }, { "BSD-2-Clause-NetBSD", "BSD-2-Clause" },
	{ "bzip2-1.0.5", "bzip2-1.0.6" }, { "eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0" },
	{ "GFDL-1.1", "GFDL-1.1-only" }, { "GFDL-1.2", "GFDL-1.2-only" },
	{ "GFDL-1.3", "GFDL-1.3-only" }, { "GFDL-1.1+", "GFDL-1.1-or-later" },
	{ "GFDL-1.2+", "GFDL-1.2-or-later" }, { "GFDL-1.3+", "GFDL-1.3-or-later" },
	{ "GPL-1.0", "GPL-1.0-only" }, { "GPL-1.0+", "GPL-1.0-or-later" },
	{ "GPL-2.0", "GPL-2.0-only" }, { "GPL-2.0+", "GPL-2.0-or-later" },
	{ "GPL-3.0", "GPL-3.0-only" }, { "GPL-3.0+", "GPL-3.0-or-later" },
	{ "GPL-2.0-with-autoconf-exception", "GPL-2.0-only WITH Autoconf-exception-2.0" },
	{ "GPL-2.0-with-bison-exception", "GPL-2.0-or-later WITH Bison-exception-2.2" },
	{ "GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0" },
	{ "GPL-2.0-with-font-exception", "GPL-2.0-only WITH Font-exception-2.0" },
	{ "GPL-2.0-with-GCC-exception", "GPL-2.0-or-later WITH GCC-exception-2.0" },
	{ "GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0" },
	{ "GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1" },
	{ "LGPL-2.0", "LGPL-2.0-only" }, { "LGPL-2.0+", "LGPL-2.0-or-later" },
	{ "LGPL-2.1", "LGPL-2.1-only" }, { "LGPL-2.1+", "LGPL-2.1-or-later" },
	{ "LGPL-3.0", "LGPL-3.0-only" }, { "LGPL-3.0+", "LGPL-3.0-or-later" },
	{ "Net-SNMP", NULL }, { "Nunit", "zlib-acknowledgement" },
	{ "StandardML-NJ", "SMLNJ" }, { "wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1" },
};

const char *au_expr_deprecated(const char *id)
{
	for (size_t i = 0; i < sizeof(deprecated) / sizeof(*deprecated); i++)
		if (au_ieq(deprecated[i][0], id))
			return deprecated[i][1] ? deprecated[i][1] : deprecated[i][0];
	return NULL;
}

struct parser {
	const char *s;
	size_t n, at;
	unsigned flags, depth, nodes;
	const struct au_licence_db *db;
	struct au_arena *a;
	struct au_expr_error err;
};

static struct au_expr *fail(struct parser *p, const char *what)
{
	if (!p->err.what)
		p->err = (struct au_expr_error){ what, p->at };
	return NULL;
}

static void blank(struct parser *p)
{
	while (p->at < p->n && isspace((unsigned char)p->s[p->at]))
		p->at++;
}

static bool id_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.';
}

/* The next operator, without taking it; its length in *ret_n. */
static enum au_expr_op operator_at(struct parser *p, size_t *ret_n)
{
	static const struct { const char *w; enum au_expr_op op; } words[] = {
		{ "with", AU_EXPR_WITH }, { "and", AU_EXPR_AND }, { "or", AU_EXPR_OR },
	};
	static const struct { const char *w; enum au_expr_op op; } signs[] = {
		{ "&&", AU_EXPR_AND }, { "||", AU_EXPR_OR }, { "&", AU_EXPR_AND },
		{ "|", AU_EXPR_OR }, { "/", AU_EXPR_OR }, { ",", AU_EXPR_OR },
	};
	size_t left, len;

	blank(p);
	left = p->n - p->at;
	for (size_t i = 0; i < 3; i++) {
		len = strlen(words[i].w);
		if (left >= len && !strncasecmp(p->s + p->at, words[i].w, len) &&
		    (left == len || !id_char(p->s[p->at + len]))) {
			*ret_n = len;
			return words[i].op;
		}
	}
	for (size_t i = 0; i < 6 && (p->flags & AU_EXPR_LENIENT); i++) {
		len = strlen(signs[i].w);
		if (left >= len && !strncmp(p->s + p->at, signs[i].w, len)) {
			*ret_n = len;
			return signs[i].op;
		}
	}
	return AU_EXPR_ID;
}

static struct au_expr *node(struct parser *p, enum au_expr_op op)
{
	struct au_expr *e;

	if (++p->nodes > 2000)
		return fail(p, "too many terms");
	e = AU_NEW(p->a, struct au_expr);
	e->op = op;
	return e;
}

/* "LicenseRef-x", "DocumentRef-x:LicenseRef-y", "AdditionRef-x": prefixes in canonical case. */
static bool reference(struct parser *p, struct au_expr *e, const char *id)
{
	static const char *const prefix[] = { "LicenseRef-", "DocumentRef-", "AdditionRef-" };

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(prefix[i]);
		const char *colon = strchr(id, ':');

		if (strncasecmp(id, prefix[i], n) || !id[n])
			continue;
		if (i == 1 && (!colon || (strncasecmp(colon + 1, "LicenseRef-", 11) &&
					  strncasecmp(colon + 1, "AdditionRef-", 12))))
			return false;
		if (i != 1 && colon)
			return false;
		e->id = au_arena_fmt(p->a, "%s%s", prefix[i], id + n);
		e->ref = e->known = true;
		return true;
	}
	return false;
}

/* A deprecated id is replaced by today's; some are whole WITH expressions. */
static struct au_expr *resolve(struct parser *p, struct au_expr *e, const char *id, bool plus)
{
	char *full = plus ? au_arena_fmt(p->a, "%s+", id) : NULL;
	const char *now = au_expr_deprecated(plus ? full : id);
	const struct au_licence *l;

	if (!now && plus && au_iends(id, "-only")) {
		full = au_arena_fmt(p->a, "%.*s-or-later", (int)(strlen(id) - 5), id);
		if (!p->db || au_licence_find(p->db, full))
			now = full;
	} else if (!now && plus && au_iends(id, "-or-later")) {
		now = id;
	}
	if (now) {
		const char *with = strstr(now, " WITH ");

		if (with) {
			struct au_expr *l2 = node(p, AU_EXPR_ID), *r2 = node(p, AU_EXPR_ID);

			if (!l2 || !r2)
				return NULL;
			e->op = AU_EXPR_WITH;
			e->deprecated = l2->known = r2->known = true;
			l2->id = au_arena_strn(p->a, now, (size_t)(with - now));
			r2->id = with + 6;
			e->l = l2;
			e->r = r2;
			return e;
		}
		e->deprecated = now != id && au_expr_deprecated(plus ? full : id);
		id = now;
		plus = false;
	}
	l = p->db ? au_licence_find(p->db, id) : NULL;
	e->id = l ? l->id : id;
	e->known = l != NULL || now != NULL || au_ieq(id, "NONE") || au_ieq(id, "NOASSERTION");
	e->plus = plus;
	if (!e->known && (p->flags & AU_EXPR_STRICT))
		return fail(p, "unknown licence id");
	return e;
}

static struct au_expr *parse_or(struct parser *p);

static struct au_expr *primary(struct parser *p)
{
	struct au_expr *e;
	size_t from, k;
	char *id;

	blank(p);
	if (p->at < p->n && p->s[p->at] == '(') {
		if (++p->depth > AU_EXPR_DEPTH)
			return fail(p, "brackets too deep");
		p->at++;
		e = parse_or(p);
		blank(p);
		if (!e)
			return NULL;
		if (p->at >= p->n || p->s[p->at] != ')')
			return fail(p, "expected ')'");
		p->at++;
		p->depth--;
		return e;
	}
	if (operator_at(p, &k) != AU_EXPR_ID)
		return fail(p, "operator where a licence id belongs");
	from = p->at;
	while (p->at < p->n && (id_char(p->s[p->at]) || p->s[p->at] == ':' ||
				(p->s[p->at] == '_' && p->at > from)))
		p->at++;
	if (p->at == from)
		return fail(p, from < p->n ? "unexpected character" : "licence id expected");
	e = node(p, AU_EXPR_ID);
	if (!e)
		return NULL;
	id = au_arena_strn(p->a, p->s + from, p->at - from);
	if (strlen(id) > 200)
		return fail(p, "licence id too long");
	k = p->at < p->n && p->s[p->at] == '+';
	if (reference(p, e, id)) {
		if (k)
			return fail(p, "'+' behind a reference");
		return e;
	}
	if (strchr(id, ':'))
		return fail(p, "':' only belongs into DocumentRef-…:LicenseRef-…");
	p->at += k;
	return resolve(p, e, id, k);
}

static struct au_expr *join(struct parser *p, enum au_expr_op op, struct au_expr *l, struct au_expr *r)
{
	struct au_expr *e = l && r ? node(p, op) : NULL;

	if (e) {
		e->l = l;
		e->r = r;
	}
	return e;
}

static struct au_expr *parse_with(struct parser *p)
{
	struct au_expr *e = primary(p);
	size_t n;

	if (!e || operator_at(p, &n) != AU_EXPR_WITH)
		return e;
	if (e->op != AU_EXPR_ID)
		return fail(p, "WITH belongs behind one licence id");
	p->at += n;
	blank(p);
	if (p->at < p->n && p->s[p->at] == '(')
		return fail(p, "exception id expected");
	return join(p, AU_EXPR_WITH, e, primary(p));
}

static struct au_expr *parse_and(struct parser *p)
{
	struct au_expr *e = parse_with(p);
	size_t n;

	while (e && operator_at(p, &n) == AU_EXPR_AND) {
		p->at += n;
		e = join(p, AU_EXPR_AND, e, parse_with(p));
	}
	return e;
}

static struct au_expr *parse_or(struct parser *p)
{
	struct au_expr *e = parse_and(p);
	size_t n;

	while (e && operator_at(p, &n) == AU_EXPR_OR) {
		p->at += n;
		e = join(p, AU_EXPR_OR, e, parse_and(p));
	}
	return e;
}

int au_expr_parse(const char *s, size_t n, const struct au_licence_db *db, unsigned flags,
		  struct au_arena *a, struct au_expr **ret, struct au_expr_error *ret_err)
{
	struct parser p = { .s = s, .n = n, .flags = flags, .db = db, .a = a };
	struct au_expr *e;

	if (n > AU_EXPR_MAX) {
		if (ret_err)
			*ret_err = (struct au_expr_error){ "expression too long", AU_EXPR_MAX };
		return AU_LIMIT;
	}
	if (flags & AU_EXPR_LENIENT) {
		blank(&p);
		while (p.n > p.at && isspace((unsigned char)s[p.n - 1]))
			p.n--;
		if (p.n - p.at >= 2 && (s[p.at] == '"' || s[p.at] == '\'') && s[p.n - 1] == s[p.at]) {
			p.at++;
			p.n--;
		}
	}
	e = parse_or(&p);
	blank(&p);
	if (e && p.at < p.n)
		e = fail(&p, "operator expected");
	if (!e) {
		if (ret_err)
			*ret_err = p.err;
		return AU_BAD;
	}
	*ret = e;
	return AU_OK;
}

/* A left spine of ANDs or ORs can be as long as AU_EXPR_MAX allows: it is walked in a loop. */
static void print(const struct au_expr *e, struct au_buf *b, enum au_expr_op outer)
{
	static const char *const names[] = { "", " WITH ", " AND ", " OR " };
	const struct au_expr *spine[2048];
	size_t n = 0;
	bool bracket = e->op > outer && outer != AU_EXPR_ID;
	enum au_expr_op op = e->op;

	if (op == AU_EXPR_ID) {
		au_buf_fmt(b, "%s%s", e->id, e->plus ? "+" : "");
		return;
	}
	if (bracket)
		au_buf_byte(b, '(');
	while (e->op == op && n < 2048) {
		spine[n++] = e;
		e = e->l;
	}
	print(e, b, op);
	while (n) {
		au_buf_str(b, names[op]);
		print(spine[--n]->r, b, op);
	}
	if (bracket)
		au_buf_byte(b, ')');
}

char *au_expr_print(const struct au_expr *e, struct au_arena *a)
{
	struct au_buf b;
	char *s;

	au_buf_init(&b, 8 * AU_EXPR_MAX);
	print(e, &b, AU_EXPR_ID);
	s = au_arena_str(a, au_buf_cstr(&b));
	au_buf_release(&b);
	return s;
}

const char *au_expr_canonical(const char *s, size_t n, const struct au_licence_db *db,
			      unsigned flags, struct au_arena *a)
{
	struct au_expr *e;

	return au_expr_parse(s, n, db, flags, a, &e, NULL) == AU_OK ? au_expr_print(e, a) : NULL;
}

int au_expr_each(const struct au_expr *e, int (*fn)(const struct au_expr *, void *), void *user)
{
	const struct au_expr *stack[2048];
	size_t n = 0;

	stack[n++] = e;
	while (n) {
		int rc;

		e = stack[--n];
		if (e->op == AU_EXPR_ID) {
			rc = fn(e, user);
			if (rc)
				return rc;
			continue;
		}
		if (n + 2 > 2048)
			return 0;
		stack[n++] = e->r;
		stack[n++] = e->l;
	}
	return 0;
}
