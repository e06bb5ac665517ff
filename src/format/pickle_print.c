/* Listing of a pickle's opcodes for people: one a line, with offset, name and operand. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"
#include "format/pickle_vm.h"
#include "io/view.h"

enum { SHOWN = 160 };

static void put_text(struct pk_cur *c, struct au_arena *a, uint64_t off, uint64_t len, struct au_buf *out)
{
	uint8_t text[SHOWN];
	size_t n = pk_copy(c, off, len, text, sizeof(text));

	au_buf_fmt(out, " '%s'", au_printable(a, text, n, 4 * SHOWN));
	if (len > n)
		au_buf_fmt(out, "… (%" PRIu64 " bytes)", len);
}

static void operand(struct pk_cur *c, const struct pk_in *in, struct au_arena *a, struct au_buf *out)
{
	switch (pk_ops[in->op].arg) {
	case PK_A_NONE:
		break;
	case PK_A_LINE:
	case PK_A_S1:
	case PK_A_S4:
	case PK_A_S4S:
	case PK_A_S8:
		put_text(c, a, in->off, in->len, out);
		break;
	case PK_A_LINE2:
		put_text(c, a, in->off, in->len, out);
		put_text(c, a, in->off2, in->len2, out);
		break;
	case PK_A_I4:
		au_buf_fmt(out, " %" PRId64, (int64_t)in->num);
		break;
	case PK_A_F8: {
		/* big-endian double */
		uint64_t bits = __builtin_bswap64(in->num);
		double d;

		memcpy(&d, &bits, sizeof(d));
		au_buf_fmt(out, " %.17g", d);
		break;
	}
	default:
		au_buf_fmt(out, " %" PRIu64, in->num);
	}
}

int au_pickle_decompile(struct au_view *v, struct au_buf *out)
{
	struct au_arena *a = au_arena_new();
	struct pk_in in = { 0 };
	struct pk_cur c;
	const char *why;
	int rc = AU_OK;

	pk_cur_init(&c, v, 0, UINT64_MAX);
	while (c.pos < c.end && !out->full) {
		if (!pk_decode(&c, &in, &why)) {
			au_buf_fmt(out, "%10" PRIu64 ": cannot be decoded: %s\n", c.pos, why);
			rc = AU_BAD;
			break;
		}
		au_buf_fmt(out, "%10" PRIu64 ": %s", in.at, pk_ops[in.op].name);
		operand(&c, &in, a, out);
		au_buf_byte(out, '\n');
		c.pos = in.next;
		au_arena_reset(a);
	}
	au_arena_free(a);
	return out->full ? AU_LIMIT : rc;
}
