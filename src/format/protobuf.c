/* See protobuf.h. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/num.h"
#include "format/protobuf.h"
#include "io/view.h"

struct au_pb au_pb_message(struct au_view *v, uint64_t off, uint64_t len)
{
	struct au_pb pb = { .v = v, .at = off, .end = off };

	if (au_within(off, len, au_view_size(v)))
		pb.end = off + len;
	else
		pb.bad = true;
	return pb;
}

static bool varint(struct au_view *v, uint64_t *at, uint64_t end, uint64_t *ret)
{
	uint64_t r = 0;
	size_t n = 0;
	const uint8_t *p = *at < end ? au_view_some(v, *at, end - *at < 10 ? (size_t)(end - *at) : 10, &n) : NULL;

	for (size_t i = 0; p && i < n; i++) {
		if (i == 9 && p[i] > 1)
			return false;
		r |= (uint64_t)(p[i] & 0x7f) << (7 * i);
		if (!(p[i] & 0x80)) {
			*at += i + 1;
			*ret = r;
			return true;
		}
	}
	return false;
}

static bool fixed(struct au_pb *pb, size_t n, uint64_t *ret)
{
	const uint8_t *p = pb->end - pb->at >= n ? au_view_need(pb->v, pb->at, n) : NULL;

	if (!p)
		return false;
	*ret = n == 8 ? au_le64(p) : au_le32(p);
	pb->at += n;
	return true;
}

static bool payload(struct au_pb *pb, struct au_pb_field *f)
{
	switch (f->wire) {
	case AU_PB_VARINT:
		return varint(pb->v, &pb->at, pb->end, &f->num);
	case AU_PB_FIXED64:
		return fixed(pb, 8, &f->num);
	case AU_PB_FIXED32:
		return fixed(pb, 4, &f->num);
	case AU_PB_BYTES:
		if (!varint(pb->v, &pb->at, pb->end, &f->len) || f->len > pb->end - pb->at)
			return false;
		f->off = pb->at;
		pb->at += f->len;
		return true;
	default:
		return false;
	}
}

bool au_pb_next(struct au_pb *pb, struct au_pb_field *ret)
{
	struct au_pb_field f = { .tag_at = pb->at };
	uint64_t tag;

	if (pb->bad || pb->at >= pb->end)
		return false;
	if (!varint(pb->v, &pb->at, pb->end, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) {
		pb->at = f.tag_at;
		pb->bad = true;
		return false;
	}
	f.no = (uint32_t)(tag >> 3);
	f.wire = (enum au_pb_wire)(tag & 7);
	if (!payload(pb, &f)) {
		pb->at = f.tag_at;
		pb->bad = true;
		return false;
	}
	*ret = f;
	return true;
}

struct au_pb au_pb_sub(const struct au_pb *pb, const struct au_pb_field *f)
{
	return au_pb_message(pb->v, f->off, f->wire == AU_PB_BYTES ? f->len : 0);
}

const char *au_pb_string(const struct au_pb *pb, const struct au_pb_field *f, struct au_arena *a, size_t max)
{
	size_t n = f->len < max ? (size_t)f->len : max;
	char *s;

	if (f->wire != AU_PB_BYTES || !n)
		return "";
	s = au_arena_alloc(a, n + 1);
	if (au_view_read(pb->v, f->off, s, n) != 0)
		return "";
	return s;
}

bool au_pb_packed(const struct au_pb *pb, const struct au_pb_field *f, uint64_t *at, uint64_t *ret)
{
	if (f->wire != AU_PB_BYTES) {
		if (*at)
			return false;
		*at = 1;
		*ret = f->num;
		return true;
	}
	if (!*at)
		*at = f->off;
	return varint(pb->v, at, f->off + f->len, ret);
}
