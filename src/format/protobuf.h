/* Protocol buffers on the wire (protobuf.dev, encoding): a bounded reader of fields over a view.
 * It knows no schema: callers ask for the numbers they know and skip the rest. */
#ifndef AU_FORMAT_PROTOBUF_H
#define AU_FORMAT_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_arena;
struct au_view;

enum au_pb_wire { AU_PB_VARINT = 0, AU_PB_FIXED64 = 1, AU_PB_BYTES = 2, AU_PB_FIXED32 = 5 };

/* A message: a range of the view, and how far it is read. */
struct au_pb {
	struct au_view *v;
	uint64_t at, end;
	bool bad;             /* malformed, or cut short: reading stopped at `at` */
};

struct au_pb_field {
	uint32_t no;
	enum au_pb_wire wire;
	uint64_t num;         /* varints and fixed numbers */
	uint64_t off, len;    /* AU_PB_BYTES: the payload */
	uint64_t tag_at;
};

struct au_pb au_pb_message(struct au_view *v, uint64_t off, uint64_t len);
/* Next field, or false at the end or when malformed (pb->bad). Groups count as malformed. */
bool au_pb_next(struct au_pb *pb, struct au_pb_field *ret);
/* The submessage of a bytes field. */
struct au_pb au_pb_sub(const struct au_pb *pb, const struct au_pb_field *f);
/* Copy of a bytes field as a string in the arena, cut at max bytes; "" for other wires. */
const char *au_pb_string(const struct au_pb *pb, const struct au_pb_field *f, struct au_arena *a,
			 size_t max);
/* Fields of a packed or single varint field: calls with the field; *at is the cursor (start with
 * 0). False when there are no more. */
bool au_pb_packed(const struct au_pb *pb, const struct au_pb_field *f, uint64_t *at, uint64_t *ret);

#endif
