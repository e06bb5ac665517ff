/* One licence name without operators: to its id, its exception id, or its family word. */
#ifndef AU_DECLARE_ATOM_H
#define AU_DECLARE_ATOM_H

struct au_arena;
struct au_licence_db;

/* SPDX id, LicenseRef- id, or an expression for the few names that mean two ("Perl"); NULL when
 * the name does not say exactly one licence. */
const char *au_atom_id(struct au_arena *a, const struct au_licence_db *db, const char *s);
/* An exception id, or NULL. */
const char *au_atom_exception(struct au_arena *a, const char *s);
/* What can be said of an unresolved name: see au_declare_normalise. Never NULL. */
const char *au_atom_family(struct au_arena *a, const char *s);

#endif
