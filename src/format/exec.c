/* Programs: ELF (System V gABI), PE and DOS (Microsoft PE format), Mach-O (loader.h), llamafile
 * (Actually Portable Executable). Identified by magic and a header that makes sense; a judge says
 * whether the name fits. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/num.h"

static bool magic(const struct au_probe *p, const char *m, size_t n)
{
	return p->head_len >= n && !memcmp(p->head, m, n);
}

static int probe_elf(const struct au_probe *p)
{
	if (p->head_len < 16 || !magic(p, "\x7f" "ELF", 4))
		return 0;
	return p->head[4] >= 1 && p->head[4] <= 2 && p->head[5] >= 1 && p->head[5] <= 2 && p->head[6] == 1 ? 100 : 80;
}

/* An APE begins as a DOS program and a shell script at once. */
static int probe_llamafile(const struct au_probe *p)
{
	return magic(p, "MZqFpD", 6) || magic(p, "jartsr='", 8) ? 95 : 0;
}

static int probe_pe(const struct au_probe *p)
{
	uint32_t at;
	uint16_t last, pages;

	if (p->head_len < 64 || !magic(p, "MZ", 2) || magic(p, "MZqFpD", 6))
		return 0;
	at = au_le32(p->head + 0x3c);
	if (at >= 64 && (uint64_t)at + 4 <= p->head_len) {
		const uint8_t *s = p->head + at;

		if (!memcmp(s, "PE\0\0", 4) || !memcmp(s, "NE", 2) || !memcmp(s, "LE", 2) || !memcmp(s, "LX", 2))
			return 100;
	}
	last = au_le16(p->head + 2);
	pages = au_le16(p->head + 4);
	if (last < 512 && (!pages || ((uint64_t)pages * 512 <= p->size + 1024)) && (at < p->size))
		return 70;
	return 0;
}

static int probe_macho(const struct au_probe *p)
{
	uint32_t m, n;

	if (p->head_len < 28)
		return 0;
	m = au_le32(p->head);
	if (m == 0xfeedface || m == 0xfeedfacf || m == 0xcefaedfe || m == 0xcffaedfe)
		return 100;
	/* a fat binary shares its magic with Java classes, which have a version above 40 there */
	n = au_be32(p->head + 4);
	return (m == 0xbebafeca || m == 0xbfbafeca) && n && n < 40 ? 90 : 0;
}

#define PROGRAM(id, text, ...) \
	const struct au_format au_format_##id = { \
		.name = #id, .title = text, .extensions = (const char *const[]){ __VA_ARGS__, NULL }, \
		.flags = AU_FMT_EXECUTES, .probe = probe_##id, .checked = "under the name of a model or data file", \
	}

PROGRAM(elf, "ELF program or library", "so", "elf", "o");
PROGRAM(pe, "Windows program or library", "exe", "dll", "pyd", "sys");
PROGRAM(macho, "Mach-O program or library", "dylib");
PROGRAM(llamafile, "llamafile (portable executable)", "llamafile");
