/* Checked arithmetic for numbers that come from files, and byte order. All return true when the
 * result is exact; *ret is untouched otherwise. */
#ifndef AU_BASE_NUM_H
#define AU_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool au_add(uint64_t a, uint64_t b, uint64_t *ret)
{
	uint64_t r;

	if (__builtin_add_overflow(a, b, &r))
		return false;
	*ret = r;
	return true;
}

static inline bool au_mul(uint64_t a, uint64_t b, uint64_t *ret)
{
	uint64_t r;

	if (__builtin_mul_overflow(a, b, &r))
		return false;
	*ret = r;
	return true;
}

/* uint64_t to size_t. */
static inline bool au_narrow(uint64_t a, size_t *ret)
{
	if (a > SIZE_MAX)
		return false;
	*ret = (size_t)a;
	return true;
}

/* [at, at+len) lies within [0, size). */
static inline bool au_within(uint64_t at, uint64_t len, uint64_t size)
{
	return at <= size && len <= size - at;
}

static inline uint16_t au_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t au_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t au_le64(const uint8_t *p)
{
	return (uint64_t)au_le32(p) | (uint64_t)au_le32(p + 4) << 32;
}

static inline uint16_t au_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t au_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t au_be64(const uint8_t *p)
{
	return (uint64_t)au_be32(p) << 32 | au_be32(p + 4);
}

static inline void au_put_le16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void au_put_le32(uint8_t *p, uint32_t v)
{
	au_put_le16(p, (uint16_t)v);
	au_put_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void au_put_le64(uint8_t *p, uint64_t v)
{
	au_put_le32(p, (uint32_t)v);
	au_put_le32(p + 4, (uint32_t)(v >> 32));
}

/* 64-bit mix (splitmix64's finaliser): for hash tables and seeded sequences, not for security. */
static inline uint64_t au_mix64(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

#endif
