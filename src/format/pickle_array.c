/* Two dialects inside pickle streams: joblib writes the bytes of an array behind the BUILD of its
 * wrapper, between the opcodes; torch names its storages by persistent ids. */
#include "base/banned.h"
#include "base/num.h"
#include "format/pickle_vm.h"
#include "io/view.h"

static bool key_is(struct pk_vm *vm, struct pk_val key, const char *want)
{
	char text[40];
	size_t n = strlen(want);

	return pk_len(key) == n && pk_copy(&vm->c, key.b, n, text, sizeof(text)) == n && !memcmp(text, want, n);
}

/* Element size from numpy's short form ("f8", "<i4", "U12", "O8"). */
static void short_dtype(struct pk_vm *vm, struct pk_val v, struct pk_array *a)
{
	char text[16] = "";
	size_t n = pk_copy(&vm->c, v.b, pk_len(v), text, sizeof(text) - 1), i = 0;
	uint64_t size = 0;

	text[n] = 0;
	while (i < n && strchr("<>=|", text[i]))
		i++;
	if (i >= n)
		return;
	if (text[i] == 'O') {
		a->object = a->has_dtype = true;
		return;
	}
	for (size_t k = i + 1; k < n && text[k] >= '0' && text[k] <= '9'; k++)
		size = size * 10 + (uint64_t)(text[k] - '0');
	if (!size)
		return;
	a->itemsize = text[i] == 'U' ? size * 4 : size;
	a->has_dtype = true;
}

static void set_dtype(struct pk_vm *vm, struct pk_val v, struct pk_array *a)
{
	struct pk_obj o;

	if (v.kind == PK_STR) {
		short_dtype(vm, v, a);
		return;
	}
	if (v.kind != PK_CALL || !v.a)
		return;
	o = *pk_obj(vm, v);
	if (o.n && o.it[0].kind == PK_STR)
		short_dtype(vm, o.it[0], a);
	if (o.prod && o.prod < INT32_MAX) { /* stated by the dtype's state: strings, records */
		a->itemsize = o.prod;
		a->has_dtype = true;
	}
	if (o.all_int) /* the flag "holds objects" */
		a->object = true;
}

void pk_array_item(struct pk_vm *vm, struct pk_val dict, struct pk_val key, struct pk_val value)
{
	struct pk_array *a;
	struct pk_obj *o = pk_obj(vm, dict);
	bool shape, dtype, align;

	if (!dict.a || (pk_len(key) != 5 && pk_len(key) != 27))
		return;
	shape = key_is(vm, key, "shape");
	dtype = key_is(vm, key, "dtype");
	align = key_is(vm, key, "numpy_array_alignment_bytes");
	if (!shape && !dtype && !align)
		return;
	if (!o->extra || o->extra > vm->arrays.n) {
		if (vm->arrays.n == 1024)
			vm->arrays.n = 0;
		au_vec_push(&vm->arrays);
		o->extra = (uint32_t)vm->arrays.n;
		PK_AT(&vm->arrays, struct pk_array, o->extra - 1) = (struct pk_array){ 0 };
	}
	a = &PK_AT(&vm->arrays, struct pk_array, o->extra - 1);
	if (shape && value.kind == PK_TUPLE && value.a && (pk_obj(vm, value)->all_int || !pk_obj(vm, value)->n)) {
		a->count = pk_obj(vm, value)->n ? pk_obj(vm, value)->prod : 1;
		a->has_shape = true;
	} else if (dtype) {
		set_dtype(vm, value, a);
	} else if (align && value.kind == PK_INT) {
		a->align = value.b;
	}
}

/* An array of objects is a pickle of its own in the middle of the stream. */
static void inner_stream(struct pk_vm *vm)
{
	struct pk_vm *sub;

	sub = pk_sub(vm, vm->c.v, vm->c.pos, vm->reach);
	if (!sub) {
		vm->stop = true;
		return;
	}
	if (!pk_run(sub, PK_OPS_MAX)) {
		pk_error(vm, "an object array inside the stream is broken");
		vm->stop = true;
	}
	vm->c.pos = sub->c.pos;
	pk_vm_release(sub);
	au_xfree(sub);
}

void pk_array_build(struct pk_vm *vm, struct pk_val inst, struct pk_val state)
{
	struct pk_array a = { 0 };
	uint64_t at = vm->in.next, bytes;
	uint32_t extra = state.kind == PK_DICT ? pk_obj(vm, state)->extra : 0;
	uint8_t pad;

	(void)inst;
	if (extra && extra <= vm->arrays.n) {
		a = PK_AT(&vm->arrays, struct pk_array, extra - 1);
		vm->arrays.n = extra - 1;
	}
	if (a.object) {
		vm->c.pos = at;
		inner_stream(vm);
		return;
	}
	if (!a.has_shape || !a.has_dtype || !au_mul(a.count, a.itemsize, &bytes)) {
		pk_error(vm, "an array inside the stream whose size is not stated");
		return;
	}
	if (a.align && pk_copy(&vm->c, at, 1, &pad, 1) == 1)
		at += 1u + pad;
	if (!au_within(at, bytes, vm->c.end)) {
		pk_error(vm, "an array inside the stream that is longer than the file");
		return;
	}
	/* a plain unpickler would run these bytes as opcodes */
	pk_sweep(vm, at, at + (bytes < PK_DECODE_MAX ? bytes : PK_DECODE_MAX));
	vm->c.pos = at + bytes;
}

static void dims_of(struct pk_vm *vm, struct pk_val v, uint64_t *dims, uint8_t *ret_n, bool *odd)
{
	const struct pk_obj *o = pk_obj(vm, v);

	if (v.kind != PK_TUPLE || (o->n && (!v.a || !o->all_int)) || o->n > AU_DIMS_MAX) {
		*odd = true;
		return;
	}
	*ret_n = (uint8_t)o->n;
	for (uint32_t i = 0; i < o->n; i++)
		dims[i] = o->it[i].b;
}

void pk_torch_call(struct pk_vm *vm, uint32_t ref, const struct pk_obj *args, const struct pk_val *ret)
{
	const struct au_pickle_ref *r = pk_ref_at(vm, ref);
	struct au_pickle_tensor *t;

	if (strncmp(r->module, "torch", 5) != 0 || strncmp(r->name, "_rebuild_", 9) != 0 || !args->n || !ret->a)
		return;
	if (args->it[0].kind == PK_CALL) { /* a parameter around a tensor */
		pk_obj(vm, *ret)->extra = pk_obj(vm, args->it[0])->extra;
		return;
	}
	if (args->it[0].kind != PK_PERSID || !args->it[0].a || args->n < 4)
		return;
	t = au_vec_push(&vm->out->tensors);
	if (!t)
		return;
	t->storage = args->it[0].a - 1;
	t->offset = args->it[1].kind == PK_INT ? args->it[1].b : 0;
	dims_of(vm, args->it[2], t->dims, &t->n_dims, &t->odd);
	dims_of(vm, args->it[3], t->strides, &t->n_strides, &t->odd);
	pk_obj(vm, *ret)->extra = (uint32_t)vm->out->tensors.n;
}

static const char *text_of(struct pk_vm *vm, struct pk_val v, size_t max)
{
	struct au_buf b;
	const char *s;

	if (v.kind != PK_STR)
		return "";
	au_buf_init(&b, 4 * max);
	pk_text(&vm->c, v, pk_len(v), &b, max);
	s = au_arena_strn(vm->out->a, au_buf_cstr(&b), b.len);
	au_buf_release(&b);
	return s;
}

void pk_torch_name(struct pk_vm *vm, struct pk_val key, struct pk_val value)
{
	uint32_t i = value.kind == PK_CALL ? pk_obj(vm, value)->extra : 0;
	struct au_pickle_tensor *t;

	if (!i || i > vm->out->tensors.n)
		return;
	t = &PK_AT(&vm->out->tensors, struct au_pickle_tensor, i - 1);
	if (!t->name)
		t->name = text_of(vm, key, 512);
}

bool pk_torch_persid(struct pk_vm *vm, struct pk_val id, struct pk_val *ret)
{
	struct pk_obj o = *pk_obj(vm, id);
	struct au_pickle_storage *s;

	if (o.n < 2 || o.it[0].kind != PK_STR)
		return false;
	if (key_is(vm, o.it[0], "module")) {
		*ret = o.it[1]; /* torch gives the class back: what is called is what is named */
		return true;
	}
	if (o.n < 5 || !key_is(vm, o.it[0], "storage"))
		return false;
	if (!vm->o->tensors)
		return true;
	s = au_vec_push(&vm->out->storages);
	if (!s)
		return true;
	s->cls = o.it[1].kind == PK_GLOBAL ? pk_ref_at(vm, o.it[1].a)->name : "";
	s->key = text_of(vm, o.it[2], 256);
	s->numel = o.it[4].kind == PK_INT ? o.it[4].b : 0;
	s->at = vm->in.at;
	ret->a = (uint32_t)vm->out->storages.n;
	return true;
}
