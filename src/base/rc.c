/* Names of results; see rc.h. */
#include "base/banned.h"
#include "base/rc.h"

const char *au_rc_name(int rc)
{
	switch (rc) {
	case AU_OK: return "ok";
	case AU_NOTME: return "not this format";
	case AU_WARN: return "odd";
	case AU_LIMIT: return "limit reached";
	case AU_BAD: return "malformed";
	case AU_IO: return "read error";
	case AU_NOMEM: return "out of memory";
	default: return "internal error";
	}
}
