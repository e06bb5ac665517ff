/* Containers to entries; see unpack.h. */
#include "base/banned.h"
#include "base/rc.h"
#include "base/text.h"
#include "ext/archive.h"
#include "unpack/internal.h"

bool au_unsafe_name(const char *name)
{
	const char *p = name;

	if (*name == '/' || *name == '\\')
		return true;
	if (((name[0] | 32) >= 'a' && (name[0] | 32) <= 'z') && name[1] == ':' &&
	    (name[2] == '/' || name[2] == '\\'))
		return true; /* a drive letter */
	while (*p) {
		size_t n = strcspn(p, "/\\");

		if (n == 2 && p[0] == '.' && p[1] == '.')
			return true;
		p += n + (p[n] != 0);
	}
	return false;
}

struct au_entry *au_child(struct au_job *job, struct au_entry *parent, const char *name)
{
	struct au_entry *e;
	size_t len = strlen(name);

	if (job->members >= job->limits->members) {
		if (job->members++ == job->limits->members)
			au_emit_coverage(job, parent, "limit", 0,
					 "more than %llu members (--max-members): the rest was not read",
					 (unsigned long long)job->limits->members);
		return NULL;
	}
	job->members++;
	e = AU_NEW(job->arena, struct au_entry);
	e->parent = parent;
	e->name = au_arena_strn(job->arena, name, len < AU_NAME_MAX ? len : AU_NAME_MAX);
	e->path = au_arena_fmt(job->arena, "%s!/%s", parent->path, e->name);
	e->depth = (uint16_t)(parent->depth + 1);
	e->job = job->ordinal;
	e->ordinal = job->n_entries++;
	if (job->last_entry)
		job->last_entry->next = e;
	else
		job->entries = e;
	job->last_entry = e;
	return e;
}

int au_unpack(struct au_job *job, struct au_entry *e, struct au_view *v, const char *format,
	      au_member_fn fn, void *ctx)
{
	static const struct { const char *format; int kind; } kinds[] = {
		{ "tar", AU_ARCHIVE_TAR }, { "cpio", AU_ARCHIVE_CPIO }, { "7z", AU_ARCHIVE_7Z },
		{ "rar", AU_ARCHIVE_RAR }, { "ar", AU_ARCHIVE_AR },
	};

	if (e->depth >= job->limits->depth) {
		au_emit_coverage(job, e, "limit", 0,
				 "nested deeper than %u containers (--max-depth): not unpacked",
				 job->limits->depth);
		return AU_LIMIT;
	}
	if (!strcmp(format, "zip"))
		return au_unpack_zip(job, e, v, fn, ctx);
	if (!strcmp(format, "zlib"))
		return au_unpack_zlib(job, e, v, fn, ctx);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(format, kinds[i].format))
			return au_unpack_archive(job, e, v, kinds[i].kind, fn, ctx);
	return au_unpack_archive(job, e, v, AU_ARCHIVE_STREAM, fn, ctx);
}
