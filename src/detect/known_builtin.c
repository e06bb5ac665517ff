/* The table of known files that was compiled in. */
#include "base/banned.h"
#include "base/rc.h"
#include "detect/known_db.h"

extern const uint8_t au_known_blob[], au_known_blob_end[];
__asm__(".section .rodata\n.balign 16\n.global au_known_blob\n.global au_known_blob_end\n"
	"au_known_blob:\n.incbin \"" AU_GEN_DIR "/known.bin\"\nau_known_blob_end:\n.byte 0\n.text\n");

const struct au_known_db *au_known_builtin(struct au_arena *a)
{
	const struct au_known_db *db = NULL;

	if (au_known_open(au_known_blob, (size_t)(au_known_blob_end - au_known_blob), a, &db) != AU_OK)
		return NULL;
	return db;
}
