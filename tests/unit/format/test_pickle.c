/* The pickle engine against every trick it must see through: each case is a stream as bytes, the
 * global that must be found and what must have been done with it. Nothing here is ever loaded. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "format/pickle.h"
#include "io/view.h"

struct run {
	struct au_arena *a;
	struct au_pickle p;
};

static struct run scan(const void *p, size_t n)
{
	struct au_pickle_opts o = { .sweep = true };
	struct run r = { .a = au_arena_new() };

	au_pickle_scan(au_view_mem(r.a, p, n), r.a, r.a, &o, &r.p);
	return r;
}

static const struct au_pickle_ref *ref(const struct run *r, const char *module, const char *name)
{
	for (size_t i = 0; i < r->p.n_refs; i++)
		if (!strcmp(r->p.refs[i].module, module) && !strcmp(r->p.refs[i].name, name))
			return &r->p.refs[i];
	return NULL;
}

#define CALLS "cos\nsystem\nU\x02id\x85R"

struct trick {
	const char *what, *bytes;
	size_t n;
	const char *module, *name;
	unsigned reach, done;
};
#define T(what, bytes, module, name, reach, done) { what, bytes, sizeof(bytes) - 1, module, name, \
	AU_PICKLE_##reach, AU_PICKLE_##done }

static const struct trick tricks[] = {
	T("protocol 0", "cos\nsystem\n(S'id'\ntR.", "os", "system", REACHED, CALL),
	T("INST", "(S'id'\nios\nsystem\n.", "os", "system", REACHED, CALL),
	T("OBJ", "(cos\nsystem\nS'id'\no.", "os", "system", REACHED, CALL),
	T("OBJ thrown away", "(cos\nsystem\nS'id'\no0N.", "os", "system", REACHED, CALL),
	T("NEWOBJ", "\x80\x02" "csubprocess\nPopen\nU\x02id\x85\x81.", "subprocess", "Popen", REACHED, NEW),
	T("NEWOBJ_EX", "\x80\x04" "csubprocess\nPopen\nU\x02id\x85}\x92.", "subprocess", "Popen", REACHED, NEW),
	T("__newobj__ by REDUCE", "\x80\x02" "ccopyreg\n__newobj__\ncsubprocess\nPopen\nU\x02id\x86R.", "subprocess",
	  "Popen", REACHED, NEW),
	T("STACK_GLOBAL", "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.", "os", "system", REACHED, CALL),
	T("operands by SHORT_BINSTRING", "\x80\x04U\x02osU\x06system\x93)R.", "os", "system", REACHED, CALL),
	T("dotted", "\x80\x04\x8c\x07pathlib\x8c\x09os.system\x93)R.", "pathlib", "os.system", REACHED, CALL),
	T("UNICODE escapes", "\x80\x04V\\u006f\\u0073\n\x8c\x06system\x93)R.", "os", "system", REACHED, CALL),
	T("STRING escapes", "\x80\x04S'\\x6f\\163'\n\x8c\x06system\x93)R.", "os", "system", REACHED, CALL),
	T("memo out of order", "\x80\x04\x8c\x06systemq\x09" "0\x8c\x02osq\x01" "0h\x01h\x09\x93)R.", "os", "system",
	  REACHED, CALL),
	T("memo slot overwritten", "\x80\x04\x8c\x04mathq\x01" "0\x8c\x02osq\x01" "0h\x01\x8c\x06system\x93)R.", "os",
	  "system", REACHED, CALL),
	T("MEMOIZE counts entries", "\x80\x04Nq\x05" "0\x8c\x02os\x94" "0h\x01\x8c\x06system\x93)R.", "os", "system",
	  REACHED, CALL),
	T("sparse memo", "\x80\x04\x8c\x02osr\xff\xff\xff\x7f" "0j\xff\xff\xff\x7f\x8c\x06system\x93)R.", "os", "system",
	  REACHED, CALL),
	T("memo keys with sign and blank", "\x80\x04\x8c\x02osp +1_0\n0g010\n\x8c\x06system\x93)R.", "os", "system",
	  REACHED, CALL),
	T("decoys between operands", "\x80\x04\x8c\x02os20(K\x01K\x02" "1(0\x8c\x06systemN0\x93)R.", "os", "system",
	  REACHED, CALL),
	T("integers in base 0", "I0x10\n0L0o17L\n0" CALLS ".", "os", "system", REACHED, CALL),
	T("broken behind the call", CALLS "\xff", "os", "system", REACHED, CALL),
	T("cut behind the call", "\x80\x04" CALLS, "os", "system", REACHED, CALL),
	T("call behind an underflow", "\x80\x02" "0" CALLS ".", "os", "system", UNREACHED, CALL),
	T("second stream", "N." CALLS ".", "os", "system", REACHED, CALL),
	T("second stream behind junk", "\x80\x02N.junk--\x80\x02" CALLS ".", "os", "system", SWEPT, CALL),
	T("text global behind an error", "\x80\x02N\xff--cos\nsystem\n(S'id'\ntR.", "os", "system", SWEPT, IMPORT),
	T("nested in bytes", "\x80\x04" "C\x17\x80\x02" CALLS "N0N0N0.0N.", "os", "system", NESTED, CALL),
	T("nested in text", "\x80\x02X\x19\0\0\0\xc2\x80\x02" "cos\nsystem\nU\x02id\xc2\x85R.0N.", "os", "system", NESTED,
	  CALL),
	T("BUILD on a global", "\x80\x02" "ccollections\nCounter\n}U\x08__init__cos\nsystem\nsb.", "collections",
	  "Counter", REACHED, BUILD),
	T("items into a global", "\x80\x02" "csys\nmodules\nU\x01xNs.", "sys", "modules", REACHED, MUTATE),
	T("append to a global", "\x80\x02" "csys\npath\nU\x01xa.", "sys", "path", REACHED, MUTATE),
	T("passed to a call", "\x80\x02" "cbuiltins\nmap\ncos\nsystem\n]\x86R.", "os", "system", REACHED, PASS),
	T("module by persistent id", "\x80\x02(U\x06modulecos\nsystem\nNNtQU\x02id\x85R.", "os", "system", REACHED, CALL),
	T("behind a joblib array", "\x80\x02" "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(U\x05shapeK\x02\x85"
	  "U\x05" "dtypecnumpy\ndtype\nU\x02" "f8\x85RubABCDEFGHIJKLMNOP0" CALLS ".", "os", "system", REACHED, CALL),
	T("in an opcode over the frame's end", "\x80\x04\x95\x02\0\0\0\0\0\0\0" "C\x17\x80\x02" CALLS "N0N0N0.0N.", "os",
	  "system", SWEPT, CALL),
};

static void finds_every_trick(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tricks) / sizeof(*tricks); i++) {
		const struct trick *t = &tricks[i];
		struct run r = scan(t->bytes, t->n);
		const struct au_pickle_ref *x = ref(&r, t->module, t->name);

		if (!x || !(x->done[t->reach] & t->done))
			fail_msg("%s: %s.%s %s", t->what, t->module, t->name, x ? "is not done so" : "is not found");
		au_arena_free(r.a);
	}
}

struct odd {
	const char *what, *bytes;
	size_t n;
	enum au_pickle_note_kind kind;
};
#define O(what, bytes, kind) { what, bytes, sizeof(bytes) - 1, kind }

static const struct odd odds[] = {
	O("extension", "\x80\x02\x82\xf0.", AU_PN_EXT), O("extension called", "\x80\x02\x82\xf0)R.", AU_PN_EXT_CALL),
	O("computed module", "\x80\x04" "cbuiltins\nstr\nU\x05posix\x85R\x8c\x06system\x93.", AU_PN_DYNAMIC_GLOBAL),
	O("bytes as a name", "\x80\x04" "C\x02os\x8c\x06system\x93.", AU_PN_CONFUSION),
	O("call of a call", "\x80\x02" "cbuiltins\ndict\n)R)R.", AU_PN_COMPUTED),
	O("items into a tensor", "\x80\x02" "ctorch._utils\n_rebuild_tensor_v2\n)RK\x01K\x02s.", AU_PN_TENSOR_ITEM),
	O("frame straddled", "\x80\x04\x95\x02\0\0\0\0\0\0\0" "C\x04NNNN.", AU_PN_FRAME),
	O("frame too long", "\x80\x04\x95\xff\0\0\0\0\0\0\0N.", AU_PN_FRAME),
	O("frame in a frame", "\x80\x04\x95\x0b\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N.", AU_PN_FRAME),
	O("underflow", "\x80\x02R.", AU_PN_ERROR), O("no mark", "\x80\x02Nt.", AU_PN_ERROR),
	O("unset memo", "\x80\x02h\x05.", AU_PN_ERROR), O("protocol 6", "\x80\x06N.", AU_PN_ERROR),
	O("negative length", "\x80\x02T\xff\xff\xff\xff", AU_PN_ERROR), O("cut short", "\x80\x02N", AU_PN_ERROR),
	O("hexadecimal", "I0x10\n.", AU_PN_INT), O("late header", "N0\x80\x02N.", AU_PN_PROTO),
	O("tail", "\x80\x02N.\xfftail", AU_PN_TRAILING), O("huge slot", "\x80\x02Nr\xff\xff\xff\x7f.", AU_PN_RESOURCE),
};

static void notes_every_oddity(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(odds) / sizeof(*odds); i++) {
		struct run r = scan(odds[i].bytes, odds[i].n);

		if (!r.p.note_counts[odds[i].kind])
			fail_msg("%s: not noted", odds[i].what);
		au_arena_free(r.a);
	}
}

static void laughs_are_weighed(void **state)
{
	struct au_buf b;
	struct run r;

	(void)state;
	au_buf_init(&b, 4096);
	au_buf_add(&b, "\x80\x04]\x94", 4);
	for (uint8_t i = 0; i < 20; i++) {
		au_buf_str(&b, "](");
		for (int k = 0; k < 10; k++) {
			au_buf_byte(&b, 'h');
			au_buf_byte(&b, i);
		}
		au_buf_str(&b, "e\x94");
	}
	au_buf_byte(&b, '.');
	r = scan(b.p, b.len);
	assert_true(r.p.note_counts[AU_PN_RESOURCE] > 0);
	au_arena_free(r.a);
	au_buf_release(&b);
}

/* Stated once by hand: the shapes that benign files have must stay without a note. */
static void ordinary_streams_are_silent(void **state)
{
	static const struct odd plain[] = {
		O("dict", "\x80\x04\x95\x09\0\0\0\0\0\0\0}\x94\x8c\x01" "aK\x01s.", 0),
		O("text", "(dp0\nS'a'\np1\nI1\nsS'b'\np2\nF1.5\ns.", 0),
		O("object", "\x80\x02" "ccollections\nOrderedDict\nq\0)Rq\x01X\x01\0\0\0aK\x01s.", 0),
		O("newline behind", "\x80\x02N.\n", 0),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		struct run r = scan(plain[i].bytes, plain[i].n);

		if (r.p.n_notes || !r.p.first_ok)
			fail_msg("%s: %s", plain[i].what, r.p.n_notes ? r.p.notes[0].text : "not ended");
		au_arena_free(r.a);
	}
}

static void sniffs(void **state)
{
	static const char *const yes[] = { "cos\nsystem\n(S'id'\ntR.", "(lp0\nI1\naI2\na.", "\x80\x04N.",
					   "cbuiltins\nexec\n(Xabcd" };
	static const char *const no[] = { "cat\ndog\nbird\n", "absolute nonsense", "Install it\nNow.\n", "(((((((",
					  "{\"a\": 1}", "import os\n", "PK\3\4", "\x80\xff\xff\xff", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (au_pickle_sniff((const uint8_t *)yes[i], strlen(yes[i])) < 60)
			fail_msg("not taken for a pickle: %s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (au_pickle_sniff((const uint8_t *)no[i], strlen(no[i])) >= 60)
			fail_msg("taken for a pickle: %s", no[i]);
}

static void decompiles(void **state)
{
	static const char bytes[] = "\x80\x02" "cos\nsystem\nU\x02id\x85R.";
	struct au_arena *a = au_arena_new();
	struct au_buf b;

	(void)state;
	au_buf_init(&b, 4096);
	assert_int_equal(au_pickle_decompile(au_view_mem(a, bytes, sizeof(bytes) - 1), &b), AU_OK);
	assert_non_null(strstr(au_buf_cstr(&b), "2: GLOBAL 'os' 'system'"));
	assert_non_null(strstr(au_buf_cstr(&b), "REDUCE"));
	au_buf_release(&b);
	au_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_trick), cmocka_unit_test(notes_every_oddity),
		cmocka_unit_test(laughs_are_weighed), cmocka_unit_test(ordinary_streams_are_silent),
		cmocka_unit_test(sniffs), cmocka_unit_test(decompiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
