/* The legal room: what a component declares, what its texts say, what it inherits, and what
 * follows from the three. Nothing here opens a file: everything comes from the facts of the audit
 * (declare/declare.h and the licence room's matches) and from the tables under rules/.
 *
 * For report writers: walk audit->legal->components (the scan room builds it). All strings live in the arena given to au_legal_build; those that come from
 * the target (names, raw spellings, paths) are hostile: escape them on output. Order is total and
 * the same at any -j: components by directory and name, claims by entry order and offset. */
#ifndef AU_LEGAL_LEGAL_H
#define AU_LEGAL_LEGAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "audit/format.h"
#include "audit/run.h"

/* What a licence lets one do, from most to least free; the "worse" of two is the larger one.
 * UNKNOWN is last: nothing may be assumed. */
enum au_class {
	AU_CLASS_PUBLIC_DOMAIN,     /* no conditions */
	AU_CLASS_PERMISSIVE,        /* attribution at most */
	AU_CLASS_WEAK_COPYLEFT,     /* share changes to the work itself */
	AU_CLASS_STRONG_COPYLEFT,   /* share the whole derived work */
	AU_CLASS_NETWORK_COPYLEFT,  /* also when served over a network */
	AU_CLASS_USE_RESTRICTED,    /* behavioural limits that pass on (RAIL, Gemma) */
	AU_CLASS_COMMUNITY,         /* proprietary terms with thresholds or naming duties (Llama) */
	AU_CLASS_NO_DERIVATIVES,    /* changed versions may not be shared */
	AU_CLASS_NON_COMMERCIAL,    /* no commercial use, research only */
	AU_CLASS_PROPRIETARY,       /* all rights reserved */
	AU_CLASS_UNKNOWN,           /* no licence, a family name, or a text that is in no index */
	AU_CLASS_N,
};
/* "public-domain", "permissive", ... "unknown". */
const char *au_class_name(enum au_class c);
/* By that word; also "proprietary/community" and "copyleft"; AU_CLASS_UNKNOWN when unheard of. */
enum au_class au_class_parse(const char *s);

/* What the user wants to do with the target (`--use`, policy `use:`); a bit set. */
enum au_use {
	AU_USE_INTERNAL = 1,      /* run it inside the own organisation */
	AU_USE_PRODUCT = 2,       /* commercial use in a product */
	AU_USE_SERVICE = 4,       /* serve it, or its output, over a network */
	AU_USE_DISTRIBUTION = 8,  /* pass it on, changed or not */
	AU_USE_TRAINING = 16,     /* fine-tune or distil it, or train on its outputs */
	AU_USE_ALL = 31,
};
/* A use by its word ("internal" ... "training"), 0 when unknown; and back. */
unsigned au_use_parse(const char *s);
const char *au_use_name(unsigned one);

enum au_claim_kind { AU_CLAIM_DECLARED, AU_CLAIM_FOUND, AU_CLAIM_INHERITED };

enum au_found_verdict {
	AU_FOUND_NONE, AU_FOUND_EXACT, AU_FOUND_MATCH, AU_FOUND_MODIFIED, AU_FOUND_PARTIAL,
	AU_FOUND_REFERENCE, AU_FOUND_UNKNOWN,
};
const char *au_found_name(enum au_found_verdict v);

/* One statement about a component's licence, with its place. */
struct au_claim {
	enum au_claim_kind kind;
	const char *raw;            /* as written (declared), the id (found), the base's name (inherited) */
	const char *expr;           /* SPDX expression; NULL: unresolved (see family) */
	const char *family;         /* unresolved: "openrail", "cc", "other", "unknown"...; else NULL */
	enum au_class cls;          /* of expr: the side of an OR that is freest, the worst of an AND */
	const char *source;         /* "model card", "package.json", "licence text", "base model", ... */
	enum au_found_verdict verdict; /* found claims only */
	double score;               /* found claims: 0..1 */
	const char *nearest;        /* modified and unknown texts: the nearest id; else NULL */
	const char *via;            /* inherited: name of the base model or dataset it comes from */
	bool via_dataset;           /* inherited from a dataset, not a base model */
	unsigned hops;              /* inherited: 1 = named by the component itself, 2 = its base's base */
	const char *basis;          /* inherited: why we believe it: "in this target", "known licence: ..." */
	const struct au_entry *entry;  /* where it is said; never NULL */
	struct au_span span;
};

/* One thing to do, from a licence record. */
struct au_obligation {
	const char *id;             /* stable word: "include-notice", "built-with", "mau-limit"... */
	const char *text;           /* one sentence: what to do */
	const char *licence;        /* id it comes from */
	const char *clause;         /* where in the licence ("4(d)", "1.b.i"); may be NULL */
	unsigned uses;              /* AU_USE_* it binds */
	bool applies;               /* for the uses asked */
	bool prohibits;             /* not a duty but a bar: this use is not allowed */
	const char *threshold;      /* "700000000 monthly active users"; may be NULL */
};

enum au_component_type { AU_COMP_MODEL, AU_COMP_DATASET, AU_COMP_PACKAGE, AU_COMP_DIRECTORY };
const char *au_component_type_name(enum au_component_type t);

enum au_legal_status {
	AU_LEGAL_CLEAR,       /* one licence, declared and found or declared and undisputed */
	AU_LEGAL_REVIEW,      /* a person must look: unresolved, modified, no text, disagreement */
	AU_LEGAL_CONFLICT,    /* claims exclude each other, or the use asked is barred */
	AU_LEGAL_NONE,        /* no licence at all: all rights reserved */
};
const char *au_legal_status_name(enum au_legal_status s);

/* A name another component or a hub repository goes by. */
struct au_lineage {
	const char *name;               /* as written: "org/model", a path */
	bool dataset;
	const struct au_component *in_target; /* the component it is, when it lies in this target */
	const char *known;              /* licence expression of the known-models table, or NULL */
	const struct au_entry *entry;   /* where it is named */
	struct au_span span;
};

struct au_component {
	enum au_component_type type;
	const char *name;               /* declared name, hub id, or the directory's; never NULL */
	const char *version;            /* may be NULL */
	const char *purl;               /* package url, without registry hosts; may be NULL */
	const char *dir;                /* directory within the target, "" for its root */
	const struct au_entry *manifest;/* the file it is known by; may be NULL */
	const struct au_entry **entries;/* everything that rolls up to it, in total order */
	size_t n_entries;
	const struct au_claim *declared; size_t n_declared;
	const struct au_claim *found; size_t n_found;
	const struct au_claim *inherited; size_t n_inherited;
	const struct au_lineage *lineage; size_t n_lineage;
	const char *expr;               /* conclusion: SPDX expression, "NOASSERTION" or "NONE" */
	enum au_class cls;              /* of the conclusion, inherited terms included */
	enum au_legal_status status;
	const char *const *reasons;     /* sentences, in the order the conclusion was drawn */
	size_t n_reasons;
	const struct au_obligation *obligations; size_t n_obligations;
	const struct au_finding **conflicts;  /* LIC-* findings about this component, in order */
	size_t n_conflicts;
	const char *const *copyrights;  /* distinct copyright lines, in order; for NOTICE files */
	size_t n_copyrights;
	const struct au_component *parent;      /* of an enclosing directory, or NULL */
	const struct au_entry *text;            /* first licence text, or file named as one; or NULL */
	const struct au_entry *notice, *use_policy;  /* NOTICE and use-policy files, or NULL */
	const char *shown;              /* a line a licence demands, seen in the card; or NULL */
	bool card;                      /* a model card was read */
};

struct au_legal {
	struct au_component *components;
	size_t n_components;
	unsigned uses;                  /* AU_USE_* asked; 0: none was named */
	const char *expr;               /* the whole target: AND over its components' conclusions */
	enum au_class cls;
	enum au_legal_status status;    /* the worst of its components */
	size_t n_by_class[AU_CLASS_N];
};

/* Roll the audit's facts up into components and conclude. Result and everything in it live in a.
 * Never fails: without facts there is one component of type directory with conclusion NONE. */
struct au_legal *au_legal_build(struct au_arena *a, const struct au_audit *audit, unsigned uses);

/* Findings for the conflicts of legal (LIC-* rules), emitted to the closing job and hung on the
 * components. Call once, after au_legal_build. */
void au_legal_judge(struct au_job *closing, struct au_legal *legal);

/* The judge of detector.list: judges audit->legal, which the scan room builds with run->uses before
 * the judges of the whole target run. Report writers read audit->legal afterwards. */
extern const struct au_judge au_judge_legal;

/* The component an entry rolls up to, or NULL. */
const struct au_component *au_legal_component_of(const struct au_legal *l, const struct au_entry *e);

#endif
