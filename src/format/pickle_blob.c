/* Literals that hide something: a pickle or Python bytecode, bare or wrapped in zlib, gzip, base64,
 * hexadecimal or latin-1 text, one in the other. What is unwrapped is bounded, and paid for from the
 * scan's budget. */
#include "base/banned.h"
#include "base/rc.h"
#include "ext/inflate.h"
#include "format/pickle_vm.h"
#include "io/view.h"

enum { WRAPS_MAX = 4, BLOB_MIN = 12, HEAD = 24, PEEK = 4096, INFLATE_COST = 1000 };

/* UTF-8 of characters below 256 back to bytes, as .encode('latin1') does; 0 when there are others. */
static size_t to_latin1(uint8_t *p, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			p[k++] = p[i];
		else if ((p[i] == 0xc2 || p[i] == 0xc3) && i + 1 < n)
			p[k++] = (uint8_t)((p[i] & 3) << 6 | (p[i + 1] & 0x3f)), i++;
		else
			return 0;
	}
	return k;
}

static int value64(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Decode in place; 0 when other characters are among them. */
static size_t from_base64(uint8_t *p, size_t n)
{
	uint32_t acc = 0;
	size_t k = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++) {
		int v = value64(p[i]);

		if (p[i] == '\n' || p[i] == '\r')
			continue;
		if (p[i] == '=')
			break;
		if (v < 0)
			return 0;
		acc = (acc << 6 | (uint32_t)v) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			p[k++] = (uint8_t)(acc >> bits);
		}
	}
	return k;
}

static size_t from_hex(uint8_t *p, size_t n)
{
	size_t k = 0;

	if (n % 2)
		return 0;
	for (size_t i = 0; i < n; i += 2) {
		char pair[3] = { (char)p[i], (char)p[i + 1], 0 };

		if (!isxdigit(p[i]) || !isxdigit(p[i + 1]))
			return 0;
		p[k++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return k;
}

/* What fits; the rest is not looked at. */
static int collect(void *ctx, uint64_t at, const uint8_t *p, size_t n)
{
	struct au_buf *b = ctx;
	size_t room = b->max - b->len - 1;

	(void)at;
	au_buf_add(b, p, n < room ? n : room);
	return n < room ? AU_OK : AU_LIMIT;
}

enum what { NOTHING, PICKLE, BYTECODE, DEFLATED, LATIN1, BASE64, HEX };

static bool pickle_head(const uint8_t *p, size_t n)
{
	return n > 2 && p[0] == 0x80 && p[1] >= 2 && p[1] <= 5 && pk_ops[p[2]].name;
}

/* What the bytes that begin as p may be; bytes that are no text cannot be base64. */
static enum what look(const uint8_t *p, size_t n)
{
	uint8_t head[HEAD];
	size_t k = n < HEAD ? n & ~(size_t)3 : HEAD;

	if (n < 6)
		return NOTHING;
	if (pickle_head(p, n))
		return PICKLE;
	if ((p[0] == 0xe3 || p[0] == 'c') && !memcmp(p + 1, "\0\0\0\0", 4))
		return BYTECODE;
	if ((p[0] == 0x78 && strchr("\x01\x5e\x9c\xda", p[1]) && p[1]) || (p[0] == 0x1f && p[1] == 0x8b && p[2] == 8))
		return DEFLATED;
	if (p[0] == 0xc2 && p[1] == 0x80 && p[2] >= 2 && p[2] <= 5)
		return LATIN1;
	memcpy(head, p, k);
	if (isxdigit(p[0]) && from_hex(head, k & ~(size_t)1) && look(head, k / 2) != NOTHING)
		return HEX;
	memcpy(head, p, k);
	k = from_base64(head, k);
	if (k && look(head, k) != NOTHING)
		return BASE64;
	if ((p[0] == 'c' || p[0] == '(') && au_pickle_sniff(p, n < 256 ? n : 256) >= 60)
		return PICKLE;
	return NOTHING;
}

static void run_nested(struct pk_vm *vm, uint64_t at, uint64_t len, const uint8_t *p, size_t n, bool wrapped)
{
	uint64_t before = vm->out->res->ops, ops = 0;
	struct au_view *view = au_view_mem(vm->scratch, p, n);
	uint64_t whole = au_pickle_skim(view, 0, vm->out->cost, &ops);
	struct pk_vm *sub;

	if (!whole && (wrapped || ops <= 4))
		return;
	sub = pk_sub(vm, view, 0, vm->reach == AU_PICKLE_SWEPT ? AU_PICKLE_SWEPT : AU_PICKLE_NESTED);
	if (!sub)
		return;
	sub->fixed = vm->fixed ? vm->fixed : at;
	pk_run(sub, PK_TRIAL_OPS);
	pk_note(vm, AU_PN_NESTED, at, vm->out->res->ops - before, "a literal of %" PRIu64 " bytes is a %spickle", len,
		wrapped ? "wrapped " : "");
	pk_vm_release(sub);
	au_xfree(sub);
}

static void charge(struct pk_vm *vm, uint64_t cost)
{
	vm->out->cost -= cost < vm->out->cost ? cost : vm->out->cost;
}

static void inflate_to(struct pk_vm *vm, const struct au_buf *b, struct au_buf *out, size_t max)
{
	au_buf_init(out, max);
	au_inflate(au_view_mem(vm->scratch, b->p, b->len), 0, b->len, 0, NULL, collect, out);
	charge(vm, INFLATE_COST + out->len / 8);
}

/* Take off one wrap: the content in b becomes what was inside. Packed data of no interest shows
 * itself by its head, and is not unpacked further. */
static bool unwrap(struct pk_vm *vm, enum what w, struct au_buf *b)
{
	struct au_buf out;
	size_t n = b->len;

	if (w != DEFLATED) {
		n = w == LATIN1 ? to_latin1(b->p, n) : w == HEX ? from_hex(b->p, n) : from_base64(b->p, n);
		b->len = n;
		return n > 0;
	}
	inflate_to(vm, b, &out, PEEK);
	if (look(out.p, out.len) != NOTHING && vm->out->cost) {
		au_buf_release(&out);
		inflate_to(vm, b, &out, PK_DECODE_MAX);
	}
	au_buf_release(b);
	*b = out;
	return b->len > 0;
}

static bool last_is_stop(struct pk_vm *vm, struct pk_val v)
{
	uint8_t last = 0;

	return pk_copy(&vm->c, v.b + pk_len(v) - 1, 1, &last, 1) && last == '.';
}

void pk_sniff_literal(struct pk_vm *vm, struct pk_val v)
{
	uint64_t len = pk_len(v);
	uint8_t head[256], *p;
	size_t n = pk_copy(&vm->c, v.b, len, head, len < HEAD ? (size_t)len : HEAD);
	enum what w = n < BLOB_MIN ? NOTHING : look(head, n);
	struct au_buf b;

	if (w == NOTHING && n && (head[0] == 'c' || head[0] == '(') && last_is_stop(vm, v))
		w = au_pickle_sniff(head, pk_copy(&vm->c, v.b, len, head, sizeof(head))) >= 60 ? PICKLE : NOTHING;
	if (w == NOTHING)
		return;
	if (!vm->out->cost) {
		if (!vm->out->res->note_counts[AU_PN_CUT])
			pk_note(vm, AU_PN_CUT, v.b, len,
				"more literals that look like pickles than can be tried");
		return;
	}
	au_buf_init(&b, PK_DECODE_MAX);
	n = len < PK_DECODE_MAX ? (size_t)len : PK_DECODE_MAX - 1;
	if (au_buf_room(&b, n, &p) != AU_OK)
		return;
	b.len = pk_copy(&vm->c, v.b, n, p, n);
	for (unsigned i = 0; i < WRAPS_MAX && w != NOTHING; i++) {
		charge(vm, b.len / 64 + 8);
		if (w == PICKLE)
			run_nested(vm, v.b, len, b.p, b.len, i > 0);
		else if (w == BYTECODE)
			pk_note(vm, AU_PN_NESTED, v.b, len, "a literal of %" PRIu64 " bytes is Python bytecode", len);
		if (w == PICKLE || w == BYTECODE || !unwrap(vm, w, &b))
			break;
		w = look(b.p, b.len);
	}
	au_buf_release(&b);
}
