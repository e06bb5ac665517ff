/* Stack, marks, memo and containers of the symbolic pickle machine. All of it is bounded: what
 * passes a bound becomes an unknown value, and that is told. */
#include "base/banned.h"
#include "base/num.h"
#include "format/pickle_vm.h"

void pk_vm_init(struct pk_vm *vm, struct au_view *v, struct pk_out *out, struct au_arena *scratch,
		const struct au_pickle_opts *o)
{
	memset(vm, 0, sizeof(*vm));
	vm->out = out;
	vm->scratch = scratch;
	vm->o = o;
	pk_cur_init(&vm->c, v, o->start, UINT64_MAX);
	vm->size = vm->c.end;
	au_vec_init(&vm->stack, sizeof(struct pk_val), PK_STACK_MAX);
	au_vec_init(&vm->marks, sizeof(uint32_t), PK_STACK_MAX);
	au_vec_init(&vm->objs, sizeof(struct pk_obj), PK_OBJ_MAX);
	au_vec_init(&vm->arrays, sizeof(struct pk_array), 1024);
}

static void memo_release(struct pk_memo *m)
{
	au_xfree(m->keys);
	au_xfree(m->pages);
	au_xfree(m->page);
	au_xfree(m->used);
	memset(m, 0, sizeof(*m));
}

void pk_vm_release(struct pk_vm *vm)
{
	au_vec_release(&vm->stack);
	au_vec_release(&vm->marks);
	au_vec_release(&vm->objs);
	au_vec_release(&vm->arrays);
	au_xfree(vm->free_objs);
	memo_release(&vm->memo);
}

void pk_vm_clear(struct pk_vm *vm)
{
	struct pk_memo *m = &vm->memo;

	vm->stack.n = vm->marks.n = vm->objs.n = vm->arrays.n = 0;
	vm->n_free = 0;
	if (m->n_slots > 1024) {
		memo_release(m);
	} else if (m->n_pages) {
		memset(m->keys, 0, m->n_slots * sizeof(*m->keys));
		m->n_pages = 0;
		m->count = 0;
	}
	m->full = false;
	vm->frame_end = vm->ops = 0;
	vm->proto = 0;
	vm->broken = vm->heavy = vm->stop = false;
	au_vec_push(&vm->objs); /* slot 0: the anonymous container */
}

static size_t fence(const struct pk_vm *vm)
{
	return vm->marks.n ? PK_AT(&vm->marks, uint32_t, vm->marks.n - 1) : 0;
}

void pk_push(struct pk_vm *vm, struct pk_val v)
{
	struct pk_val *p = au_vec_push(&vm->stack);

	if (p) {
		*p = v;
		return;
	}
	pk_note(vm, AU_PN_CUT, vm->in.at, vm->stack.n, "more than %u values on the stack", PK_STACK_MAX);
	vm->stop = true;
}

struct pk_val pk_pop(struct pk_vm *vm)
{
	if (vm->stack.n <= fence(vm)) {
		pk_error(vm, "the stack is empty");
		return (struct pk_val){ 0 };
	}
	return PK_AT(&vm->stack, struct pk_val, --vm->stack.n);
}

struct pk_val *pk_top(struct pk_vm *vm)
{
	if (vm->stack.n <= fence(vm)) {
		pk_error(vm, "the stack is empty");
		pk_push(vm, (struct pk_val){ 0 });
		if (!vm->stack.n)
			return NULL;
	}
	return &PK_AT(&vm->stack, struct pk_val, vm->stack.n - 1);
}

struct pk_val *pk_marked(struct pk_vm *vm, size_t *ret_n)
{
	size_t at;

	*ret_n = 0;
	if (!vm->marks.n) {
		pk_error(vm, "there is no mark");
		return vm->stack.p;
	}
	at = PK_AT(&vm->marks, uint32_t, --vm->marks.n);
	*ret_n = vm->stack.n - at;
	return vm->stack.p ? &PK_AT(&vm->stack, struct pk_val, at) : NULL;
}

void pk_drop(struct pk_vm *vm, size_t n)
{
	vm->stack.n -= n < vm->stack.n ? n : vm->stack.n;
}

static bool is_obj(struct pk_val v)
{
	return v.kind >= PK_LIST && v.a;
}

/* Mark what v leads to: containers keep their first items for evidence and array sizes. */
static void mark(struct pk_vm *vm, struct pk_val v, struct au_vec *work)
{
	uint32_t *w = is_obj(v) && v.a < vm->objs.n && !PK_AT(&vm->objs, struct pk_obj, v.a).mark ?
		      au_vec_push(work) : NULL;

	if (!w)
		return;
	PK_AT(&vm->objs, struct pk_obj, v.a).mark = true;
	*w = v.a;
	while (work->n) {
		struct pk_obj *o = &PK_AT(&vm->objs, struct pk_obj, PK_AT(work, uint32_t, --work->n));

		for (size_t i = 0; i < PK_ITEMS; i++) {
			if (!is_obj(o->it[i]) || PK_AT(&vm->objs, struct pk_obj, o->it[i].a).mark)
				continue;
			w = au_vec_push(work);
			if (w) {
				PK_AT(&vm->objs, struct pk_obj, o->it[i].a).mark = true;
				*w = o->it[i].a;
			}
		}
	}
}

/* Free the containers that neither stack nor memo lead to. */
static void collect(struct pk_vm *vm)
{
	struct au_vec work;

	au_vec_init(&work, sizeof(uint32_t), PK_OBJ_MAX);
	for (size_t i = 0; i < vm->stack.n; i++)
		mark(vm, PK_AT(&vm->stack, struct pk_val, i), &work);
	for (size_t i = 0; i < vm->memo.n_pages; i++)
		for (size_t k = 0; k < 16; k++)
			if (vm->memo.used[i] >> k & 1)
				mark(vm, vm->memo.pages[i][k], &work);
	au_vec_release(&work);
	if (!vm->free_objs)
		vm->free_objs = au_xalloc(PK_OBJ_MAX * sizeof(uint32_t));
	vm->n_free = 0;
	for (uint32_t i = 1; i < vm->objs.n; i++) {
		struct pk_obj *o = &PK_AT(&vm->objs, struct pk_obj, i);

		if (!o->mark)
			vm->free_objs[vm->n_free++] = i;
		o->mark = false;
	}
	if (vm->n_free < PK_OBJ_MAX / 8)
		vm->n_free = 0, vm->memo.full = true; /* no use collecting again: anonymous from here */
}

struct pk_val pk_new(struct pk_vm *vm, enum pk_kind kind)
{
	struct pk_val v = { .kind = (uint8_t)kind };

	if (vm->objs.n < PK_OBJ_MAX) {
		if (au_vec_push(&vm->objs))
			v.a = (uint32_t)vm->objs.n - 1;
	} else {
		if (!vm->n_free && !vm->memo.full)
			collect(vm);
		if (vm->n_free)
			v.a = vm->free_objs[--vm->n_free];
	}
	if (v.a) {
		struct pk_obj *o = pk_obj(vm, v);

		memset(o, 0, sizeof(*o));
		o->weight = 1;
	}
	return v;
}

struct pk_obj *pk_obj(struct pk_vm *vm, struct pk_val v)
{
	return &PK_AT(&vm->objs, struct pk_obj, is_obj(v) && v.a < vm->objs.n ? v.a : 0);
}

void pk_weigh(struct pk_vm *vm, struct pk_val in, struct pk_val item)
{
	struct pk_obj *o = pk_obj(vm, in);
	uint64_t w = is_obj(item) ? pk_obj(vm, item)->weight : 1;

	if (!in.a)
		return;
	if (!au_add(o->weight, w, &o->weight))
		o->weight = UINT64_MAX;
	if (o->weight > PK_WEIGHT_MAX && o->weight / 50 > vm->size && !vm->heavy) {
		vm->heavy = true;
		pk_note(vm, AU_PN_RESOURCE, vm->in.at, o->weight,
			"shared containers that stand for more than %llu objects when they are walked",
			(unsigned long long)PK_WEIGHT_MAX);
	}
}

static void memo_rehash(struct pk_memo *m)
{
	size_t n = m->n_slots ? m->n_slots * 2 : 64;
	uint64_t *keys = au_xalloc(n * sizeof(*keys));
	uint32_t *page = au_xalloc(n * sizeof(*page));

	memset(keys, 0, n * sizeof(*keys));
	for (size_t i = 0; i < m->n_slots; i++) {
		size_t k = au_mix64(m->keys[i]) & (n - 1);

		if (!m->keys[i])
			continue;
		while (keys[k])
			k = (k + 1) & (n - 1);
		keys[k] = m->keys[i];
		page[k] = m->page[i];
	}
	au_xfree(m->keys);
	au_xfree(m->page);
	m->keys = keys;
	m->page = page;
	m->n_slots = n;
}

static size_t memo_find(const struct pk_memo *m, uint64_t key)
{
	size_t k = au_mix64(key) & (m->n_slots - 1);

	while (m->keys[k] && m->keys[k] != key)
		k = (k + 1) & (m->n_slots - 1);
	return k;
}

bool pk_put(struct pk_vm *vm, uint64_t key, struct pk_val v)
{
	struct pk_memo *m = &vm->memo;
	uint64_t want = key / 16 + 1;
	size_t k, pg;

	if ((m->n_pages + 1) * 2 > m->n_slots)
		memo_rehash(m);
	k = memo_find(m, want);
	if (!m->keys[k]) {
		if (m->n_pages == PK_MEMO_PAGES)
			return false;
		if (m->n_pages == m->cap_pages) {
			m->cap_pages = m->cap_pages ? m->cap_pages * 2 : 32;
			m->pages = au_xrealloc(m->pages, m->cap_pages * sizeof(*m->pages));
			m->used = au_xrealloc(m->used, m->cap_pages * sizeof(*m->used));
		}
		m->keys[k] = want;
		m->page[k] = (uint32_t)m->n_pages;
		m->used[m->n_pages++] = 0;
	}
	pg = m->page[k];
	if (!(m->used[pg] >> (key & 15) & 1))
		m->count++;
	m->used[pg] |= (uint16_t)(1u << (key & 15));
	m->pages[pg][key & 15] = v;
	return true;
}

bool pk_get(struct pk_vm *vm, uint64_t key, struct pk_val *ret)
{
	struct pk_memo *m = &vm->memo;
	size_t k;

	*ret = (struct pk_val){ 0 };
	if (!m->n_pages)
		return false;
	k = memo_find(m, key / 16 + 1);
	if (!m->keys[k] || !(m->used[m->page[k]] >> (key & 15) & 1))
		return m->n_pages == PK_MEMO_PAGES; /* perhaps set past the bound: unknown */
	*ret = m->pages[m->page[k]][key & 15];
	return true;
}
