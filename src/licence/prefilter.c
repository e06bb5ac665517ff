/* Raw bytes of source code: is any stem of a licence word in here? A byte-pair table keeps the
 * common case to one load a byte pair; full checks are rare. */
#include <emmintrin.h> /* before the poison: its header defines _mm_malloc */
#include "base/banned.h"
#include "licence/licence.h"

/* Stems, lower case; the second byte pair decides which are looked at. */
static const char *const stems[] = { "lice", "copy", "spdx", "perm", "warr", "redi", "publ" };

static bool stem_at(const uint8_t *p, size_t left)
{
	if (left < 4)
		return false;
	for (size_t i = 0; i < sizeof(stems) / sizeof(*stems); i++) {
		size_t k = 0;

		while (k < 4 && (p[k] | 32) == stems[i][k])
			k++;
		if (k == 4)
			return true;
	}
	return false;
}

/* Sixteen places at a time: first and second letter of some stem. */
static unsigned pairs16(const uint8_t *p)
{
	const __m128i low = _mm_set1_epi8(32);
	__m128i a = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)p), low);
	__m128i b = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(p + 2)), low);
	__m128i m = _mm_setzero_si128();
	static const char first[] = "lcspwrp", third[] = "cpdrrdb";

	for (int i = 0; i < 7; i++)
		m = _mm_or_si128(m, _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8(first[i])),
						  _mm_cmpeq_epi8(b, _mm_set1_epi8(third[i]))));
	return (unsigned)_mm_movemask_epi8(m);
}

bool au_licence_prefilter(const uint8_t *p, size_t n)
{
	size_t i = 0;

	for (; i + 18 <= n; i += 16) {
		unsigned m = pairs16(p + i);

		for (; m; m &= m - 1) {
			size_t at = i + (size_t)__builtin_ctz(m);

			if (stem_at(p + at, n - at))
				return true;
		}
	}
	for (; i < n; i++)
		if (stem_at(p + i, n - i))
			return true;
	return false;
}
