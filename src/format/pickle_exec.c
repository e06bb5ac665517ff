/* The symbolic pickle machine: one stream, opcode by opcode. */
#include "base/banned.h"
#include "base/num.h"
#include "format/pickle_vm.h"

static struct pk_val simple(enum pk_kind kind, uint64_t b)
{
	return (struct pk_val){ .kind = (uint8_t)kind, .b = b };
}

static void push_new(struct pk_vm *vm, enum pk_kind kind)
{
	pk_push(vm, pk_new(vm, kind));
}

/* The top n values become one tuple (or list, dict, set) in their place. */
static void gather(struct pk_vm *vm, enum pk_kind kind, size_t n)
{
	struct pk_val v = pk_new(vm, kind), *items;
	struct pk_obj *o = pk_obj(vm, v);

	if (n > vm->stack.n) { /* an error was told: nothing there to gather */
		pk_push(vm, v);
		return;
	}
	items = vm->stack.p ? &PK_AT(&vm->stack, struct pk_val, vm->stack.n - n) : NULL;
	if (v.a && kind == PK_TUPLE) {
		o->n = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
		o->all_int = n > 0;
		o->prod = 1;
		for (size_t i = 0; i < n; i++) {
			if (i < PK_ITEMS)
				o->it[i] = items[i];
			if (items[i].kind != PK_INT)
				o->all_int = false;
			else if (!au_mul(o->prod, items[i].b, &o->prod))
				o->prod = UINT64_MAX;
		}
	}
	if (kind == PK_TUPLE) {
		for (size_t i = 0; i < n; i++)
			pk_weigh(vm, v, items[i]);
	} else if (n) {
		pk_items(vm, v, items, n, kind == PK_DICT);
	}
	pk_drop(vm, n);
	pk_push(vm, v);
}

static void tuple_n(struct pk_vm *vm, size_t n)
{
	size_t floor = vm->marks.n ? PK_AT(&vm->marks, uint32_t, vm->marks.n - 1) : 0;

	if (vm->stack.n - floor < n) {
		pk_error(vm, "the stack is empty");
		n = vm->stack.n - floor;
	}
	gather(vm, PK_TUPLE, n);
}

static void marked(struct pk_vm *vm, enum pk_kind kind)
{
	size_t n;

	pk_marked(vm, &n);
	gather(vm, kind, n);
}

/* APPENDS, SETITEMS, ADDITEMS: the marked values go into what lies under the mark. */
static void into(struct pk_vm *vm, bool pairs)
{
	size_t n;
	struct pk_val *items = pk_marked(vm, &n), *target;

	if (items && items > (struct pk_val *)vm->stack.p) {
		target = items - 1;
		pk_items(vm, *target, items, n, pairs);
	} else {
		pk_error(vm, "there is nothing to put the items into");
	}
	pk_drop(vm, n);
}

static void one_into(struct pk_vm *vm, bool pair)
{
	struct pk_val items[2], *top;

	items[1] = pk_pop(vm);
	items[0] = pair ? pk_pop(vm) : items[1];
	top = pk_top(vm);
	if (top)
		pk_items(vm, *top, items, pair ? 2 : 1, pair);
}

static void frame(struct pk_vm *vm)
{
	uint64_t end;

	if (vm->in.at < vm->frame_end)
		pk_note(vm, AU_PN_FRAME, vm->in.at, vm->frame_end, "a frame begins inside another one");
	if (!au_add(vm->in.next, vm->in.num, &end) || end > vm->c.end) {
		pk_note(vm, AU_PN_FRAME, vm->in.at, vm->in.num, "a frame is longer than the file");
		end = vm->c.end;
	}
	vm->frame_end = end;
}

/* An opcode that reaches over the end of its frame: loaders differ in what they read there. */
static void straddle(struct pk_vm *vm)
{
	struct pk_in in = vm->in;
	uint64_t from = vm->frame_end;

	vm->frame_end = 0;
	pk_note(vm, AU_PN_FRAME, in.at, from, "an opcode reaches over the end of its frame");
	pk_sweep(vm, from, in.next);
	vm->in = in;
}

static void put(struct pk_vm *vm, uint64_t key)
{
	const struct pk_val *top = pk_top(vm);

	if (key > 0x3fffffff && key > vm->ops)
		pk_note(vm, AU_PN_RESOURCE, vm->in.at, key, "memo slot %" PRIu64 ": the loader makes a table that large",
			key);
	if (top)
		pk_put(vm, key, *top);
}

static void get(struct pk_vm *vm, uint64_t key)
{
	struct pk_val v;

	if (!pk_get(vm, key, &v))
		pk_error(vm, "memo slot %" PRIu64 " was never set", key);
	pk_push(vm, v);
}

static void line_op(struct pk_vm *vm)
{
	char text[8192];
	const struct pk_in *in = &vm->in;
	size_t n = pk_copy(&vm->c, in->off, in->len, text, sizeof(text) - 1);
	uint64_t key = 0;
	int64_t num = 0;
	bool odd = false, ok;

	text[n] = 0;
	if (in->op == 'p' || in->op == 'g') {
		if (!pk_index(text, n, &key))
			pk_error(vm, "a memo key that is no number");
		else if (in->op == 'p')
			put(vm, key);
		if (in->op == 'g')
			get(vm, key);
		return;
	}
	if (in->op == 'I' && (!strcmp(text, "00") || !strcmp(text, "01"))) {
		pk_push(vm, simple(PK_BOOL, text[1] == '1'));
		return;
	}
	if (in->op == 'F') {
		pk_push(vm, simple(PK_FLOAT, 0));
		return;
	}
	if (in->op == 'L' && n && text[n - 1] == 'L')
		n--;
	ok = pk_int(text, n, &num, &odd);
	if (!ok)
		pk_error(vm, "an integer that cannot be read");
	if (odd || in->len > sizeof(text))
		pk_note(vm, AU_PN_INT, in->at, 0, "an integer in an unusual spelling");
	pk_push(vm, simple(PK_INT, (uint64_t)num));
}

static void string_line(struct pk_vm *vm)
{
	uint64_t off = vm->in.off, len = vm->in.len;
	uint8_t a = 0, b = 0;

	if (vm->in.op == 'V') {
		pk_push(vm, pk_str(PK_STR, PK_E_RAWUNI, off, len));
		return;
	}
	if (len >= 2) {
		pk_copy(&vm->c, off, 1, &a, 1);
		pk_copy(&vm->c, off + len - 1, 1, &b, 1);
	}
	if (len < 2 || a != b || (a != '\'' && a != '"'))
		pk_error(vm, "a string without its quotes");
	else
		off++, len -= 2;
	pk_push(vm, pk_str(PK_STR, PK_E_ESCAPE, off, len));
}

static void long_op(struct pk_vm *vm)
{
	uint8_t b[8] = { 0 };
	size_t n = pk_copy(&vm->c, vm->in.off, vm->in.len, b, 8);

	if (vm->in.len > 8)
		pk_push(vm, simple(PK_INT, INT64_MAX));
	else if (n && b[n - 1] & 0x80)
		pk_push(vm, simple(PK_INT, 0)); /* negative: nothing we ask for is */
	else
		pk_push(vm, simple(PK_INT, au_le64(b)));
}

static void literal(struct pk_vm *vm, enum pk_kind kind, enum pk_enc enc)
{
	struct pk_val v = pk_str(kind, enc, vm->in.off, vm->in.len);

	pk_push(vm, v);
	if (vm->in.len >= 12)
		pk_sniff_literal(vm, v);
}

static void pop(struct pk_vm *vm)
{
	if (vm->marks.n && PK_AT(&vm->marks, uint32_t, vm->marks.n - 1) == vm->stack.n)
		vm->marks.n--;
	else
		pk_pop(vm);
}

static void push_mark(struct pk_vm *vm)
{
	uint32_t *m = au_vec_push(&vm->marks);

	if (m)
		*m = (uint32_t)vm->stack.n;
}

static void push_again(struct pk_vm *vm)
{
	const struct pk_val *top = pk_top(vm);

	if (top)
		pk_push(vm, *top);
}

static void proto(struct pk_vm *vm)
{
	vm->proto = (unsigned)vm->in.num;
	if (vm->in.num > 5)
		pk_error(vm, "protocol %u is not known", vm->proto);
	else if (vm->out->res->proto < (int)vm->in.num)
		vm->out->res->proto = (int)vm->in.num;
	if (vm->ops > 1 && vm->reach != AU_PICKLE_SWEPT)
		pk_note(vm, AU_PN_PROTO, vm->in.at, vm->in.num, "a protocol header in the middle of the stream");
}

static void ext(struct pk_vm *vm)
{
	uint32_t code = (uint32_t)vm->in.num;

	pk_note(vm, AU_PN_EXT, vm->in.at, code, "extension %u", code);
	pk_push(vm, (struct pk_val){ .kind = PK_EXT, .a = code });
}

static void names(struct pk_vm *vm)
{
	struct pk_val name = pk_pop(vm), module = pk_pop(vm);

	pk_global(vm, module, name);
}

static void drop_marked(struct pk_vm *vm)
{
	size_t n;

	pk_marked(vm, &n);
	pk_drop(vm, n);
}

static void step(struct pk_vm *vm)
{
	const struct pk_in *in = &vm->in;

	switch (in->op) {
	case '(': push_mark(vm); break;
	case '0': pop(vm); break;
	case '1': drop_marked(vm); break;
	case '2': push_again(vm); break;
	case 'N': pk_push(vm, simple(PK_NONE, 0)); break;
	case 0x88: pk_push(vm, simple(PK_BOOL, 1)); break;
	case 0x89: pk_push(vm, simple(PK_BOOL, 0)); break;
	case 'J': case 'K': case 'M': pk_push(vm, simple(PK_INT, in->num)); break;
	case 'G': pk_push(vm, simple(PK_FLOAT, in->num)); break;
	case 0x8a: case 0x8b: long_op(vm); break;
	case 'I': case 'L': case 'F': case 'p': case 'g': line_op(vm); break;
	case 'S': case 'V': string_line(vm); break;
	case 'T': case 'U': literal(vm, PK_STR, PK_E_LATIN1); break;
	case 'X': case 0x8c: case 0x8d: literal(vm, PK_STR, PK_E_UTF8); break;
	case 'B': case 'C': case 0x8e: case 0x96: literal(vm, PK_BYTES, PK_E_UTF8); break;
	case 'P': pk_persid(vm, pk_str(PK_STR, PK_E_UTF8, in->off, in->len)); break;
	case 'Q': pk_persid(vm, pk_pop(vm)); break;
	case ')': gather(vm, PK_TUPLE, 0); break;
	case 0x85: tuple_n(vm, 1); break;
	case 0x86: tuple_n(vm, 2); break;
	case 0x87: tuple_n(vm, 3); break;
	case 't': marked(vm, PK_TUPLE); break;
	case 'l': marked(vm, PK_LIST); break;
	case 'd': marked(vm, PK_DICT); break;
	case 0x91: marked(vm, PK_SET); break;
	case ']': push_new(vm, PK_LIST); break;
	case '}': push_new(vm, PK_DICT); break;
	case 0x8f: push_new(vm, PK_SET); break;
	case 'a': one_into(vm, false); break;
	case 's': one_into(vm, true); break;
	case 'e': case 0x90: into(vm, false); break;
	case 'u': into(vm, true); break;
	case 'c': pk_push(vm, pk_global_lines(vm)); break;
	case 0x93: names(vm); break;
	case 'i': pk_call_marked(vm, true); break;
	case 'o': pk_call_marked(vm, false); break;
	case 'R': pk_reduce(vm); break;
	case 0x81: pk_newobj(vm, false); break;
	case 0x92: pk_newobj(vm, true); break;
	case 'b': pk_build(vm); break;
	case 'h': case 'j': get(vm, in->num); break;
	case 'q': case 'r': put(vm, in->num); break;
	case 0x94: put(vm, vm->memo.count); break;
	case 0x80: proto(vm); break;
	case 0x82: case 0x83: case 0x84: ext(vm); break;
	case 0x95: frame(vm); break;
	case 0x97: pk_push(vm, simple(PK_UNKNOWN, 0)); break;
	default: break; /* READONLY_BUFFER changes nothing here */
	}
}

bool pk_run(struct pk_vm *vm, uint64_t max_ops)
{
	uint8_t reach = vm->reach;
	const char *why = "";
	bool ended = false;

	pk_vm_clear(vm);
	while (!vm->stop) {
		if (!pk_decode(&vm->c, &vm->in, &why)) {
			vm->in.at = vm->c.pos;
			pk_error(vm, "%s", why);
			break;
		}
		if (vm->ops++ >= max_ops) {
			pk_note(vm, AU_PN_CUT, vm->in.at, max_ops, "more than %" PRIu64 " opcodes", max_ops);
			break;
		}
		if (vm->charged && !vm->out->cost--) {
			vm->out->cost = 0;
			pk_note(vm, AU_PN_CUT, vm->in.at, PK_TRIAL_OPS, "more places that look like pickles than can be tried");
			break;
		}
		vm->c.pos = vm->in.next;
		if (vm->frame_end && vm->in.at >= vm->frame_end)
			vm->frame_end = 0;
		if (vm->in.op == '.') {
			pk_pop(vm);
			ended = true;
			break;
		}
		step(vm);
		if (vm->frame_end && vm->in.at < vm->frame_end && vm->in.next > vm->frame_end && vm->in.op != 0x95)
			straddle(vm);
	}
	vm->out->res->ops += vm->ops;
	ended = ended && !vm->broken;
	vm->reach = reach;
	return ended;
}
