/* Inside of the pickle engine, shared by its files. */
#ifndef AU_FORMAT_PICKLE_VM_H
#define AU_FORMAT_PICKLE_VM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "format/pickle.h"

enum {
	PK_NAME_MAX = 4096,            /* a module or attribute name */
	PK_DECODE_MAX = 1024 * 1024,   /* a literal that is decoded to look inside */
	PK_STACK_MAX = 1000000,
	PK_MEMO_PAGES = 65536,        /* of 16 slots */
	PK_OBJ_MAX = 131072,           /* live containers that are told apart */
	PK_REFS_MAX = 65536,
	PK_PASSES_MAX = 4096,
	PK_NOTES_EACH = 24,            /* notes kept of one kind */
	PK_NEST_MAX = 8,
	PK_ARGS_MAX = 240,
};
#define PK_OPS_MAX 100000000ULL        /* of one stream */
#define PK_STREAMS_MAX 1000000ULL
#define PK_TRIAL_OPS 10000000ULL        /* spent on streams that searching turned up */
#define PK_WEIGHT_MAX 1000000000ULL    /* expanded objects; real files stay far below */

#define PK_AT(v, type, i) (((type *)(v)->p)[i])

/* Operands of an opcode. */
enum pk_arg {
	PK_A_NONE, PK_A_U1, PK_A_U2, PK_A_I4, PK_A_U4, PK_A_F8, PK_A_U8,
	PK_A_LINE, PK_A_LINE2, PK_A_S1, PK_A_S4, PK_A_S8, PK_A_S4S /* signed length */, PK_A_BAD,
};

struct pk_opinfo {
	const char *name;
	uint8_t arg, proto;
};
extern const struct pk_opinfo pk_ops[256];

/* Reading position over a view, with the window it last saw. */
struct pk_cur {
	struct au_view *v;
	const uint8_t *p;       /* window */
	uint64_t base, len;     /* of the window */
	uint64_t pos, end;      /* end of the readable range */
};

/* A decoded opcode: where its operands lie. */
struct pk_in {
	uint8_t op;
	uint64_t at, next;
	uint64_t num;           /* numeric operand (raw bits) */
	uint64_t off, len;      /* literal or first line */
	uint64_t off2, len2;    /* second line */
};

void pk_cur_init(struct pk_cur *c, struct au_view *v, uint64_t at, uint64_t end);
/* Decode the opcode at c->pos without moving it. False: unknown opcode or cut short, *ret_why. */
bool pk_decode(struct pk_cur *c, struct pk_in *in, const char **ret_why);
/* Copy of bytes, at most max; through the window when they are in it. */
size_t pk_copy(struct pk_cur *c, uint64_t off, uint64_t len, void *p, size_t max);

enum pk_kind {
	PK_UNKNOWN, PK_NONE, PK_BOOL, PK_INT, PK_FLOAT, PK_STR, PK_BYTES, PK_GLOBAL, PK_EXT, PK_PERSID,
	PK_LIST, PK_DICT, PK_SET, PK_TUPLE, PK_CALL, PK_WRAPPER /* joblib array wrapper instance */,
};
/* How a string's bytes are to be read. */
enum pk_enc { PK_E_UTF8, PK_E_LATIN1, PK_E_RAWUNI, PK_E_ESCAPE };

struct pk_val {
	uint8_t kind, enc;
	uint16_t flags;
	uint32_t a;             /* object, ref, ext code; low half of a string's length */
	uint64_t b;             /* string's offset; number */
};

enum { PK_ITEMS = 8 };
/* A container or call result; slot 0 is the anonymous one. */
struct pk_obj {
	uint64_t weight;
	uint32_t n;             /* items of a tuple */
	uint32_t callee;        /* ref + 1 of a call's global, 0 computed */
	uint32_t extra;         /* storage or tensor or array-info number + 1 */
	bool mark, live, all_int;
	uint64_t prod;          /* product of a tuple's ints */
	struct pk_val it[PK_ITEMS]; /* first items of a tuple */
};

/* State of a joblib wrapper as its dict states it. */
struct pk_array {
	uint64_t count, itemsize, align;
	bool object, has_shape, has_dtype, odd;
};

struct pk_memo {
	uint64_t *keys;         /* page number + 1 */
	struct pk_val (*pages)[16];
	uint32_t *page;
	size_t n_slots, n_pages, cap_pages;
	uint64_t count;         /* distinct slots set: MEMOIZE's next */
	uint16_t *used;
	bool full;
};

struct pk_out {                 /* shared by a scan and its nested ones */
	struct au_arena *a;
	struct au_vec refs, passes, notes, storages, tensors;
	struct au_map ref_map, pass_map;
	struct au_pickle *res;
	uint64_t cost;          /* opcodes left for trials and nested pickles */
};

struct pk_vm {
	struct pk_cur c;
	struct pk_out *out;
	struct au_arena *scratch;
	const struct au_pickle_opts *o;
	struct au_vec stack, marks, objs, arrays;
	uint32_t *free_objs;
	size_t n_free;
	struct pk_memo memo;
	uint64_t size, frame_end, ops;
	uint8_t reach;
	unsigned depth, proto;
	uint64_t fixed;         /* in a decoded literal: its place stands for all offsets */
	bool broken, heavy, stop, charged; /* charged: a trial or a nested pickle */
	struct pk_in in;
};

/* pickle_value.c: stack, marks, memo, objects. */
void pk_vm_init(struct pk_vm *vm, struct au_view *v, struct pk_out *out, struct au_arena *scratch,
		const struct au_pickle_opts *o);
void pk_vm_release(struct pk_vm *vm);
void pk_vm_clear(struct pk_vm *vm); /* a new stream: stack, marks and memo are empty */
void pk_push(struct pk_vm *vm, struct pk_val v);
struct pk_val pk_pop(struct pk_vm *vm);
struct pk_val *pk_top(struct pk_vm *vm);
/* Items above the last mark (which is taken away): index of the first; n in *ret_n. */
struct pk_val *pk_marked(struct pk_vm *vm, size_t *ret_n);
void pk_drop(struct pk_vm *vm, size_t n);
struct pk_val pk_new(struct pk_vm *vm, enum pk_kind kind);
struct pk_obj *pk_obj(struct pk_vm *vm, struct pk_val v);
void pk_weigh(struct pk_vm *vm, struct pk_val in, struct pk_val item);
bool pk_put(struct pk_vm *vm, uint64_t key, struct pk_val v);
bool pk_get(struct pk_vm *vm, uint64_t key, struct pk_val *ret);

/* pickle_text.c: text operands. */
bool pk_index(const char *s, size_t n, uint64_t *ret);          /* PUT, GET */
bool pk_int(const char *s, size_t n, int64_t *ret, bool *ret_odd); /* INT, LONG; base 0 */
/* Bytes of a string value as UTF-8 (or as they are) into b; at most max source bytes. */
void pk_text(struct pk_cur *c, struct pk_val v, uint64_t len, struct au_buf *b, size_t max);
uint64_t pk_len(struct pk_val v);
struct pk_val pk_str(enum pk_kind kind, enum pk_enc enc, uint64_t off, uint64_t len);

/* pickle_note.c: refs, notes, evidence. */
uint32_t pk_ref(struct pk_vm *vm, const char *module, size_t mlen, const char *name, size_t nlen);
struct au_pickle_ref *pk_ref_at(struct pk_vm *vm, uint32_t i);
uint64_t pk_place(const struct pk_vm *vm);
void pk_do(struct pk_vm *vm, uint32_t ref, unsigned what);
bool pk_is(struct pk_vm *vm, uint32_t ref, const char *module, const char *name);
void pk_args(struct pk_vm *vm, uint32_t ref, struct pk_val args, const struct pk_val *items, size_t n);
void pk_pass(struct pk_vm *vm, uint32_t callee, uint32_t arg, bool first);
void pk_note(struct pk_vm *vm, enum au_pickle_note_kind k, uint64_t at, uint64_t num, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* A VM error: told once a stream; what follows is unreached. */
void pk_error(struct pk_vm *vm, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pk_show(struct pk_vm *vm, struct pk_val v, struct au_buf *b, unsigned depth);

/* pickle_call.c: what is imported, called, built. */
void pk_global(struct pk_vm *vm, struct pk_val module, struct pk_val name);
struct pk_val pk_global_lines(struct pk_vm *vm);
void pk_reduce(struct pk_vm *vm);
void pk_call_marked(struct pk_vm *vm, bool inst);
void pk_newobj(struct pk_vm *vm, bool ex);
void pk_build(struct pk_vm *vm);
void pk_items(struct pk_vm *vm, struct pk_val target, const struct pk_val *items, size_t n, bool pairs);
void pk_persid(struct pk_vm *vm, struct pk_val id);

/* pickle_array.c: joblib's arrays inside the stream, torch's storages and tensors. */
void pk_array_item(struct pk_vm *vm, struct pk_val dict, struct pk_val key, struct pk_val value);
void pk_array_build(struct pk_vm *vm, struct pk_val inst, struct pk_val state);
void pk_torch_call(struct pk_vm *vm, uint32_t ref, const struct pk_obj *args, const struct pk_val *ret);
void pk_torch_name(struct pk_vm *vm, struct pk_val key, struct pk_val value);
bool pk_torch_persid(struct pk_vm *vm, struct pk_val id, struct pk_val *ret);

/* pickle_exec.c: one stream from vm->c.pos; true when it ended with STOP. */
bool pk_run(struct pk_vm *vm, uint64_t max_ops);
/* pickle_sweep.c: search [from, to) for globals and streams. */
void pk_sweep(struct pk_vm *vm, uint64_t from, uint64_t to);
/* pickle_blob.c: look into a literal for a pickle or bytecode, bare or wrapped. */
void pk_sniff_literal(struct pk_vm *vm, struct pk_val v);
/* A machine of the same scan over v from at; NULL when nested too deep. pk_vm_release and au_xfree. */
struct pk_vm *pk_sub(struct pk_vm *vm, struct au_view *v, uint64_t at, uint8_t reach);

#endif
