/* The licence index that was compiled in. */
#include "base/banned.h"
#include "base/rc.h"
#include "licence/licence.h"

extern const uint8_t au_licence_blob[], au_licence_blob_end[];
__asm__(".section .rodata\n.balign 64\n.global au_licence_blob\n.global au_licence_blob_end\n"
	"au_licence_blob:\n.incbin \"" AU_GEN_DIR "/licence.bin\"\nau_licence_blob_end:\n.byte 0\n.text\n");

const struct au_licence_db *au_licence_builtin(struct au_arena *a)
{
	const struct au_licence_db *db = NULL;
	size_t len = (size_t)(au_licence_blob_end - au_licence_blob);

	return au_licence_db_open(au_licence_blob, len, a, &db) == AU_OK ? db : NULL;
}
