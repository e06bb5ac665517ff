/* What the pickle machine tells: globals with their deeds, notes, and evidence for people. */
#include "base/banned.h"
#include "base/text.h"
#include "format/pickle_vm.h"

uint32_t pk_ref(struct pk_vm *vm, const char *module, size_t mlen, const char *name, size_t nlen)
{
	struct pk_out *out = vm->out;
	struct au_pickle_ref *r;
	char key[2 * PK_NAME_MAX + 8];
	bool dotted = vm->proto >= 4, py2 = vm->proto < 3;
	size_t n = 0;
	void **slot;

	if (mlen > PK_NAME_MAX)
		mlen = PK_NAME_MAX;
	if (nlen > PK_NAME_MAX)
		nlen = PK_NAME_MAX;
	key[n++] = dotted ? '4' : py2 ? '2' : '3';
	memcpy(key + n, module, mlen);
	n += mlen;
	key[n++] = '\n';
	memcpy(key + n, name, nlen);
	n += nlen;
	slot = au_map_get(&out->ref_map, key, n);
	if (slot)
		return (uint32_t)((uintptr_t)slot - 1);
	r = au_vec_push(&out->refs);
	if (!r) {
		pk_note(vm, AU_PN_CUT, vm->in.at, PK_REFS_MAX, "more than %u different globals", PK_REFS_MAX);
		return 0;
	}
	r->module = au_arena_strn(out->a, module, mlen);
	r->name = au_arena_strn(out->a, name, nlen);
	r->dotted = dotted;
	r->py2 = py2;
	*au_map_put(&out->ref_map, key, n) = (void *)(uintptr_t)out->refs.n;
	return (uint32_t)out->refs.n - 1;
}

struct au_pickle_ref *pk_ref_at(struct pk_vm *vm, uint32_t i)
{
	return &PK_AT(&vm->out->refs, struct au_pickle_ref, i);
}

bool pk_is(struct pk_vm *vm, uint32_t ref, const char *module, const char *name)
{
	struct au_pickle_ref *r = pk_ref_at(vm, ref);

	return !strcmp(r->module, module) && !strcmp(r->name, name);
}

uint64_t pk_place(const struct pk_vm *vm)
{
	return vm->fixed ? vm->fixed : vm->in.at;
}

void pk_do(struct pk_vm *vm, uint32_t ref, unsigned what)
{
	struct au_pickle_ref *r = pk_ref_at(vm, ref);
	unsigned w = vm->reach;

	if (!r->done[w])
		r->at[w] = pk_place(vm);
	if (what != AU_PICKLE_IMPORT && what != AU_PICKLE_PASS && !(r->done[w] & ~(AU_PICKLE_IMPORT | AU_PICKLE_PASS)))
		r->call_at[w] = pk_place(vm);
	r->done[w] |= (uint8_t)what;
}

void pk_pass(struct pk_vm *vm, uint32_t callee, uint32_t arg, bool first)
{
	uint32_t key[4] = { callee, arg, vm->reach, first };
	struct au_pickle_pass *p;
	void **slot;

	pk_do(vm, arg, AU_PICKLE_PASS);
	if (vm->out->passes.n >= PK_PASSES_MAX)
		return;
	slot = au_map_put(&vm->out->pass_map, (const char *)key, sizeof(key));
	if (*slot)
		return;
	*slot = vm;
	p = au_vec_push(&vm->out->passes);
	if (p)
		*p = (struct au_pickle_pass){ callee, arg, pk_place(vm), vm->reach, first };
}

void pk_note(struct pk_vm *vm, enum au_pickle_note_kind k, uint64_t at, uint64_t num, const char *fmt, ...)
{
	struct au_pickle_note *n;
	va_list ap;

	if (vm->out->res->note_counts[k]++ >= PK_NOTES_EACH)
		return;
	n = au_vec_push(&vm->out->notes);
	if (!n)
		return;
	va_start(ap, fmt);
	*n = (struct au_pickle_note){ k, vm->reach, vm->fixed ? vm->fixed : at, num, au_arena_vfmt(vm->out->a, fmt, ap) };
	va_end(ap);
}

void pk_error(struct pk_vm *vm, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (vm->broken)
		return;
	vm->broken = true;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (vm->reach == AU_PICKLE_REACHED) {
		pk_note(vm, AU_PN_ERROR, vm->in.at, vm->ops, "%s", text);
		vm->reach = AU_PICKLE_UNREACHED;
	}
}

static void show_text(struct pk_vm *vm, struct pk_val v, struct au_buf *b)
{
	struct au_buf t;
	uint64_t len = pk_len(v);

	au_buf_init(&t, 1024);
	pk_text(&vm->c, v, len, &t, 120);
	au_buf_fmt(b, "%s'%s%s'", v.kind == PK_BYTES ? "b" : "", au_printable(vm->scratch, t.p, t.len, 160),
		   len > 120 ? "…" : "");
	au_buf_release(&t);
}

static void show_ref(struct pk_vm *vm, uint32_t ref, struct au_buf *b)
{
	struct au_pickle_ref *r = pk_ref_at(vm, ref);

	au_buf_fmt(b, "%s.%s", au_printable(vm->scratch, r->module, strlen(r->module), 80),
		   au_printable(vm->scratch, r->name, strlen(r->name), 80));
}

static void show_items(struct pk_vm *vm, struct pk_val v, struct au_buf *b, unsigned depth)
{
	struct pk_obj *o = pk_obj(vm, v);
	uint32_t n = o->n;

	for (uint32_t i = 0; i < n && i < PK_ITEMS; i++) {
		if (i)
			au_buf_str(b, ", ");
		pk_show(vm, pk_obj(vm, v)->it[i], b, depth);
	}
	if (n > PK_ITEMS)
		au_buf_str(b, ", …");
}

void pk_show(struct pk_vm *vm, struct pk_val v, struct au_buf *b, unsigned depth)
{
	switch ((enum pk_kind)v.kind) {
	case PK_NONE: au_buf_str(b, "None"); break;
	case PK_BOOL: au_buf_str(b, v.b ? "True" : "False"); break;
	case PK_INT: au_buf_fmt(b, "%" PRId64, (int64_t)v.b); break;
	case PK_FLOAT: au_buf_str(b, "float"); break;
	case PK_STR:
	case PK_BYTES: show_text(vm, v, b); break;
	case PK_GLOBAL: show_ref(vm, v.a, b); break;
	case PK_EXT: au_buf_fmt(b, "extension %u", v.a); break;
	case PK_PERSID: au_buf_str(b, "persistent"); break;
	case PK_LIST: au_buf_str(b, "[…]"); break;
	case PK_DICT: au_buf_str(b, "{…}"); break;
	case PK_SET: au_buf_str(b, "{set}"); break;
	case PK_UNKNOWN: au_buf_str(b, "?"); break;
	case PK_TUPLE:
		au_buf_byte(b, '(');
		if (depth < 4)
			show_items(vm, v, b, depth + 1);
		au_buf_byte(b, ')');
		break;
	case PK_CALL:
	case PK_WRAPPER:
		if (pk_obj(vm, v)->callee)
			show_ref(vm, pk_obj(vm, v)->callee - 1, b);
		else
			au_buf_str(b, "?");
		au_buf_str(b, "(…)");
		break;
	}
}

/* Note the first arguments seen; a reached call's replace those of an unreached one never. */
void pk_args(struct pk_vm *vm, uint32_t ref, struct pk_val args, const struct pk_val *items, size_t n)
{
	struct au_buf b;

	if (pk_ref_at(vm, ref)->args || ref > 8192)
		return;
	au_buf_init(&b, 4096);
	if (items) {
		for (size_t i = 0; i < n && i < PK_ITEMS; i++) {
			struct pk_val v = items[i];

			if (i)
				au_buf_str(&b, ", ");
			pk_show(vm, v, &b, 1);
		}
	} else if (args.kind == PK_TUPLE) {
		show_items(vm, args, &b, 1);
	} else {
		au_buf_byte(&b, '*');
		pk_show(vm, args, &b, 1);
	}
	pk_ref_at(vm, ref)->args = au_arena_strn(vm->out->a, au_buf_cstr(&b), b.len < PK_ARGS_MAX ? b.len : PK_ARGS_MAX);
	au_buf_release(&b);
}
