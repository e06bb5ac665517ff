/* Elements to floats; see elem.h. The block types follow the layouts that the ggml project
 * documents: a block is a scale (and a minimum) in half precision and small integers. */
#include "base/banned.h"
#include <math.h>
#include "base/num.h"
#include "base/rc.h"
#include "io/view.h"
#include "weights/elem.h"

static const struct { enum au_dtype t; unsigned elems, bytes; } blocks[] = {
	{ AU_DT_F64, 1, 8 }, { AU_DT_F32, 1, 4 }, { AU_DT_F16, 1, 2 }, { AU_DT_BF16, 1, 2 },
	{ AU_DT_F8_E4M3, 1, 1 }, { AU_DT_F8_E5M2, 1, 1 }, { AU_DT_I64, 1, 8 }, { AU_DT_I32, 1, 4 },
	{ AU_DT_I16, 1, 2 }, { AU_DT_I8, 1, 1 }, { AU_DT_U64, 1, 8 }, { AU_DT_U32, 1, 4 },
	{ AU_DT_U16, 1, 2 }, { AU_DT_U8, 1, 1 }, { AU_DT_BOOL, 1, 1 }, { AU_DT_Q4_0, 32, 18 },
	{ AU_DT_Q4_1, 32, 20 }, { AU_DT_Q5_0, 32, 22 }, { AU_DT_Q5_1, 32, 24 }, { AU_DT_Q8_0, 32, 34 },
	{ AU_DT_Q8_1, 32, 36 }, { AU_DT_Q2_K, 256, 84 }, { AU_DT_Q3_K, 256, 110 },
	{ AU_DT_Q4_K, 256, 144 }, { AU_DT_Q5_K, 256, 176 }, { AU_DT_Q6_K, 256, 210 },
	{ AU_DT_Q8_K, 256, 292 },
};

bool au_elem_block(enum au_dtype t, unsigned *ret_elems, unsigned *ret_bytes)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (blocks[i].t == t) {
			*ret_elems = blocks[i].elems;
			*ret_bytes = blocks[i].bytes;
			return true;
		}
	return false;
}

static float from_bits(uint32_t u)
{
	float f;

	memcpy(&f, &u, 4);
	return f;
}

static uint32_t to_bits(float f)
{
	uint32_t u;

	memcpy(&u, &f, 4);
	return u;
}

float au_f16_to_f32(uint16_t h)
{
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, e = h >> 10 & 31, m = h & 0x3ff;

	if (e == 31)
		return from_bits(sign | 0x7f800000 | m << 13);
	if (e)
		return from_bits(sign | (e + 112) << 23 | m << 13);
	/* subnormal: an exact multiple of 2^-24 */
	return from_bits(sign | to_bits((float)m * 0x1p-24f));
}

uint16_t au_f32_to_f16(float f)
{
	uint32_t u = to_bits(f), sign = u >> 16 & 0x8000, a = u & 0x7fffffff;

	if (a > 0x7f800000) /* NaN stays one */
		return (uint16_t)(sign | 0x7c00 | 0x200 | (a >> 13 & 0x3ff));
	if (a >= 0x477ff000) /* rounds to 65536 or more */
		return (uint16_t)(sign | 0x7c00);
	if (a < 0x38800000) { /* subnormal: let the adder round at 2^-24 */
		float r = from_bits(a) + 0.5f;

		return (uint16_t)(sign | (to_bits(r) - 0x3f000000));
	}
	a += 0xfff + (a >> 13 & 1);
	return (uint16_t)(sign | (a - 0x38000000) >> 13);
}

uint16_t au_f32_to_bf16(float f)
{
	uint32_t u = to_bits(f);

	if ((u & 0x7fffffff) > 0x7f800000)
		return (uint16_t)(u >> 16 | 0x40);
	return (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
}

int au_dtype_mantissa(enum au_dtype t)
{
	switch (t) {
	case AU_DT_F64: case AU_DT_F32: return 23;
	case AU_DT_F16: return 10;
	case AU_DT_BF16: return 7;
	case AU_DT_F8_E4M3: return 3;
	case AU_DT_F8_E5M2: return 2;
	default: return -1;
	}
}

static float f8(uint8_t b, bool e5m2)
{
	unsigned mb = e5m2 ? 2 : 3, bias = e5m2 ? 15 : 7, e = (b & 0x7f) >> mb, m = b & ((1u << mb) - 1);
	float r, sign = b & 0x80 ? -1.0f : 1.0f;

	if (e5m2)
		return au_f16_to_f32((uint16_t)(b << 8));
	if ((b & 0x7f) == 0x7f)
		return from_bits(0x7fc00000);
	if (!e)
		return sign * (float)m * 0x1p-9f;
	r = from_bits((e + 127 - bias) << 23 | m << (23 - mb));
	return sign * r;
}

static void fill(float *step, size_t n, float v)
{
	for (size_t i = 0; step && i < n; i++)
		step[i] = fabsf(v);
}

static void q4(const uint8_t *p, bool one, float *y, float *step)
{
	float d = au_f16_to_f32(au_le16(p)), m = one ? au_f16_to_f32(au_le16(p + 2)) : -8 * d;
	const uint8_t *q = p + (one ? 4 : 2);

	for (int i = 0; i < 16; i++) {
		/* the symmetric type multiplies the shifted integer: the same rounding as the reference */
		y[i] = one ? (float)(q[i] & 15) * d + m : (float)((q[i] & 15) - 8) * d;
		y[i + 16] = one ? (float)(q[i] >> 4) * d + m : (float)((q[i] >> 4) - 8) * d;
	}
	fill(step, 32, d);
}

static void q5(const uint8_t *p, bool one, float *y, float *step)
{
	float d = au_f16_to_f32(au_le16(p)), m = one ? au_f16_to_f32(au_le16(p + 2)) : 0;
	uint32_t qh = au_le32(p + (one ? 4 : 2));
	const uint8_t *q = p + (one ? 8 : 6);

	for (int i = 0; i < 16; i++) {
		int a = (q[i] & 15) | (int)((qh >> i & 1) << 4), b = q[i] >> 4 | (int)((qh >> (i + 16) & 1) << 4);

		y[i] = one ? (float)a * d + m : (float)(a - 16) * d;
		y[i + 16] = one ? (float)b * d + m : (float)(b - 16) * d;
	}
	fill(step, 32, d);
}

static void q8(const uint8_t *q, float d, unsigned n, float *y, float *step)
{
	for (unsigned i = 0; i < n; i++)
		y[i] = (float)(int8_t)q[i] * d;
	fill(step, n, d);
}

static void q2_k(const uint8_t *p, float *y, float *step)
{
	const uint8_t *sc = p, *q = p + 16;
	float d = au_f16_to_f32(au_le16(p + 80)), dmin = au_f16_to_f32(au_le16(p + 82));

	for (unsigned i = 0; i < 256; i++) {
		/* 128 at a time: four planes of two bits over 32 bytes, a scale per 16 */
		unsigned half = i / 128, plane = i % 128 / 32, l = i % 32;
		uint8_t s = sc[half * 8 + plane * 2 + l / 16];
		float dl = d * (float)(s & 15), ml = dmin * (float)(s >> 4);

		y[i] = dl * (float)(q[half * 32 + l] >> (2 * plane) & 3) - ml;
		if (step)
			step[i] = fabsf(dl);
	}
}

static void q3_k(const uint8_t *p, float *y, float *step)
{
	const uint8_t *hm = p, *q = p + 32, *sc = p + 96;
	float d = au_f16_to_f32(au_le16(p + 108));

	for (unsigned i = 0; i < 256; i++) {
		unsigned half = i / 128, plane = i % 128 / 32, l = i % 32, is = half * 8 + plane * 2 + l / 16;
		int s = (is < 8 ? sc[is] & 15 : sc[is - 8] >> 4) | (sc[8 + is % 4] >> (2 * (is / 4)) & 3) << 4;
		float dl = d * (float)(s - 32);
		int v = (q[half * 32 + l] >> (2 * plane) & 3) - (hm[l] >> (half * 4 + plane) & 1 ? 0 : 4);

		y[i] = dl * (float)v;
		if (step)
			step[i] = fabsf(dl);
	}
}

/* Scale and minimum j of the twelve bytes that hold eight of each, six bits wide. */
static void scale_min(const uint8_t *s, unsigned j, unsigned *ret_d, unsigned *ret_m)
{
	if (j < 4) {
		*ret_d = s[j] & 63;
		*ret_m = s[j + 4] & 63;
	} else {
		*ret_d = (s[j + 4] & 15u) | (unsigned)(s[j - 4] >> 6) << 4;
		*ret_m = (s[j + 4] >> 4 & 15u) | (unsigned)(s[j] >> 6) << 4;
	}
}

static void q45_k(const uint8_t *p, bool five, float *y, float *step)
{
	float d = au_f16_to_f32(au_le16(p)), dmin = au_f16_to_f32(au_le16(p + 2));
	const uint8_t *qh = p + 16, *q = p + (five ? 48 : 16);

	for (unsigned j = 0; j < 8; j++) {
		unsigned s, m;
		float dl, ml;

		scale_min(p + 4, j, &s, &m);
		dl = d * (float)s;
		ml = dmin * (float)m;
		for (unsigned l = 0; l < 32; l++) {
			unsigned v = j % 2 ? q[j / 2 * 32 + l] >> 4 : q[j / 2 * 32 + l] & 15;

			if (five && qh[l] >> j & 1)
				v += 16;
			y[j * 32 + l] = dl * (float)v - ml;
		}
		fill(step ? step + j * 32 : NULL, 32, dl);
	}
}

static void q6_k(const uint8_t *p, float *y, float *step)
{
	const uint8_t *ql = p, *qh = p + 128;
	const int8_t *sc = (const int8_t *)p + 192;
	float d = au_f16_to_f32(au_le16(p + 208));

	for (unsigned i = 0; i < 256; i++) {
		unsigned half = i / 128, plane = i % 128 / 32, l = i % 32;
		uint8_t lo = ql[half * 64 + l + plane % 2 * 32];
		int v = (plane < 2 ? lo & 15 : lo >> 4) | (qh[half * 32 + l] >> (2 * plane) & 3) << 4;
		float dl = d * (float)sc[half * 8 + plane * 2 + l / 16];

		y[i] = dl * (float)(v - 32);
		if (step)
			step[i] = fabsf(dl);
	}
}

static void block(enum au_dtype t, const uint8_t *p, float *y, float *step)
{
	switch (t) {
	case AU_DT_Q4_0: q4(p, false, y, step); break;
	case AU_DT_Q4_1: q4(p, true, y, step); break;
	case AU_DT_Q5_0: q5(p, false, y, step); break;
	case AU_DT_Q5_1: q5(p, true, y, step); break;
	case AU_DT_Q8_0: q8(p + 2, au_f16_to_f32(au_le16(p)), 32, y, step); break;
	case AU_DT_Q8_1: q8(p + 4, au_f16_to_f32(au_le16(p)), 32, y, step); break;
	case AU_DT_Q2_K: q2_k(p, y, step); break;
	case AU_DT_Q3_K: q3_k(p, y, step); break;
	case AU_DT_Q4_K: q45_k(p, false, y, step); break;
	case AU_DT_Q5_K: q45_k(p, true, y, step); break;
	case AU_DT_Q6_K: q6_k(p, y, step); break;
	case AU_DT_Q8_K: q8(p + 4, from_bits(au_le32(p)), 256, y, step); break;
	default: break;
	}
}

/* One element of a plain type, the slow way: integers, 64-bit floats, foreign byte order. */
static float plain(enum au_dtype t, bool be, const uint8_t *p, unsigned w)
{
	uint64_t u = 0;
	double d;

	for (unsigned i = 0; i < w; i++)
		u = u << 8 | p[be ? i : w - 1 - i];
	switch (t) {
	case AU_DT_F64: memcpy(&d, &u, 8); return (float)d;
	case AU_DT_F32: return from_bits((uint32_t)u);
	case AU_DT_F16: return au_f16_to_f32((uint16_t)u);
	case AU_DT_BF16: return au_bf16_to_f32((uint16_t)u);
	case AU_DT_F8_E4M3: return f8((uint8_t)u, false);
	case AU_DT_F8_E5M2: return f8((uint8_t)u, true);
	case AU_DT_I64: return (float)(int64_t)u;
	case AU_DT_I32: return (float)(int32_t)u;
	case AU_DT_I16: return (float)(int16_t)u;
	case AU_DT_I8: return (float)(int8_t)u;
	default: return (float)u;
	}
}

/* The grid of a float type at each value: 2^(exponent - mantissa bits). */
static void float_steps(enum au_dtype t, const float *y, size_t n, float *step)
{
	int mant = au_dtype_mantissa(t);
	float scale = mant < 0 ? 0 : from_bits((uint32_t)(127 - mant) << 23);
	float low = t == AU_DT_F16 ? 0x1p-14f : t == AU_DT_F8_E4M3 ? 0x1p-6f : 0x1p-126f;

	for (size_t i = 0; i < n; i++) {
		float e = from_bits(to_bits(y[i]) & 0x7f800000);

		step[i] = mant < 0 ? 1.0f : (e < low ? low : e) * scale;
	}
}

void au_elem_decode(enum au_dtype t, bool be, const uint8_t *p, size_t n, float *ret, float *step)
{
	unsigned elems, bytes;

	if (!au_elem_block(t, &elems, &bytes))
		return;
	if (elems > 1) {
		for (size_t i = 0; i < n / elems; i++)
			block(t, p + i * bytes, ret + i * elems, step ? step + i * elems : NULL);
		return;
	}
	if (t == AU_DT_F32 && !be)
		memcpy(ret, p, n * 4);
	else if (t == AU_DT_BF16 && !be)
		for (size_t i = 0; i < n; i++)
			ret[i] = au_bf16_to_f32(au_le16(p + 2 * i));
	else if (t == AU_DT_F16 && !be)
		for (size_t i = 0; i < n; i++)
			ret[i] = au_f16_to_f32(au_le16(p + 2 * i));
	else
		for (size_t i = 0; i < n; i++)
			ret[i] = plain(t, be, p + i * bytes, bytes);
	if (step)
		float_steps(t, ret, n, step);
}

int au_elem_read(const struct au_tensor *t, struct au_view *v, uint64_t first, size_t n, float *ret,
		 float *step)
{
	unsigned elems, bytes;
	uint64_t at, len;

	if (!t->plain || t->fortran || !au_elem_block(t->dtype, &elems, &bytes) || first % elems || n % elems)
		return AU_BAD;
	if (!au_mul(first / elems, bytes, &at) || !au_mul(n / elems, bytes, &len) ||
	    !au_within(at, len, t->bytes))
		return AU_BAD;
	at += t->off;
	while (n) {
		size_t k = AU_VIEW_WINDOW / bytes * elems;
		const uint8_t *p;

		if (k > n)
			k = n;
		p = au_view_need(v, at, k / elems * bytes);
		if (!p)
			return AU_IO;
		au_elem_decode(t->dtype, t->big_endian, p, k, ret, step);
		at += k / elems * bytes;
		ret += k;
		step = step ? step + k : NULL;
		n -= k;
	}
	return AU_OK;
}

bool au_tensor_shape(const struct au_tensor *t, uint64_t *ret_rows, uint64_t *ret_cols)
{
	uint64_t rows = 1, cols = 1;

	for (unsigned i = 0; i < t->n_dims && i < AU_DIMS_MAX; i++)
		if (!au_mul(i == 0 && t->n_dims > 1 ? rows : cols, t->dims[i],
			    i == 0 && t->n_dims > 1 ? &rows : &cols))
			return false;
	if (!au_mul(rows, cols, &(uint64_t){ 0 }))
		return false;
	*ret_rows = rows;
	*ret_cols = cols;
	return true;
}
