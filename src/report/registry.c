/* The list of report writers, made from report.list. */
#include "base/banned.h"
#include "report/report.h"

#define AU_WRITER(x) extern const struct au_writer au_writer_##x;
#include "report/report.list"
#undef AU_WRITER

const struct au_writer *const au_writers[] = {
#define AU_WRITER(x) &au_writer_##x,
#include "report/report.list"
#undef AU_WRITER
};

const size_t au_n_writers = sizeof(au_writers) / sizeof(*au_writers);

const struct au_writer *au_writer_find(const char *name)
{
	for (size_t i = 0; i < au_n_writers; i++)
		if (!strcmp(au_writers[i]->name, name))
			return au_writers[i];
	return NULL;
}

const char *au_status_name(enum au_status s)
{
	static const char *const names[] = { "pass", "fail", "incomplete", "nothing-to-scan" };

	return names[s];
}
