/* The licence index that was compiled in. */
#include "base/banned.h"
#include "base/rc.h"
#include "licence/licence.h"

extern const uint8_t au_licence_blob[], au_licence_blob_end[];
__asm__(".section .rodata\n.balign 16\n.global au_licence_blob\n.global au_licence_blob_end\n"
	"au_licence_blob:\n.incbin \"" AU_GEN_DIR "/licence.bin\"\nau_licence_blob_end:\n.byte 0\n.text\n");

struct au_licence_db *au_licence_builtin(struct au_arena *a)
{
	struct au_licence_db *db = NULL;

	if (au_licence_db_open(au_licence_blob, (size_t)(au_licence_blob_end - au_licence_blob), a, &db) != AU_OK)
		return NULL;
	return db;
}
