/* The door to libarchive; see archive.h. */
#include "base/banned.h"
#include <archive.h>
#include <archive_entry.h>
#include "ext/archive.h"
#include "base/arena.h"
#include "base/rc.h"
#include "io/view.h"

enum { CHUNK = 64 * 1024 };

struct au_archive {
	struct archive *a;
	struct au_view *v;
	uint64_t at;
	uint8_t chunk[CHUNK];
	const char *early;   /* error before libarchive had one */
};

static la_ssize_t on_read(struct archive *a, void *ctx, const void **ret)
{
	struct au_archive *x = ctx;
	uint64_t left = au_view_size(x->v) - x->at;
	size_t n = left < CHUNK ? (size_t)left : CHUNK;

	if (!n)
		return 0;
	/* copied: libarchive keeps the pointer while it may ask for more */
	if (au_view_read(x->v, x->at, x->chunk, n) != AU_OK) {
		archive_set_error(a, EIO, "cannot read the archive at offset %llu",
				  (unsigned long long)x->at);
		return -1;
	}
	*ret = x->chunk;
	x->at += n;
	return (la_ssize_t)n;
}

static la_int64_t on_skip(struct archive *a, void *ctx, la_int64_t want)
{
	struct au_archive *x = ctx;
	uint64_t left = au_view_size(x->v) - x->at;
	uint64_t n = want < 0 ? 0 : (uint64_t)want;

	(void)a;
	if (n > left)
		n = left;
	x->at += n;
	return (la_int64_t)n;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t off, int whence)
{
	struct au_archive *x = ctx;
	int64_t base = whence == SEEK_CUR ? (int64_t)x->at
		     : whence == SEEK_END ? (int64_t)au_view_size(x->v) : 0;
	int64_t to;

	(void)a;
	if (__builtin_add_overflow(base, off, &to) || to < 0 || (uint64_t)to > au_view_size(x->v))
		return ARCHIVE_FATAL;
	x->at = (uint64_t)to;
	return to;
}

static void enable(struct archive *a, enum au_archive_kind kind)
{
	switch (kind) {
	case AU_ARCHIVE_TAR:
		archive_read_support_format_tar(a);
		break;
	case AU_ARCHIVE_CPIO:
		archive_read_support_format_cpio(a);
		break;
	case AU_ARCHIVE_7Z:
		archive_read_support_format_7zip(a);
		break;
	case AU_ARCHIVE_RAR:
		archive_read_support_format_rar(a);
		archive_read_support_format_rar5(a);
		break;
	case AU_ARCHIVE_AR:
		archive_read_support_format_ar(a);
		break;
	case AU_ARCHIVE_STREAM:
		archive_read_support_format_raw(a);
		archive_read_support_filter_gzip(a);
		archive_read_support_filter_bzip2(a);
		archive_read_support_filter_xz(a);
		archive_read_support_filter_lzma(a);
		archive_read_support_filter_lzip(a);
		archive_read_support_filter_zstd(a);
		archive_read_support_filter_lz4(a);
		archive_read_support_filter_compress(a);
		break;
	}
}

struct au_archive *au_archive_open(struct au_view *v, enum au_archive_kind kind)
{
	struct au_archive *x = au_xalloc(sizeof(*x));

	x->v = v;
	x->a = archive_read_new();
	if (!x->a) {
		x->early = "out of memory";
		return x;
	}
	enable(x->a, kind);
	archive_read_set_read_callback(x->a, on_read);
	archive_read_set_skip_callback(x->a, on_skip);
	archive_read_set_seek_callback(x->a, on_seek);
	archive_read_set_callback_data(x->a, x);
	if (archive_read_open1(x->a) != ARCHIVE_OK)
		x->early = archive_error_string(x->a) ? archive_error_string(x->a) : "not an archive";
	return x;
}

void au_archive_close(struct au_archive *x)
{
	if (!x)
		return;
	if (x->a)
		archive_read_free(x->a);
	au_xfree(x);
}

static enum au_member_type type_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e) || archive_entry_filetype(e) == AE_IFLNK)
		return AU_MEMBER_LINK;
	switch (archive_entry_filetype(e)) {
	case AE_IFREG:
	case 0: /* archives without types hold plain files */
		return AU_MEMBER_FILE;
	case AE_IFDIR:
		return AU_MEMBER_DIR;
	default:
		return AU_MEMBER_OTHER;
	}
}

int au_archive_next(struct au_archive *x, struct au_archive_member *ret)
{
	struct archive_entry *e;
	int r;

	if (x->early)
		return AU_BAD;
	r = archive_read_next_header(x->a, &e);
	if (r == ARCHIVE_EOF)
		return AU_NOTME;
	if (r < ARCHIVE_WARN)
		return AU_BAD;
	memset(ret, 0, sizeof(*ret));
	ret->name = archive_entry_pathname(e);
	if (!ret->name)
		ret->name = archive_entry_pathname_utf8(e);
	if (!ret->name)
		ret->name = "(no name)";
	ret->link = archive_entry_hardlink(e) ? archive_entry_hardlink(e) : archive_entry_symlink(e);
	ret->type = type_of(e);
	ret->encrypted = archive_entry_is_encrypted(e) > 0;
	ret->size_known = archive_entry_size_is_set(e);
	ret->size = archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0;
	ret->mode = archive_entry_perm(e);
	return r == ARCHIVE_WARN ? AU_WARN : AU_OK;
}

int au_archive_read(struct au_archive *x, void *p, size_t n, size_t *ret_n)
{
	la_ssize_t k = archive_read_data(x->a, p, n);

	if (k < 0)
		return AU_BAD;
	*ret_n = (size_t)k;
	return AU_OK;
}

const char *au_archive_error(struct au_archive *x)
{
	const char *s = x->early ? x->early : archive_error_string(x->a);

	return s ? s : "malformed";
}

uint64_t au_archive_at(struct au_archive *x)
{
	return x->at;
}

const char *au_archive_library_version(void)
{
	return archive_version_details();
}
