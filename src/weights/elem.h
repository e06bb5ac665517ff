/* Elements of tensors as floats: every plain storage type and GGML's block types. */
#ifndef AU_WEIGHTS_ELEM_H
#define AU_WEIGHTS_ELEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "audit/model.h"

struct au_view;

/* Elements of one block (1 for plain types) and its bytes; false: elements cannot be read. */
bool au_elem_block(enum au_dtype t, unsigned *ret_elems, unsigned *ret_bytes);
/* n elements (whole blocks) at p to floats. step, unless NULL, gets the distance between two
 * neighbouring representable values at each element: the rounding grid of the storage. */
void au_elem_decode(enum au_dtype t, bool big_endian, const uint8_t *p, size_t n, float *ret, float *step);
/* Elements [first, first + n) of a tensor from the view of its entry; both in whole blocks.
 * AU_OK, AU_BAD (outside of the data, or a type without a reader) or AU_IO. */
int au_elem_read(const struct au_tensor *t, struct au_view *v, uint64_t first, size_t n, float *ret,
		 float *step);

/* Exact conversions; rounding is to nearest, ties to even. */
float au_f16_to_f32(uint16_t h);
uint16_t au_f32_to_f16(float f);
uint16_t au_f32_to_bf16(float f);
static inline float au_bf16_to_f32(uint16_t h)
{
	union { uint32_t u; float f; } x = { .u = (uint32_t)h << 16 };

	return x.f;
}
/* Number of elements; false when it overflows. Dimensions: rows = dims[0], cols = the rest, one
 * row for vectors. */
bool au_tensor_shape(const struct au_tensor *t, uint64_t *ret_rows, uint64_t *ret_cols);
/* Bits of the grid of a float storage type below its exponent (f32 23, f16 10, bf16 7), or -1. */
int au_dtype_mantissa(enum au_dtype t);

#endif
