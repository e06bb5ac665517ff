/* TensorFlow Lite models (schema.fbs, identifier TFL3): a strict reader of the flatbuffer's root
 * table and its operator codes. Facts:
 *   tf.op           text: a TensorFlow operation run through the Flex delegate; aux: "Flex delegate"
 *   tflite.custom   text: name of a custom operator
 *   tflite.meta     text: description of the model */
#include "base/banned.h"
#include "audit/format.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/view.h"

enum { OPERATORS_MAX = 100000, NAME_MAX_LEN = 512 };

static bool u32(struct au_view *v, uint64_t at, uint32_t *ret)
{
	return au_view_u32le(v, at, ret);
}

/* Place of a table's field (flatbuffers internals): through the vtable that lies before it. 0
 * when absent; false when the table does not hold together. */
static bool field(struct au_view *v, uint64_t table, unsigned no, uint64_t *ret)
{
	uint32_t back;
	const uint8_t *p;
	uint64_t vt;
	unsigned size, off = 0;

	if (!u32(v, table, &back))
		return false;
	vt = table - (uint64_t)(int64_t)(int32_t)back;
	p = au_view_need(v, vt, 4);
	if (!p)
		return false;
	size = au_le16(p);
	if (size < 4 || size & 1)
		return false;
	if (4 + 2 * no + 2 <= size) {
		p = au_view_need(v, vt + 4 + 2 * no, 2);
		if (!p)
			return false;
		off = au_le16(p);
	}
	*ret = off ? table + off : 0;
	return true;
}

/* The object that an offset field points to. */
static bool follow(struct au_view *v, uint64_t at, uint64_t *ret)
{
	uint32_t off;

	if (!at || !u32(v, at, &off) || !au_add(at, off, ret))
		return false;
	return *ret + 4 <= au_view_size(v);
}

static const char *string(struct au_job *job, struct au_view *v, uint64_t at)
{
	uint32_t len;
	size_t n;
	char *s;

	if (!u32(v, at, &len) || !au_within(at + 4, len, au_view_size(v)))
		return NULL;
	n = len < NAME_MAX_LEN ? len : NAME_MAX_LEN;
	s = au_arena_alloc(job->scratch, n + 1);
	return au_view_read(v, at + 4, s, n) == AU_OK ? s : NULL;
}

static bool operator_code(struct au_job *job, struct au_entry *e, struct au_view *v, uint64_t table)
{
	uint64_t at, name;
	const char *s;

	if (!field(v, table, 1, &at))
		return false;
	if (!at)
		return true;
	if (!follow(v, at, &name) || !(s = string(job, v, name)))
		return false;
	if (!*s)
		return true;
	if (au_starts(s, "Flex"))
		au_emit(job, e, "tf.op", s + 4, "Flex delegate", au_span(name + 4, strlen(s)));
	else
		au_emit(job, e, "tflite.custom", s, NULL, au_span(name + 4, strlen(s)));
	return true;
}

static int bad(struct au_job *job, struct au_entry *e, const char *what)
{
	au_emit_coverage(job, e, "malformed", 0, "TensorFlow Lite: %s cannot be read", what);
	return AU_BAD;
}

static int read_tflite(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	uint32_t root, n;
	uint64_t at, vec, code;
	const char *s;

	if (!u32(v, 0, &root) || !field(v, root, 3, &at))
		return bad(job, e, "the model table");
	if (at && follow(v, at, &vec) && (s = string(job, v, vec)))
		au_emit(job, e, "tflite.meta", s, "description", au_span(vec, 4));
	if (!field(v, root, 1, &at))
		return bad(job, e, "the model table");
	if (!at)
		return AU_OK;
	if (!follow(v, at, &vec) || !u32(v, vec, &n) || n > OPERATORS_MAX || !au_within(vec + 4, 4ULL * n, e->size))
		return bad(job, e, "the list of operators");
	for (uint32_t i = 0; i < n; i++)
		if (!follow(v, vec + 4 + 4ULL * i, &code) || !operator_code(job, e, v, code))
			return bad(job, e, "an operator");
	return AU_OK;
}

static int probe(const struct au_probe *p)
{
	if (p->head_len < 12 || memcmp(p->head + 4, "TFL3", 4))
		return 0;
	return au_le32(p->head) < p->size ? 100 : 80;
}

const struct au_format au_format_tflite = {
	.name = "tflite",
	.title = "TensorFlow Lite model",
	.extensions = (const char *const[]){ "tflite", "lite", NULL },
	.flags = AU_FMT_MODEL,
	.probe = probe,
	.read = read_tflite,
	.checked = "custom operators, TensorFlow operations through the Flex delegate",
};
