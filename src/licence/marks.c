/* marks.yaml: which words of any template may differ, and what words weigh. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/yaml.h"
#include "licence/compile.h"

static void flag_words(struct lic_build *b, const struct au_node *root, const char *key, uint8_t flag)
{
	size_t n = 0;
	const char *const *w = au_node_list(b->a, root, key, &n);

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		uint16_t *t = lic_build_tokens(b, w[i], strlen(w[i]), &k);

		for (size_t j = 0; j < k; j++)
			AU_AT(&b->word, struct lic_word, t[j])->flag |= flag;
	}
}

static size_t count(const struct au_node *n)
{
	return n ? n->n : 0;
}

static void add_marks(struct lic_build *b, const struct au_node *list, bool optional,
		      struct lic_mark *to_list, size_t *n)
{
	AU_EACH(c, list) {
		struct lic_mark *m = &to_list[(*n)++];
		const char *from = au_node_str(c, "from"), *to = au_node_str(c, "to");

		*m = (struct lic_mark){ .optional = optional,
			.max = (unsigned)au_node_u64(c, "max", 24),
			.any = au_node_bool(c, "any", false),
			.to_end = au_node_bool(c, "end", false) };
		if (from)
			m->from = lic_build_tokens(b, from, strlen(from), &m->n_from);
		if (to)
			m->to = lic_build_tokens(b, to, strlen(to), &m->n_to);
	}
}

int lic_build_marks(struct lic_build *b, const char *path)
{
	size_t n = 0;
	char *p = lic_slurp(b->a, path, &n);
	struct au_node *root;

	if (!p || au_yaml_load(b->a, p, n, 1 << 20, &root, NULL) != AU_OK) {
		b->error = au_arena_fmt(b->a, "cannot use '%s'", path);
		return AU_BAD;
	}
	flag_words(b, root, "critical", WF_CRITICAL);
	flag_words(b, root, "legal", WF_LEGAL);
	flag_words(b, root, "soft", WF_SOFT);
	flag_words(b, root, "anybody", WF_LIMIT);
	b->marks = au_arena_array(b->a, count(au_node_get(root, "slots")) +
				  count(au_node_get(root, "optional")) + 1, sizeof(*b->marks));
	add_marks(b, au_node_get(root, "slots"), false, b->marks, &b->n_marks);
	add_marks(b, au_node_get(root, "optional"), true, b->marks, &b->n_marks);
	b->variants = au_arena_array(b->a, count(au_node_get(root, "variants")) + 1,
				     sizeof(*b->variants));
	add_marks(b, au_node_get(root, "variants"), false, b->variants, &b->n_variants);
	return AU_OK;
}
