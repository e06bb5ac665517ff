/* Walk of the targets; see plan.h. Links are never followed out of a target; whatever is not a
 * regular file is told. */
#include "base/banned.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "base/buf.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "scan/plan.h"

enum { DIR_DEPTH = 200, NAMES_MAX = 50000000 };

struct walk {
	struct au_arena *a;
	const struct au_plan_options *o;
	struct au_plan_root *root;
	struct au_vec items, skips;
	struct au_map linked;     /* resolved paths that a hub snapshot stands for */
};

static void skip(struct walk *w, const char *path, const char *reason, bool benign, const char *text)
{
	struct au_plan_skip *s = au_vec_push(&w->skips);

	if (s)
		*s = (struct au_plan_skip){ au_arena_str(w->a, path), reason, au_arena_str(w->a, text), benign };
}

static bool any(const char *const *globs, const char *path)
{
	for (; globs && *globs; globs++)
		if (au_glob(*globs, path) || (!strchr(*globs, '/') && au_glob(*globs, au_basename(path))))
			return true;
	return false;
}

static void add(struct walk *w, const char *rel, const char *at, const struct stat *st, bool resolved)
{
	struct au_plan_item *it;

	if (w->o->include && *w->o->include && !any(w->o->include, rel))
		return;
	it = au_vec_push(&w->items);
	if (!it)
		return;
	it->path = au_arena_fmt(w->a, "%s%s", w->root->prefix, rel);
	it->rel = resolved ? au_arena_str(w->a, at) : it->path + strlen(w->root->prefix);
	it->root = w->root;
	it->size = (uint64_t)st->st_size;
	it->mode = (uint16_t)(st->st_mode & 07777);
	it->resolved = resolved;
	it->fd = -1;
}

static bool inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(path, dir, n) && (!path[n] || path[n] == '/' || (n && dir[n - 1] == '/'));
}

/* A hub cache names its files by links from snapshots/REV/ to blobs/. */
static bool is_snapshot(const char *path)
{
	const char *hub = strstr(path, "--"), *snap = strstr(path, "/snapshots/");

	return hub && snap && hub < snap;
}

static void on_link(struct walk *w, const char *rel, const char *shown)
{
	char *full = au_arena_fmt(w->a, "%s/%s", w->root->real, rel);
	char *to = realpath(full, NULL);
	struct stat st;
	void **slot;

	if (!to) {
		skip(w, shown, "link-dangling", false, "a link that leads to nothing: there was nothing to read");
		return;
	}
	if (!inside(to, w->root->bound)) {
		skip(w, shown, "link-outside", false,
		     "a link that leads out of the target: not followed; name the target of the link to scan it");
	} else if (stat(to, &st) || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
		skip(w, shown, "not-regular", false, "a link to something that is not a file");
	} else if (S_ISREG(st.st_mode) && is_snapshot(full)) {
		slot = au_map_put(&w->linked, to, strlen(to));
		*slot = w;
		add(w, rel, to, &st, true);
	} else {
		skip(w, shown, "link", true, "a link to a place inside the target, which is read there");
	}
	free(to);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void walk_dir(struct walk *w, int dirfd, const char *rel, unsigned depth);

static void on_name(struct walk *w, int dirfd, const char *dir, const char *name, unsigned depth)
{
	const char *rel = *dir ? au_arena_fmt(w->a, "%s/%s", dir, name) : au_arena_str(w->a, name);
	const char *shown = au_arena_fmt(w->a, "%s%s", w->root->prefix, rel);
	struct stat st;
	int fd;

	if (any(w->o->exclude, rel)) {
		skip(w, shown, "excluded", true, "left out by --exclude");
	} else if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		skip(w, shown, errno == ENOENT ? "vanished" : "unreadable", false, strerror(errno));
	} else if (S_ISREG(st.st_mode)) {
		add(w, rel, rel, &st, false);
	} else if (S_ISLNK(st.st_mode)) {
		on_link(w, rel, shown);
	} else if (!S_ISDIR(st.st_mode)) {
		skip(w, shown, "not-regular", false,
		     S_ISSOCK(st.st_mode) ? "a socket: not read" : S_ISFIFO(st.st_mode) ? "a fifo: not read"
		     : "a device: not read");
	} else if (!w->o->no_ignore && (!strcmp(name, ".git") || !strcmp(name, ".hg") || !strcmp(name, ".svn"))) {
		skip(w, shown, "excluded", true, "a version-control folder: not read (--no-ignore reads it)");
	} else if (depth >= DIR_DEPTH) {
		skip(w, shown, "limit", false, "folders nested deeper than 200: not read");
	} else {
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			skip(w, shown, "unreadable", false, strerror(errno));
		else
			walk_dir(w, fd, rel, depth + 1);
	}
}

/* Takes over dirfd. Names are sorted so that what is skipped comes in order too. */
static void walk_dir(struct walk *w, int dirfd, const char *rel, unsigned depth)
{
	DIR *d = fdopendir(dirfd);
	struct au_vec names;
	struct dirent *de;

	if (!d) {
		close(dirfd);
		skip(w, au_arena_fmt(w->a, "%s%s", w->root->prefix, rel), "unreadable", false, strerror(errno));
		return;
	}
	au_vec_init(&names, sizeof(char *), NAMES_MAX);
	errno = 0;
	while ((de = readdir(d))) {
		char **slot;

		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		slot = au_vec_push(&names);
		if (slot)
			*slot = au_arena_str(w->a, de->d_name);
	}
	if (errno)
		skip(w, au_arena_fmt(w->a, "%s%s", w->root->prefix, rel), "unreadable", false, strerror(errno));
	if (names.n)
		qsort(names.p, names.n, sizeof(char *), by_name);
	for (size_t i = 0; i < names.n; i++)
		on_name(w, dirfd, rel, *AU_AT(&names, char *, i), depth);
	au_vec_release(&names);
	closedir(d);
}

/* The folder of a hub repository around path, or path itself. */
static const char *bound_of(struct au_arena *a, const char *real)
{
	static const char *const kinds[] = { "/models--", "/datasets--", "/spaces--" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *at = strstr(real, kinds[i]), *end;

		if (!at)
			continue;
		end = strchr(at + 1, '/');
		return end ? au_arena_strn(a, real, (size_t)(end - real)) : real;
	}
	return real;
}

/* What to put in front of paths: the target as given when it is relative, so that a report's
 * paths exist from where the tool was started. */
static const char *prefix_of(struct au_arena *a, const char *given, bool many, bool is_dir)
{
	const char *slash;
	size_t n;

	while (given[0] == '.' && given[1] == '/')
		given += 2;
	if (!is_dir) {
		slash = strrchr(given, '/');
		if (*given == '/')
			return "";
		return slash ? au_arena_strn(a, given, (size_t)(slash - given) + 1) : "";
	}
	n = strlen(given);
	while (n > 1 && given[n - 1] == '/')
		n--;
	if (!strcmp(given, ".") || !n)
		return "";
	if (*given == '/') {
		char *copy = au_arena_strn(a, given, n);

		return many ? au_arena_fmt(a, "%s/", au_basename(copy)) : "";
	}
	return au_arena_fmt(a, "%.*s/", (int)n, given);
}

static int spool_stdin(struct walk *w)
{
	const char *tmp = getenv("TMPDIR");
	struct au_plan_item *it;
	uint8_t chunk[65536];
	uint64_t size = 0;
	int fd = open(tmp && *tmp ? tmp : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	for (;;) {
		ssize_t n = fd < 0 ? -1 : read(STDIN_FILENO, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || (n && write(fd, chunk, (size_t)n) != n))
			return AU_IO;
		if (!n)
			break;
		size += (uint64_t)n;
	}
	it = au_vec_push(&w->items);
	*it = (struct au_plan_item){ .path = "stdin", .rel = "stdin", .root = w->root, .size = size, .fd = fd };
	return AU_OK;
}

static int open_target(struct walk *w, const char *given, bool many)
{
	struct stat st;
	char *real;

	w->root->given = given;
	w->root->fd = -1;
	w->root->prefix = "";
	if (!strcmp(given, "-"))
		return spool_stdin(w);
	real = realpath(given, NULL);
	if (!real)
		return AU_IO;
	w->root->real = au_arena_str(w->a, real);
	free(real);
	if (stat(w->root->real, &st))
		return AU_IO;
	w->root->prefix = prefix_of(w->a, given, many, S_ISDIR(st.st_mode));
	if (S_ISDIR(st.st_mode)) {
		int fd;

		w->root->bound = bound_of(w->a, w->root->real);
		w->root->fd = open(w->root->real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (w->root->fd < 0)
			return AU_IO;
		fd = openat(w->root->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return AU_IO;
		walk_dir(w, fd, "", 0);
		return AU_OK;
	}
	if (!S_ISREG(st.st_mode)) {
		skip(w, au_basename(given), "not-regular", false, "not a regular file or folder: not read");
		return AU_OK;
	}
	/* a file: its name as given, its bytes from where the name leads (the user named it) */
	add(w, au_basename(given), w->root->real, &st, true);
	return AU_OK;
}

static int by_path(const void *a, const void *b)
{
	const struct au_plan_item *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : strcmp(x->rel, y->rel);
}

static int skip_by_path(const void *a, const void *b)
{
	const struct au_plan_skip *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : strcmp(x->reason, y->reason);
}

/* Blobs that a snapshot's link stands for are read under that name, once. */
static void drop_linked(struct walk *w)
{
	struct au_plan_item *items = w->items.p;
	size_t n = 0;

	for (size_t i = 0; i < w->items.n; i++) {
		struct au_plan_item *it = &items[i];
		char *full;

		if (!it->resolved && it->fd < 0 && w->linked.n) {
			full = au_arena_fmt(w->a, "%s/%s", it->root->real, it->rel);
			if (au_map_get(&w->linked, full, strlen(full)))
				continue;
		}
		items[n++] = *it;
	}
	w->items.n = n;
}

int au_plan_make(struct au_arena *a, const struct au_plan_options *o, struct au_plan **ret,
		 const char **ret_error)
{
	struct au_plan *p = AU_NEW(a, struct au_plan);
	struct walk w = { .a = a, .o = o };
	int rc = AU_OK;

	p->roots = AU_ARRAY(a, struct au_plan_root, o->n_targets);
	au_vec_init(&w.items, sizeof(struct au_plan_item), NAMES_MAX);
	au_vec_init(&w.skips, sizeof(struct au_plan_skip), NAMES_MAX);
	au_map_init(&w.linked, a);
	for (size_t i = 0; i < o->n_targets && rc == AU_OK; i++) {
		w.root = &p->roots[p->n_roots++];
		rc = open_target(&w, o->targets[i], o->n_targets > 1);
		if (rc != AU_OK)
			*ret_error = au_arena_fmt(a, "cannot open '%s': %s", o->targets[i], strerror(errno));
	}
	drop_linked(&w);
	if (w.items.n)
		qsort(w.items.p, w.items.n, sizeof(struct au_plan_item), by_path);
	if (w.skips.n)
		qsort(w.skips.p, w.skips.n, sizeof(struct au_plan_skip), skip_by_path);
	p->n_items = w.items.n;
	p->items = au_arena_dup(a, w.items.p, w.items.n * sizeof(struct au_plan_item));
	p->n_skips = w.skips.n;
	p->skips = au_arena_dup(a, w.skips.p, w.skips.n * sizeof(struct au_plan_skip));
	for (size_t i = 0; i < p->n_items; i++)
		p->bytes += p->items[i].size;
	au_vec_release(&w.items);
	au_vec_release(&w.skips);
	if (rc == AU_OK)
		*ret = p;
	else
		au_plan_close(p);
	return rc;
}

void au_plan_close(struct au_plan *p)
{
	for (size_t i = 0; i < p->n_roots; i++)
		if (p->roots[i].fd >= 0)
			close(p->roots[i].fd);
	for (size_t i = 0; i < p->n_items; i++)
		if (p->items[i].fd >= 0)
			close(p->items[i].fd);
	p->n_roots = 0;
	p->n_items = 0;
}

int au_plan_open(const struct au_plan_item *it, uint64_t *ret_size)
{
	/* beneath the root and through no link, even when somebody swaps a folder meanwhile */
	struct open_how how = { .flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	struct stat st;
	int fd;

	if (it->fd >= 0) {
		fd = dup(it->fd);
	} else if (it->resolved) {
		fd = open(it->rel, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	} else {
		fd = (int)syscall(SYS_openat2, it->root->fd, it->rel, &how, sizeof(how));
		if (fd < 0 && (errno == ENOSYS || errno == EPERM))
			fd = openat(it->root->fd, it->rel, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	}
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	*ret_size = (uint64_t)st.st_size;
	return fd;
}
