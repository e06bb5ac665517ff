/* Archives and compression wrappers, known by their magic (libarchive unpacks them; this file only
 * says what they are). Magic numbers: POSIX.1-2017 pax (ustar at 257), RFC 1952 (gzip), RFC 1950
 * (zlib), RFC 8878 (zstd), the lz4 frame, xz file format 1.2 and bzip2 descriptions. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/num.h"
#include "base/text.h"

static bool magic(const struct au_probe *p, const char *m, size_t n)
{
	return p->head_len >= n && !memcmp(p->head, m, n);
}

static bool octal(const uint8_t *p, size_t n, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i = 0, digits = 0;

	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++, digits++)
		v = v << 3 | (uint64_t)(p[i] - '0');
	if (i < n && p[i] != 0 && p[i] != ' ')
		return false;
	*ret = v;
	return digits;
}

/* Old tar has no magic, but a checksum over its header. */
static int probe_tar(const struct au_probe *p)
{
	uint64_t want, sum = 0;

	if (p->head_len < 512 || !octal(p->head + 148, 8, &want))
		return 0;
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : p->head[i];
	if (sum != want || !p->head[0])
		return 0;
	return !memcmp(p->head + 257, "ustar", 5) ? 100 : 90;
}

static int probe_7z(const struct au_probe *p)
{
	return magic(p, "7z\xbc\xaf\x27\x1c", 6) ? 100 : 0;
}

static int probe_rar(const struct au_probe *p)
{
	return magic(p, "Rar!\x1a\x07\x00", 7) || magic(p, "Rar!\x1a\x07\x01\x00", 8) ? 100 : 0;
}

static int probe_cpio(const struct au_probe *p)
{
	if (magic(p, "070707", 6) || magic(p, "070701", 6) || magic(p, "070702", 6))
		return p->head_len >= 76 ? 90 : 0;
	/* old binary header: both byte orders; weak alone, so a sane name length is asked for */
	if (p->head_len >= 26 && (magic(p, "\xc7\x71", 2) || magic(p, "\x71\xc7", 2))) {
		unsigned n = p->head[0] == 0xc7 ? au_le16(p->head + 20) : au_be16(p->head + 20);

		return n > 1 && n < 1024 && 26 + n <= p->head_len && !p->head[26 + n - 1] ? 70 : 0;
	}
	return 0;
}

static int probe_ar(const struct au_probe *p)
{
	return magic(p, "!<arch>\n", 8) ? 100 : 0;
}

static int probe_gzip(const struct au_probe *p)
{
	return magic(p, "\x1f\x8b\x08", 3) && !(p->head[3] & 0xe0) ? 100 : 0;
}

static int probe_bzip2(const struct au_probe *p)
{
	return p->head_len >= 10 && magic(p, "BZh", 3) && p->head[3] >= '1' && p->head[3] <= '9' &&
	       (!memcmp(p->head + 4, "1AY&SY", 6) || !memcmp(p->head + 4, "\x17rE8P\x90", 6)) ? 100 : 0;
}

static int probe_xz(const struct au_probe *p)
{
	return magic(p, "\xfd" "7zXZ\0", 6) ? 100 : 0;
}

/* lzma-alone has no magic: properties byte, a dictionary size of 2^n or 2^n + 2^(n-1), and a size
 * that is unknown (all ones) or below 256 GiB. */
static int probe_lzma(const struct au_probe *p)
{
	uint32_t dict;
	uint64_t size;

	if (p->head_len < 18 || p->head[0] != 0x5d || p->head[13])
		return 0;
	dict = au_le32(p->head + 1);
	size = au_le64(p->head + 5);
	if (dict < 4096 || (dict & (dict - 1) && (dict / 3 * 3 != dict || (dict / 3 & (dict / 3 - 1)))))
		return 0;
	return size == UINT64_MAX || size < 1ULL << 38 ? 80 : 0;
}

static int probe_lzip(const struct au_probe *p)
{
	return magic(p, "LZIP\x01", 5) ? 100 : 0;
}

static int probe_zstd(const struct au_probe *p)
{
	if (magic(p, "\x28\xb5\x2f\xfd", 4))
		return 100;
	return p->head_len >= 8 && (p->head[0] & 0xf0) == 0x50 && !memcmp(p->head + 1, "\x2a\x4d\x18", 3)
		? 90 : 0; /* a skippable frame in front */
}

static int probe_lz4(const struct au_probe *p)
{
	return magic(p, "\x04\x22\x4d\x18", 4) || magic(p, "\x02\x21\x4c\x18", 4) ? 100 : 0;
}

static int probe_compress(const struct au_probe *p)
{
	return p->head_len > 3 && magic(p, "\x1f\x9d", 2) && (p->head[2] & 0x1f) >= 9 &&
	       (p->head[2] & 0x1f) <= 16 ? 100 : 0;
}

/* Two bytes of header with a check are weak: a first block that can be one is asked for too. */
static int probe_zlib(const struct au_probe *p)
{
	unsigned block;

	if (p->text || p->head_len < 8 || (p->head[0] & 0x0f) != 8 || p->head[0] >> 4 > 7 ||
	    p->head[1] & 0x20 || au_be16(p->head) % 31)
		return 0;
	block = p->head[2] >> 1 & 3;
	if (block == 3)
		return 0;
	if (!block && (au_le16(p->head + 3) ^ au_le16(p->head + 5)) != 0xffff)
		return 0;
	return p->head[0] == 0x78 ? 80 : 50;
}

#define CONTAINER(id, text, ...) \
	const struct au_format au_format_##id = { \
		.name = #id, .title = text, .extensions = (const char *const[]){ __VA_ARGS__, NULL }, \
		.flags = AU_FMT_CONTAINER, .probe = probe_##id, \
		.checked = "members, traversal names, links, ratio, encryption", \
	}

CONTAINER(tar, "Tar archive", "tar", "nemo", "ova", "tgz");
CONTAINER(rar, "RAR archive", "rar");
CONTAINER(cpio, "cpio archive", "cpio");
CONTAINER(ar, "ar archive", "a", "deb");
CONTAINER(gzip, "gzip stream", "gz", "tgz");
CONTAINER(bzip2, "bzip2 stream", "bz2", "tbz2");
CONTAINER(xz, "xz stream", "xz", "txz");
CONTAINER(lzma, "lzma stream", "lzma");
CONTAINER(lzip, "lzip stream", "lz");
CONTAINER(zstd, "Zstandard stream", "zst");
CONTAINER(lz4, "LZ4 frame", "lz4");
CONTAINER(compress, "compress stream", "Z");
CONTAINER(zlib, "zlib stream", "zlib", "z");

const struct au_format au_format_sevenzip = {
	.name = "7z",
	.title = "7-Zip archive",
	.extensions = (const char *const[]){ "7z", NULL },
	.flags = AU_FMT_CONTAINER,
	.probe = probe_7z,
	.checked = "members, traversal names, links, ratio, encryption",
};
