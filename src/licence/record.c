/* The compiled-in licence records; see record.h. Layout: count, then per record the offsets of its
 * id and its text and the text's length, then the bytes. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/rc.h"
#include "ext/yaml.h"
#include "licence/record.h"

extern const uint8_t au_records_blob[];
__asm__(".section .rodata\n.balign 16\n.global au_records_blob\n"
	"au_records_blob:\n.incbin \"" AU_GEN_DIR "/records.bin\"\n.byte 0\n.text\n");

static const uint8_t *row(size_t i)
{
	return au_records_blob + 4 + i * 12;
}

size_t au_record_count(void)
{
	return au_le32(au_records_blob);
}

const char *au_record_id(size_t i)
{
	return (const char *)au_records_blob + au_le32(row(i));
}

const char *au_record_text(size_t i, size_t *ret_len)
{
	*ret_len = au_le32(row(i) + 8);
	return (const char *)au_records_blob + au_le32(row(i) + 4);
}

const struct au_node *au_record(struct au_arena *a, const char *id)
{
	size_t lo = 0, hi = au_record_count(), len;
	struct au_node *doc = NULL;
	const char *text;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcasecmp(au_record_id(mid), id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == au_record_count() || strcasecmp(au_record_id(lo), id) != 0)
		return NULL;
	text = au_record_text(lo, &len);
	return au_yaml_load(a, text, len, 0, &doc, NULL) == AU_OK ? doc : NULL;
}
