/* HDF5 groups: B-trees with symbol nodes, link messages, fractal heaps; see hdf5.h. */
#include "base/banned.h"
#include "base/num.h"
#include "format/hdf5.h"
#include "io/view.h"

enum { BTREE_DEPTH = 16, ENTRIES_MAX = 100000, BLOCKS_MAX = 4096 };

static const char *child(struct h5 *h, const char *path, const char *name)
{
	return au_arena_fmt(h->job->scratch, "%s%s%s", path, path[1] ? "/" : "", name);
}

static bool signature(struct h5 *h, uint64_t at, const char *sig)
{
	const uint8_t *p = au_view_need(h->v, at + h->base, 4);

	return p && !memcmp(p, sig, 4);
}

static void symbol_node(struct h5 *h, uint64_t at, uint64_t names, const char *path)
{
	uint64_t n, name, object, cache;
	unsigned size = 2 * h->off_size + 24;

	if (!signature(h, at, "SNOD") || !h5_num(h, at + 6, 2, &n)) {
		h5_bad(h, at, "symbol table node");
		return;
	}
	at += 8;
	for (uint64_t i = 0; i < n; i++, at += size) {
		if (!h5_off(h, at, &name) || !h5_off(h, at + h->off_size, &object) ||
		    !h5_num(h, at + 2 * h->off_size, 4, &cache)) {
			h5_bad(h, at, "symbol table entry");
			return;
		}
		if (cache == 2)
			continue; /* a soft link: stays inside the file */
		h5_object(h, object, child(h, path, h5_string(h, names + name, H5_NAME)));
	}
}

static void btree(struct h5 *h, uint64_t at, uint64_t names, const char *path, unsigned depth)
{
	uint64_t n, level, sub;
	char key[32];
	void **slot;

	snprintf(key, sizeof(key), "b%" PRIx64, at);
	slot = au_map_put(&h->seen, key, strlen(key));
	if (*slot)
		return;
	*slot = h;
	if (depth >= BTREE_DEPTH || !signature(h, at, "TREE") || !h5_num(h, at + 5, 1, &level) ||
	    !h5_num(h, at + 6, 2, &n)) {
		h5_bad(h, at, "group B-tree");
		return;
	}
	at += 8 + 2 * h->off_size + h->len_size;
	for (uint64_t i = 0; i < n; i++, at += h->off_size + h->len_size) {
		if (!h5_off(h, at, &sub)) {
			h5_bad(h, at, "group B-tree");
			return;
		}
		if (level)
			btree(h, sub, names, path, depth + 1);
		else
			symbol_node(h, sub, names, path);
	}
}

void h5_old_group(struct h5 *h, uint64_t tree, uint64_t heap, const char *path)
{
	uint64_t names;

	if (h5_undefined(h, tree))
		return;
	if (!signature(h, heap, "HEAP") || !h5_num(h, heap + 8 + 2 * h->len_size, h->off_size, &names)) {
		h5_bad(h, heap, "local heap");
		return;
	}
	btree(h, tree, names, path, 0);
}

static void external_link(struct h5 *h, uint64_t at, uint64_t len, const char *path)
{
	/* version and flags in one byte, file name, object path */
	const char *file = len > 1 ? h5_string(h, at + 1, len - 1) : "";

	au_emit(h->job, h->e, "hdf5.external", file, au_arena_fmt(h->job->scratch, "%s (external link)", path),
		au_span(at + h->base, len));
}

uint64_t h5_link(struct h5 *h, uint64_t at, uint64_t len, const char *path)
{
	uint64_t version, flags, type = 0, n, addr, from = at, end = at + len;
	const char *name;

	if (len < 4 || !h5_num(h, at, 1, &version) || version != 1 || !h5_num(h, at + 1, 1, &flags) || flags & 0xe0)
		return 0;
	at += 2;
	if (flags & 8 && !h5_num(h, at++, 1, &type))
		return 0;
	at += (flags & 4 ? 8u : 0u) + (flags & 0x10 ? 1u : 0u);
	if (!h5_num(h, at, 1u << (flags & 3), &n))
		return 0;
	at += 1u << (flags & 3);
	if (at > end || !n || n > end - at)
		return 0;
	name = child(h, path, h5_string(h, at, n));
	at += n;
	if (type == 0) {
		if (at + h->off_size > end || !h5_off(h, at, &addr))
			return 0;
		h5_object(h, addr, name);
		return at + h->off_size - from;
	}
	if (!h5_num(h, at, 2, &n) || at + 2 + n > end)
		return 0;
	if (type == 64)
		external_link(h, at + 2, n, name);
	else if (type != 1)
		h5_bad(h, from, "user-defined link");
	return at + 2 + n - from;
}

/* ---- dense storage ---- */

/* Objects in a direct block lie one behind the other; free space is zero or stale. Rather than
 * following the B-tree, every place is tried where a message could begin: the messages carry their
 * own lengths and versions, and what is found besides is only ever more. */
static void block(struct h5 *h, uint64_t at, uint64_t len, bool links, const char *path)
{
	uint64_t end = at + len;

	while (at + 8 < end) {
		bool bad = h->bad;
		uint64_t n = links ? h5_link(h, at, end - at, path) : h5_attribute(h, at, end - at, path);

		if (!n)
			h->bad = bad; /* no message begins here */
		at += n ? n : 1;
	}
}

struct heap {
	uint64_t start_size, max_direct, blocks;
	unsigned width, heap_bits, head;
	bool filtered;
};

static uint64_t row_size(const struct heap *f, unsigned row)
{
	return row < 2 ? f->start_size : row - 1 < 48 ? f->start_size << (row - 1) : 0;
}

static void direct(struct h5 *h, struct heap *f, uint64_t at, uint64_t size, bool links, const char *path)
{
	if (!signature(h, at, "FHDB") || size <= f->head || ++f->blocks > BLOCKS_MAX) {
		h5_bad(h, at, "fractal heap block");
		return;
	}
	block(h, at + f->head, size - f->head, links, path);
}

static void indirect(struct h5 *h, struct heap *f, uint64_t at, unsigned rows, bool links, const char *path)
{
	uint64_t addr;

	if (!signature(h, at, "FHIB") || ++f->blocks > BLOCKS_MAX) {
		h5_bad(h, at, "fractal heap block");
		return;
	}
	at += f->head - 4; /* no checksum slot in front of the children */
	for (unsigned r = 0; r < rows && r < 64; r++) {
		uint64_t size = row_size(f, r);

		for (unsigned c = 0; c < f->width; c++, at += h->off_size) {
			if (!h5_off(h, at, &addr))
				return;
			if (h5_undefined(h, addr))
				continue;
			if (size && size <= f->max_direct)
				direct(h, f, addr, size, links, path);
			else
				h5_bad(h, addr, "nested indirect block of a fractal heap");
		}
	}
}

void h5_dense(struct h5 *h, uint64_t at, bool links, const char *path)
{
	struct heap f = { 0 };
	uint64_t filter, flags, width, bits, root, rows, p;

	if (!signature(h, at, "FRHP") || !h5_num(h, at + 7, 2, &filter) || !h5_num(h, at + 9, 1, &flags)) {
		h5_bad(h, at, "fractal heap");
		return;
	}
	/* sig 4, version 1, id length 2, filters 2, flags 1, max managed 4, then 1 length, 1 offset, ... */
	/* the fields between: next huge id L, B-tree O, free L, manager O, managed L, allocated L,
	 * iterator L, managed objects L, huge size L, huge objects L, tiny size L, tiny objects L */
	p = at + 14 + h->len_size + h->off_size + h->len_size + h->off_size + 8 * h->len_size;
	if (filter || !h5_num(h, p, 2, &width) || !h5_len(h, p + 2, &f.start_size) ||
	    !h5_len(h, p + 2 + h->len_size, &f.max_direct) || !h5_num(h, p + 2 + 2 * h->len_size, 2, &bits) ||
	    !h5_off(h, p + 6 + 2 * h->len_size, &root) ||
	    !h5_num(h, p + 6 + 2 * h->len_size + h->off_size, 2, &rows) || !width || bits > 64 ||
	    f.start_size > 1 << 24 || f.max_direct > 1 << 26) {
		h5_bad(h, at, "fractal heap");
		return;
	}
	f.width = (unsigned)width;
	f.head = 5 + h->off_size + (unsigned)((bits + 7) / 8) + (flags & 2 ? 4 : 0);
	if (h5_undefined(h, root))
		return;
	if (rows) {
		f.head = 5 + h->off_size + (unsigned)((bits + 7) / 8) + 4;
		indirect(h, &f, root, (unsigned)rows, links, path);
	} else {
		direct(h, &f, root, f.start_size, links, path);
	}
}
