/* Reading a policy file; see policy.h. */
#include "base/banned.h"
#include <fcntl.h>
#include <sys/stat.h>
#include "policy/load.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/digest.h"
#include "ext/yaml.h"

struct au_policy *au_policy_new(struct au_arena *a)
{
	struct au_policy *p = AU_NEW(a, struct au_policy);

	*p = (struct au_policy){
		.fail_on = AU_HIGH, .incomplete_fails = true, .unknown = AU_LEVEL_REVIEW, .min_score = 0.9,
		.limits = AU_LIMITS_DEFAULT, .waiver_max_days = 365,
	};
	return p;
}

bool au_pol_fail(struct au_pol_load *l, const struct au_node *n, const char *fmt, ...)
{
	va_list ap;

	if (l->failed)
		return false;
	l->failed = true;
	va_start(ap, fmt);
	l->err->what = au_arena_vfmt(l->a, fmt, ap);
	va_end(ap);
	l->err->what = au_printable(l->a, l->err->what, strlen(l->err->what), 400);
	l->err->file = l->file;
	l->err->line = n && n->line ? n->line : 1;
	l->err->col = n && n->col ? n->col : 1;
	return false;
}

bool au_pol_keys(struct au_pol_load *l, const struct au_node *map, const char *where,
		 const char *const *known)
{
	if (map->type != AU_NODE_MAP)
		return au_pol_fail(l, map, "'%s' must be a map of keys and values", where);
	AU_EACH(c, map) {
		bool hit = false;
		const char *near;

		for (size_t i = 0; known[i]; i++)
			hit |= !strcmp(known[i], c->key);
		if (c->dup_key)
			return au_pol_fail(l, c, "the key '%s' stands twice in '%s'", c->key, where);
		near = hit ? NULL : au_suggest(c->key, known);
		if (!hit)
			return au_pol_fail(l, c, "unknown key '%s' in '%s'%s%s%s", c->key, where,
					   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	return true;
}

bool au_pol_word(struct au_pol_load *l, const struct au_node *n, const char *const *words, size_t *ret)
{
	const char *s = au_node_text(n), *near;

	for (size_t i = 0; s && words[i]; i++)
		if (!strcmp(words[i], s)) {
			*ret = i;
			return true;
		}
	near = s ? au_suggest(s, words) : NULL;
	if (!s)
		return au_pol_fail(l, n, "'%s' must be a word", n->key ? n->key : "value");
	return au_pol_fail(l, n, "'%s' is not a value of '%s'%s%s%s", s, n->key ? n->key : "the list",
			   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

bool au_pol_strings(struct au_pol_load *l, const struct au_node *n, const char *const **ret)
{
	const char **out;
	size_t k = 0;

	if (n->type != AU_NODE_SEQ)
		return au_pol_fail(l, n, "'%s' must be a list", n->key);
	out = AU_ARRAY(l->a, const char *, n->n + 1);
	AU_EACH(c, n) {
		if (!au_node_text(c) || !*c->text)
			return au_pol_fail(l, c, "'%s' must hold words only", n->key);
		out[k++] = c->text;
	}
	*ret = out;
	return true;
}

bool au_pol_number(struct au_pol_load *l, const struct au_node *n, uint64_t *ret)
{
	static const struct { const char *unit; unsigned shift; } units[] = {
		{ "", 0 }, { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 }, { "TiB", 40 },
	};
	const char *s = au_node_text(n);
	uint64_t v = 0;

	if (!s || !isdigit((unsigned char)*s))
		return au_pol_fail(l, n, "'%s' must be a number", n->key);
	for (; isdigit((unsigned char)*s); s++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return au_pol_fail(l, n, "'%s' is too large", n->key);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(s, units[i].unit)) {
			if (v > UINT64_MAX >> units[i].shift)
				return au_pol_fail(l, n, "'%s' is too large", n->key);
			*ret = v << units[i].shift;
			return true;
		}
	return au_pol_fail(l, n, "'%s' has the unknown unit '%s'; units are KiB, MiB, GiB, TiB", n->key, s);
}

bool au_pol_bool(struct au_pol_load *l, const struct au_node *n, bool *ret)
{
	if (n->type != AU_NODE_BOOL)
		return au_pol_fail(l, n, "'%s' must be true or false", n->key);
	*ret = au_ieq(n->text, "true");
	return true;
}

static bool version(struct au_pol_load *l, const struct au_node *doc)
{
	const struct au_node *v = au_node_get(doc, "version");

	if (!v)
		return au_pol_fail(l, doc, "'version: 1' is missing");
	if (!au_node_text(v) || strcmp(v->text, "1") != 0)
		return au_pol_fail(l, v, "version '%s' is not known; this program reads version 1",
				   au_node_text(v) ? v->text : "?");
	return true;
}

static int document(struct au_pol_load *l, struct au_policy *p, const void *text, size_t n)
{
	struct au_yaml_error yerr = { .line = 1, .col = 1 };
	struct au_node *doc = NULL, at;
	uint8_t both[64];

	if (au_yaml_load(l->a, text, n, AU_POLICY_BYTES, &doc, &yerr) != AU_OK) {
		at = (struct au_node){ .line = yerr.line, .col = yerr.col };
		au_pol_fail(l, &at, "not readable as YAML: %s", yerr.what);
		return AU_BAD;
	}
	if (doc->type != AU_NODE_MAP) {
		au_pol_fail(l, doc, "a policy is a map of keys and values; begin with 'version: 1'");
		return AU_BAD;
	}
	if (!au_pol_fields(l, p, doc) || !version(l, doc))
		return AU_BAD;
	memcpy(both, p->sha256, 32);
	au_sha256(text, n, both + 32);
	au_sha256(both, sizeof(both), p->sha256);
	return AU_OK;
}

int au_policy_add(struct au_arena *a, struct au_policy *p, const char *name, const void *text, size_t n,
		  struct au_policy_error *ret_err)
{
	struct au_policy_error err = { 0 };
	struct au_pol_load l = { .a = a, .file = au_arena_str(a, name), .err = &err };
	int rc = document(&l, p, text, n);

	if (rc == AU_OK)
		p->path = l.file;
	else if (ret_err)
		*ret_err = err;
	return rc;
}

int au_pol_slurp(struct au_arena *a, const char *path, size_t max, const char **ret, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t got = 0;
	char *p;

	if (fd < 0)
		return AU_IO;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (uint64_t)st.st_size > max) {
		close(fd);
		return AU_IO;
	}
	p = au_arena_alloc(a, (size_t)st.st_size + 1);
	while (got < (size_t)st.st_size) {
		ssize_t r = read(fd, p + got, (size_t)st.st_size - got);

		if (r <= 0)
			break;
		got += (size_t)r;
	}
	close(fd);
	*ret = p;
	*ret_n = got;
	return AU_OK;
}

int au_policy_add_file(struct au_arena *a, struct au_policy *p, const char *path,
		       struct au_policy_error *ret_err)
{
	const char *text;
	size_t n;

	if (au_pol_slurp(a, path, AU_POLICY_BYTES, &text, &n) != AU_OK) {
		if (ret_err)
			*ret_err = (struct au_policy_error){ au_arena_str(a, path), "cannot be read", 1, 1 };
		return AU_IO;
	}
	return au_policy_add(a, p, path, text, n, ret_err);
}
