/* The gate's verdict, waivers and baselines over made-up findings. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "policy/baseline.h"
#include "policy/gate.h"
#include "policy/waiver.h"

static const struct au_rule rules[] = {
	{ "AAA-ONE", AU_SAFETY, AU_HIGH, "t", "w", "f" },
	{ "BBB-TWO", AU_SAFETY, AU_CRITICAL, "t", "w", "f" },
	{ "CCC-THREE", AU_LICENCE, AU_LOW, "t", "w", "f" },
	{ "POL-LICENCE-REVIEW", AU_LICENCE, AU_MEDIUM, "t", "w", "f" },
};

struct world {
	struct au_arena *a;
	struct au_audit audit;
	struct au_run run;
	struct au_entry *e;
};

static void add(struct world *w, const struct au_rule *r, const char *key)
{
	struct au_finding *f = AU_NEW(w->a, struct au_finding);

	f->rule = r;
	f->sev = r->sev;
	f->entry = w->e;
	f->key = key;
	f->message = "m.";
	au_fingerprint(r->id, w->e->path, key, f->fingerprint);
	w->audit.findings[w->audit.n_findings++] = f;
}

static void init(struct world *w)
{
	*w = (struct world){ .a = au_arena_new() };
	w->audit = (struct au_audit){ .arena = w->a, .run = &w->run };
	w->audit.findings = AU_ARRAY(w->a, struct au_finding *, 16);
	w->audit.entries = AU_ARRAY(w->a, struct au_entry *, 1);
	w->audit.coverage = AU_ARRAY(w->a, struct au_coverage *, 4);
	w->e = AU_NEW(w->a, struct au_entry);
	w->e->name = w->e->path = "models/legacy/a.bin!/data.pkl";
	w->e->hashed = true;
	memset(w->e->sha256, 0xab, 32);
	w->audit.entries[w->audit.n_entries++] = w->e;
	add(w, &rules[0], "os.system");
	add(w, &rules[1], "exec");
	add(w, &rules[2], "MIT");
}

static struct au_gate judge(struct world *w, const struct au_policy *p, struct au_gate_options o)
{
	struct au_gate g;

	au_gate_judge(w->a, p, &o, &w->audit, &g);
	return g;
}

static void verdicts(void **state)
{
	struct au_policy *p;
	struct world w;
	struct au_gate g;

	(void)state;
	init(&w);
	p = au_policy_new(w.a);
	g = judge(&w, p, (struct au_gate_options){ 0 });
	assert_int_equal(g.exit_code, AU_GATE_FAIL);
	assert_int_equal(g.failing, 2);
	assert_string_equal(g.reasons[0], "2 findings at high or above.");
	g = judge(&w, p, (struct au_gate_options){ .fail_on_said = true, .fail_on = -1 });
	assert_int_equal(g.exit_code, AU_GATE_PASS);
	w.audit.n_findings = 0;
	w.audit.coverage[w.audit.n_coverage++] = AU_NEW(w.a, struct au_coverage);
	assert_int_equal(judge(&w, p, (struct au_gate_options){ 0 }).exit_code, AU_GATE_INCOMPLETE);
	assert_int_equal(judge(&w, p, (struct au_gate_options){ .allow_incomplete = true }).exit_code, AU_GATE_PASS);
	p->incomplete_fails = false;
	assert_int_equal(judge(&w, p, (struct au_gate_options){ 0 }).exit_code, AU_GATE_PASS);
	w.audit.coverage[0]->benign = true;
	w.audit.n_entries = 0;
	assert_int_equal(judge(&w, p, (struct au_gate_options){ 0 }).exit_code, AU_GATE_EMPTY);
	add(&w, &rules[3], "MPL-2.0");
	assert_int_equal(judge(&w, p, (struct au_gate_options){ .fail_licence = 1U << AU_LEVEL_REVIEW }).exit_code,
			 AU_GATE_FAIL);
	au_arena_free(w.a);
}

static int read_waivers(struct world *w, const char *text, struct au_waivers *ret, struct au_policy_error *err)
{
	return au_waivers_read(w->a, au_policy_new(w->a), "w.yaml", text, strlen(text), "2026-06-01", ret, err);
}

#define WHO "    reason: \"Loaded only by the converter.\"\n    owner: ml@example.org\n"

static void waivers(void **state)
{
	static const char text[] =
		"version: 1\nwaivers:\n  - id: W-1\n    rule: AAA-ONE\n    path: \"models/legacy/*.bin!/data.pkl\"\n" WHO
		"    expires: 2026-06-10\n"
		"  - id: W-2\n    rule: BBB-TWO\n    path: \"models/**\"\n" WHO "    expires: 2026-12-31\n"
		"  - id: W-3\n    rule: BBB-TWO\n    sha256: abababababababababababababababababababababababababababababababab\n"
		WHO "    expires: 2026-12-31\n"
		"  - id: W-4\n    rule: CCC-THREE\n    path: \"**\"\n" WHO "    expires: 2026-05-31\n";
	struct au_policy_error err = { 0 };
	struct au_waivers ws;
	struct au_arena *first;
	struct world w;

	(void)state;
	init(&w);
	if (read_waivers(&w, text, &ws, &err) != AU_OK)
		fail_msg("%u: %s", err.line, err.what);
	au_waivers_apply(&ws, &w.audit, "2026-06-01");
	assert_int_equal(ws.list[0].state, AU_WAIVER_DUE);
	assert_int_equal(ws.list[1].state, AU_WAIVER_UNUSED);   /* critical without a pin */
	assert_int_equal(ws.list[2].state, AU_WAIVER_IN_FORCE);
	assert_int_equal(ws.list[3].state, AU_WAIVER_EXPIRED);
	assert_int_equal(ws.list[3].used, 1);
	assert_int_equal(w.audit.findings[0]->state, AU_STATE_WAIVED);
	assert_string_equal(w.audit.findings[1]->waiver, "W-3");
	assert_int_equal(w.audit.findings[2]->state, AU_STATE_NEW);
	first = w.a; /* the waivers live in it */
	init(&w);
	w.e->sha256[0] ^= 1;    /* the file changed: the pin holds no more */
	au_waivers_apply(&ws, &w.audit, "2026-06-01");
	assert_int_equal(w.audit.findings[1]->state, AU_STATE_NEW);
	au_arena_free(w.a);
	au_arena_free(first);
}

static void bad_waivers(void **state)
{
	static const struct { const char *text; unsigned line; } bad[] = {
		{ "version: 1\nwaivers:\n- id: a\n  rule: X\n  path: p\n  reason: short\n  owner: o\n  expires: 2026-06-02\n", 6 },
		{ "version: 1\nwaivers:\n- id: a\n  rule: X\n  path: p\n  reason: long enough reason\n  owner: o\n", 3 },
		{ "version: 1\nwaivers:\n- id: a\n  rule: X\n  path: p\n  reason: long enough reason\n  owner: o\n  expires: 2026-02-30\n", 8 },
		{ "version: 1\nwaivers:\n- id: a\n  rule: X\n  path: p\n  reason: long enough reason\n  owner: o\n  expires: 2029-02-20\n", 8 },
		{ "version: 1\nwaivers:\n- id: a\n  path: p\n  reason: long enough reason\n  owner: o\n  expires: 2026-06-02\n", 3 },
		{ "version: 1\nwaivers:\n- id: a\n  rule: X\n  reason: long enough reason\n  owner: o\n  expires: 2026-06-02\n", 3 },
		{ "version: 1\nwaivers:\n- id: a\n  rul: X\n", 4 }, { "waivers: []\n", 1 },
	};
	struct world w;

	(void)state;
	init(&w);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct au_policy_error err = { 0 };
		struct au_waivers ws;

		assert_int_equal(read_waivers(&w, bad[i].text, &ws, &err), AU_BAD);
		if (err.line != bad[i].line)
			fail_msg("%s -> %u: %s", bad[i].text, err.line, err.what);
	}
	au_arena_free(w.a);
}

static void dates(void **state)
{
	long d = -1;

	(void)state;
	assert_true(au_date_days("1970-01-01", &d) && d == 0);
	assert_true(au_date_days("2000-02-29", &d) && d == 11016);
	assert_true(au_date_days("2026-11-24", &d) && d == 20781);
	assert_false(au_date_days("2025-02-29", &d));
	assert_false(au_date_days("2025-2-3", &d));
}

static void baseline(void **state)
{
	struct au_policy_error err = { 0 };
	struct au_baseline_diff diff;
	struct au_baseline b;
	struct au_buf out, again;
	struct world w;

	(void)state;
	init(&w);
	au_buf_init(&out, 1 << 20);
	au_buf_init(&again, 1 << 20);
	au_baseline_write(w.a, &w.audit, &out);
	assert_int_equal(au_baseline_read(w.a, "b", out.p, out.len, &b, &err), AU_OK);
	assert_int_equal(b.n, 3);
	w.audit.n_findings = 2;                 /* one is gone ... */
	add(&w, &rules[0], "subprocess.run");   /* ... and one is new */
	assert_int_equal(au_baseline_apply(&b, &w.audit), 2);
	au_baseline_compare(w.a, &b, &w.audit, &diff);
	assert_int_equal(diff.n_added, 1);
	assert_string_equal(diff.added[0]->key, "subprocess.run");
	assert_int_equal(diff.n_gone, 1);
	assert_string_equal(diff.gone[0]->rule, "CCC-THREE");
	assert_int_equal(diff.n_known, 2);
	au_baseline_prune(w.a, &b, &again);
	assert_int_equal(au_baseline_read(w.a, "b", again.p, again.len, &b, &err), AU_OK);
	assert_int_equal(b.n, 2);
	assert_int_equal(judge(&w, au_policy_new(w.a), (struct au_gate_options){ 0 }).failing, 1);
	au_buf_release(&out);
	au_buf_release(&again);
	au_arena_free(w.a);
}

static void fingerprints(void **state)
{
	uint8_t a[16], b[16];

	(void)state;
	au_fingerprint("R", "p", "k", a);
	au_fingerprint("R", "pk", "", b);
	assert_memory_not_equal(a, b, 16);
	au_fingerprint("R", "p", "k", b);
	assert_memory_equal(a, b, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts), cmocka_unit_test(waivers), cmocka_unit_test(bad_waivers),
		cmocka_unit_test(dates), cmocka_unit_test(baseline), cmocka_unit_test(fingerprints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
