/* Tiers of pickled names; see pickle_names.h. */
#include "base/banned.h"
#include "audit/rulebase.h"
#include "base/arena.h"
#include "base/text.h"
#include "detect/pickle_names.h"

extern const uint8_t au_pickle_blob[];
__asm__(".section .rodata\n.balign 16\n.global au_pickle_blob\n"
	"au_pickle_blob:\n.incbin \"" AU_GEN_DIR "/pickle.bin\"\n.byte 0\n.text\n");

struct table {
	const struct au_pkn_row *rows[AU_PKN_SECTIONS];
	uint32_t n[AU_PKN_SECTIONS];
	const char *pool;
};

const void *au_pickle_names_builtin(void)
{
	return au_pickle_blob;
}

static struct table open_table(const struct au_rulebase *rules)
{
	const struct au_pkn_header *h = rules && rules->pickle ? rules->pickle : (const void *)au_pickle_blob;
	const struct au_pkn_row *r = (const void *)(h + 1);
	struct table t;

	for (int i = 0; i < AU_PKN_SECTIONS; i++) {
		t.rows[i] = r;
		t.n[i] = h->n[i];
		r += h->n[i];
	}
	t.pool = (const char *)r;
	return t;
}

const char *au_harm_name(enum au_harm h)
{
	static const char *const names[AU_HARM_N] = { "safe", "exec", "eval", "import", "attr", "defer", "nested",
						      "ffi", "net", "io", "dos", "decode", "tamper", "misc",
						      "weak" };

	return names[h];
}

const char *au_harm_what(enum au_harm h)
{
	static const char *const what[AU_HARM_N] = {
		"builds data", "can start programs", "can run code given as text or bytes", "can import other code",
		"can reach any attribute or call any function", "can run something later",
		"can load another pickle or file of code", "can load or call native code", "can reach the network",
		"can read or write files", "can stop or block the program", "can unwrap a hidden payload",
		"can switch off or mislead a scanner", "has no place in a model file", "has little place in a model file",
	};

	return what[h];
}

static const struct au_pkn_row *find(const struct table *t, int section, const char *key)
{
	uint32_t lo = 0, hi = t->n[section];

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		int c = strcmp(t->pool + t->rows[section][mid].a, key);

		if (!c)
			return &t->rows[section][mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool listed(const struct table *t, int section, const char *word, size_t n)
{
	for (uint32_t i = 0; i < t->n[section]; i++) {
		const char *s = t->pool + t->rows[section][i].a;

		if (!strncmp(s, word, n) && !s[n])
			return true;
	}
	return false;
}

bool au_looks_class(const char *leaf)
{
	while (*leaf == '_')
		leaf++;
	return *leaf >= 'A' && *leaf <= 'Z';
}

/* A reconstructor: a function that only builds one kind of object. */
static bool reconstructor(const char *leaf)
{
	size_t n = strlen(leaf);

	return !strncmp(leaf, "_rebuild", 8) || !strncmp(leaf, "_reconstruct", 12) ||
	       !strncmp(leaf, "__pyx_unpickle", 14) || !strncmp(leaf, "_new_", 5) || !strcmp(leaf, "newObj") ||
	       !strncmp(leaf, "_unpickle", 9) || !strncmp(leaf, "_restore", 8) || !strncmp(leaf, "_from_", 6) ||
	       (n > 5 && !strcmp(leaf + n - 5, "_ctor")) || (n > 9 && !strcmp(leaf + n - 9, "_unpickle")) ||
	       (n > 14 && !strcmp(leaf + n - 14, "_reconstructor"));
}

static bool leaf_fits(const char *words, const char *leaf)
{
	char word[64];

	while (*words) {
		size_t n = strcspn(words, " ");

		if (n < sizeof(word)) {
			memcpy(word, words, n);
			word[n] = 0;
			if (!strcmp(word, "Class") ? au_looks_class(leaf) && !strchr(leaf, '.') : au_glob(word, leaf))
				return true;
		}
		words += n + (words[n] == ' ');
	}
	return false;
}

static bool by_pattern(const struct table *t, struct au_arena *a, const char *module, const char *name)
{
	char *path = au_arena_str(a, module);

	for (char *p = path; *p; p++)
		if (*p == '.')
			*p = '/';
		else if (*p == '/')
			return false;
	for (uint32_t i = 0; i < t->n[AU_PKN_PATTERNS]; i++) {
		const struct au_pkn_row *r = &t->rows[AU_PKN_PATTERNS][i];
		const char *except = r->c ? t->pool + r->c : NULL;

		if (except && !strncmp(module, except, strlen(except)))
			continue;
		if (au_glob(t->pool + r->a, path) && leaf_fits(t->pool + r->b, name))
			return true;
	}
	return false;
}

static bool dunder(const char *s, size_t n)
{
	return n > 4 && s[0] == '_' && s[1] == '_' && s[n - 1] == '_' && s[n - 2] == '_';
}

/* Components that lead out of the module named: modules it imports, and dunder attributes. */
static enum au_harm by_component(const struct table *t, const char *module, const char *name)
{
	bool copyreg = !strcmp(module, "copyreg");

	for (const char *p = name; *p;) {
		size_t n = strcspn(p, ".");

		if (dunder(p, n) && !(copyreg && !strncmp(p, "__newobj", 8)) && !(n > 12 && !strncmp(p, "__pyx_un", 8)))
			return AU_HARM_ATTR;
		if (listed(t, AU_PKN_MODULES, p, n))
			return AU_HARM_ATTR;
		p += n + (p[n] == '.');
	}
	for (const char *p = strchr(module, '.'); p; p = strchr(p + 1, '.')) {
		size_t n = strcspn(p + 1, ".");

		if ((n == 2 && !strncmp(p + 1, "os", 2)) || (n == 3 && !strncmp(p + 1, "sys", 3)) ||
		    (n >= 8 && !strncmp(p + 1, "builtins", 8)))
			return AU_HARM_ATTR;
	}
	return AU_HARM_SAFE;
}

/* Listed as dangerous: any split of the whole dotted name, or a family above it. */
static enum au_harm by_list(const struct table *t, struct au_arena *a, const char *module, const char *name,
			    bool *ret_family)
{
	char *full = au_arena_fmt(a, "%s.%s", module, name);
	char *key = au_arena_alloc(a, strlen(full) + 4);
	const struct au_pkn_row *r;
	enum au_harm family = AU_HARM_SAFE;

	for (char *dot = full; (dot = strchr(dot, '.')) || (dot = full + strlen(full)); dot++) {
		size_t n = (size_t)(dot - full);

		memcpy(key, full, n);
		if (*dot) {
			key[n] = '\n';
			memcpy(key + n + 1, dot + 1, strlen(dot + 1) + 1);
			r = find(t, AU_PKN_NAMES, key);
			if (r && r->b) {
				*ret_family = false;
				return (enum au_harm)r->b;
			}
		}
		memcpy(key + n, "\n*", 3);
		r = find(t, AU_PKN_NAMES, key);
		if (r && r->b)
			family = (enum au_harm)r->b;
		if (!*dot)
			break;
	}
	*ret_family = family != AU_HARM_SAFE;
	return family;
}

static void canonical(const struct table *t, struct au_arena *a, struct au_named *r)
{
	const struct au_pkn_row *hit = find(t, AU_PKN_PY2, au_arena_fmt(a, "%s.%s", r->module, r->name));
	const char *to, *dot;

	if (hit) {
		to = t->pool + hit->b;
		dot = strrchr(to, '.');
		if (dot) {
			r->module = au_arena_strn(a, to, (size_t)(dot - to));
			r->name = dot + 1;
			return;
		}
	}
	hit = find(t, AU_PKN_PY2, r->module);
	if (hit)
		r->module = t->pool + hit->b;
}

struct au_named au_pickle_name(struct au_arena *a, const struct au_rulebase *rules, const char *module,
			       const char *name, bool dotted)
{
	struct table t = open_table(rules);
	struct au_named r = { .module = module, .name = name };
	const struct au_pkn_row *row;
	const char *leaf = strrchr(name, '.');

	leaf = leaf ? leaf + 1 : name;
	canonical(&t, a, &r);
	row = find(&t, AU_PKN_NAMES, au_arena_fmt(a, "%s\n%s", r.module, r.name));
	if (row && !row->b) {
		r.tier = AU_TIER_SAFE;
		return r;
	}
	r.harm = by_component(&t, r.module, r.name);
	if (r.harm == AU_HARM_SAFE && !row && by_pattern(&t, a, r.module, r.name))
		return r;
	r.family = true;
	r.tier = AU_TIER_DANGEROUS;
	if (r.harm)
		return r;
	r.harm = by_list(&t, a, r.module, r.name, &r.family);
	if (!r.harm) /* the name before the map may be the one that is listed */
		r.harm = by_list(&t, a, module, name, &r.family);
	if (!r.harm && !strcmp(r.module, "builtins"))
		r.harm = AU_HARM_EVAL;
	if (!r.harm && listed(&t, AU_PKN_SINKS, leaf, strlen(leaf)))
		r.harm = AU_HARM_MISC;
	if (r.harm)
		return r;
	r.family = false;
	(void)dotted;
	r.tier = au_looks_class(leaf) || reconstructor(leaf) ? AU_TIER_CLASS : AU_TIER_FUNCTION;
	return r;
}
