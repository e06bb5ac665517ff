/* NumPy's .npy (format 1.0 to 3.0: NEP 1) and .npz (a zip of them). Facts of an npy, besides the
 * pickle ones when it holds objects:
 *   npy.object   the elements are objects: the data is a pickle; text the descr
 *   npy.odd      the header is not one that numpy writes; text why */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "audit/format.h"
#include "format/pickle.h"
#include "format/zip.h"
#include "io/view.h"

enum { HEADER_MAX = 1024 * 1024 };

struct npy {
	char *text;             /* header, NUL-terminated */
	const char *descr;
	char dtype[64];         /* of a plain descr */
	bool object, structured, fortran, has_shape, has_fortran;
	unsigned n_dims;
	uint64_t dims[AU_DIMS_MAX], data_at;
	const char *odd;
};

static int probe(const struct au_probe *p)
{
	return p->head_len >= 10 && !memcmp(p->head, "\x93NUMPY", 6) ? 100 : 0;
}

static const char *skip(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

/* Text behind 'KEY': in the header's dictionary. */
static const char *value(struct npy *h, const char *key)
{
	char want[32];
	const char *at;

	for (int q = 0; q < 2; q++) {
		snprintf(want, sizeof(want), "%c%s%c", "'\""[q], key, "'\""[q]);
		at = strstr(h->text, want);
		if (at) {
			at = skip(at + strlen(want));
			return *at == ':' ? skip(at + 1) : NULL;
		}
	}
	return NULL;
}

/* One type string: its letter decides. */
static bool is_object(const char *s, size_t n)
{
	while (n && strchr("<>=|", *s)) {
		s++;
		n--;
	}
	if (!n || memchr(s, '\\', n)) /* escapes: numpy writes none, who knows what they say */
		return n != 0;
	return *s == 'O' || (n >= 6 && !memcmp(s, "object", 6));
}

/* Quoted strings of a structured descr: the first of each tuple is a name, the second a type. */
static void read_descr(struct npy *h, const char *s)
{
	const char *end;
	size_t n;

	h->descr = s;
	if (*s == '\'' || *s == '"') {
		end = strchr(s + 1, *s);
		n = end ? (size_t)(end - s - 1) : 0;
		h->object = is_object(s + 1, n);
		snprintf(h->dtype, sizeof(h->dtype), "%.*s", (int)(n < 60 ? n : 60), s + 1);
		return;
	}
	h->structured = true;
	if (*s != '[')
		h->odd = "the descr is neither a string nor a list";
	/* any string of the list that may be an object type counts: names rarely look like one */
	for (end = s; *end && *end != '}';) {
		if (*end == '\'' || *end == '"') {
			const char *close = strchr(end + 1, *end), *before = end;

			if (!close)
				return;
			while (before > s && strchr(" \t", before[-1]))
				before--;
			if (before > s && before[-1] == ',' && is_object(end + 1, (size_t)(close - end - 1)))
				h->object = true;
			end = close;
		}
		end++;
	}
}

static void read_shape(struct npy *h, const char *s)
{
	if (*s++ != '(')
		return;
	for (s = skip(s); *s >= '0' && *s <= '9';) {
		char *end;
		uint64_t v;

		errno = 0;
		v = strtoull(s, &end, 10);
		if (h->n_dims == AU_DIMS_MAX || errno)
			return;
		h->dims[h->n_dims++] = v;
		s = skip(end + (*end == 'L'));
		s = skip(s + (*s == ','));
	}
	h->has_shape = *s == ')';
}

static int read_header(struct au_job *job, struct au_view *v, struct npy *h)
{
	uint8_t b[12];
	uint64_t len;
	size_t n = 8;

	if (au_view_size(v) < 12 || au_view_read(v, 0, b, 12) != AU_OK)
		return AU_BAD;
	if (b[6] == 1) {
		len = au_le16(b + 8);
		n = 10;
	} else {
		len = au_le32(b + 8);
		n = 12;
	}
	if (b[6] < 1 || b[6] > 3)
		h->odd = "the format version is unknown";
	if (len > HEADER_MAX || !au_within(n, len, au_view_size(v)))
		return AU_BAD;
	h->data_at = n + len;
	h->text = au_arena_alloc(job->scratch, (size_t)len + 1);
	if (au_view_read(v, n, h->text, (size_t)len) != AU_OK)
		return AU_IO;
	return AU_OK;
}

static enum au_dtype dtype_of(const char *s, unsigned *ret_size)
{
	static const struct { const char *code; enum au_dtype t; unsigned size; } all[] = {
		{ "f8", AU_DT_F64, 8 }, { "f4", AU_DT_F32, 4 }, { "f2", AU_DT_F16, 2 }, { "i8", AU_DT_I64, 8 },
		{ "i4", AU_DT_I32, 4 }, { "i2", AU_DT_I16, 2 }, { "i1", AU_DT_I8, 1 }, { "u8", AU_DT_U64, 8 },
		{ "u4", AU_DT_U32, 4 }, { "u2", AU_DT_U16, 2 }, { "u1", AU_DT_U8, 1 }, { "b1", AU_DT_BOOL, 1 },
		{ "c8", AU_DT_C64, 8 }, { "c16", AU_DT_C128, 16 },
	};

	s += strspn(s, "<>=|");
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(s, all[i].code)) {
			*ret_size = all[i].size;
			return all[i].t;
		}
	*ret_size = 0;
	return AU_DT_OTHER;
}

static void table(struct au_job *job, struct au_entry *e, const struct npy *h, uint64_t size)
{
	struct au_tensor *t = AU_NEW(job->arena, struct au_tensor);
	unsigned one;
	uint64_t bytes;

	*t = (struct au_tensor){ .name = "", .dtype_text = au_arena_str(job->arena, h->dtype), .where = e,
				 .n_dims = h->n_dims, .off = h->data_at, .fortran = h->fortran,
				 .big_endian = *h->dtype == '>' };
	memcpy(t->dims, h->dims, sizeof(t->dims));
	t->dtype = dtype_of(h->dtype, &one);
	bytes = one;
	for (unsigned i = 0; i < h->n_dims; i++)
		if (!au_mul(bytes, h->dims[i], &bytes))
			bytes = UINT64_MAX;
	if (one && au_within(h->data_at, bytes, size)) {
		t->bytes = bytes;
		t->plain = true;
	} else if (one) {
		au_emit_coverage(job, e, "malformed", h->data_at, "the header states %" PRIu64
				 " bytes of data, the file ends before", bytes);
	}
	au_emit_tensors(e, t, 1);
}

static int read_npy(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct npy h = { 0 };
	struct au_pickle_opts o = { .sweep = true };
	const char *s;
	struct au_pickle p;
	const uint8_t *data;
	size_t n = 0;
	int rc = read_header(job, v, &h);

	if (rc != AU_OK) {
		au_emit_coverage(job, e, "malformed", 8, "the header is cut short or larger than %d bytes", HEADER_MAX);
		return AU_BAD;
	}
	s = value(&h, "descr");
	if (s)
		read_descr(&h, s);
	s = value(&h, "fortran_order");
	h.has_fortran = s != NULL;
	h.fortran = s && au_starts(s, "True");
	s = value(&h, "shape");
	if (s)
		read_shape(&h, s);
	if (!h.descr || !h.has_shape || !h.has_fortran)
		h.odd = "the header lacks descr, fortran_order or shape as numpy writes them";
	if (h.odd)
		au_emit(job, e, "npy.odd", h.odd, NULL, au_span(8, h.data_at - 8));
	data = au_view_some(v, h.data_at, 4096, &n);
	if (h.object)
		au_emit(job, e, "npy.object", h.structured ? "a structure with objects" : h.dtype, NULL,
			au_span(8, h.data_at - 8));
	if (h.object || (h.odd && data && au_pickle_sniff(data, n) >= 80)) {
		o.start = h.data_at;
		rc = au_pickle_scan(v, job->arena, job->scratch, &o, &p);
		au_pickle_emit(job, e, &p, 0);
		return rc;
	}
	if (!h.odd && !h.structured)
		table(job, e, &h, au_view_size(v));
	return AU_OK;
}

const struct au_format au_format_npy = {
	.name = "npy",
	.title = "NumPy array",
	.extensions = (const char *const[]){ "npy", NULL },
	.flags = AU_FMT_MODEL,
	.probe = probe,
	.read = read_npy,
	.checked = "object arrays (their pickle is scanned in place), header, data against shape",
};

static int probe_npz(const struct au_probe *p)
{
	struct au_arena *a;
	struct au_zip z;
	size_t npy = 0;

	if (!au_iends(p->name, ".npz") &&
	    !(p->tail_len > 46 && memmem(p->tail, p->tail_len, ".npyPK", 6)) &&
	    !(p->tail_len > 46 && memmem(p->tail, p->tail_len, ".npy", 4)))
		return 0;
	a = au_arena_new();
	if (au_zip_open(p->view, a, 100000, &z) == AU_OK)
		for (size_t i = 0; i < z.n; i++)
			npy += au_iends(z.members[i].name, ".npy");
	else
		z.n = 0;
	au_arena_free(a);
	return npy && npy * 2 > z.n ? 95 : z.n && au_iends(p->name, ".npz") ? 60 : 0;
}

const struct au_format au_format_npz = {
	.name = "npz",
	.title = "NumPy archive",
	.extensions = (const char *const[]){ "npz", NULL },
	.flags = AU_FMT_MODEL,
	.probe = probe_npz,
	.checked = "each member as an array",
};
