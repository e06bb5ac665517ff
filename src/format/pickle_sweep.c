/* Search of bytes that no stream covers: what is behind an error, behind the last stream, inside a
 * frame that an opcode reaches over, in array data. Found globals are told as swept; where a stream
 * seems to begin, the machine is tried on it. */
#include "base/banned.h"
#include "base/num.h"
#include "format/pickle_vm.h"
#include "io/view.h"

enum { CHUNK = 64 * 1024, LOOK = 1024, WORD_MAX = 200, TRIAL_OPS = 100000 };

struct pk_vm *pk_sub(struct pk_vm *vm, struct au_view *v, uint64_t at, uint8_t reach)
{
	struct pk_vm *sub;

	if (vm->depth >= PK_NEST_MAX) {
		pk_note(vm, AU_PN_CUT, vm->in.at, PK_NEST_MAX, "pickles nested deeper than %d", PK_NEST_MAX);
		return NULL;
	}
	sub = au_xalloc(sizeof(*sub));
	pk_vm_init(sub, v, vm->out, vm->scratch, vm->o);
	sub->reach = reach;
	sub->depth = vm->depth + 1;
	sub->c.pos = at;
	sub->charged = vm->charged || reach != vm->reach || reach == AU_PICKLE_SWEPT;
	sub->fixed = vm->fixed;
	return sub;
}

/* Length of a dotted identifier at p. */
static size_t word(const uint8_t *p, size_t n)
{
	size_t i = 0;

	if (!n || !(isalpha(p[0]) || p[0] == '_' ))
		return 0;
	while (i < n && i < WORD_MAX && (isalnum(p[i]) || p[i] == '_' || p[i] == '.'))
		i++;
	return i;
}

static void found(struct pk_vm *vm, uint64_t at, const uint8_t *m, size_t mn, const uint8_t *a, size_t an)
{
	uint8_t reach = vm->reach;
	unsigned proto = vm->proto;
	uint32_t ref;

	vm->reach = AU_PICKLE_SWEPT;
	vm->in.at = at;
	vm->proto = 4;
	ref = pk_ref(vm, (const char *)m, mn, (const char *)a, an);
	if (vm->out->refs.n)
		pk_do(vm, ref, AU_PICKLE_IMPORT);
	vm->reach = reach;
	vm->proto = proto;
}

/* c MODULE \n NAME \n */
static bool text_global(struct pk_vm *vm, uint64_t at, const uint8_t *p, size_t n)
{
	size_t m = word(p + 1, n - 1), a;

	if (!m || m + 2 >= n || p[m + 1] != '\n')
		return false;
	a = word(p + m + 2, n - m - 2);
	if (!a || m + 2 + a >= n || p[m + 2 + a] != '\n')
		return false;
	found(vm, at, p + 1, m, p + m + 2, a);
	return true;
}

/* A short string of name characters at p: its head's length in *ret_head, and its own. */
static size_t short_name(const uint8_t *p, size_t n, size_t *ret_head)
{
	size_t len, head;

	if (n < 6)
		return 0;
	if (*p == 0x8c || *p == 'U') {
		len = p[1];
		head = 2;
	} else if (*p == 'X' || *p == 'T') {
		len = au_le32(p + 1);
		head = 5;
	} else {
		return 0;
	}
	if (!len || len > WORD_MAX || head + len >= n || word(p + head, len) != len)
		return 0;
	*ret_head = head;
	return len;
}

static size_t memo_op(const uint8_t *p, size_t n)
{
	return n && *p == 0x94 ? 1 : n > 1 && *p == 'q' ? 2 : n > 4 && *p == 'r' ? 5 : 0;
}

/* Two strings, perhaps with memo opcodes, then STACK_GLOBAL. */
static bool stack_global(struct pk_vm *vm, uint64_t at, const uint8_t *p, size_t n)
{
	size_t h1, h2, a, b, i;

	a = short_name(p, n, &h1);
	if (!a)
		return false;
	i = h1 + a;
	i += memo_op(p + i, n - i);
	b = i < n ? short_name(p + i, n - i, &h2) : 0;
	if (!b)
		return false;
	found(vm, at, p + h1, a, p + i + h2, b);
	i += h2 + b;
	i += memo_op(p + i, n - i);
	return i < n && p[i] == 0x93;
}

/* Try the machine at `at`. Returns how far it got, or `at`. */
static uint64_t trial(struct pk_vm *vm, uint64_t at, uint64_t to)
{
	uint64_t ops = 0, len, end = at;
	struct pk_vm *sub;

	if (vm->out->cost < 1000 || vm->depth >= PK_NEST_MAX)
		return at;
	len = au_pickle_skim(vm->c.v, at, vm->out->cost < TRIAL_OPS ? vm->out->cost : TRIAL_OPS, &ops);
	vm->out->cost -= ops < vm->out->cost ? ops : vm->out->cost;
	if ((!len && ops < 4) || (len && ops < 3))
		return at;
	sub = pk_sub(vm, vm->c.v, at, AU_PICKLE_SWEPT);
	if (!sub)
		return at;
	if (pk_run(sub, ops + 1))
		end = sub->c.pos;
	pk_vm_release(sub);
	au_xfree(sub);
	return end < to ? end : to;
}

void pk_sweep(struct pk_vm *vm, uint64_t from, uint64_t to)
{
	static const uint8_t want[256] = { ['c'] = 1, ['i'] = 1, [0x8c] = 2, ['X'] = 2, ['U'] = 2, [0x80] = 3 };
	uint8_t *buf = au_xalloc(CHUNK + LOOK);
	uint64_t skip = from;

	if (to > au_view_size(vm->c.v))
		to = au_view_size(vm->c.v);
	for (uint64_t at = from; at < to; at += CHUNK) {
		size_t n = to - at < CHUNK + LOOK ? (size_t)(to - at) : CHUNK + LOOK;
		size_t stop = n < CHUNK ? n : CHUNK;

		if (au_view_read(vm->c.v, at, buf, n) != 0)
			break;
		for (size_t i = 0; i < stop; i++) {
			bool hit = false;

			switch (want[buf[i]]) {
			case 0: continue;
			case 1: hit = text_global(vm, at + i, buf + i, n - i); break;
			case 2: hit = stack_global(vm, at + i, buf + i, n - i); break;
			default: hit = i + 2 < n && buf[i + 1] <= 5 && pk_ops[buf[i + 2]].name; break;
			}
			if (hit && at + i >= skip)
				skip = trial(vm, at + i, to);
		}
	}
	au_xfree(buf);
}
