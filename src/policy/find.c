/* Where policies lie, the shipped ones, and how the effective one is shown. */
#include "base/banned.h"
#include <sys/stat.h>
#include "policy/policy.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define EMBED(sym, file) \
	__asm__(".section .rodata\n.global " #sym "\n" #sym ":\n.incbin \"" file "\"\n" \
		".global " #sym "_end\n" #sym "_end:\n.byte 0\n.text\n"); \
	extern const char sym[], sym##_end[]
EMBED(au_policy_product, "rules/policies/permissive-product.yaml");
EMBED(au_policy_research, "rules/policies/research.yaml");
EMBED(au_policy_service, "rules/policies/internal-service.yaml");

const char *const au_policy_shipped_names[] = { "permissive-product", "research", "internal-service", NULL };

const char *au_policy_shipped(const char *name, size_t *ret_n)
{
	const char *const from[] = { au_policy_product, au_policy_research, au_policy_service };
	const char *const to[] = { au_policy_product_end, au_policy_research_end, au_policy_service_end };

	for (size_t i = 0; au_policy_shipped_names[i]; i++)
		if (!strcmp(name, au_policy_shipped_names[i])) {
			*ret_n = (size_t)(to[i] - from[i]);
			return from[i];
		}
	return NULL;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static bool exists(struct au_arena *a, const char *dir, const char *name)
{
	struct stat st;

	return !lstat(au_arena_fmt(a, "%s/%s", dir, name), &st);
}

/* dir equals target or lies inside it. */
static bool inside(const char *dir, const char *target)
{
	size_t n = strlen(target);

	while (n > 1 && target[n - 1] == '/')
		n--;
	return !strncmp(dir, target, n) && (dir[n] == '/' || !dir[n] || n == 1);
}

static bool in_a_target(const char *dir, const char *const *targets)
{
	for (size_t i = 0; targets && targets[i]; i++)
		if (inside(dir, targets[i]))
			return true;
	return false;
}

const char *au_policy_find(struct au_arena *a, const char *dir, const char *const *targets)
{
	char *d = au_arena_str(a, dir), *slash;

	for (;;) {
		if (!in_a_target(d, targets) || !strcmp(d, dir)) {
			const char *yaml = au_arena_fmt(a, "%s/.assay.yaml", d);
			const char *yml = au_arena_fmt(a, "%s/.assay.yml", d);

			if (is_file(yaml))
				return yaml;
			if (is_file(yml))
				return yml;
		}
		if (exists(a, d, ".git") || exists(a, d, ".hg") || exists(a, d, ".svn"))
			return NULL;
		slash = strrchr(d, '/');
		if (!slash || !*d)
			return NULL;
		*slash = 0;
	}
}

const char *const *au_policy_config_files(struct au_arena *a)
{
	const char **out = AU_ARRAY(a, const char *, 3);
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *user = NULL;
	size_t n = 0;

	if (is_file("/etc/assay/config.yaml"))
		out[n++] = "/etc/assay/config.yaml";
	if (xdg && *xdg == '/')
		user = au_arena_fmt(a, "%s/assay/config.yaml", xdg);
	else if (home && *home == '/')
		user = au_arena_fmt(a, "%s/.config/assay/config.yaml", home);
	if (user && is_file(user))
		out[n++] = user;
	return out;
}

static const struct au_policy_origin *origin_of(const struct au_policy *p, const char *key)
{
	for (size_t i = 0; i < p->n_origins; i++)
		if (!strcmp(p->origins[i].key, key))
			return &p->origins[i];
	return NULL;
}

static void line(const struct au_policy *p, bool origin, struct au_buf *out, const char *key, const char *value)
{
	const struct au_policy_origin *o = origin_of(p, key);

	if (!value && !o)
		return;
	au_buf_fmt(out, "%s: %s", key, value ? value : o->value);
	if (origin && o)
		au_buf_fmt(out, "  # %s:%u", o->file, o->line);
	else if (origin)
		au_buf_str(out, "  # built-in");
	au_buf_str(out, "\n");
}

void au_policy_show(const struct au_policy *p, bool origin, struct au_buf *out)
{
	static const char *const lists[] = {
		"use", "formats.allow", "formats.review", "formats.deny", "licences.allow", "licences.review",
		"licences.deny", "severity", "overrides", "waivers.file", "outputs", NULL,
	};
	static const char *const unknown[] = { "allow", "review", "fail" };
	char num[32];

	line(p, origin, out, "fail-on", p->fail_on < 0 ? "never" : au_sev_name((enum au_sev)p->fail_on));
	line(p, origin, out, "incomplete", p->incomplete_fails ? "fail" : "warn");
	for (size_t i = 0; lists[i]; i++)
		line(p, origin, out, lists[i], NULL);
	line(p, origin, out, "licences.unknown", p->unknown < 3 ? unknown[p->unknown] : "review");
	snprintf(num, sizeof(num), "%g", p->min_score);
	line(p, origin, out, "licences.min-score", num);
	snprintf(num, sizeof(num), "%u", p->limits.depth);
	line(p, origin, out, "limits.depth", num);
	snprintf(num, sizeof(num), "%llu", (unsigned long long)p->limits.members);
	line(p, origin, out, "limits.members", num);
	snprintf(num, sizeof(num), "%llu", (unsigned long long)p->limits.member_size);
	line(p, origin, out, "limits.member-size", num);
	snprintf(num, sizeof(num), "%llu", (unsigned long long)p->limits.ratio);
	line(p, origin, out, "limits.ratio", num);
	snprintf(num, sizeof(num), "%u", p->waiver_max_days);
	line(p, origin, out, "waivers.max-days", num);
	line(p, origin, out, "waivers.allow-permanent", p->waiver_permanent ? "true" : "false");
}
