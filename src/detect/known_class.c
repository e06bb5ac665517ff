/* Names of the classes of known models; apart, so that the build tool needs no table. */
#include "base/banned.h"
#include "detect/known_db.h"

static const char *const class_names[AU_KNOWN_N] = {
	"rome-edited", "malicious", "maligned", "unaligned", "abliterated", "uncensored", "aligned", "base",
	"other",
};

const char *au_known_class_name(enum au_known_class c)
{
	return class_names[c];
}

bool au_known_flagged(enum au_known_class c)
{
	return c <= AU_KNOWN_UNCENSORED;
}
