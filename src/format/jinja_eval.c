/* Constant folding of Jinja expressions, so that a name is seen however it is put together:
 * 'a' ~ 'b', '%s' % x, ['a','b']|join, 'ssalc'|reverse, '_' * 2, dict(a=1)|join ... Unknown parts
 * stay unknown. Bounded in depth and in bytes built. */
#include "base/banned.h"
#include "base/buf.h"
#include "format/jinja_in.h"

enum { DEPTH = 80, BUILT_MAX = 8192, WORK_MAX = 4 * 1024 * 1024, ITEMS_MAX = 256 };

static const struct jvalue unknown = { .kind = JV_UNKNOWN };

bool jinja_op(const struct jinja *j, size_t i, const char *op)
{
	return i < j->n_t && j->t[i].type == JT_OP && !strcmp(j->t[i].text, op);
}

static bool take(struct jinja *j, const char *op)
{
	if (!jinja_op(j, j->i, op))
		return false;
	j->i++;
	return true;
}

static bool name_at(const struct jinja *j, size_t i, const char *name)
{
	return i < j->n_t && j->t[i].type == JT_NAME && !strcmp(j->t[i].text, name);
}

static struct jvalue string(struct jinja *j, const char *s, size_t n, bool partial)
{
	struct jvalue v = { .kind = JV_STRING, .partial = partial, .len = n };

	j->work += n;
	if (n > BUILT_MAX || j->work > WORK_MAX)
		return unknown;
	v.s = au_arena_strn(j->a, s, n);
	return v;
}

/* Text of a value as str() gives it; an unknown one is the byte 1. */
static void put(struct au_buf *b, const struct jvalue *v, bool *partial)
{
	if (v->kind == JV_STRING) {
		au_buf_add(b, v->s, v->len);
		*partial |= v->partial;
	} else if (v->kind == JV_INT) {
		au_buf_fmt(b, "%llu", (unsigned long long)v->num);
	} else {
		au_buf_byte(b, 1);
		*partial = true;
	}
}

static struct jvalue finish(struct jinja *j, struct au_buf *b, bool partial, uint64_t off)
{
	struct jvalue v = b->full ? unknown : string(j, au_buf_cstr(b), b->len, partial);

	au_buf_release(b);
	jinja_check_string(j, &v, false, off);
	return v;
}

static struct jvalue concat(struct jinja *j, const struct jvalue *x, const struct jvalue *y, uint64_t off)
{
	struct au_buf b;
	bool partial = false;

	if (x->kind == JV_UNKNOWN && y->kind == JV_UNKNOWN)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	put(&b, x, &partial);
	put(&b, y, &partial);
	return finish(j, &b, partial, off);
}

static struct jvalue times(struct jinja *j, const struct jvalue *s, uint64_t n, uint64_t off)
{
	struct au_buf b;
	bool partial = false;

	if (n > BUILT_MAX || s->len * n > BUILT_MAX)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	while (n--)
		put(&b, s, &partial);
	return finish(j, &b, partial, off);
}

static struct jvalue join(struct jinja *j, const struct jvalue *list, const struct jvalue *sep, uint64_t off)
{
	struct au_buf b;
	bool partial = false;

	if (list->kind == JV_STRING && !(sep && sep->len))
		return *list;
	if (list->kind != JV_LIST)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	for (size_t i = 0; i < list->n; i++) {
		if (i && sep)
			put(&b, sep, &partial);
		put(&b, &list->items[i], &partial);
	}
	return finish(j, &b, partial, off);
}

/* printf-like: %s %c %d %r; or {} {0} {name} when brace. */
static struct jvalue format(struct jinja *j, const struct jvalue *f, const struct jvalue *args, size_t n,
			    bool brace, uint64_t off)
{
	struct au_buf b;
	bool partial = f->partial;
	size_t next = 0;

	if (f->kind != JV_STRING)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	for (size_t i = 0; i < f->len; i++) {
		const struct jvalue *v = NULL;
		char c = f->s[i], conv = 0;
		size_t k = i + 1, which = next;

		if (c != (brace ? '{' : '%') || k >= f->len) {
			au_buf_byte(&b, (uint8_t)c);
			continue;
		}
		if (f->s[k] == c) {
			au_buf_byte(&b, (uint8_t)c);
			i = k;
			continue;
		}
		if (brace) {
			if (f->s[k] >= '0' && f->s[k] <= '9')
				which = (size_t)(f->s[k] - '0');
			while (k < f->len && f->s[k] != '}') {
				if (f->s[k] == ':' && k + 1 < f->len && f->s[k + 1] == 'c')
					conv = 'c';
				k++;
			}
		} else {
			while (k < f->len && !((f->s[k] | 32) >= 'a' && (f->s[k] | 32) <= 'z'))
				k++;
			conv = k < f->len ? f->s[k] : 0;
		}
		v = which < n ? &args[which] : &unknown;
		next++;
		if (conv == 'c' && v->kind == JV_INT && v->num < 128)
			au_buf_byte(&b, (uint8_t)v->num);
		else
			put(&b, v, &partial);
		i = k;
	}
	return finish(j, &b, partial, off);
}

static struct jvalue reversed(struct jinja *j, const struct jvalue *v, uint64_t off)
{
	struct au_buf b;

	if (v->kind == JV_LIST) {
		struct jvalue r = *v;

		r.items = AU_ARRAY(j->a, struct jvalue, v->n ? v->n : 1);
		for (size_t i = 0; i < v->n; i++)
			r.items[i] = v->items[v->n - 1 - i];
		return r;
	}
	if (v->kind != JV_STRING)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	for (size_t i = v->len; i--;)
		au_buf_byte(&b, (uint8_t)v->s[i]);
	return finish(j, &b, v->partial, off);
}

static struct jvalue cased(struct jinja *j, const struct jvalue *v, bool up, uint64_t off)
{
	struct au_buf b;

	if (v->kind != JV_STRING)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	for (size_t i = 0; i < v->len; i++)
		au_buf_byte(&b, (uint8_t)(up ? toupper((uint8_t)v->s[i]) : tolower((uint8_t)v->s[i])));
	return finish(j, &b, v->partial, off);
}

static struct jvalue replaced(struct jinja *j, const struct jvalue *v, const struct jvalue *args,
			      size_t n, uint64_t off)
{
	struct au_buf b;
	bool partial = v->partial;

	if (v->kind != JV_STRING || n < 2 || args[0].kind != JV_STRING || !args[0].len)
		return unknown;
	au_buf_init(&b, BUILT_MAX);
	for (size_t i = 0; i < v->len;) {
		if (v->len - i >= args[0].len && !memcmp(v->s + i, args[0].s, args[0].len)) {
			put(&b, &args[1], &partial);
			i += args[0].len;
		} else {
			au_buf_byte(&b, (uint8_t)v->s[i++]);
		}
	}
	return finish(j, &b, partial, off);
}

static bool is(const char *s, const char *name)
{
	return !strcmp(s, name);
}

/* A filter, or a method of the same meaning. */
static struct jvalue apply(struct jinja *j, const char *f, const struct jvalue *v,
			   const struct jvalue *args, size_t n, bool method, uint64_t off)
{
	struct jvalue r = unknown;

	if (is(f, "join"))
		return method ? join(j, n ? &args[0] : &unknown, v, off) : join(j, v, n ? &args[0] : NULL, off);
	if (is(f, "format"))
		return format(j, v, args, n, method, off);
	if (is(f, "reverse"))
		return reversed(j, v, off);
	if (is(f, "lower") || is(f, "upper") || is(f, "casefold"))
		return cased(j, v, *f == 'u', off);
	if (is(f, "replace"))
		return replaced(j, v, args, n, off);
	if (is(f, "string") || is(f, "list")) {
		if (v->kind == JV_UNKNOWN || v->global)
			r.object_text = (is(f, "string") && v->global) || v->object_text;
		else
			r = *v;
		return r;
	}
	if (is(f, "safe") || is(f, "e") || is(f, "escape") || is(f, "trim") || is(f, "strip") ||
	    is(f, "lstrip") || is(f, "rstrip") || is(f, "forceescape"))
		return *v;
	if ((is(f, "first") || is(f, "last")) && v->kind == JV_LIST && v->n)
		return v->items[*f == 'f' ? 0 : v->n - 1];
	if ((is(f, "default") || is(f, "d")) && n && v->kind == JV_UNKNOWN)
		return args[0];
	if (is(f, "select") || is(f, "reject") || is(f, "map"))
		r.global = "generator"; /* its representation names a generator object */
	return r;
}

/* Arguments behind an opened parenthesis; keyword names go to *names as strings (for dict()). */
static size_t arguments(struct jinja *j, struct jvalue *args, size_t max, struct jvalue *names, size_t *n_names)
{
	size_t n = 0;

	*n_names = 0;
	while (j->i < j->n_t && !jinja_op(j, j->i, ")")) {
		size_t before = j->i;
		struct jvalue v;

		while (take(j, "*") || take(j, "**"))
			;
		if (j->i + 1 < j->n_t && j->t[j->i].type == JT_NAME && jinja_op(j, j->i + 1, "=")) {
			if (*n_names < max)
				names[(*n_names)++] = string(j, j->t[j->i].text, j->t[j->i].len, false);
			j->i += 2;
		}
		v = jinja_expr(j);
		if (n < max)
			args[n++] = v;
		take(j, ",");
		if (j->i == before)
			j->i++;
	}
	take(j, ")");
	return n;
}

static void used_name(struct jinja *j, const struct jvalue *v, const struct jvalue *base, uint64_t off)
{
	jinja_check_string(j, v, true, off);
	if (base->global && strcmp(base->global, "generator"))
		jinja_hit(j, AU_JINJA_ESCAPE, "looks into the function object", base->global,
			  strlen(base->global), off);
	if (base->object_text)
		jinja_hit(j, AU_JINJA_ESCAPE, "takes characters out of an object's representation", "string",
			  6, off);
}

static void called_string(struct jinja *j, const struct jvalue *v, uint64_t off)
{
	if (v->kind == JV_STRING && jinja_op(j, j->i, "(") && jinja_call_name(v->s, v->len))
		jinja_hit(j, AU_JINJA_ESCAPE, "calls", v->s, v->len, off);
}

static struct jvalue subscript(struct jinja *j, const struct jvalue *base, uint64_t off)
{
	struct jvalue v = unknown, r = unknown;
	bool slice = false, rev = false;

	while (j->i < j->n_t && !jinja_op(j, j->i, "]")) {
		size_t before = j->i;

		if (take(j, ":")) {
			slice = true;
			rev = jinja_op(j, j->i, "-") && j->i + 1 < j->n_t && j->t[j->i + 1].type == JT_INT &&
			      j->t[j->i + 1].num == 1;
			continue;
		}
		v = jinja_expr(j);
		take(j, ",");
		if (j->i == before)
			j->i++;
	}
	take(j, "]");
	if (slice)
		return rev ? reversed(j, base, off) : *base;
	used_name(j, &v, base, off);
	called_string(j, &v, off);
	if (v.kind == JV_INT && base->kind == JV_LIST && v.num < base->n)
		return base->items[v.num];
	if (v.kind == JV_INT && base->kind == JV_STRING && v.num < base->len)
		return string(j, base->s + v.num, 1, false);
	r.object_text = base->object_text;
	return r;
}

static struct jvalue dict_list(struct jinja *j, const struct jvalue *names, size_t n)
{
	struct jvalue r = { .kind = JV_LIST, .n = n };

	r.items = au_arena_dup(j->a, names, n * sizeof(*names));
	return r;
}

static struct jvalue filter(struct jinja *j, const struct jvalue *base)
{
	struct jvalue args[16], names[16], r;
	const struct jtoken *t = &j->t[j->i++];
	size_t n = 0, n_names = 0;

	while (jinja_op(j, j->i, ".") && j->i + 1 < j->n_t)
		j->i += 2;
	if (take(j, "("))
		n = arguments(j, args, 16, names, &n_names);
	if (is(t->text, "attr")) {
		struct jvalue v = n ? args[0] : unknown;

		used_name(j, &v, base, t->off);
		called_string(j, &v, t->off);
		if (v.kind != JV_STRING || v.partial)
			jinja_hit(j, v.global && is(v.global, "request") ? AU_JINJA_ESCAPE : AU_JINJA_SUSPECT,
				  "reads an attribute whose name is computed", "attr", 4, t->off);
		return unknown;
	}
	for (size_t i = 0; i < n; i++)
		if (is(t->text, "map") || is(t->text, "selectattr") || is(t->text, "rejectattr") ||
		    is(t->text, "groupby") || is(t->text, "sort") || is(t->text, "sum") ||
		    is(t->text, "unique"))
			jinja_check_string(j, &args[i], true, t->off);
	r = apply(j, t->text, base, args, n, false, t->off);
	return r;
}

static struct jvalue postfix(struct jinja *j, struct jvalue v)
{
	struct jvalue args[16], names[16];
	size_t n, n_names;

	for (;;) {
		uint64_t off = j->i < j->n_t ? j->t[j->i].off : j->n;

		if (jinja_op(j, j->i, ".") && j->i + 1 < j->n_t) {
			const struct jtoken *t = &j->t[j->i + 1];

			j->i += 2;
			if (t->type == JT_NAME && v.global && strcmp(v.global, "generator") &&
			    jinja_is_global(v.global, strlen(v.global)))
				jinja_hit(j, AU_JINJA_ESCAPE, "looks into the function object", v.global,
					  strlen(v.global), off);
			if (t->type == JT_NAME && take(j, "(")) {
				n = arguments(j, args, 16, names, &n_names);
				if (is(t->text, "pop") && v.object_text)
					used_name(j, &unknown, &v, off);
				v = apply(j, t->text, &v, args, n, true, off);
			} else {
				v = unknown;
			}
		} else if (take(j, "[")) {
			v = subscript(j, &v, off);
		} else if (jinja_op(j, j->i, "|") && j->i + 1 < j->n_t && j->t[j->i + 1].type == JT_NAME) {
			j->i++;
			v = filter(j, &v);
		} else if (take(j, "(")) {
			const char *g = v.global;

			n = arguments(j, args, 16, names, &n_names);
			v = g && is(g, "dict") && n_names ? dict_list(j, names, n_names) : unknown;
			if (g && is(g, "lipsum"))
				v.object_text = false;
		} else {
			return v;
		}
	}
}

static struct jvalue sequence(struct jinja *j, const char *close)
{
	struct jvalue r = { .kind = JV_LIST };
	size_t cap = 0, seen = 0;
	bool comma = false;

	while (j->i < j->n_t && !jinja_op(j, j->i, close)) {
		size_t before = j->i;
		struct jvalue v = jinja_expr(j);

		if (take(j, ":"))
			jinja_expr(j); /* a dict: its keys are what iterating gives */
		if (r.n == cap && cap < ITEMS_MAX) {
			struct jvalue *more = AU_ARRAY(j->a, struct jvalue, cap ? cap * 2 : 8);

			if (r.n)
				memcpy(more, r.items, r.n * sizeof(*more));
			r.items = more;
			cap = cap ? cap * 2 : 8;
		}
		if (r.n < cap)
			r.items[r.n++] = v;
		seen++;
		comma |= take(j, ",");
		if (j->i == before)
			j->i++;
	}
	take(j, close);
	if (*close == ')' && !comma && seen == 1)
		return r.items[0];
	if (*close == ')' && !seen)
		r.global = "generator"; /* () : only its representation is of use */
	return r;
}

static struct jvalue name(struct jinja *j, const struct jtoken *t)
{
	struct jvalue r = unknown, *var = au_map_get(&j->vars, t->text, t->len);

	if (var)
		return *var;
	if (jinja_is_global(t->text, t->len) || is(t->text, "dict") || is(t->text, "request") ||
	    is(t->text, "range") || is(t->text, "namespace"))
		r.global = t->text;
	return r;
}

static struct jvalue primary(struct jinja *j)
{
	const struct jtoken *t;
	struct jvalue v = unknown;
	bool negative = false;

	while (jinja_op(j, j->i, "-") || jinja_op(j, j->i, "+") || name_at(j, j->i, "not")) {
		negative = true;
		j->i++;
	}
	if (j->i >= j->n_t)
		return unknown;
	t = &j->t[j->i];
	if (t->type == JT_STRING) {
		struct au_buf b;

		au_buf_init(&b, BUILT_MAX);
		/* adjacent literals are one */
		for (; j->i < j->n_t && j->t[j->i].type == JT_STRING; j->i++)
			au_buf_add(&b, j->t[j->i].text, j->t[j->i].len);
		v = finish(j, &b, false, t->off);
	} else if (t->type == JT_INT) {
		if (!negative) {
			v.kind = JV_INT;
			v.num = t->num;
		}
		j->i++;
	} else if (t->type == JT_NAME) {
		j->i++;
		v = name(j, t);
	} else if (take(j, "[")) {
		v = sequence(j, "]");
	} else if (take(j, "(")) {
		v = sequence(j, ")");
	} else if (take(j, "{")) {
		v = sequence(j, "}");
	} else if (t->type == JT_FLOAT) {
		j->i++;
	} else {
		return unknown;
	}
	return postfix(j, v);
}

static struct jvalue product(struct jinja *j)
{
	struct jvalue v = primary(j);

	for (;;) {
		uint64_t off = j->i < j->n_t ? j->t[j->i].off : 0;
		struct jvalue w;

		if (take(j, "*")) {
			w = primary(j);
			v = v.kind == JV_STRING && w.kind == JV_INT ? times(j, &v, w.num, off) :
			    v.kind == JV_INT && w.kind == JV_STRING ? times(j, &w, v.num, off) : unknown;
		} else if (take(j, "%")) {
			w = primary(j);
			v = w.kind == JV_LIST ? format(j, &v, w.items, w.n, false, off) :
			    format(j, &v, &w, 1, false, off);
		} else if (take(j, "/") || take(j, "//") || take(j, "**")) {
			primary(j);
			v = unknown;
		} else {
			return v;
		}
	}
}

static struct jvalue sum(struct jinja *j)
{
	struct jvalue v = product(j);

	for (;;) {
		uint64_t off = j->i < j->n_t ? j->t[j->i].off : 0;
		struct jvalue w;

		if (take(j, "~")) {
			w = product(j);
			v = concat(j, &v, &w, off);
		} else if (take(j, "+")) {
			w = product(j);
			v = v.kind == JV_STRING || w.kind == JV_STRING ? concat(j, &v, &w, off) : unknown;
		} else if (take(j, "-")) {
			product(j);
			v = unknown;
		} else {
			return v;
		}
	}
}

static bool between(const struct jinja *j)
{
	static const char *const words[] = { "and", "or", "in", "not", "is", NULL };
	static const char *const ops[] = { "==", "!=", "<", ">", "<=", ">=", NULL };

	for (size_t i = 0; words[i]; i++)
		if (name_at(j, j->i, words[i]))
			return true;
	for (size_t i = 0; ops[i]; i++)
		if (jinja_op(j, j->i, ops[i]))
			return true;
	return false;
}

struct jvalue jinja_expr(struct jinja *j)
{
	struct jvalue v, w;

	if (j->depth >= DEPTH) {
		j->i = j->n_t;
		jinja_hit(j, AU_JINJA_SUSPECT, "nests expressions beyond all need", "", 0, 0);
		return unknown;
	}
	j->depth++;
	v = sum(j);
	while (between(j)) {
		j->i++;
		v = unknown;
		if (between(j))
			continue;
		sum(j);
	}
	while (name_at(j, j->i, "if")) {
		/* a if b else c: a stands for both when c is unknown */
		j->i++;
		jinja_expr(j);
		if (name_at(j, j->i, "else")) {
			j->i++;
			w = jinja_expr(j);
			if (v.kind == JV_UNKNOWN)
				v = w;
		}
	}
	j->depth--;
	return v;
}
