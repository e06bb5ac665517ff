/* Words for classes, uses, verdicts; the class of an id or an expression; see legal.h. */
#include "base/banned.h"
#include "legal/tables.h"
#include "base/text.h"
#include "declare/lexpr.h"
#include "declare/names.h"

static const char *const class_names[AU_CLASS_N] = {
	"public-domain", "permissive", "weak-copyleft", "strong-copyleft", "network-copyleft",
	"use-restricted", "community", "no-derivatives", "non-commercial", "proprietary", "unknown",
};

const char *au_class_name(enum au_class c)
{
	return (unsigned)c < AU_CLASS_N ? class_names[c] : "unknown";
}

enum au_class au_class_parse(const char *s)
{
	for (unsigned i = 0; s && i < AU_CLASS_N; i++)
		if (au_ieq(s, class_names[i]))
			return (enum au_class)i;
	if (s && au_ieq(s, "proprietary/community"))
		return AU_CLASS_COMMUNITY;
	if (s && au_ieq(s, "copyleft"))
		return AU_CLASS_STRONG_COPYLEFT;
	return AU_CLASS_UNKNOWN;
}

static const struct { const char *name; unsigned use; } uses[] = {
	{ "internal", AU_USE_INTERNAL }, { "product", AU_USE_PRODUCT }, { "service", AU_USE_SERVICE },
	{ "distribution", AU_USE_DISTRIBUTION }, { "training", AU_USE_TRAINING },
};

unsigned au_use_parse(const char *s)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++)
		if (au_ieq(s, uses[i].name))
			return uses[i].use;
	return 0;
}

const char *au_use_name(unsigned one)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++)
		if (one == uses[i].use)
			return uses[i].name;
	return "unknown";
}

const char *au_found_name(enum au_found_verdict v)
{
	static const char *const names[] = { "none", "exact", "match", "modified", "partial", "reference",
					     "unknown" };

	return (unsigned)v < 7 ? names[v] : "unknown";
}

const char *au_component_type_name(enum au_component_type t)
{
	static const char *const names[] = { "model", "dataset", "package", "directory" };

	return (unsigned)t < 4 ? names[t] : "directory";
}

const char *au_legal_status_name(enum au_legal_status s)
{
	static const char *const names[] = { "clear", "review", "conflict", "none" };

	return (unsigned)s < 4 ? names[s] : "review";
}

enum au_class au_class_of_id(const struct au_licence_db *db, const char *id)
{
	char base[AU_FOLD_MAX];
	size_t n = strcspn(id, " ");

	(void)db;
	if (n >= sizeof(base))
		return AU_CLASS_UNKNOWN;
	memcpy(base, id, n);
	if (n > 1 && base[n - 1] == '+')
		n--;
	base[n] = 0;
	return au_class_parse(au_name_class(base));
}

static int rank(void *ctx, const char *id)
{
	enum au_class c = au_class_of_id(ctx, id);

	/* The classpath, GCC and font exceptions take the strength out of copyleft. */
	if (c == AU_CLASS_STRONG_COPYLEFT && strstr(id, " WITH "))
		return AU_CLASS_WEAK_COPYLEFT;
	return (int)c;
}

enum au_class au_class_of(struct au_arena *a, const struct au_licence_db *db, const char *expr)
{
	struct au_lexpr *x = au_lexpr_parse(a, expr);

	return x ? (enum au_class)au_lexpr_rank(x, rank, (void *)(uintptr_t)db) : AU_CLASS_UNKNOWN;
}
