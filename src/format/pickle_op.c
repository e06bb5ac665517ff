/* Opcode table of pickle protocols 0 to 5 and the decoder of their operands. */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "format/pickle_vm.h"
#include "io/view.h"

#define OP(code, n, a, p) [code] = { n, a, p }

const struct pk_opinfo pk_ops[256] = {
	OP('(', "MARK", PK_A_NONE, 0), OP('.', "STOP", PK_A_NONE, 0), OP('0', "POP", PK_A_NONE, 0),
	OP('1', "POP_MARK", PK_A_NONE, 1), OP('2', "DUP", PK_A_NONE, 0), OP('F', "FLOAT", PK_A_LINE, 0),
	OP('I', "INT", PK_A_LINE, 0), OP('J', "BININT", PK_A_I4, 1), OP('K', "BININT1", PK_A_U1, 1),
	OP('L', "LONG", PK_A_LINE, 0), OP('M', "BININT2", PK_A_U2, 1), OP('N', "NONE", PK_A_NONE, 0),
	OP('P', "PERSID", PK_A_LINE, 0), OP('Q', "BINPERSID", PK_A_NONE, 1),
	OP('R', "REDUCE", PK_A_NONE, 0), OP('S', "STRING", PK_A_LINE, 0),
	OP('T', "BINSTRING", PK_A_S4S, 1), OP('U', "SHORT_BINSTRING", PK_A_S1, 1),
	OP('V', "UNICODE", PK_A_LINE, 0), OP('X', "BINUNICODE", PK_A_S4, 1),
	OP('a', "APPEND", PK_A_NONE, 0), OP('b', "BUILD", PK_A_NONE, 0), OP('c', "GLOBAL", PK_A_LINE2, 0),
	OP('d', "DICT", PK_A_NONE, 0), OP('}', "EMPTY_DICT", PK_A_NONE, 1),
	OP('e', "APPENDS", PK_A_NONE, 1), OP('g', "GET", PK_A_LINE, 0), OP('h', "BINGET", PK_A_U1, 1),
	OP('i', "INST", PK_A_LINE2, 0), OP('j', "LONG_BINGET", PK_A_U4, 1), OP('l', "LIST", PK_A_NONE, 0),
	OP(']', "EMPTY_LIST", PK_A_NONE, 1), OP('o', "OBJ", PK_A_NONE, 1), OP('p', "PUT", PK_A_LINE, 0),
	OP('q', "BINPUT", PK_A_U1, 1), OP('r', "LONG_BINPUT", PK_A_U4, 1), OP('s', "SETITEM", PK_A_NONE, 0),
	OP('t', "TUPLE", PK_A_NONE, 0), OP(')', "EMPTY_TUPLE", PK_A_NONE, 1),
	OP('u', "SETITEMS", PK_A_NONE, 1), OP('G', "BINFLOAT", PK_A_F8, 1),
	OP(0x80, "PROTO", PK_A_U1, 2), OP(0x81, "NEWOBJ", PK_A_NONE, 2), OP(0x82, "EXT1", PK_A_U1, 2),
	OP(0x83, "EXT2", PK_A_U2, 2), OP(0x84, "EXT4", PK_A_I4, 2), OP(0x85, "TUPLE1", PK_A_NONE, 2),
	OP(0x86, "TUPLE2", PK_A_NONE, 2), OP(0x87, "TUPLE3", PK_A_NONE, 2),
	OP(0x88, "NEWTRUE", PK_A_NONE, 2), OP(0x89, "NEWFALSE", PK_A_NONE, 2), OP(0x8a, "LONG1", PK_A_S1, 2),
	OP(0x8b, "LONG4", PK_A_S4S, 2), OP('B', "BINBYTES", PK_A_S4, 3),
	OP('C', "SHORT_BINBYTES", PK_A_S1, 3), OP(0x8c, "SHORT_BINUNICODE", PK_A_S1, 4),
	OP(0x8d, "BINUNICODE8", PK_A_S8, 4), OP(0x8e, "BINBYTES8", PK_A_S8, 4),
	OP(0x8f, "EMPTY_SET", PK_A_NONE, 4), OP(0x90, "ADDITEMS", PK_A_NONE, 4),
	OP(0x91, "FROZENSET", PK_A_NONE, 4), OP(0x92, "NEWOBJ_EX", PK_A_NONE, 4),
	OP(0x93, "STACK_GLOBAL", PK_A_NONE, 4), OP(0x94, "MEMOIZE", PK_A_NONE, 4),
	OP(0x95, "FRAME", PK_A_U8, 4), OP(0x96, "BYTEARRAY8", PK_A_S8, 5),
	OP(0x97, "NEXT_BUFFER", PK_A_NONE, 5), OP(0x98, "READONLY_BUFFER", PK_A_NONE, 5),
};

void pk_cur_init(struct pk_cur *c, struct au_view *v, uint64_t at, uint64_t end)
{
	uint64_t size = au_view_size(v);

	*c = (struct pk_cur){ .v = v, .pos = at, .end = end < size ? end : size };
}

/* Bytes at off, n of them, through the window. */
static const uint8_t *need(struct pk_cur *c, uint64_t off, size_t n)
{
	size_t got = 0;

	if (!au_within(off, n, c->end))
		return NULL;
	if (off >= c->base && au_within(off - c->base, n, c->len))
		return c->p + (off - c->base);
	c->p = au_view_some(c->v, off, AU_VIEW_WINDOW, &got);
	c->base = off;
	c->len = c->p ? got : 0;
	return got >= n ? c->p : NULL;
}

size_t pk_copy(struct pk_cur *c, uint64_t off, uint64_t len, void *p, size_t max)
{
	size_t n = len < max ? (size_t)len : max;

	if (!n || !au_within(off, n, au_view_size(c->v)))
		return 0;
	if (c->p && off >= c->base && au_within(off - c->base, n, c->len)) {
		memcpy(p, c->p + (off - c->base), n);
		return n;
	}
	return au_view_read(c->v, off, p, n) == AU_OK ? n : 0;
}

/* Line at off: length without the newline. */
static bool line(struct pk_cur *c, uint64_t off, uint64_t *ret_len)
{
	uint64_t at = off;

	while (at < c->end) {
		const uint8_t *p = need(c, at, 1), *hit;
		uint64_t n;

		if (!p)
			return false;
		n = c->len - (at - c->base);
		if (n > c->end - at)
			n = c->end - at;
		hit = memchr(p, '\n', (size_t)n);
		if (hit) {
			*ret_len = at + (uint64_t)(hit - p) - off;
			return true;
		}
		at += n;
	}
	return false;
}

static bool counted(struct pk_cur *c, struct pk_in *in, size_t width, bool is_signed, const char **why)
{
	const uint8_t *p = need(c, in->at + 1, width);

	if (!p)
		return false;
	in->len = width == 1 ? p[0] : width == 4 ? au_le32(p) : au_le64(p);
	if (is_signed && in->len > INT32_MAX) {
		*why = "a negative length";
		return false;
	}
	in->off = in->at + 1 + width;
	if (!au_within(in->off, in->len, c->end)) {
		*why = "a literal that is longer than the file";
		return false;
	}
	in->next = in->off + in->len;
	return true;
}

static bool lines(struct pk_cur *c, struct pk_in *in, bool two)
{
	in->off = in->at + 1;
	if (!line(c, in->off, &in->len))
		return false;
	in->next = in->off + in->len + 1;
	if (!two)
		return true;
	in->off2 = in->next;
	if (!line(c, in->off2, &in->len2))
		return false;
	in->next = in->off2 + in->len2 + 1;
	return true;
}

bool pk_decode(struct pk_cur *c, struct pk_in *in, const char **ret_why)
{
	static const uint8_t widths[] = { [PK_A_U1] = 1, [PK_A_U2] = 2, [PK_A_I4] = 4, [PK_A_U4] = 4,
					  [PK_A_F8] = 8, [PK_A_U8] = 8 };
	const uint8_t *p = need(c, c->pos, 1);
	const struct pk_opinfo *op;

	*ret_why = "the end of the bytes";
	if (!p)
		return false;
	in->at = c->pos;
	in->op = *p;
	op = &pk_ops[in->op];
	if (!op->name) {
		*ret_why = "an unknown opcode";
		return false;
	}
	in->next = in->at + 1;
	switch (op->arg) {
	case PK_A_NONE:
		return true;
	case PK_A_LINE:
		return lines(c, in, false);
	case PK_A_LINE2:
		return lines(c, in, true);
	case PK_A_S1:
		return counted(c, in, 1, false, ret_why);
	case PK_A_S4:
		return counted(c, in, 4, false, ret_why);
	case PK_A_S4S:
		return counted(c, in, 4, true, ret_why);
	case PK_A_S8:
		return counted(c, in, 8, false, ret_why);
	default:
		break;
	}
	p = need(c, in->at + 1, widths[op->arg]);
	if (!p)
		return false;
	in->num = op->arg == PK_A_U1 ? p[0] : op->arg == PK_A_U2 ? au_le16(p) :
		  widths[op->arg] == 4 ? au_le32(p) : au_le64(p);
	if (op->arg == PK_A_I4)
		in->num = (uint64_t)(int64_t)(int32_t)(uint32_t)in->num;
	in->next = in->at + 1 + widths[op->arg];
	return true;
}

uint64_t au_pickle_skim(struct au_view *v, uint64_t at, uint64_t max_ops, uint64_t *ret_ops)
{
	struct pk_cur c;
	struct pk_in in = { 0 };
	const char *why;
	uint64_t n = 0, len = 0;

	pk_cur_init(&c, v, at, UINT64_MAX);
	for (; n < max_ops && pk_decode(&c, &in, &why); n++) {
		c.pos = in.next;
		if (in.op == '.') {
			len = in.next - at;
			break;
		}
	}
	if (ret_ops)
		*ret_ops = n;
	return len;
}
