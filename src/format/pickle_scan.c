/* Streams of a pickle file one behind the other, and the question whether bytes are a pickle. */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "format/pickle_vm.h"
#include "io/view.h"

/* torch.save of the old kind begins with this number. */
static const uint8_t torch_magic[] = { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50,
				       0x19, '.' };

struct sniff {
	size_t depth, marks, n;
	size_t at_mark[64];
	bool global, call, put;
};

static bool is_word(const uint8_t *p, size_t n)
{
	if (!n || n > 512 || isdigit(p[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum(p[i]) && p[i] != '_' && p[i] != '.' && p[i] < 0x80 && p[i] != '\r')
			return false;
	return true;
}

static bool good_line(const uint8_t *head, const struct pk_in *in)
{
	const uint8_t *p = head + in->off;
	bool odd;
	int64_t v;
	uint64_t key;
	size_t n = (size_t)in->len;

	switch (in->op) {
	case 'I':
	case 'L':
		if (in->op == 'L' && n && p[n - 1] == 'L')
			n--;
		return pk_int((const char *)p, n, &v, &odd) || n > 4300;
	case 'F':
		return n && strspn((const char *)p, "+-.0123456789eEinfaNINFA") >= n;
	case 'p':
	case 'g':
		return pk_index((const char *)p, n, &key);
	case 'S':
		return n >= 2 && p[0] == p[n - 1] && (p[0] == '\'' || p[0] == '"');
	case 'c':
	case 'i':
		return is_word(p, n) && is_word(head + in->off2, (size_t)in->len2);
	default:
		return true;
	}
}

/* Values an opcode takes and gives; false when they are not there. */
static bool effect(struct sniff *s, uint8_t op)
{
	static const char pushes[] = "IJKLMNSTUVXFGBC])}cPhgj\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x82\x83\x84\x96\x97";
	size_t take = 0, base = s->marks ? s->at_mark[s->marks - 1] : 0;

	if (strchr(pushes, op)) {
		s->depth++;
		return true;
	}
	switch (op) {
	case '(':
		if (s->marks == 64)
			return false;
		s->at_mark[s->marks++] = s->depth;
		return true;
	case 't': case 'l': case 'd': case 0x91: case 'i': case 'o': case 'e': case 'u': case 0x90: case '1':
		if (!s->marks || (op == 'o' && s->depth == base) || (strchr("eu\x90", op) && !base))
			return false;
		s->marks--;
		s->depth = base + (strchr("tldio\x91", op) ? 1 : 0);
		return true;
	case '0':
		if (s->marks && s->depth == base)
			s->marks--;
		else if (s->depth > base)
			s->depth--;
		else
			return false;
		return true;
	case 'a': case 'b': case 'R': case 0x81: case 0x93: take = 2; break;
	case 's': case 0x92: case 0x87: take = 3; break;
	case 0x86: take = 2; break;
	case 'p': case 'q': case 'r': case '2': case 'Q': case 0x85: case '.': case 0x94: case 0x98: take = 1; break;
	default: return true;
	}
	if (s->depth - base < take)
		return false;
	if (op == 's')
		take = 3;
	s->depth -= op == 'p' || op == 'q' || op == 'r' || op == 0x94 || op == 0x98 ? 0 : take - 1;
	s->depth += op == '2';
	return true;
}

/* Text that begins with the import of a module nobody else would begin a text with. */
static bool telling(const uint8_t *p, size_t n)
{
	static const char *const starts[] = { "cos\n", "cposix\n", "cnt\n", "csubprocess\n", "cbuiltins\n",
					      "c__builtin__\n", "csys\n", "ccopyreg\n", "ccopy_reg\n",
					      "cimportlib\n", "crunpy\n", "csocket\n", "ctorch", "cnumpy", NULL };

	for (size_t i = 0; starts[i]; i++)
		if (n > strlen(starts[i]) && !memcmp(p, starts[i], strlen(starts[i])))
			return true;
	return false;
}

int au_pickle_sniff(const uint8_t *p, size_t n)
{
	struct sniff s = { 0 };
	struct pk_in in = { 0 };
	struct pk_cur c = { .p = p, .len = n, .end = n };
	bool binary = n >= 3 && p[0] == 0x80 && p[1] <= 5, cut = false, stop = false, dotted = false;
	const char *why = "";

	while (c.pos < n && !stop) {
		if (!pk_decode(&c, &in, &why)) {
			/* the head may just be too short */
			cut = pk_ops[in.op].name && !strstr(why, "negative") && s.n;
			break;
		}
		if (!good_line(p, &in) || !effect(&s, in.op))
			break;
		s.global |= in.op == 'c' || in.op == 'i' || in.op == 0x93;
		s.call |= s.global && strchr("Rio\x81\x92" "b", in.op) != NULL;
		dotted |= in.op != '.' && in.op != 'N';
		stop = in.op == '.';
		s.n++;
		c.pos = in.next;
	}
	if (binary)
		return s.n >= 3 || (stop && s.n > 1) ? 100 : s.n == 2 || (p[1] >= 2 && pk_ops[p[2]].name) ? 80 : 0;
	if (!s.n || p[0] >= 0x80)
		return n > 4 && p[0] == 0x80 && s.n > 4 ? 60 : 0;
	if (s.call || (s.global && (stop || (cut && s.n >= 2))))
		return 90;
	if (telling(p, n))
		return 60;
	if (stop && s.n >= 2 && dotted && c.pos == n)
		return 80;
	return s.n >= 12 && (cut || c.pos == n) ? 70 : 0;
}

static void rest(struct pk_vm *vm, uint64_t at, bool told)
{
	uint64_t size = au_view_size(vm->c.v), i = at;
	uint8_t b;

	while (i < size && i - at < 64 && pk_copy(&vm->c, i, 1, &b, 1) == 1 && (isspace(b) || !b))
		i++;
	if (i == size || at >= size)
		return;
	if (!told)
		pk_note(vm, AU_PN_TRAILING, at, size - at, "%" PRIu64 " bytes behind the last stream", size - at);
	if (vm->o->sweep)
		pk_sweep(vm, at, size);
}

/* Another stream begins right here. */
static bool another(struct pk_vm *vm, uint64_t at)
{
	uint8_t h[3] = { 0 };

	if (pk_copy(&vm->c, at, 2, h, 2) != 2)
		return false;
	pk_copy(&vm->c, at + 2, 1, h + 2, 1);
	if (h[0] == 0x80)
		return h[1] >= 2 && h[1] <= 5 && pk_ops[h[2]].name;
	return pk_ops[h[0]].name && h[0] < 0x80 && au_pickle_skim(vm->c.v, at, PK_TRIAL_OPS, NULL);
}

static void run_streams(struct pk_vm *vm, struct au_pickle *r)
{
	uint64_t at = vm->o->start, size = au_view_size(vm->c.v);
	const uint8_t *p = au_view_need(vm->c.v, at, sizeof(torch_magic));

	r->torch_legacy = p && !memcmp(p, torch_magic, sizeof(torch_magic));
	for (;;) {
		bool ok;

		vm->c.pos = at;
		ok = pk_run(vm, PK_OPS_MAX);
		r->streams++;
		if (r->streams == 1)
			r->first_ok = ok;
		if (!ok) {
			rest(vm, vm->c.pos < size && vm->c.pos > at ? vm->c.pos : at + 1, true);
			return;
		}
		at = r->end = vm->c.pos;
		if (vm->o->max_streams && r->streams == vm->o->max_streams)
			return;
		if (r->streams == PK_STREAMS_MAX) {
			pk_note(vm, AU_PN_CUT, at, r->streams, "more than %llu streams",
				(unsigned long long)PK_STREAMS_MAX);
			break;
		}
		if (at >= size || !another(vm, at))
			break;
	}
	rest(vm, at, false);
}

static const void *keep(struct au_arena *a, struct au_vec *v, size_t *ret_n)
{
	const void *p = au_arena_dup(a, v->p ? v->p : "", v->n * v->size);

	*ret_n = v->n;
	au_vec_release(v);
	return p;
}

int au_pickle_scan(struct au_view *v, struct au_arena *a, struct au_arena *scratch,
		   const struct au_pickle_opts *o, struct au_pickle *ret)
{
	struct pk_out out = { .a = a, .res = ret, .cost = PK_TRIAL_OPS };
	struct pk_vm *vm = au_xalloc(sizeof(*vm));

	memset(ret, 0, sizeof(*ret));
	au_vec_init(&out.refs, sizeof(struct au_pickle_ref), PK_REFS_MAX);
	au_vec_init(&out.passes, sizeof(struct au_pickle_pass), PK_PASSES_MAX);
	au_vec_init(&out.notes, sizeof(struct au_pickle_note), PK_NOTES_EACH * AU_PN_N);
	au_vec_init(&out.storages, sizeof(struct au_pickle_storage), 1000000);
	au_vec_init(&out.tensors, sizeof(struct au_pickle_tensor), 200000);
	au_map_init(&out.ref_map, scratch);
	au_map_init(&out.pass_map, scratch);
	pk_vm_init(vm, v, &out, scratch, o);
	run_streams(vm, ret);
	pk_vm_release(vm);
	au_xfree(vm);
	ret->refs = keep(a, &out.refs, &ret->n_refs);
	ret->passes = keep(a, &out.passes, &ret->n_passes);
	ret->notes = keep(a, &out.notes, &ret->n_notes);
	ret->storages = keep(a, &out.storages, &ret->n_storages);
	ret->tensors = keep(a, &out.tensors, &ret->n_tensors);
	if (au_view_failed(v))
		return AU_IO;
	return ret->note_counts[AU_PN_CUT] ? AU_LIMIT : AU_OK;
}
