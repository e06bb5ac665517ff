/* Where unpacked bytes go: memory, then an unlinked temporary file; budgets are counted here. */
#include "base/banned.h"
#include <fcntl.h>
#include "base/rc.h"
#include "io/view.h"
#include "unpack/internal.h"

void au_spool_init(struct au_spool *s, struct au_job *job, struct au_entry *container,
		   struct au_entry *child)
{
	*s = (struct au_spool){ .job = job, .container = container, .child = child, .fd = -1 };
	au_buf_init(&s->mem, job->limits->memory_member);
}

static int temporary(void)
{
	const char *dir = getenv("TMPDIR");
	char name[512];
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (snprintf(name, sizeof(name), "%s/assay-XXXXXX", dir) >= (int)sizeof(name))
		return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static int write_all(int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return AU_IO;
		p += k;
		n -= (size_t)k;
	}
	return AU_OK;
}

static int spill(struct au_spool *s, const void *p, size_t n)
{
	if (s->fd < 0) {
		s->fd = temporary();
		if (s->fd < 0 || write_all(s->fd, s->mem.p, s->mem.len) != AU_OK)
			goto failed;
		au_buf_release(&s->mem);
	}
	if (write_all(s->fd, p, n) == AU_OK)
		return AU_OK;
failed:
	s->limited = true;
	au_emit_coverage(s->job, s->child, "unreadable", s->size,
			 "cannot spool the unpacked member: %s; set TMPDIR to a directory with room",
			 strerror(errno));
	return AU_IO;
}

static int limit(struct au_spool *s, const char *what, uint64_t max)
{
	s->limited = true;
	au_emit_coverage(s->job, s->child, "limit", s->size,
			 "%s of %llu reached at offset %llu of the unpacked member: the rest was not read",
			 what, (unsigned long long)max, (unsigned long long)s->size);
	return AU_LIMIT;
}

int au_spool_add(struct au_spool *s, const void *p, size_t n)
{
	const struct au_limits *l = s->job->limits;
	uint64_t packed = s->packed ? s->packed : 1;

	if (s->limited)
		return AU_LIMIT;
	if (s->size + n > l->member_size)
		return limit(s, "the limit on a member's size (--max-member-size)", l->member_size);
	if (s->job->unpacked + n > l->unpacked)
		return limit(s, "the limit on unpacked bytes", l->unpacked);
	if (s->size + n > l->ratio_floor && (s->size + n) / packed > l->ratio) {
		struct au_fact *f = au_emit(s->job, s->container, "archive.bomb", s->child->name, NULL,
					    au_span(0, 0));

		f->num = (s->size + n) / packed;
		return limit(s, "the limit on the compression ratio (--max-ratio)", l->ratio);
	}
	s->job->unpacked += n;
	if (s->fd < 0 && s->mem.len + n <= s->mem.max)
		au_buf_add(&s->mem, p, n);
	else if (spill(s, p, n) != AU_OK)
		return AU_IO;
	s->size += n;
	return AU_OK;
}

struct au_view *au_spool_view(struct au_spool *s, struct au_arena *a)
{
	return s->fd < 0 ? au_view_mem(a, s->mem.p, s->mem.len) : au_view_fd(a, s->fd, 0, s->size);
}

void au_spool_release(struct au_spool *s)
{
	au_buf_release(&s->mem);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}
