/* Zip directory reader (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5). The central directory says
 * what the members are, as loaders believe it; local headers are read too, and where the two
 * disagree, or know members that the other does not, it is told. */
#ifndef AU_FORMAT_ZIP_H
#define AU_FORMAT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_view;

enum {
	AU_ZIP_DUPLICATE = 1,     /* an earlier member has the same name */
	AU_ZIP_LOCAL_NAME = 2,    /* local header names another file */
	AU_ZIP_LOCAL_SIZE = 4,    /* local sizes differ from the central ones (and are stated) */
	AU_ZIP_LOCAL_METHOD = 8,
	AU_ZIP_LOCAL_FLAGS = 16,
	AU_ZIP_ORPHAN = 32,       /* only a local header knows it */
	AU_ZIP_ENCRYPTED = 64,    /* by the central flags */
	AU_ZIP_NO_LOCAL = 128,    /* no local header where the directory points */
	AU_ZIP_OVERLAP = 256,     /* data overlaps another member's */
	AU_ZIP_LOCAL_CRYPT = 512, /* local header alone says encrypted (readers ignore it) */
};

struct au_zip_member {
	const char *name;         /* raw bytes, NUL-terminated; central name (local for orphans) */
	const char *local_name;   /* set when it differs, else NULL */
	uint16_t method;          /* 0 stored, 8 deflate, ... of the central header */
	uint16_t flags;           /* general purpose bits, central */
	uint32_t crc, mode;       /* mode: Unix st_mode, 0 when not known */
	uint64_t packed, size;    /* bytes, central (zip64 resolved) */
	uint64_t header_at;       /* of the local header */
	uint64_t data_at;         /* of the packed data; 0 with AU_ZIP_NO_LOCAL */
	unsigned odd;             /* AU_ZIP_* */
};

struct au_zip {
	struct au_zip_member *members; /* central order, orphans last */
	size_t n;
	uint64_t dir_at, dir_size;     /* the central directory */
	uint64_t prefix;               /* bytes in front of the first local header */
	uint64_t tail;                 /* bytes behind the end record and its comment */
	bool cut;                      /* directory ends early or has more members than the limit */
	const char *why;               /* of cut: reason in words */
};

/* Directory of the zip in v, at most max_members. AU_OK, AU_NOTME (no end record and no local
 * header) or AU_IO. Without an end record the local headers alone are listed, as orphans. */
int au_zip_open(struct au_view *v, struct au_arena *a, size_t max_members, struct au_zip *ret);

/* Content of a member: a sub-view when stored, else inflated into the arena. AU_OK, AU_LIMIT when
 * larger than max, AU_BAD when corrupt (ret_view then holds what could be inflated, or is NULL),
 * AU_NOTME for a method or an encryption that cannot be read. */
int au_zip_member_view(struct au_view *v, struct au_arena *a, const struct au_zip_member *m,
		       uint64_t max, struct au_view **ret);

/* Member by exact name, the last one as loaders do; or NULL. */
const struct au_zip_member *au_zip_find(const struct au_zip *z, const char *name);

#endif
