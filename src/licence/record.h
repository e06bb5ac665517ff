/* Licence records: what a licence allows, demands and forbids, from licences/FAMILY/ID.yaml. */
#ifndef AU_LICENCE_RECORD_H
#define AU_LICENCE_RECORD_H

#include <stddef.h>

struct au_licence_db;

/* One duty or bar of a licence. */
struct au_licence_duty {
	const char *id;             /* stable word: "include-notice", "built-with", "mau-limit" */
	const char *text;           /* one sentence in our words */
	const char *clause;         /* where it stands in the licence; may be NULL */
	const char *const *uses;    /* internal product service distribution training; NULL-terminated,
	                               empty: all */
	const char *threshold;      /* "700000000 monthly active users"; may be NULL */
	int prohibits;              /* a bar, not a duty */
};

struct au_licence {
	const char *id;             /* SPDX id or LicenseRef-... */
	const char *name;
	const char *family;         /* "mit", "llama", "openrail", "cc"... */
	const char *class;          /* "permissive", "non-commercial"...: legal/legal.h */
	const char *const *permissions, *const *conditions, *const *limitations; /* NULL-terminated */
	const char *const *terms;   /* notable terms, a sentence each */
	const struct au_licence_duty *obligations;
	size_t n_obligations;
	const char *const *aliases; /* spellings in metadata */
	const char *const *hub;     /* ids on model hubs */
	const char *const *urls;
};

#endif
