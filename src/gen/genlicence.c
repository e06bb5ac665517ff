/* Build tool: SPDX texts and fingerprints to the licence index.
 * Usage: genlicence SPDX_JSON FINGERPRINT_DIR OUTPUT */
#include "base/banned.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/node.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/json.h"
#include "licence/compile.h"

static const uint8_t *slurp(struct au_arena *a, const char *path, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *p;

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "genlicence: cannot read '%s': %s\n", path, strerror(errno));
		exit(1);
	}
	p = au_arena_alloc(a, (size_t)st.st_size + 1);
	*ret_n = (size_t)st.st_size;
	if (read(fd, p, *ret_n) != (ssize_t)*ret_n)
		exit(1);
	close(fd);
	return p;
}

/* Of word-identical texts the first one added keeps its id: current ids before deprecated ones,
 * "only" before "or later" (a text alone does not say "or later"), short before long. */
static int rank(const char *id)
{
	if (strstr(id, "-or-later") || au_ends(id, "+"))
		return 3;
	if (strstr(id, "-with-"))
		return 4;
	if (strstr(id, "-only") || strstr(id, "-no-invariants"))
		return strstr(id, "invariants") ? 2 : 0;
	if (strstr(id, "GPL-") || strstr(id, "GFDL-"))
		return strstr(id, "GPL-") || strlen(id) < 10 ? 5 : 2;
	return 1;
}

static int by_rank(const void *a, const void *b)
{
	const struct au_node *const *x = a, *const *y = b;
	int r = rank((*x)->key) - rank((*y)->key);

	if (r)
		return r;
	if ((*x)->key_len != (*y)->key_len)
		return (*x)->key_len < (*y)->key_len ? -1 : 1;
	return strcmp((*x)->key, (*y)->key);
}

static void add_spdx(struct au_arena *a, struct au_licence_compiler *c, const char *path)
{
	const struct au_node **list;
	struct au_node *doc;
	size_t n, k = 0;
	const uint8_t *p = slurp(a, path, &n);

	if (au_json_load(a, p, n, 1000000, NULL, &doc, NULL) != AU_OK) {
		fprintf(stderr, "genlicence: '%s' is no JSON\n", path);
		exit(1);
	}
	list = AU_ARRAY(a, const struct au_node *, doc->n);
	AU_EACH(lic, doc)
		list[k++] = lic;
	qsort(list, k, sizeof(*list), by_rank);
	for (size_t i = 0; i < k; i++) {
		const struct au_node *text = au_node_get(list[i], "licenseText");

		if (text && text->len && au_licence_compiler_text(c, list[i]->key, text->text, text->len) == AU_LIMIT)
			fprintf(stderr, "genlicence: '%s' is too long\n", list[i]->key);
	}
}

static int fp_only(const struct dirent *d)
{
	return au_ends(d->d_name, ".fp");
}

static void add_fingerprints(struct au_arena *a, struct au_licence_compiler *c, const char *dir)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, fp_only, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		uint32_t *words;
		uint8_t *flags;
		size_t len, count;
		const uint8_t *p = slurp(a, au_arena_fmt(a, "%s/%s", dir, name), &len);

		if (au_licence_fingerprint_read(a, p, len, &words, &flags, &count) != AU_OK) {
			fprintf(stderr, "genlicence: '%s/%s' is no fingerprint\n", dir, name);
			exit(1);
		}
		au_licence_compiler_words(c, au_arena_strn(a, name, strlen(name) - 3), words, flags, count);
		free(list[i]);
	}
	free(list);
}

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	struct au_licence_compiler *c;
	uint8_t *blob;
	size_t len;
	FILE *f;

	if (argc != 4) {
		fputs("usage: genlicence SPDX_JSON FINGERPRINT_DIR OUTPUT\n", stderr);
		return 1;
	}
	c = au_licence_compiler_new(a);
	add_spdx(a, c, argv[1]);
	add_fingerprints(a, c, argv[2]);
	au_licence_compiler_emit(c, &blob, &len);
	f = fopen(argv[3], "wb");
	if (!f || fwrite(blob, 1, len, f) != len || fclose(f)) {
		fprintf(stderr, "genlicence: cannot write '%s'\n", argv[3]);
		return 1;
	}
	au_arena_free(a);
	return 0;
}
