/* Baselines; see baseline.h. */
#include "base/banned.h"
#include "policy/baseline.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/digest.h"
#include "io/json.h"
#include "policy/load.h"

void au_fingerprint(const char *rule, const char *path, const char *key, uint8_t ret[16])
{
	struct au_digest *d = au_digest_new(AU_SHA256);
	const char *const fields[] = { "v1", rule, path ? path : "", key ? key : "" };
	uint8_t sum[32];

	for (size_t i = 0; i < 4; i++)
		au_digest_update(d, fields[i], strlen(fields[i]) + (i < 3));
	au_digest_final(d, sum);
	memcpy(ret, sum, 16);
	au_digest_free(d);
}

const char *au_fingerprint_text(struct au_arena *a, const struct au_finding *f)
{
	char hex[33];

	au_hex(f->fingerprint, sizeof(f->fingerprint), hex);
	return f->repeat ? au_arena_fmt(a, "%s:%u", hex, f->repeat) : au_arena_str(a, hex);
}

static int by_print(const void *pa, const void *pb)
{
	const struct au_baseline_row *a = pa, *b = pb;

	return strcmp(a->fingerprint, b->fingerprint);
}

static bool rows(struct au_pol_load *l, const struct au_node *doc, struct au_baseline *b)
{
	static const char *const keys[] = { "version", "findings", NULL };
	static const char *const row_keys[] = { "fingerprint", "rule", "path", NULL };
	const struct au_node *list = au_node_get(doc, "findings"), *v = au_node_get(doc, "version");

	if (!au_pol_keys(l, doc, "the baseline", keys))
		return false;
	if (!v || !au_node_text(v) || strcmp(v->text, "1") != 0)
		return au_pol_fail(l, v ? v : doc, "the baseline's version is not 1");
	if (!list || list->type != AU_NODE_SEQ)
		return au_pol_fail(l, doc, "'findings' must be a list");
	b->rows = AU_ARRAY(l->a, struct au_baseline_row, list->n + 1);
	AU_EACH(c, list) {
		struct au_baseline_row *r = &b->rows[b->n];

		if (!au_pol_keys(l, c, "findings", row_keys))
			return false;
		r->fingerprint = au_node_str(c, "fingerprint");
		r->rule = au_node_str(c, "rule");
		r->path = au_node_str(c, "path");
		if (!r->fingerprint || strlen(r->fingerprint) < 32)
			return au_pol_fail(l, c, "a finding without a fingerprint");
		if (!r->rule)
			r->rule = "";
		if (!r->path)
			r->path = "";
		b->n++;
	}
	qsort(b->rows, b->n, sizeof(*b->rows), by_print);
	return true;
}

int au_baseline_read(struct au_arena *a, const char *name, const void *text, size_t n,
		     struct au_baseline *ret, struct au_policy_error *ret_err)
{
	struct au_policy_error err = { 0 };
	struct au_pol_load l = { .a = a, .file = au_arena_str(a, name), .err = &err };
	struct au_json_error jerr = { .line = 1, .col = 1 };
	struct au_baseline b = { 0 };
	struct au_node *doc = NULL, at;

	if (au_json_load(a, text, n, AU_DOC_NODES * 4, NULL, &doc, &jerr) != AU_OK) {
		at = (struct au_node){ .line = jerr.line, .col = jerr.col };
		au_pol_fail(&l, &at, "not readable as JSON: %s", jerr.what ? jerr.what : "too large");
	} else if (rows(&l, doc, &b)) {
		*ret = b;
		return AU_OK;
	}
	if (ret_err)
		*ret_err = err;
	return AU_BAD;
}

int au_baseline_read_file(struct au_arena *a, const char *path, struct au_baseline *ret,
			  struct au_policy_error *ret_err)
{
	const char *text;
	size_t n;

	if (au_pol_slurp(a, path, AU_BASELINE_BYTES, &text, &n) == AU_OK)
		return au_baseline_read(a, path, text, n, ret, ret_err);
	if (ret_err)
		*ret_err = (struct au_policy_error){ au_arena_str(a, path), "cannot be read", 1, 1 };
	return AU_IO;
}

static struct au_baseline_row *find(const struct au_baseline *b, const char *print)
{
	const struct au_baseline_row key = { .fingerprint = print };

	return b->n ? bsearch(&key, b->rows, b->n, sizeof(*b->rows), by_print) : NULL;
}

static bool belongs(const struct au_finding *f)
{
	return f->rule->kind != AU_COVERAGE && f->state != AU_STATE_WAIVED;
}

size_t au_baseline_apply(struct au_baseline *b, struct au_audit *audit)
{
	struct au_arena *a = au_arena_new();
	size_t n = 0;

	for (size_t i = 0; i < audit->n_findings; i++) {
		struct au_finding *f = audit->findings[i];
		struct au_baseline_row *r = f->rule->kind == AU_COVERAGE ? NULL : find(b, au_fingerprint_text(a, f));

		if (!r)
			continue;
		r->seen = true;
		if (f->state != AU_STATE_NEW)
			continue;
		f->state = AU_STATE_KNOWN;
		n++;
	}
	au_arena_free(a);
	return n;
}

/* JSON string: well-formed UTF-8 stays, controls are escaped, broken bytes become U+FFFD. */
static void quoted(struct au_buf *out, const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n = strlen(s), i = 0;

	au_buf_byte(out, '"');
	while (i < n) {
		size_t len = au_utf8_at(p + i, n - i, NULL);

		if (!len)
			au_buf_str(out, "\\ufffd");
		else if (p[i] < 0x20 || p[i] == 0x7f)
			au_buf_fmt(out, "\\u%04x", p[i]);
		else if (p[i] == '"' || p[i] == '\\')
			au_buf_fmt(out, "\\%c", p[i]);
		else
			au_buf_add(out, p + i, len);
		i += len ? len : 1;
	}
	au_buf_byte(out, '"');
}

static void write_rows(const struct au_baseline_row *r, size_t n, struct au_buf *out)
{
	au_buf_str(out, "{\"version\":1,\"findings\":[");
	for (size_t i = 0; i < n; i++) {
		au_buf_str(out, i ? ",\n{\"fingerprint\":" : "\n{\"fingerprint\":");
		quoted(out, r[i].fingerprint);
		au_buf_str(out, ",\"rule\":");
		quoted(out, r[i].rule);
		au_buf_str(out, ",\"path\":");
		quoted(out, r[i].path);
		au_buf_byte(out, '}');
	}
	au_buf_str(out, n ? "\n]}\n" : "]}\n");
}

void au_baseline_write(struct au_arena *a, const struct au_audit *audit, struct au_buf *out)
{
	struct au_baseline_row *r = AU_ARRAY(a, struct au_baseline_row, audit->n_findings + 1);
	size_t n = 0;

	for (size_t i = 0; i < audit->n_findings; i++) {
		const struct au_finding *f = audit->findings[i];

		if (belongs(f))
			r[n++] = (struct au_baseline_row){ au_fingerprint_text(a, f), f->rule->id,
							   f->entry ? f->entry->path : "", true };
	}
	qsort(r, n, sizeof(*r), by_print);
	write_rows(r, n, out);
}

void au_baseline_prune(struct au_arena *a, const struct au_baseline *b, struct au_buf *out)
{
	struct au_baseline_row *r = AU_ARRAY(a, struct au_baseline_row, b->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->rows[i].seen)
			r[n++] = b->rows[i];
	write_rows(r, n, out);
}

void au_baseline_compare(struct au_arena *a, const struct au_baseline *b, const struct au_audit *audit,
			 struct au_baseline_diff *ret)
{
	struct au_baseline_diff d = {
		.added = AU_ARRAY(a, const struct au_finding *, audit->n_findings + 1),
		.gone = AU_ARRAY(a, const struct au_baseline_row *, b->n + 1),
	};

	for (size_t i = 0; i < audit->n_findings; i++) {
		if (audit->findings[i]->state == AU_STATE_KNOWN)
			d.n_known++;
		else if (belongs(audit->findings[i]))
			d.added[d.n_added++] = audit->findings[i];
	}
	for (size_t i = 0; i < b->n; i++)
		if (!b->rows[i].seen)
			d.gone[d.n_gone++] = &b->rows[i];
	*ret = d;
}
