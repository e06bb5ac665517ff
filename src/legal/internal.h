/* Inside the legal room: what building a result passes between its files. */
#ifndef AU_LEGAL_INTERNAL_H
#define AU_LEGAL_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "legal/tables.h"

struct au_comp_work {            /* a component while it grows; same index as in legal->components */
	struct au_vec entries;       /* const struct au_entry * */
	struct au_vec declared, found, inherited;  /* struct au_claim */
	struct au_vec lineage;       /* struct au_lineage */
	struct au_vec reasons;       /* const char * */
	struct au_vec duties;        /* struct au_obligation */
	struct au_vec conflicts;     /* const struct au_finding * */
	struct au_vec copyrights;    /* const char * */
	const struct au_entry *text; /* first licence text or licence-named file, or NULL */
	const struct au_entry *notice, *use_policy;
	const struct au_fact *shown; /* first declared.notice fact ("Built with Llama") */
	size_t parent;               /* component of an enclosing directory, or SIZE_MAX */
	int name_rank;               /* how good the name is: higher wins */
	bool visiting;               /* in the walk over bases */
	bool has_notices;            /* declared.notice facts can be told missing: a card was read */
};

struct au_legal_build {
	struct au_arena *a;
	const struct au_audit *audit;
	const struct au_licence_db *db;
	struct au_legal *legal;
	struct au_comp_work *work;
	struct au_map by_dir;        /* directory -> (component index + 1) */
	struct au_map by_name;       /* lower-case name -> (component index + 1) */
	struct au_legal_tables tables;
};

/* component.c: find the components, hang every entry on one, gather its claims and lineage. */
void au_legal_components(struct au_legal_build *b);
/* inherit.c: claims from bases and datasets, transitively. */
void au_legal_inherit(struct au_legal_build *b);
/* conclude.c: expression, class, status, reasons. */
void au_legal_conclude(struct au_legal_build *b, size_t i);
/* duty.c: obligations of the conclusion. */
void au_legal_duties(struct au_legal_build *b, size_t i);

/* Directory part of an entry's path ("a.zip!/b" of "a.zip!/b/c"), "" at the root. */
const char *au_legal_dir(struct au_arena *a, const struct au_entry *e);
/* An id belongs to the family an unresolved declaration names. */
bool au_family_covers(const char *family, const char *id);
/* Ids of expr all occur in the ids of all (both expressions). */
bool au_expr_within(struct au_arena *a, const char *expr, const char *all);
void au_reason(struct au_legal_build *b, size_t i, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* "README.md:2", "LICENSE" */
const char *au_place(struct au_arena *a, const struct au_entry *e, struct au_span span);

#endif
