/* Licence spellings to SPDX expressions: ids, names, classifiers, addresses, old operators. What
 * does not say which licence it is stays a family word: never a guess. */
#include "base/banned.h"
#include "declare/declare.h"
#include "declare/atom.h"
#include "declare/lexpr.h"
#include "base/text.h"

enum { SPELL_MAX = 1024, SPELL_DEPTH = 12, SPELL_PARTS = 32 };

struct spell {
	struct au_arena *a;
	const struct au_licence_db *db;
	const char *family;     /* of the first part that did not resolve */
	unsigned depth;
};

static const char *resolve(struct spell *s, const char *text);

static const char *trim(struct au_arena *a, const char *s)
{
	static const char junk[] = " \t\r\n\"'`.,;:<>";
	size_t n;

	s += strspn(s, junk);
	n = strlen(s);
	while (n && strchr(junk, s[n - 1]))
		n--;
	return au_arena_strn(a, s, n);
}

/* Position of an operator word at parenthesis depth 0, or NULL; not the "or" of "or later". */
static const char *find_word(const char *s, const char *op)
{
	static const char *const later[] = { "later", "newer", "any", "above", "greater", "higher",
					     "at", NULL };
	size_t n = strlen(op);
	int depth = 0;

	for (const char *p = s; *p; p++) {
		const char *next = p + n + 1;
		bool joined = false;

		depth += (*p == '(') - (*p == ')');
		if (*op == ',')
			next--;
		if (depth || p == s || (*op != ',' && *p != ' ') ||
		    strncasecmp(p + (*op != ','), op, n) != 0 || *next != ' ')
			continue;
		for (size_t i = 0; later[i] && strchr(op, 'o'); i++)
			joined |= au_istarts(next + strspn(next, " "), later[i]);
		if (!joined)
			return next - n;
	}
	return NULL;
}

static const char *find_char(const char *s, const char *set)
{
	int depth = 0;

	for (const char *p = s; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth && p != s && p[1] && strchr(set, *p))
			return p;
	}
	return NULL;
}

struct op {
	const char *word;   /* operator word, or ... */
	const char *chars;  /* ... one of these characters */
	const char *spdx;
};

/* Loosest first: DEP-5 lets a comma before the word loosen it. Cargo and R write OR as a slash or a bar; a comma is read as AND: nobody is
 * freed from a licence by a comma. */
static const struct op ops[] = {
	{ ", and", NULL, " AND " }, { ", or", NULL, " OR " },
	{ "or", NULL, " OR " }, { NULL, "|", " OR " }, { "and", NULL, " AND " },
	{ NULL, "&;", " AND " }, { NULL, "/", " OR " }, { NULL, ",", " AND " }, { "+", NULL, " AND " },
};

static const char *operand(struct spell *s, const char *text)
{
	const char *x;

	if (++s->depth > SPELL_DEPTH)
		return NULL;
	x = resolve(s, text);
	s->depth--;
	return x;
}

static const char *grouped(struct au_arena *a, const char *x, const struct op *op)
{
	return op->spdx[1] == 'A' && strstr(x, " OR ") ? au_arena_fmt(a, "(%s)", x) : x;
}

/* Split at the operator; NULL when it does not occur or a side stays unresolved (then *ret_seen). */
static const char *split(struct spell *s, const char *text, const struct op *op, bool *ret_seen)
{
	const char *at = op->word ? find_word(text, op->word) : find_char(text, op->chars);
	const char *left, *right;

	if (!at)
		return NULL;
	*ret_seen = true;
	left = operand(s, au_arena_strn(s->a, text, (size_t)(at - text)));
	at += op->word ? strlen(op->word) : 1;
	while (!op->word && *at && strchr(op->chars, *at))
		at++;
	right = left ? operand(s, at) : NULL;
	if (!left || !right)
		return NULL;
	return au_arena_fmt(s->a, "%s%s%s", grouped(s->a, left, op), op->spdx,
			    grouped(s->a, right, op));
}

static const char *with_exception(struct spell *s, const char *text)
{
	const char *at = find_word(text, "with"), *id, *ex;

	if (!at)
		return NULL;
	id = operand(s, au_arena_strn(s->a, text, (size_t)(at - text)));
	ex = au_atom_exception(s->a, at + 4);
	if (!id || !ex || strchr(id, ' '))
		return NULL;
	return au_arena_fmt(s->a, "%s WITH %s", id, ex);
}

/* "Name (OTHER NAME)": either may be the one we know; they must not contradict each other. */
static const char *bracketed(struct spell *s, const char *text)
{
	const char *open = strchr(text, '(');
	size_t n = strlen(text);
	const char *outer, *inner;

	if (!open || open == text || text[n - 1] != ')')
		return NULL;
	outer = au_atom_id(s->a, s->db, trim(s->a, au_arena_strn(s->a, text, (size_t)(open - text))));
	inner = au_atom_id(s->a, s->db, trim(s->a, au_arena_strn(s->a, open + 1, n - 2 - (size_t)(open - text))));
	if (outer && inner && strcmp(outer, inner) != 0)
		return NULL;
	return outer ? outer : inner;
}

static bool wrapped(const char *s)
{
	int depth = 0;

	if (*s != '(')
		return false;
	for (; *s; s++) {
		depth += (*s == '(') - (*s == ')');
		if (!depth)
			return !s[1];
	}
	return false;
}

static const char *resolve(struct spell *s, const char *text)
{
	const char *t = trim(s->a, text), *id;
	bool seen = false;

	if (wrapped(t))
		return operand(s, au_arena_strn(s->a, t + 1, strlen(t) - 2));
	id = au_atom_id(s->a, s->db, t);
	if (!id && !strstr(t, "://"))
		id = bracketed(s, t);
	for (size_t i = 0; !id && !seen && !strstr(t, "://") && i < sizeof(ops) / sizeof(*ops); i++)
		id = split(s, t, &ops[i], &seen);
	if (!id && !seen)
		id = with_exception(s, t);
	if (!id && !s->family && !seen)
		s->family = au_atom_family(s->a, t);
	return id;
}

/* One line, runs of blanks made one. */
static const char *squeeze(struct au_arena *a, const char *s)
{
	char *out = au_arena_strn(a, s, strlen(s)), *w = out;

	for (const char *p = s; *p; p++) {
		bool space = isspace((unsigned char)*p) ||
			     (*p == '_' && (au_istarts(p, "_or_") || au_istarts(p, "_and_") ||
					    (p - s >= 3 && au_istarts(p - 3, "_or_")) ||
					    (p - s >= 4 && au_istarts(p - 4, "_and_"))));

		if (!space)
			*w++ = *p;
		else if (w != out && w[-1] != ' ')
			*w++ = ' ';
	}
	while (w != out && w[-1] == ' ')
		w--;
	*w = 0;
	return out;
}

bool au_declare_normalise(struct au_arena *a, const struct au_licence_db *db, const char *text,
			  const char **ret_expr, const char **ret_family)
{
	struct spell s = { .a = a, .db = db };
	const char *x;

	if (!text || strlen(text) > SPELL_MAX) {
		*ret_family = text ? "text" : "unknown";
		return false;
	}
	x = resolve(&s, squeeze(a, text));
	if (x && au_lexpr_parse(a, x)) {
		*ret_expr = au_lexpr_print(a, au_lexpr_parse(a, x));
		return true;
	}
	*ret_family = s.family ? s.family : "other";
	return false;
}

const char *au_declare_alias(struct au_arena *a, const struct au_licence_db *db, const char *name)
{
	return au_atom_id(a, db, trim(a, name));
}
