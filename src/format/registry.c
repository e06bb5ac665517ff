/* The list of formats, made from format.list. */
#include "base/banned.h"
#include "audit/format.h"

#define AU_FORMAT(x) extern const struct au_format au_format_##x;
#include "format/format.list"
#undef AU_FORMAT

const struct au_format *const au_formats[] = {
#define AU_FORMAT(x) &au_format_##x,
#include "format/format.list"
#undef AU_FORMAT
};

const size_t au_n_formats = sizeof(au_formats) / sizeof(*au_formats);

const struct au_format *au_format_find(const char *name)
{
	for (size_t i = 0; i < au_n_formats; i++)
		if (!strcmp(au_formats[i]->name, name))
			return au_formats[i];
	return NULL;
}
