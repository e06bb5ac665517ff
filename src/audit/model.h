/* The audit model: what readers establish (facts), what judges say (findings), what could not be
 * read (coverage), and the entries all of it hangs on. Everything lives in the arena of its job
 * and stays until the reports are written. */
#ifndef AU_AUDIT_MODEL_H
#define AU_AUDIT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "audit/limits.h"

struct au_format;
struct au_finding;

/* A place: bytes in the innermost entry; lines (from 1, inclusive) for text, else 0. */
struct au_span {
	uint64_t off, len;
	uint32_t line, line_end;
};

enum au_sev { AU_INFO, AU_LOW, AU_MEDIUM, AU_HIGH, AU_CRITICAL, AU_SEV_N };
const char *au_sev_name(enum au_sev s);                 /* "info" ... "critical" */
bool au_sev_parse(const char *s, enum au_sev *ret);

enum au_kind { AU_SAFETY, AU_LICENCE, AU_INTEGRITY, AU_COVERAGE };
const char *au_kind_name(enum au_kind k);

/* A rule: an id that is never reused and the words that go with it. */
struct au_rule {
	const char *id;        /* FAMILY-NAME */
	enum au_kind kind;
	enum au_sev sev;       /* default severity */
	const char *title;     /* one short line, no full stop */
	const char *why;       /* what happens on load, or why it matters: full sentences */
	const char *fix;       /* what to do: full sentences */
};

/* A format's claim on an entry: 100 magic and structure, 60 magic, 30 name only. */
struct au_bid {
	const struct au_format *format;
	int score;
};

/* What a reader established. topic says what it is: a dotted word, stable, documented beside the
 * reader ("pickle.call", "gguf.kv", "licence.match"). The other fields as the topic defines them. */
struct au_fact {
	struct au_fact *next;   /* next fact of the same entry */
	const char *topic;
	const char *text;       /* evidence or value; hostile, escape on output; may be NULL */
	const char *aux;        /* a second value; may be NULL */
	uint64_t num;
	struct au_span span;
	const void *detail;     /* struct named by the topic's documentation, or NULL */
};

/* Element types of tensors, over all formats. */
enum au_dtype {
	AU_DT_OTHER, AU_DT_F64, AU_DT_F32, AU_DT_F16, AU_DT_BF16, AU_DT_F8_E4M3, AU_DT_F8_E5M2,
	AU_DT_I64, AU_DT_I32, AU_DT_I16, AU_DT_I8, AU_DT_U64, AU_DT_U32, AU_DT_U16, AU_DT_U8, AU_DT_BOOL,
	AU_DT_C64, AU_DT_C128,
	/* GGML block types */
	AU_DT_Q4_0, AU_DT_Q4_1, AU_DT_Q5_0, AU_DT_Q5_1, AU_DT_Q8_0, AU_DT_Q8_1, AU_DT_Q2_K, AU_DT_Q3_K,
	AU_DT_Q4_K, AU_DT_Q5_K, AU_DT_Q6_K, AU_DT_Q8_K, AU_DT_IQ, AU_DT_N,
};
const char *au_dtype_name(enum au_dtype t);
/* Bits of one element; 0 for block types and AU_DT_OTHER. */
unsigned au_dtype_bits(enum au_dtype t);

enum { AU_DIMS_MAX = 8 };

/* One row of an entry's tensor table. Data lies at [off, off + bytes) of the entry `where`, in
 * C order and little-endian unless flagged. */
struct au_tensor {
	const char *name;
	enum au_dtype dtype;
	const char *dtype_text;  /* as the file spells it */
	unsigned n_dims;
	uint64_t dims[AU_DIMS_MAX];
	const struct au_entry *where;
	const char *file;        /* data lies in this other file beside the entry (relative), else NULL */
	uint64_t off, bytes;
	bool fortran;            /* column-major */
	bool big_endian;
	bool plain;              /* contiguous and raw: the bytes can be read as they lie */
};

/* A file-like thing in the target, however deep. */
struct au_entry {
	struct au_entry *parent;       /* the container, or NULL */
	struct au_entry *next;         /* next entry of the job, in order of discovery */
	const char *name;              /* name within parent ('/' separated); raw bytes */
	const char *path;              /* whole chain from the target: "a.zip!/b.pkl"; raw bytes */
	uint64_t size;                 /* bytes, unpacked */
	uint64_t at;                   /* where its bytes begin in the parent, when stored raw */
	uint32_t job, ordinal;         /* position in the run's total order */
	uint16_t depth;                /* 0: a file of the target itself */
	bool hashed, text, stored_raw;
	bool lfs;                      /* a Git LFS pointer: sha256 and lfs_size are the pointed file's */
	uint64_t lfs_size;
	uint8_t sha256[32];
	uint8_t n_bids;
	struct au_bid bids[AU_BIDS_MAX]; /* best first; [0] is what it is */
	uint16_t mode;                 /* permission bits where known */
	struct au_fact *facts, *last_fact;
	const struct au_tensor *tensors; /* array */
	size_t n_tensors;
	const char *meta;              /* name of a well-known kind of file by its path, or NULL */
};

#define AU_EACH_FACT(f, e) for (const struct au_fact *f = (e)->facts; f; f = f->next)
/* First fact with the topic, or NULL. */
const struct au_fact *au_fact_first(const struct au_entry *e, const char *topic);
/* One of the entry's bids with a score of at least 60 is the format of this name. */
bool au_entry_is(const struct au_entry *e, const char *format);

/* Bytes that were not read, and why. */
struct au_coverage {
	struct au_coverage *next;
	const struct au_entry *entry;   /* NULL when there is none: then path says where */
	const char *path;
	const char *reason;             /* stable word: unreadable vanished not-regular encrypted
	                                   malformed limit lfs-pointer unsupported excluded ... */
	const char *text;               /* the sentence for people, with offset and cause */
	uint64_t off;
	bool benign;                    /* told, but does not make the audit incomplete */
};

enum au_state { AU_STATE_NEW, AU_STATE_KNOWN, AU_STATE_WAIVED };

/* Another place that belongs to a finding (the other side of a conflict, the base model...). */
struct au_related {
	const struct au_entry *entry;
	struct au_span span;
	const char *text;
};

/* A judge's verdict. */
struct au_finding {
	struct au_finding *next;
	const struct au_rule *rule;
	const struct au_entry *entry;
	struct au_span span;
	enum au_sev sev;
	enum au_state state;
	const char *message;       /* first sentence stands alone, ends in a full stop */
	const char *evidence;      /* printable; may be NULL */
	const char *key;           /* evidence key of the fingerprint: never line, offset or time */
	const char *fix;           /* NULL: the rule's */
	const struct au_related *related;
	size_t n_related;
	uint8_t fingerprint[16];
	unsigned repeat;           /* nth finding with this fingerprint, from 0 */
	const char *waiver;        /* id of the waiver in force */
};

#endif
