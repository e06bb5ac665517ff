/* The door to libarchive: members of an archive, or the bytes behind a compression wrapper, one
 * after the other. Formats and filters are enabled one by one: some that "all" would enable start
 * a program. */
#ifndef AU_EXT_ARCHIVE_H
#define AU_EXT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_archive;
struct au_view;

enum au_archive_kind {
	AU_ARCHIVE_TAR,      /* tar, all dialects */
	AU_ARCHIVE_CPIO, AU_ARCHIVE_7Z, AU_ARCHIVE_RAR, AU_ARCHIVE_AR,
	AU_ARCHIVE_STREAM,   /* gzip bzip2 xz lzma lzip zstd lz4 compress: one member, no name */
};

enum au_member_type { AU_MEMBER_FILE, AU_MEMBER_DIR, AU_MEMBER_LINK, AU_MEMBER_OTHER };

struct au_archive_member {
	const char *name;       /* raw bytes; valid until the next member; "" for a stream */
	const char *link;       /* target of a hard or symbolic link, else NULL */
	enum au_member_type type;
	bool encrypted;
	bool size_known;
	uint64_t size;
	uint32_t mode;
};

/* v is borrowed until au_archive_close. Opening never fails: the first au_archive_next tells. */
struct au_archive *au_archive_open(struct au_view *v, enum au_archive_kind kind);
void au_archive_close(struct au_archive *a);
/* AU_OK; AU_NOTME at the end; AU_WARN: a member, with something odd (au_archive_error); AU_BAD. */
int au_archive_next(struct au_archive *a, struct au_archive_member *ret);
/* Up to n bytes of the member's content. AU_OK with *ret_n 0 at its end; AU_BAD. Holes of sparse
 * files read as zeros. */
int au_archive_read(struct au_archive *a, void *p, size_t n, size_t *ret_n);
/* What was wrong; never NULL. */
const char *au_archive_error(struct au_archive *a);
/* Offset in v up to which input has been taken. */
uint64_t au_archive_at(struct au_archive *a);
const char *au_archive_library_version(void);

#endif
