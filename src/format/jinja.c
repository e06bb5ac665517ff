/* Jinja templates: cut into blocks and tokens, names judged by what they reach; see jinja.h.
 * Facts of a template's entry:
 *   template.found    text: where it lies (a key); num: number of its blocks
 *   template.escape   text: the name or string; aux: what is done with it, and where
 *   template.suspect  the same, for what is odd but harmless by itself
 * Rendering is done by the loader's own process, so whatever reaches a Python object's class,
 * globals or modules is a way to run code (server-side template injection). */
#include "base/banned.h"
#include "audit/job.h"
#include "base/buf.h"
#include "base/text.h"
#include "format/jinja_in.h"

enum { TOKENS_MAX = 200000, BLOCKS_MAX = 200000, SHOWN = 80 };

void jinja_hit(struct jinja *j, enum au_jinja_kind kind, const char *what, const char *text,
	       size_t len, uint64_t off)
{
	char *copy = au_arena_strn(j->a, text, len < SHOWN ? len : SHOWN);
	size_t i;

	for (i = 0; i < j->n_hits; i++)
		if (!strcmp(j->hits[i].what, what) && !strcmp(j->hits[i].text, copy))
			return;
	if (j->n_hits == AU_JINJA_HITS) {
		/* full: an escape displaces what is only odd */
		for (i = 0; i < j->n_hits && j->hits[i].kind == AU_JINJA_ESCAPE; i++)
			;
		if (kind != AU_JINJA_ESCAPE || i == j->n_hits)
			return;
	} else {
		i = j->n_hits++;
	}
	j->hits[i] = (struct au_jinja_hit){ kind, what, copy, off };
}

static bool in(const char *const *list, const char *s, size_t n)
{
	for (; *list; list++)
		if (strlen(*list) == n && !memcmp(*list, s, n))
			return true;
	return false;
}

bool jinja_known_dunder(const char *s, size_t n)
{
	static const char *const names[] = {
		"class", "mro", "base", "bases", "subclasses", "globals", "builtins", "init", "import",
		"dict", "getattribute", "getattr", "code", "reduce", "reduce_ex", "self", "module", "call",
		"func", "closure", "getitem", "setattr", "delattr", "loader", "spec", "wrapped", "defaults",
		"kwdefaults", "new", "del", "enter", "exit", "init_subclass", "class_getitem", "subclasshook",
		"dir", "doc", "name", "qualname", "file", "path", "objclass", "weakref", "slots", "get",
		"set", "delete", "format", "traceback", "context", "cause", "annotations", "str", "repr",
		"iter", "next", "add", "setitem", "package", "cached", "main", NULL };

	return n > 4 && s[0] == '_' && s[1] == '_' && s[n - 1] == '_' && s[n - 2] == '_' &&
	       in(names, s + 2, n - 4);
}

bool jinja_internal(const char *s, size_t n)
{
	static const char *const names[] = {
		"gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "ag_frame", "ag_code",
		"f_globals", "f_builtins", "f_locals", "f_back", "f_code", "func_globals", "func_code",
		"func_closure", "im_func", "im_class", "im_self", "tb_frame", "tb_next", "co_code",
		"co_consts", "co_names", "_module", "_TemplateReference__context", "_current_tb",
		"subclasses", "getattribute", "_mutable_sequence", "_cycler", NULL };

	return in(names, s, n);
}

bool jinja_call_name(const char *s, size_t n)
{
	static const char *const names[] = {
		"system", "popen", "Popen", "check_output", "check_call", "getoutput", "getstatusoutput",
		"eval", "exec", "execfile", "compile", "import_module", "load_module", "__import__", "mro",
		"execv", "execve", "execvp", "execl", "spawnl", "spawnv", "spawnlp", "fork", "urlopen",
		"urlretrieve", "b64decode", "from_string", "from_pyfile", "from_object", "load_string",
		"read_text", "write_text", "rmtree", "unlink", "putenv", "getenv", "loads", "set_trace",
		"runcode", "interact", NULL };

	return in(names, s, n);
}

bool jinja_is_global(const char *s, size_t n)
{
	static const char *const names[] = {
		"cycler", "joiner", "lipsum", "namespace", "range", "dict", "raise_exception",
		"strftime_now", "url_for", "get_flashed_messages", "caller", NULL };

	return in(names, s, n);
}

static bool word(char c)
{
	return isalnum((uint8_t)c) || c == '_';
}

void jinja_check_string(struct jinja *j, const struct jvalue *v, bool used, uint64_t off)
{
	if (v->kind != JV_STRING)
		return;
	for (size_t i = 0; i + 4 < v->len; i++) {
		size_t k = i + 2;

		if (v->s[i] != '_' || v->s[i + 1] != '_')
			continue;
		while (k < v->len && word(v->s[k]))
			k++;
		if (jinja_known_dunder(v->s + i, k - i)) {
			jinja_hit(j, AU_JINJA_ESCAPE, "builds or uses the name", v->s + i, k - i, off);
			return;
		}
		if (used && (memchr(v->s, 1, v->len) || (k - i > 4 && v->s[k - 1] == '_' && v->s[k - 2] == '_')))
			jinja_hit(j, AU_JINJA_ESCAPE, "uses the name", v->s + i, k - i, off);
	}
	if (used && jinja_internal(v->s, v->len))
		jinja_hit(j, AU_JINJA_ESCAPE, "uses the name", v->s, v->len, off);
	else if (used && v->partial && v->len && (v->s[0] == '_' || v->s[v->len - 1] == '_'))
		jinja_hit(j, AU_JINJA_SUSPECT, "computes a name with underscores", v->s, v->len, off);
}

/* ---- tokens ---- */

static struct jtoken *push(struct jinja *j, int type, size_t off)
{
	struct jtoken *t;

	if (j->n_t == j->cap_t) {
		size_t cap = j->cap_t ? j->cap_t * 2 : 256;
		struct jtoken *more = AU_ARRAY(j->a, struct jtoken, cap);

		if (j->n_t)
			memcpy(more, j->t, j->n_t * sizeof(*more));
		j->t = more;
		j->cap_t = cap;
	}
	t = &j->t[j->n_t++];
	*t = (struct jtoken){ .type = type, .off = off, .text = "" };
	return t;
}

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = au_lower(c);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 99;
}

/* Python's escapes, as "unicode-escape" decodes them. */
static size_t escape(struct jinja *j, size_t i, struct au_buf *b)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	char c = j->p[i];
	const char *p = strchr(from, c);
	size_t want = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0, k = i + 1;
	uint32_t cp = 0;

	if (c && p) {
		au_buf_byte(b, (uint8_t)to[p - from]);
		return i + 1;
	}
	if (c >= '0' && c <= '7') {
		for (k = i; k < j->n && k < i + 3 && j->p[k] >= '0' && j->p[k] <= '7'; k++)
			cp = cp * 8 + digit(j->p[k]);
	} else if (want) {
		for (; k < j->n && k < i + 1 + want && digit(j->p[k]) < 16; k++)
			cp = cp * 16 + digit(j->p[k]);
	} else if (c == 'N' && k < j->n && j->p[k] == '{') {
		while (k < j->n && j->p[k] != '}' && k < i + 80)
			k++;
		cp = memmem(j->p + i, k - i, "LOW LINE", 8) || memmem(j->p + i, k - i, "low line", 8) ? '_' : '?';
		k++;
	} else if (c == '\n') {
		return i + 1;
	} else {
		au_buf_byte(b, '\\');
		au_buf_byte(b, (uint8_t)c);
		return i + 1;
	}
	if (cp < 0x110000)
		au_utf8_put(b, cp);
	return k < j->n ? k : j->n;
}

static size_t lex_string(struct jinja *j, size_t i)
{
	struct jtoken *t = push(j, JT_STRING, i);
	struct au_buf b;
	char q = j->p[i++];

	au_buf_init(&b, 65536);
	while (i < j->n && j->p[i] != q) {
		if (j->p[i] == '\\' && i + 1 < j->n)
			i = escape(j, i + 1, &b);
		else
			au_buf_byte(&b, (uint8_t)j->p[i++]);
	}
	t->text = au_arena_strn(j->a, au_buf_cstr(&b), b.len);
	t->len = b.len;
	au_buf_release(&b);
	return i < j->n ? i + 1 : i;
}

static size_t lex_number(struct jinja *j, size_t i)
{
	struct jtoken *t = push(j, JT_INT, i);
	unsigned base = 10;

	if (j->p[i] == '0' && i + 1 < j->n && strchr("xXoObB", j->p[i + 1]) && j->p[i + 1]) {
		base = au_lower(j->p[i + 1]) == 'x' ? 16 : au_lower(j->p[i + 1]) == 'o' ? 8 : 2;
		i += 2;
	}
	for (; i < j->n && (digit(j->p[i]) < base || j->p[i] == '_'); i++)
		if (j->p[i] != '_' && t->num < UINT64_MAX / 32)
			t->num = t->num * base + digit(j->p[i]);
	if (i + 1 < j->n && j->p[i] == '.' && isdigit((uint8_t)j->p[i + 1])) {
		t->type = JT_FLOAT;
		while (i < j->n && (isalnum((uint8_t)j->p[i]) || j->p[i] == '.'))
			i++;
	}
	return i;
}

static size_t lex_op(struct jinja *j, size_t i)
{
	static const char *const two[] = { "**", "//", "==", "!=", "<=", ">=", NULL };
	struct jtoken *t = push(j, JT_OP, i);

	for (size_t k = 0; two[k]; k++)
		if (i + 1 < j->n && j->p[i] == two[k][0] && j->p[i + 1] == two[k][1]) {
			t->text = two[k];
			t->len = 2;
			return i + 2;
		}
	t->text = au_arena_strn(j->a, j->p + i, 1);
	t->len = 1;
	return i + 1;
}

/* Tokens up to the closing delimiter ("}}" or "%}"); returns the offset behind it. */
static size_t lex(struct jinja *j, size_t i, char close)
{
	unsigned open = 0;

	j->n_t = j->i = 0;
	while (i < j->n && j->n_t < TOKENS_MAX) {
		char c = j->p[i];

		if (isspace((uint8_t)c)) {
			i++;
			continue;
		}
		if (i + 1 < j->n && j->p[i + 1] == '}' && c == close && (c == '%' || !open))
			return i + 2;
		if ((c == '-' || c == '+') && i + 2 < j->n && j->p[i + 1] == close && j->p[i + 2] == '}' &&
		    (close == '%' || !open))
			return i + 3;
		if (c == '\'' || c == '"') {
			i = lex_string(j, i);
		} else if (isdigit((uint8_t)c)) {
			i = lex_number(j, i);
		} else if (word(c) || (uint8_t)c >= 0x80) {
			struct jtoken *t = push(j, JT_NAME, i);
			size_t from = i;

			while (i < j->n && (word(j->p[i]) || (uint8_t)j->p[i] >= 0x80))
				i++;
			t->len = i - from;
			t->text = au_arena_strn(j->a, j->p + from, t->len);
		} else {
			open += c == '{' || c == '(' || c == '[';
			open -= open && (c == '}' || c == ')' || c == ']');
			i = lex_op(j, i);
		}
	}
	return i;
}

/* ---- names ---- */

static bool assigned(const struct jinja *j, const struct jtoken *t)
{
	return au_map_get(&j->vars, t->text, t->len);
}

static void bare_name(struct jinja *j, size_t i)
{
	static const char *const functions[] = {
		"eval", "exec", "execfile", "open", "compile", "getattr", "setattr", "globals", "locals",
		"vars", "import_module", "system", "popen", "input", "breakpoint", "getattribute", NULL };
	static const char *const modules[] = {
		"os", "subprocess", "sys", "importlib", "builtins", "shutil", "pty", "ctypes", "socket",
		"current_app", "get_flashed_messages", "url_for", NULL };
	static const char *const request[] = { "args", "form", "values", "cookies", "headers",
					       "application", "environ", "files", NULL };
	const struct jtoken *t = &j->t[i], *next = i + 2 < j->n_t ? &j->t[i + 2] : NULL;

	if (assigned(j, t))
		return;
	if (jinja_op(j, i + 1, "(") && in(functions, t->text, t->len))
		jinja_hit(j, AU_JINJA_ESCAPE, "calls the function", t->text, t->len, t->off);
	if (!next || !(jinja_op(j, i + 1, ".") || jinja_op(j, i + 1, "[")))
		return;
	if (in(modules, t->text, t->len))
		jinja_hit(j, AU_JINJA_SUSPECT, "uses the name of a module", t->text, t->len, t->off);
	if (!strcmp(t->text, "request") && in(request, next->text, next->len))
		jinja_hit(j, AU_JINJA_ESCAPE, "reads the web request's", next->text, next->len, t->off);
	if (!strcmp(t->text, "sys") && !strcmp(next->text, "modules"))
		jinja_hit(j, AU_JINJA_ESCAPE, "reads", "sys.modules", 11, t->off);
	if (!strcmp(t->text, "range") && next->type == JT_INT)
		return;
}

static void names(struct jinja *j)
{
	for (size_t i = 0; i < j->n_t; i++) {
		const struct jtoken *t = &j->t[i];
		bool attr = i && jinja_op(j, i - 1, ".");

		if (jinja_op(j, i, "(") && i && !strcmp(j->t[i - 1].text, "range") && i + 1 < j->n_t)
			for (size_t k = i + 1; k < j->n_t && !jinja_op(j, k, ")"); k++)
				if (j->t[k].type == JT_INT && j->t[k].num >= 10000000)
					jinja_hit(j, AU_JINJA_SUSPECT, "loops without end over", "range", 5, t->off);
		if (t->type != JT_NAME)
			continue;
		if (jinja_known_dunder(t->text, t->len) || (attr && t->len > 2 && t->text[0] == '_' &&
							     t->text[1] == '_'))
			jinja_hit(j, AU_JINJA_ESCAPE, attr ? "reads the attribute" : "uses the name", t->text,
				  t->len, t->off);
		else if (attr && jinja_internal(t->text, t->len))
			jinja_hit(j, AU_JINJA_ESCAPE, "reads the attribute", t->text, t->len, t->off);
		else if (attr && jinja_op(j, i + 1, "(") && jinja_call_name(t->text, t->len))
			jinja_hit(j, AU_JINJA_ESCAPE, "calls", t->text, t->len, t->off);
		else if (attr && t->len > 1 && t->text[0] == '_')
			jinja_hit(j, AU_JINJA_SUSPECT, "reads the private attribute", t->text, t->len, t->off);
		else if (!attr)
			bare_name(j, i);
	}
}

/* ---- blocks ---- */

static void assign(struct jinja *j, const struct jtoken *t, const struct jvalue *v)
{
	struct jvalue *copy = AU_NEW(j->a, struct jvalue);

	*copy = *v;
	*au_map_put(&j->vars, t->text, t->len) = copy;
}

static const struct jvalue none = { .kind = JV_UNKNOWN };

static void expressions(struct jinja *j)
{
	while (j->i < j->n_t) {
		size_t before = j->i;

		jinja_expr(j);
		if (j->i == before)
			j->i++;
	}
}

static void set_block(struct jinja *j, const struct jtoken *name, size_t behind)
{
	const char *end = memmem(j->p + behind, j->n - behind, "{%", 2);
	struct jvalue v = { .kind = JV_STRING, .s = "", .len = 0 };
	size_t n = end ? (size_t)(end - (j->p + behind)) : j->n - behind;

	if (n < 4096) {
		v.s = au_arena_strn(j->a, j->p + behind, n);
		v.len = n;
	}
	assign(j, name, memmem(v.s, v.len, "{{", 2) ? &none : &v);
}

static void file_statement(struct jinja *j)
{
	const struct jtoken *s = NULL;

	for (size_t i = 0; i < j->n_t && !s; i++)
		if (j->t[i].type == JT_STRING)
			s = &j->t[i];
	if (s && (*s->text == '/' || *s->text == '\\' || strstr(s->text, "..") || strstr(s->text, "://") ||
		  (s->len > 1 && s->text[1] == ':')))
		jinja_hit(j, AU_JINJA_ESCAPE, "includes the file", s->text, s->len, j->t[0].off);
	else
		jinja_hit(j, AU_JINJA_SUSPECT, "includes another file", s ? s->text : "", s ? s->len : 0,
			  j->t[0].off);
}

static void statement(struct jinja *j, size_t behind)
{
	const struct jtoken *k = j->n_t ? &j->t[0] : NULL;
	struct jvalue v;
	size_t i = 1;

	if (!k || k->type != JT_NAME)
		return;
	if (!strcmp(k->text, "include") || !strcmp(k->text, "import") || !strcmp(k->text, "extends") ||
	    !strcmp(k->text, "from"))
		file_statement(j);
	if (!strcmp(k->text, "macro") && j->n_t > 1)
		assign(j, &j->t[1], &none);
	if (!strcmp(k->text, "set") || !strcmp(k->text, "for") || !strcmp(k->text, "with")) {
		bool loop = *k->text == 'f', done = false;

		while (i < j->n_t && !jinja_op(j, i, "=") && !(loop && !strcmp(j->t[i].text, "in")))
			i++;
		done = i >= j->n_t;
		j->i = done ? 1 : i + 1;
		v = none;
		if (!done)
			v = jinja_expr(j);
		else if (*k->text == 's' && j->n_t == 2)
			set_block(j, &j->t[1], behind);
		if (!done && i == 2 && j->t[1].type == JT_NAME && !jinja_op(j, j->i, ","))
			assign(j, &j->t[1], loop ? (v.kind == JV_LIST && v.n == 1 ? &v.items[0] : &none) : &v);
		else if (!done)
			for (size_t t = 1; t < i; t++)
				if (j->t[t].type == JT_NAME && !(t && jinja_op(j, t - 1, ".")) &&
				    !jinja_op(j, t + 1, "."))
					assign(j, &j->t[t], &none);
		expressions(j);
		return;
	}
	j->i = 1;
	expressions(j);
}

/* {% raw %} ends at {% endraw %} only. */
static size_t skip_raw(struct jinja *j, size_t i)
{
	while (i < j->n) {
		const char *p = memmem(j->p + i, j->n - i, "{%", 2);
		size_t k;

		if (!p)
			return j->n;
		k = (size_t)(p - j->p) + 2;
		if (k < j->n && (j->p[k] == '-' || j->p[k] == '+'))
			k++;
		while (k < j->n && isspace((uint8_t)j->p[k]))
			k++;
		if (j->n - k >= 6 && !memcmp(j->p + k, "endraw", 6)) {
			p = memmem(j->p + k, j->n - k, "%}", 2);
			return p ? (size_t)(p - j->p) + 2 : j->n;
		}
		i = k;
	}
	return i;
}

static size_t block(struct jinja *j, size_t i)
{
	char kind = j->p[i + 1];
	size_t next;

	i += 2;
	if (kind == '#') {
		const char *p = memmem(j->p + i, j->n - i, "#}", 2);

		return p ? (size_t)(p - j->p) + 2 : j->n;
	}
	if (i < j->n && (j->p[i] == '-' || j->p[i] == '+'))
		i++;
	next = lex(j, i, kind == '{' ? '}' : '%');
	j->tags++;
	names(j);
	if (kind == '%' && j->n_t == 1 && !strcmp(j->t[0].text, "raw"))
		return skip_raw(j, next);
	if (kind == '%')
		statement(j, next);
	else
		expressions(j);
	return next;
}

size_t au_jinja_check(struct au_arena *a, const char *p, size_t n,
		      struct au_jinja_hit hits[AU_JINJA_HITS], size_t *ret_tags)
{
	struct jinja j = { .a = a, .p = p, .n = n, .hits = hits };

	au_map_init(&j.vars, a);
	while (j.at + 1 < n && j.tags < BLOCKS_MAX) {
		const char *q = memchr(p + j.at, '{', n - j.at - 1);

		if (!q)
			break;
		j.at = (size_t)(q - p);
		if (q[1] == '{' || q[1] == '%' || q[1] == '#')
			j.at = block(&j, j.at);
		else
			j.at++;
	}
	if (ret_tags)
		*ret_tags = j.tags;
	return j.n_hits;
}

void au_jinja_facts(struct au_job *job, struct au_entry *e, const char *p, size_t n,
		    const char *where, struct au_span span, bool exact)
{
	struct au_jinja_hit hits[AU_JINJA_HITS];
	size_t tags, k = au_jinja_check(job->scratch, p, n, hits, &tags);

	au_emit(job, e, "template.found", where, NULL, span)->num = tags;
	for (size_t i = 0; i < k; i++) {
		struct au_span s = span;

		if (exact)
			s = au_span(span.off + hits[i].off, strlen(hits[i].text) ? strlen(hits[i].text) : 1);
		au_emit(job, e, hits[i].kind == AU_JINJA_ESCAPE ? "template.escape" : "template.suspect",
			hits[i].text, hits[i].what, s);
	}
}
