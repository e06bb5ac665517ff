/* Build tool: the licence records to one blob (layout in licence/record.c).
 * Usage: genrecords LICENCES_DIR OUTPUT */
#include "base/banned.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/text.h"

struct record {
	const char *id;
	const uint8_t *text;
	size_t n;
};

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, "node_modules") != 0;
}

static void add(struct au_arena *a, struct au_vec *v, const char *path, const char *name)
{
	struct record *r;
	struct stat st;
	uint8_t *p;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "genrecords: cannot read '%s'\n", path);
		exit(1);
	}
	p = au_arena_alloc(a, (size_t)st.st_size + 1);
	if (read(fd, p, (size_t)st.st_size) != st.st_size)
		exit(1);
	close(fd);
	r = au_vec_push(v);
	*r = (struct record){ au_arena_strn(a, name, strlen(name) - 5), p, (size_t)st.st_size };
}

static void add_dir(struct au_arena *a, struct au_vec *v, const char *dir)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, visible, alphasort);

	for (int i = 0; i < n; i++) {
		if (au_ends(list[i]->d_name, ".yaml"))
			add(a, v, au_arena_fmt(a, "%s/%s", dir, list[i]->d_name), list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

static int by_id(const void *a, const void *b)
{
	return strcasecmp(((const struct record *)a)->id, ((const struct record *)b)->id);
}

static void put32(struct au_buf *b, size_t v)
{
	uint8_t p[4];

	au_put_le32(p, (uint32_t)v);
	au_buf_add(b, p, 4);
}

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	struct dirent **list = NULL;
	struct au_buf out;
	struct au_vec v;
	size_t at;
	FILE *f;
	int n;

	if (argc != 3 || (n = scandir(argv[1], &list, visible, alphasort)) < 0) {
		fputs("usage: genrecords LICENCES_DIR OUTPUT\n", stderr);
		return 1;
	}
	au_vec_init(&v, sizeof(struct record), 100000);
	for (int i = 0; i < n; i++) {
		add_dir(a, &v, au_arena_fmt(a, "%s/%s", argv[1], list[i]->d_name));
		free(list[i]);
	}
	free(list);
	if (v.n)
		qsort(v.p, v.n, sizeof(struct record), by_id);
	au_buf_init(&out, 1U << 28);
	put32(&out, v.n);
	at = 4 + 12 * v.n;
	for (size_t i = 0; i < v.n; i++) {
		const struct record *r = AU_AT(&v, struct record, i);

		put32(&out, at);
		put32(&out, at + strlen(r->id) + 1);
		put32(&out, r->n);
		at += strlen(r->id) + 1 + r->n;
	}
	for (size_t i = 0; i < v.n; i++) {
		const struct record *r = AU_AT(&v, struct record, i);

		au_buf_add(&out, r->id, strlen(r->id) + 1);
		au_buf_add(&out, r->text, r->n);
	}
	f = fopen(argv[2], "wb");
	if (!f || fwrite(out.p, 1, out.len, f) != out.len || fclose(f)) {
		fprintf(stderr, "genrecords: cannot write '%s'\n", argv[2]);
		return 1;
	}
	au_buf_release(&out);
	au_vec_release(&v);
	au_arena_free(a);
	return 0;
}
