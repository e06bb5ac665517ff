/* Inside of the HDF5 reader (HDF5 File Format Specification 3.0). An own reader is used and not
 * the HDF5 library: the library is a large attack surface with a long list of memory errors, it
 * opens other files by itself (external links, virtual datasets, filter plug-ins), and it cannot be
 * confined to one file or to a budget. What is read here: superblock 0 to 3, object headers 1 and 2,
 * groups of the old kind (B-tree, symbol nodes, local heap) and of the new (link messages; dense
 * storage by walking its fractal heap's blocks), attributes, and what datasets say of their storage. */
#ifndef AU_FORMAT_HDF5_H
#define AU_FORMAT_HDF5_H

#include "audit/format.h"
#include "base/map.h"
#include "base/buf.h"

enum { H5_DEPTH = 64, H5_OBJECTS = 200000, H5_MESSAGES = 4096, H5_NAME = 1024, H5_ATTR_MAX = 64 * 1024 * 1024 };

struct h5 {
	struct au_job *job;
	struct au_entry *e;
	struct au_view *v;
	uint64_t base;           /* file offsets are relative to this */
	unsigned off_size, len_size;
	struct au_map seen;      /* object header addresses */
	struct au_vec tensors;
	unsigned depth;
	uint64_t objects;
	bool bad, limit, config;
	uint64_t bad_at;
	const char *what;
};

/* A datatype message, as far as it is needed. */
struct h5_type {
	unsigned class;          /* 0 integer, 1 float, 3 string, 9 variable length */
	bool big_endian, is_signed, vlen_string;
	uint32_t size;
};

struct h5_space {
	unsigned rank;
	uint64_t dims[AU_DIMS_MAX], elements;
	bool ok;
};

void h5_bad(struct h5 *h, uint64_t at, const char *what);
bool h5_num(struct h5 *h, uint64_t at, unsigned size, uint64_t *ret);
#define h5_off(h, at, ret) h5_num((h), (at), (h)->off_size, (ret))
#define h5_len(h, at, ret) h5_num((h), (at), (h)->len_size, (ret))
bool h5_undefined(const struct h5 *h, uint64_t addr);
const char *h5_string(struct h5 *h, uint64_t at, uint64_t max);

/* An object at the address, by its path; recursion into groups. */
void h5_object(struct h5 *h, uint64_t addr, const char *path);
/* Members of an old group. */
void h5_old_group(struct h5 *h, uint64_t btree, uint64_t heap, const char *path);
/* A link message's body. Returns its length, or 0 when it is none. */
uint64_t h5_link(struct h5 *h, uint64_t at, uint64_t len, const char *path);
/* An attribute message's body. Returns its length, or 0. */
uint64_t h5_attribute(struct h5 *h, uint64_t at, uint64_t len, const char *path);
/* Messages in the blocks of a fractal heap: links or attributes. */
void h5_dense(struct h5 *h, uint64_t heap, bool links, const char *path);
bool h5_datatype(struct h5 *h, uint64_t at, uint64_t len, struct h5_type *ret);
bool h5_dataspace(struct h5 *h, uint64_t at, uint64_t len, struct h5_space *ret);
/* Text of an element of the global heap, or NULL. */
const uint8_t *h5_global(struct h5 *h, uint64_t collection, uint32_t index, size_t *ret_len);

#endif
