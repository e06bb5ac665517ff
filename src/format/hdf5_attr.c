/* HDF5 attributes: datatypes, dataspaces, strings and the global heap; see hdf5.h. */
#include "base/banned.h"
#include "base/num.h"
#include "format/hdf5.h"
#include "format/keras_config.h"
#include "io/view.h"

enum { TEXT_SHOWN = 4096, ELEMENTS_MAX = 4096 };

bool h5_datatype(struct h5 *h, uint64_t at, uint64_t len, struct h5_type *ret)
{
	uint64_t class, bits, size;
	struct h5_type t = { 0 };

	if (len < 8 || !h5_num(h, at, 1, &class) || !h5_num(h, at + 1, 3, &bits) || !h5_num(h, at + 4, 4, &size))
		return false;
	if (class >> 4 < 1 || class >> 4 > 5 || (class & 15) > 11 || !size)
		return false;
	t.class = class & 15;
	t.size = (uint32_t)size;
	t.big_endian = bits & 1;
	t.is_signed = bits & 8;
	t.vlen_string = t.class == 9 && (bits & 15) == 1;
	*ret = t;
	return true;
}

bool h5_dataspace(struct h5 *h, uint64_t at, uint64_t len, struct h5_space *ret)
{
	uint64_t version, rank, d;
	struct h5_space s = { .elements = 1 };

	if (len < 4 || !h5_num(h, at, 1, &version) || !h5_num(h, at + 1, 1, &rank) || version < 1 || version > 2 ||
	    rank > 32)
		return false;
	at += version == 1 ? 8 : 4;
	s.rank = (unsigned)rank;
	s.ok = true;
	for (unsigned i = 0; i < rank; i++, at += h->len_size) {
		if (!h5_len(h, at, &d))
			return false;
		if (i < AU_DIMS_MAX)
			s.dims[i] = d;
		if (!au_mul(s.elements, d, &s.elements))
			s.ok = false;
	}
	*ret = s;
	return true;
}

const uint8_t *h5_global(struct h5 *h, uint64_t at, uint32_t index, size_t *ret_len)
{
	uint64_t size, end, id, n, sig;
	uint8_t *p;

	if (!h5_num(h, at, 4, &sig) || sig != 0x4c4f4347 || !h5_len(h, at + 8, &size) || !au_add(at, size, &end))
		return NULL;
	at += 8 + h->len_size;
	for (unsigned i = 0; i < 70000 && at + 8 + h->len_size <= end; i++) {
		if (!h5_num(h, at, 2, &id) || !h5_len(h, at + 8, &n) || !id)
			return NULL;
		at += 8 + h->len_size;
		if (n > end - at)
			return NULL;
		if (id == index) {
			if (n > H5_ATTR_MAX || !au_within(at + h->base, n, au_view_size(h->v)))
				return NULL;
			p = au_arena_alloc(h->job->scratch, (size_t)n + 1);
			if (au_view_read(h->v, at + h->base, p, (size_t)n))
				return NULL;
			*ret_len = (size_t)n;
			return p;
		}
		at += (n + 7) & ~7ULL;
	}
	return NULL;
}

static void text(struct h5 *h, const char *path, const char *name, const uint8_t *p, size_t n, uint64_t at)
{
	const char *where = au_arena_fmt(h->job->scratch, "%s@%s", path, name);
	size_t shown;

	n = strnlen((const char *)p, n);
	shown = n < TEXT_SHOWN ? n : TEXT_SHOWN;
	au_emit_n(h->job, h->e, "hdf5.attribute", p, shown, where, au_span(at + h->base, n));
	/* any attribute, not only those two names: the loader's spelling may change */
	if (au_keras_config_text(h->job, h->e, p, n, at + h->base)) {
		h->config = true;
		au_emit(h->job, h->e, "hdf5.config", name, where, au_span(at + h->base, n));
	}
}

static void value(struct h5 *h, const struct h5_type *t, const struct h5_space *s, uint64_t at, uint64_t len,
		  const char *path, const char *name)
{
	uint64_t addr, index, n = s->elements < ELEMENTS_MAX ? s->elements : ELEMENTS_MAX;
	const uint8_t *p;
	size_t size;

	if (t->class == 3 && t->size) {
		for (uint64_t i = 0; i < n && t->size <= len; i++, at += t->size, len -= t->size) {
			uint8_t *q;

			if (t->size > H5_ATTR_MAX || !au_within(at + h->base, t->size, au_view_size(h->v)))
				return;
			q = au_arena_alloc(h->job->scratch, (size_t)t->size + 1);
			if (!au_view_read(h->v, at + h->base, q, t->size))
				text(h, path, name, q, t->size, at);
		}
		return;
	}
	if (t->class != 9)
		return;
	for (uint64_t i = 0; i < n && h->off_size + 8 <= len; i++, at += h->off_size + 8, len -= h->off_size + 8) {
		if (!h5_off(h, at + 4, &addr) || !h5_num(h, at + 4 + h->off_size, 4, &index) || !addr)
			continue;
		p = h5_global(h, addr, (uint32_t)index, &size);
		if (p)
			text(h, path, name, p, size, addr);
		else
			h5_bad(h, at, "attribute text");
	}
}

uint64_t h5_attribute(struct h5 *h, uint64_t at, uint64_t len, const char *path)
{
	uint64_t version, flags = 0, name, type, space, end = at + len, from = at, pad, data, bytes;
	struct h5_type t;
	struct h5_space s;
	const char *text_name;

	if (len < 8 || !h5_num(h, at, 1, &version) || version < 1 || version > 3 || !h5_num(h, at + 2, 2, &name) ||
	    !h5_num(h, at + 4, 2, &type) || !h5_num(h, at + 6, 2, &space) || !name || name > H5_NAME * 64)
		return 0;
	if (version > 1)
		h5_num(h, at + 1, 1, &flags);
	pad = version == 1 ? 7 : 0;
	at += version == 3 ? 9 : 8;
	text_name = h5_string(h, at, name);
	at += (name + pad) & ~pad;
	if (at > end || flags & 3 || !h5_datatype(h, at, type, &t)) {
		if (flags & 3 && at <= end)
			h5_bad(h, from, "attribute with a shared type");
		return flags & 3 && at <= end ? at - from : 0;
	}
	at += (type + pad) & ~pad;
	if (at > end || !h5_dataspace(h, at, space, &s))
		return 0;
	data = at + ((space + pad) & ~pad);
	if (data > end || !s.ok || !au_mul(s.elements, t.size, &bytes))
		return 0;
	if (bytes > end - data)
		bytes = end - data;
	value(h, &t, &s, data, bytes, path, text_name);
	return data + bytes - from;
}
