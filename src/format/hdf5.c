/* HDF5 files: entry point, object headers, datasets; see hdf5.h. Facts:
 *   hdf5.external   text: another file that is read; aux: "kind at path"
 *   hdf5.attribute  text: value of a string attribute (cut); aux: "path@name"
 *   hdf5.config     a Keras configuration was found in an attribute (aux: path@name)
 * and those of keras_config.c. Contiguous numeric datasets are the tensor table. */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/hdf5.h"
#include "io/view.h"

static const char magic[] = "\x89HDF\r\n\x1a\n";

void h5_bad(struct h5 *h, uint64_t at, const char *what)
{
	if (!h->bad) {
		h->bad = true;
		h->bad_at = at;
		h->what = what;
	}
}

bool h5_num(struct h5 *h, uint64_t at, unsigned size, uint64_t *ret)
{
	const uint8_t *p = size && size <= 8 && au_add(at, h->base, &at) ? au_view_need(h->v, at, size) : NULL;
	uint64_t r = 0;

	if (!p)
		return false;
	for (unsigned i = size; i--;)
		r = r << 8 | p[i];
	*ret = r;
	return true;
}

bool h5_undefined(const struct h5 *h, uint64_t addr)
{
	return addr == (h->off_size == 8 ? UINT64_MAX : (1ULL << 8 * h->off_size) - 1);
}

const char *h5_string(struct h5 *h, uint64_t at, uint64_t max)
{
	size_t n = 0;
	const uint8_t *p = au_view_some(h->v, at + h->base, max < H5_NAME ? (size_t)max : H5_NAME, &n);

	return p ? au_arena_strn(h->job->scratch, (const char *)p, strnlen((const char *)p, n)) : "";
}

/* ---- object headers ---- */

struct object {
	const char *path;
	struct h5_type type;
	struct h5_space space;
	bool has_type, dataset, external, contiguous, filtered;
	uint64_t data, size;
	unsigned messages;
};

static void external_files(struct h5 *h, struct object *o, uint64_t at)
{
	uint64_t used, heap, data, name;

	/* version, reserved 3, allocated 2, used 2, heap address, slots of name, offset, size */
	if (!h5_num(h, at + 6, 2, &used) || !h5_off(h, at + 8, &heap) ||
	    !h5_num(h, heap + 8 + 2 * h->len_size, h->off_size, &data)) {
		h5_bad(h, at, "external file list");
		return;
	}
	o->external = true;
	at += 8 + h->off_size;
	for (uint64_t i = 0; i < used && i < 64; i++, at += 3 * h->len_size) {
		if (!h5_len(h, at, &name))
			return;
		au_emit(h->job, h->e, "hdf5.external", h5_string(h, data + name, H5_NAME),
			au_arena_fmt(h->job->scratch, "%s (external storage)", o->path), au_span(at + h->base, 8));
	}
}

static void virtual_dataset(struct h5 *h, struct object *o, uint64_t addr, uint64_t index)
{
	size_t n;
	const uint8_t *p = h5_global(h, addr, (uint32_t)index, &n);
	char *name;

	o->external = true;
	if (!p || n < 10) {
		h5_bad(h, addr, "virtual dataset");
		return;
	}
	/* version, number of entries, then source file and dataset names; "." is this file */
	name = au_arena_strn(h->job->scratch, (const char *)p + 1 + h->len_size,
			     strnlen((const char *)p + 1 + h->len_size, n - 1 - h->len_size));
	if (p[0] > 0 || strcmp(name, "."))
		au_emit(h->job, h->e, "hdf5.external", name,
			au_arena_fmt(h->job->scratch, "%s (virtual dataset)", o->path), au_span(addr + h->base, 16));
}

static void layout(struct h5 *h, struct object *o, uint64_t at)
{
	uint64_t version, class, addr, index;

	if (!h5_num(h, at, 1, &version) || !h5_num(h, at + 1, 1, &class))
		return;
	o->dataset = true;
	if (version < 3) {
		/* version, rank, class, reserved 5, address */
		if (h5_num(h, at + 2, 1, &class) && class == 1 && h5_off(h, at + 8, &o->data))
			o->contiguous = true;
		return;
	}
	if (class == 1 && h5_off(h, at + 2, &o->data) && h5_len(h, at + 2 + h->off_size, &o->size))
		o->contiguous = true;
	else if (class == 3 && h5_off(h, at + 2, &addr) && h5_num(h, at + 2 + h->off_size, 4, &index))
		virtual_dataset(h, o, addr, index);
	else if (class > 3)
		h5_bad(h, at, "unknown dataset layout");
}

static void symbol_table(struct h5 *h, struct object *o, uint64_t at)
{
	uint64_t btree, heap;

	if (h5_off(h, at, &btree) && h5_off(h, at + h->off_size, &heap))
		h5_old_group(h, btree, heap, o->path);
}

/* Link info (0x02) and attribute info (0x15): address of the fractal heap behind version, flags
 * and the optional creation index. */
static void info(struct h5 *h, struct object *o, uint64_t at, bool links)
{
	uint64_t flags, heap;

	if (!h5_num(h, at + 1, 1, &flags))
		return;
	at += 2u + (flags & 1 ? (links ? 8u : 2u) : 0u);
	if (h5_off(h, at, &heap) && !h5_undefined(h, heap))
		h5_dense(h, heap, links, o->path);
}

static void message(struct h5 *h, struct object *o, unsigned type, uint64_t at, uint64_t len, unsigned flags)
{
	if (flags & 2) {
		/* shared: the body is somewhere else; only types and spaces are shared in practice */
		if (type == 0x0c)
			h5_bad(h, at, "shared attribute message");
		return;
	}
	switch (type) {
	case 0x01:
		h5_dataspace(h, at, len, &o->space);
		break;
	case 0x02:
		info(h, o, at, true);
		break;
	case 0x03:
		o->has_type = h5_datatype(h, at, len, &o->type);
		break;
	case 0x06:
		if (!h5_link(h, at, len, o->path))
			h5_bad(h, at, "link message");
		break;
	case 0x07:
		external_files(h, o, at);
		break;
	case 0x08:
		layout(h, o, at);
		break;
	case 0x0b:
		o->filtered = true;
		break;
	case 0x0c:
		if (!h5_attribute(h, at, len, o->path))
			h5_bad(h, at, "attribute message");
		break;
	case 0x11:
		symbol_table(h, o, at);
		break;
	case 0x15:
		info(h, o, at, false);
		break;
	default:
		break;
	}
}

struct chunk { uint64_t at, len; };

struct chunks {
	struct chunk c[256];
	unsigned n;
};

static void continuation(struct h5 *h, struct chunks *q, uint64_t at)
{
	struct chunk c;

	if (!h5_off(h, at, &c.at) || !h5_len(h, at + h->off_size, &c.len))
		h5_bad(h, at, "continuation");
	else if (q->n < sizeof(q->c) / sizeof(*q->c))
		q->c[q->n++] = c;
	else
		h->limit = true;
}

static void chunk_v1(struct h5 *h, struct object *o, struct chunks *q, struct chunk c)
{
	uint64_t type, size, flags, end;

	if (!au_add(c.at, c.len, &end))
		return;
	while (c.at + 8 <= end && o->messages++ < H5_MESSAGES) {
		if (!h5_num(h, c.at, 2, &type) || !h5_num(h, c.at + 2, 2, &size) || !h5_num(h, c.at + 4, 1, &flags) ||
		    size > end - c.at - 8) {
			h5_bad(h, c.at, "object header message");
			return;
		}
		if (type == 0x10)
			continuation(h, q, c.at + 8);
		else
			message(h, o, (unsigned)type, c.at + 8, size, (unsigned)flags);
		c.at += 8 + size;
	}
}

static void chunk_v2(struct h5 *h, struct object *o, struct chunks *q, struct chunk c, bool order)
{
	unsigned head = order ? 6 : 4;
	uint64_t type, size, flags, end;

	if (!au_add(c.at, c.len, &end))
		return;
	while (end - c.at >= head && c.at < end && o->messages++ < H5_MESSAGES) {
		if (!h5_num(h, c.at, 1, &type) || !h5_num(h, c.at + 1, 2, &size) || !h5_num(h, c.at + 3, 1, &flags) ||
		    size > end - c.at - head) {
			h5_bad(h, c.at, "object header message");
			return;
		}
		if (type == 0x10)
			continuation(h, q, c.at + head);
		else
			message(h, o, (unsigned)type, c.at + head, size, (unsigned)flags);
		c.at += head + size;
	}
}

static void header_v1(struct h5 *h, struct object *o, uint64_t addr)
{
	struct chunks q = { .n = 0 };
	uint64_t size;

	if (!h5_num(h, addr + 8, 4, &size))
		return;
	q.c[q.n++] = (struct chunk){ addr + 16, size };
	for (unsigned i = 0; i < q.n; i++)
		chunk_v1(h, o, &q, q.c[i]);
}

static void header_v2(struct h5 *h, struct object *o, uint64_t addr)
{
	struct chunks q = { .n = 0 };
	uint64_t flags, size, at = addr + 6;
	bool order;

	if (!h5_num(h, addr + 5, 1, &flags))
		return;
	order = flags & 4;
	at += (flags & 0x20 ? 16u : 0u) + (flags & 0x10 ? 4u : 0u);
	if (!h5_num(h, at, 1u << (flags & 3), &size)) {
		h5_bad(h, addr, "object header");
		return;
	}
	q.c[q.n++] = (struct chunk){ at + (1u << (flags & 3)), size };
	for (unsigned i = 0; i < q.n; i++) {
		struct chunk c = q.c[i];

		if (i) {
			/* "OCHK" in front, a checksum behind */
			if (c.len < 8)
				continue;
			c.at += 4;
			c.len -= 8;
		}
		chunk_v2(h, o, &q, c, order);
	}
}

static enum au_dtype dtype(const struct h5_type *t)
{
	if (t->class == 1)
		return t->size == 8 ? AU_DT_F64 : t->size == 4 ? AU_DT_F32 : t->size == 2 ? AU_DT_F16 : AU_DT_OTHER;
	if (t->class != 0)
		return AU_DT_OTHER;
	switch (t->size) {
	case 1: return t->is_signed ? AU_DT_I8 : AU_DT_U8;
	case 2: return t->is_signed ? AU_DT_I16 : AU_DT_U16;
	case 4: return t->is_signed ? AU_DT_I32 : AU_DT_U32;
	case 8: return t->is_signed ? AU_DT_I64 : AU_DT_U64;
	default: return AU_DT_OTHER;
	}
}

static void tensor(struct h5 *h, const struct object *o)
{
	uint64_t need;
	struct au_tensor *t;

	if (!o->dataset || !o->has_type || !o->space.ok || o->space.rank > AU_DIMS_MAX || o->type.class > 1)
		return;
	if (!au_mul(o->space.elements, o->type.size, &need)) {
		h5_bad(h, 0, "a dataset whose size overflows");
		return;
	}
	t = au_vec_push(&h->tensors);
	if (!t)
		return;
	t->name = au_arena_str(h->job->arena, *o->path == '/' ? o->path + 1 : o->path);
	t->dtype = dtype(&o->type);
	t->dtype_text = au_dtype_name(t->dtype);
	t->n_dims = o->space.rank;
	memcpy(t->dims, o->space.dims, sizeof(t->dims));
	t->where = h->e;
	t->big_endian = o->type.big_endian;
	t->bytes = need;
	if (o->contiguous && !h5_undefined(h, o->data) && !o->external && !o->filtered) {
		t->off = o->data + h->base;
		t->plain = au_within(t->off, need, au_view_size(h->v));
		if (!t->plain)
			h5_bad(h, t->off, "a dataset behind the end of the file");
	}
}

void h5_object(struct h5 *h, uint64_t addr, const char *path)
{
	struct object o = { .path = path };
	char key[24];
	uint64_t sig, version;
	void **slot;

	snprintf(key, sizeof(key), "%" PRIx64, addr);
	slot = au_map_put(&h->seen, key, strlen(key));
	if (*slot || h5_undefined(h, addr))
		return;
	*slot = h;
	if (h->depth >= H5_DEPTH || h->objects++ >= H5_OBJECTS) {
		h->limit = true;
		return;
	}
	h->depth++;
	if (h5_num(h, addr, 4, &sig) && sig == 0x5244484f) /* OHDR */
		header_v2(h, &o, addr);
	else if (h5_num(h, addr, 1, &version) && version == 1)
		header_v1(h, &o, addr);
	else
		h5_bad(h, addr, "object header");
	tensor(h, &o);
	h->depth--;
}

/* ---- superblock ---- */

static int superblock(struct h5 *h, uint64_t at, uint64_t *ret_root)
{
	uint64_t version, n, base;

	h->base = 0;
	if (!h5_num(h, at + 8, 1, &version) || version > 3)
		return AU_BAD;
	if (version < 2) {
		if (!h5_num(h, at + 13, 1, &n))
			return AU_BAD;
		h->off_size = (unsigned)n;
		h5_num(h, at + 14, 1, &n);
		h->len_size = (unsigned)n;
		at += version ? 28 : 24;
	} else {
		if (!h5_num(h, at + 9, 1, &n))
			return AU_BAD;
		h->off_size = (unsigned)n;
		h5_num(h, at + 10, 1, &n);
		h->len_size = (unsigned)n;
		at += 12;
	}
	if ((h->off_size != 2 && h->off_size != 4 && h->off_size != 8) ||
	    (h->len_size != 2 && h->len_size != 4 && h->len_size != 8) || !h5_off(h, at, &base))
		return AU_BAD;
	/* base, [free space | extension], end of file, [driver info], root */
	at += version < 2 ? 4 * h->off_size + h->off_size : 3 * h->off_size;
	if (!h5_off(h, at, ret_root))
		return AU_BAD;
	h->base = base;
	return AU_OK;
}

static bool magic_at(struct au_view *v, uint64_t at)
{
	const uint8_t *p = au_view_need(v, at, 8);

	return p && !memcmp(p, magic, 8);
}

/* The signature lies at 0 or at 512, 1024, 2048 ... behind a user block. */
static bool find(struct au_view *v, uint64_t *ret)
{
	for (uint64_t at = 0; at < 1ULL << 32 && at + 8 <= au_view_size(v); at = at ? at * 2 : 512)
		if (magic_at(v, at)) {
			*ret = at;
			return true;
		}
	return false;
}

static int probe(const struct au_probe *p)
{
	if (p->head_len >= 8 && !memcmp(p->head, magic, 8))
		return 100;
	for (size_t at = 512; at + 8 <= p->head_len; at *= 2)
		if (!memcmp(p->head + at, magic, 8))
			return 90;
	return 0;
}

static int read_hdf5(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct h5 h = { .job = job, .e = e, .v = v };
	uint64_t at, root = 0;

	if (!find(v, &at))
		return AU_NOTME;
	if (superblock(&h, at, &root) != AU_OK) {
		au_emit_coverage(job, e, "malformed", at, "an HDF5 superblock that cannot be read");
		return AU_BAD;
	}
	/* writers leave the base address 0 behind a user block only when they moved the file */
	if (at && !h.base)
		h.base = at;
	au_map_init(&h.seen, job->scratch);
	au_vec_init(&h.tensors, sizeof(struct au_tensor), H5_OBJECTS);
	h5_object(&h, root, "/");
	if (h.tensors.n)
		au_emit_tensors(e, au_arena_dup(job->arena, h.tensors.p, h.tensors.n * sizeof(struct au_tensor)),
				h.tensors.n);
	au_vec_release(&h.tensors);
	if (h.bad)
		au_emit_coverage(job, e, "malformed", h.bad_at, "HDF5: %s at %llu could not be read", h.what,
				 (unsigned long long)h.bad_at);
	if (h.limit)
		au_emit_coverage(job, e, "limit", 0, "HDF5 objects nested or numerous beyond the limit");
	return h.bad ? AU_BAD : h.limit ? AU_LIMIT : AU_OK;
}

const struct au_format au_format_hdf5 = {
	.name = "hdf5",
	.title = "HDF5 file",
	.extensions = (const char *const[]){ "h5", "hdf5", "he5", "keras", NULL },
	.flags = AU_FMT_MODEL,
	.probe = probe,
	.read = read_hdf5,
	.checked = "Keras configurations in attributes; external links, external storage, virtual datasets; "
		   "tensor table of datasets",
};
