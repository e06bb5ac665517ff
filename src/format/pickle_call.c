/* Imports, calls and changes in the symbolic pickle machine. */
#include "base/banned.h"
#include "base/text.h"
#include "format/pickle_vm.h"

static struct pk_val global_val(uint32_t ref)
{
	return (struct pk_val){ .kind = PK_GLOBAL, .a = ref };
}

static struct pk_val import(struct pk_vm *vm, struct pk_val module, struct pk_val name)
{
	struct au_buf m, n;
	uint32_t ref;

	au_buf_init(&m, 4 * PK_NAME_MAX);
	au_buf_init(&n, 4 * PK_NAME_MAX);
	pk_text(&vm->c, module, pk_len(module), &m, PK_NAME_MAX);
	pk_text(&vm->c, name, pk_len(name), &n, PK_NAME_MAX);
	ref = pk_ref(vm, au_buf_cstr(&m), m.len, au_buf_cstr(&n), n.len);
	if (vm->out->refs.n)
		pk_do(vm, ref, AU_PICKLE_IMPORT);
	au_buf_release(&m);
	au_buf_release(&n);
	return global_val(ref);
}

struct pk_val pk_global_lines(struct pk_vm *vm)
{
	const struct pk_in *in = &vm->in;

	return import(vm, pk_str(PK_STR, PK_E_UTF8, in->off, in->len),
		      pk_str(PK_STR, PK_E_UTF8, in->off2, in->len2));
}

static bool computed(struct pk_val v)
{
	return v.kind == PK_CALL || v.kind == PK_PERSID || v.kind == PK_UNKNOWN || v.kind == PK_EXT;
}

static const char *shown(struct pk_vm *vm, struct pk_val v, struct au_buf *b)
{
	au_buf_clear(b);
	pk_show(vm, v, b, 0);
	return au_buf_cstr(b);
}

void pk_global(struct pk_vm *vm, struct pk_val module, struct pk_val name)
{
	struct au_buf a, b;

	if (module.kind == PK_STR && name.kind == PK_STR) {
		pk_push(vm, import(vm, module, name));
		return;
	}
	au_buf_init(&a, 1024);
	au_buf_init(&b, 1024);
	if (!vm->broken && (computed(module) || computed(name)) &&
	    (module.kind == PK_STR || name.kind == PK_STR || (computed(module) && computed(name)))) {
		pk_note(vm, AU_PN_DYNAMIC_GLOBAL, vm->in.at, 0, "module %s, name %s", shown(vm, module, &a),
			shown(vm, name, &b));
		pk_push(vm, pk_new(vm, PK_CALL));
	} else {
		if (!vm->broken)
			pk_note(vm, AU_PN_CONFUSION, vm->in.at, 0, "a global whose module is %s and whose name is %s",
				shown(vm, module, &a), shown(vm, name, &b));
		pk_error(vm, "a global's names are not strings");
		pk_push(vm, (struct pk_val){ 0 });
	}
	au_buf_release(&a);
	au_buf_release(&b);
}

/* Globals among the arguments go into the call. */
static void passes(struct pk_vm *vm, uint32_t ref, const struct pk_val *items, size_t n)
{
	for (size_t i = 0; i < n && i < PK_ITEMS; i++)
		if (items[i].kind == PK_GLOBAL)
			pk_pass(vm, ref, items[i].a, i == 0);
}

/* Calls that make an instance of, or call, their first argument. */
static void forwarded(struct pk_vm *vm, uint32_t ref, const struct pk_obj *args)
{
	const struct au_pickle_ref *r = pk_ref_at(vm, ref);

	if (!args->n || args->it[0].kind != PK_GLOBAL)
		return;
	if ((!strcmp(r->module, "copyreg") || !strcmp(r->module, "copy_reg")) &&
	    (!strncmp(r->name, "__newobj", 8) || !strcmp(r->name, "_reconstructor")))
		pk_do(vm, args->it[0].a, AU_PICKLE_NEW);
	else if (!strcmp(r->module, "torch._tensor") && !strcmp(r->name, "_rebuild_from_type_v2"))
		pk_do(vm, args->it[0].a, AU_PICKLE_CALL);
}

static bool is_wrapper(struct pk_vm *vm, struct pk_val cls)
{
	const struct au_pickle_ref *r;

	if (cls.kind != PK_GLOBAL)
		return false;
	r = pk_ref_at(vm, cls.a);
	return !strcmp(r->name, "NumpyArrayWrapper") && !strncmp(r->module, "joblib", 6);
}

/* Call of a global with its arguments as a tuple value or as stack items. */
static struct pk_val call_ref(struct pk_vm *vm, uint32_t ref, struct pk_val args, const struct pk_val *items,
			      size_t n, unsigned what)
{
	const struct pk_val *first = items;
	struct pk_obj tuple = { 0 }, *o;
	struct pk_val ret;

	if (!items && args.kind == PK_TUPLE) {
		tuple = *pk_obj(vm, args);
		first = tuple.it;
		n = tuple.n;
	} else if (items) {
		for (size_t i = 0; i < n && i < PK_ITEMS; i++)
			tuple.it[i] = items[i];
		tuple.n = (uint32_t)n;
	}
	pk_do(vm, ref, what);
	pk_ref_at(vm, ref)->calls++;
	pk_args(vm, ref, args, items, n);
	if (first && n) {
		pk_ref_at(vm, ref)->calls_global += first[0].kind == PK_GLOBAL && vm->out->passes.n < PK_PASSES_MAX;
		passes(vm, ref, tuple.it, n);
	}
	if (what == AU_PICKLE_CALL)
		forwarded(vm, ref, &tuple);
	ret = pk_new(vm, is_wrapper(vm, what == AU_PICKLE_NEW ? global_val(ref) : tuple.it[0]) ? PK_WRAPPER :
		     PK_CALL);
	o = pk_obj(vm, ret);
	if (ret.a) {
		o->callee = ref + 1;
		o->n = tuple.n;
		memcpy(o->it, tuple.it, sizeof(o->it));
		pk_weigh(vm, ret, args);
	}
	if (what == AU_PICKLE_CALL && vm->o->tensors)
		pk_torch_call(vm, ref, &tuple, &ret);
	return ret;
}

/* Call of anything. */
static struct pk_val call(struct pk_vm *vm, struct pk_val func, struct pk_val args, const struct pk_val *items,
			  size_t n, unsigned what)
{
	struct au_buf b;
	struct pk_val ret;

	if (func.kind == PK_GLOBAL && vm->out->refs.n)
		return call_ref(vm, func.a, args, items, n, what);
	au_buf_init(&b, 1024);
	if (func.kind == PK_EXT)
		pk_note(vm, AU_PN_EXT_CALL, vm->in.at, func.a, "extension %u called", func.a);
	else if (computed(func) && (func.kind != PK_UNKNOWN || !vm->broken))
		pk_note(vm, AU_PN_COMPUTED, vm->in.at, what, "%s", shown(vm, func, &b));
	else if (!computed(func) && !vm->broken) {
		pk_note(vm, AU_PN_CONFUSION, vm->in.at, 0, "a call of %s", shown(vm, func, &b));
		pk_error(vm, "what is called cannot be called");
	}
	au_buf_release(&b);
	ret = pk_new(vm, PK_CALL);
	pk_weigh(vm, ret, args);
	return ret;
}

void pk_reduce(struct pk_vm *vm)
{
	struct pk_val args = pk_pop(vm), func = pk_pop(vm);

	pk_push(vm, call(vm, func, args, NULL, 0, AU_PICKLE_CALL));
}

void pk_call_marked(struct pk_vm *vm, bool inst)
{
	struct pk_val func = { 0 }, ret, *items;
	size_t n;

	if (inst)
		func = pk_global_lines(vm);
	items = pk_marked(vm, &n);
	if (!inst) {
		if (!n) {
			pk_error(vm, "OBJ without a class");
			pk_push(vm, (struct pk_val){ 0 });
			return;
		}
		func = items[0];
	}
	ret = call(vm, func, (struct pk_val){ .kind = PK_TUPLE }, n ? items + !inst : &func, inst ? n : n - 1,
		   AU_PICKLE_CALL);
	pk_drop(vm, n);
	pk_push(vm, ret);
}

void pk_newobj(struct pk_vm *vm, bool ex)
{
	struct pk_val kwargs = ex ? pk_pop(vm) : (struct pk_val){ 0 };
	struct pk_val args = pk_pop(vm), cls = pk_pop(vm);

	(void)kwargs;
	pk_push(vm, call(vm, cls, args, NULL, 0, AU_PICKLE_NEW));
}

void pk_build(struct pk_vm *vm)
{
	struct pk_val state = pk_pop(vm), *top = pk_top(vm), inst;
	uint32_t callee;

	if (!top)
		return;
	inst = *top;
	switch ((enum pk_kind)inst.kind) {
	case PK_GLOBAL:
		pk_do(vm, inst.a, AU_PICKLE_BUILD);
		pk_args(vm, inst.a, state, NULL, 0);
		return;
	case PK_WRAPPER:
		pk_array_build(vm, inst, state);
		return;
	case PK_CALL:
		callee = pk_obj(vm, inst)->callee;
		if (!callee)
			return;
		pk_do(vm, callee - 1, AU_PICKLE_STATE);
		if (state.kind == PK_TUPLE) {
			struct pk_obj t = *pk_obj(vm, state);

			passes(vm, callee - 1, t.it, t.n);
			if (t.n >= 6 && t.it[5].kind == PK_INT && (pk_is(vm, callee - 1, "numpy", "dtype")))
				pk_obj(vm, inst)->prod = t.it[5].b;
			if (t.n >= 8 && t.it[7].kind == PK_INT && (pk_is(vm, callee - 1, "numpy", "dtype")))
				pk_obj(vm, inst)->all_int = t.it[7].b & 1;
		}
		pk_weigh(vm, inst, state);
		return;
	case PK_EXT:
	case PK_PERSID:
	case PK_UNKNOWN:
		return;
	default:
		pk_error(vm, "state for a value that takes none");
	}
}

static bool tensor_call(struct pk_vm *vm, struct pk_val v)
{
	uint32_t callee = v.kind == PK_CALL ? pk_obj(vm, v)->callee : 0;

	return callee && !strncmp(pk_ref_at(vm, callee - 1)->name, "_rebuild_tensor", 15) &&
	       !strcmp(pk_ref_at(vm, callee - 1)->module, "torch._utils");
}

void pk_items(struct pk_vm *vm, struct pk_val target, const struct pk_val *items, size_t n, bool pairs)
{
	switch ((enum pk_kind)target.kind) {
	case PK_GLOBAL:
		pk_do(vm, target.a, AU_PICKLE_MUTATE);
		pk_args(vm, target.a, target, items, n);
		return;
	case PK_EXT:
		pk_note(vm, AU_PN_EXT_CALL, vm->in.at, target.a, "items are set on extension %u", target.a);
		return;
	case PK_NONE:
	case PK_BOOL:
	case PK_INT:
	case PK_FLOAT:
	case PK_STR:
	case PK_BYTES:
	case PK_TUPLE:
		if (n)
			pk_error(vm, "items for a value that takes none");
		return;
	default:
		break;
	}
	if (tensor_call(vm, target))
		pk_note(vm, AU_PN_TENSOR_ITEM, vm->in.at, n, "items are set on a tensor");
	for (size_t i = 0; i < n; i++) {
		struct pk_val v = items[i];

		pk_weigh(vm, target, v);
		if (!pairs || i % 2)
			continue;
		if (v.kind == PK_STR && i + 1 < n) {
			if (target.kind == PK_DICT)
				pk_array_item(vm, target, v, items[i + 1]);
			if (vm->o->tensors)
				pk_torch_name(vm, v, items[i + 1]);
		}
	}
}

void pk_persid(struct pk_vm *vm, struct pk_val id)
{
	struct pk_val v = { .kind = PK_PERSID };

	if (id.kind != PK_TUPLE || !pk_torch_persid(vm, id, &v))
		pk_note(vm, AU_PN_PERSID, vm->in.at, 0, "a persistent id");
	pk_push(vm, v);
}
