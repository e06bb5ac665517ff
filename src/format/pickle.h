/* Pickle engine: runs the opcodes of a pickle symbolically (no object is ever built) and tells
 * what a loader would import, call and change. The machine keeps CPython's rules for operands,
 * stack, marks and memo; where the loader would stop with an error it goes on, with less
 * confidence, because what ran before the error has run. */
#ifndef AU_FORMAT_PICKLE_H
#define AU_FORMAT_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "audit/model.h"

struct au_arena;
struct au_buf;
struct au_job;
struct au_view;

/* How sure it is that a loader gets to the place. */
enum au_pickle_reach {
	AU_PICKLE_REACHED,     /* the machine got there without an error */
	AU_PICKLE_UNREACHED,   /* behind an error the loader would have stopped at */
	AU_PICKLE_SWEPT,       /* found by searching bytes that no stream covers */
	AU_PICKLE_NESTED,      /* in a pickle that is a literal of this one */
	AU_PICKLE_REACH_N,
};

/* What was done with a global. */
enum {
	AU_PICKLE_IMPORT = 1,
	AU_PICKLE_CALL = 2,       /* REDUCE, INST, OBJ */
	AU_PICKLE_NEW = 4,        /* NEWOBJ, NEWOBJ_EX: cls.__new__ */
	AU_PICKLE_BUILD = 8,      /* BUILD on the bare global: its attributes are set */
	AU_PICKLE_MUTATE = 16,    /* items set on or appended to the bare global */
	AU_PICKLE_PASS = 32,      /* passed to a call */
	AU_PICKLE_STATE = 64,     /* BUILD on an instance of it */
};

/* A global (module, name) as written, with everything done to it; detail of "pickle.global". */
struct au_pickle_ref {
	const char *module, *name;      /* decoded; malformed bytes kept */
	bool dotted;                    /* the name is walked at its dots (protocol 4 was in force) */
	bool py2;                       /* Python-2 names are mapped (protocol below 3) */
	uint8_t done[AU_PICKLE_REACH_N];
	uint64_t at[AU_PICKLE_REACH_N];       /* first import */
	uint64_t call_at[AU_PICKLE_REACH_N];  /* first call or other deed */
	uint32_t calls;                 /* REDUCE, INST, OBJ, NEWOBJ */
	uint32_t calls_global;          /* ... whose first argument is a global */
	const char *args;               /* of the first call: "'id', 2", printable; or NULL */
};

/* A global was passed to a call of another; detail of "pickle.pass". */
struct au_pickle_pass {
	uint32_t callee, arg;           /* numbers of refs */
	uint64_t at;
	uint8_t reach;
	bool first;
};

enum au_pickle_note_kind {
	AU_PN_EXT, AU_PN_EXT_CALL, AU_PN_DYNAMIC_GLOBAL, AU_PN_CONFUSION, AU_PN_TENSOR_ITEM, AU_PN_COMPUTED,
	AU_PN_FRAME, AU_PN_ERROR, AU_PN_INT, AU_PN_PROTO, AU_PN_TRAILING, AU_PN_RESOURCE, AU_PN_NESTED,
	AU_PN_PERSID, AU_PN_CUT, AU_PN_N,
};

struct au_pickle_note {
	enum au_pickle_note_kind kind;
	uint8_t reach;
	uint64_t at, num;
	const char *text;               /* arena; printable */
};

/* A torch storage named by a persistent id, and a tensor over one. */
struct au_pickle_storage {
	const char *key, *cls;          /* "0", "FloatStorage" */
	uint64_t numel, at;
};

struct au_pickle_tensor {
	const char *name;               /* key it is stored under, or NULL */
	uint32_t storage;
	uint64_t offset;                /* elements */
	uint8_t n_dims, n_strides;
	bool odd;                       /* sizes or strides could not be read */
	uint64_t dims[AU_DIMS_MAX], strides[AU_DIMS_MAX];
};

/* What a scan established; arrays in the arena. */
struct au_pickle {
	const struct au_pickle_ref *refs;
	const struct au_pickle_pass *passes;
	const struct au_pickle_note *notes;
	const struct au_pickle_storage *storages;
	const struct au_pickle_tensor *tensors;
	size_t n_refs, n_passes, n_notes, n_storages, n_tensors;
	uint32_t note_counts[AU_PN_N];  /* all of them, also those past the kept number */
	uint64_t ops, streams, end;     /* end: behind the last stream that ended with STOP */
	int proto;                      /* highest protocol stated; 0 for text */
	bool torch_legacy;              /* first stream is torch's magic number */
	bool first_ok;                  /* the stream at 0 ended with STOP and without error */
};

/* Scan options: max_streams 0 means all; sweep: search the bytes no stream covers. */
struct au_pickle_opts {
	uint64_t start;                 /* first stream begins here */
	unsigned max_streams;
	bool sweep;
	bool tensors;                   /* keep storages and tensors */
};

/* Scan the streams of v. Results live in a, scratch is working memory. AU_OK, AU_LIMIT or AU_IO;
 * notes tell the rest. */
int au_pickle_scan(struct au_view *v, struct au_arena *a, struct au_arena *scratch,
		   const struct au_pickle_opts *o, struct au_pickle *ret);
/* Emit the facts of a scan about e (topics: see pickle.c), offsets moved by `shift`. */
void au_pickle_emit(struct au_job *job, struct au_entry *e, const struct au_pickle *p, uint64_t shift);
/* Length of a well-formed stream at `at` up to and with STOP by operand lengths alone, or 0; looks
 * at no more than max_ops opcodes. *ret_ops (may be NULL) tells how many were decoded. */
uint64_t au_pickle_skim(struct au_view *v, uint64_t at, uint64_t max_ops, uint64_t *ret_ops);
/* Bytes at the front of p look like a pickle: binary protocol header, or text opcodes. */
int au_pickle_sniff(const uint8_t *p, size_t n);
/* Readable listing of the opcodes, one a line with offset, for people. AU_OK, AU_LIMIT (out is
 * full) or AU_BAD (cut at an opcode that cannot be decoded; told in the listing). */
int au_pickle_decompile(struct au_view *v, struct au_buf *out);
/* Detail of the facts "pickle.note.*" is NULL; the ref a pass speaks of: */
struct au_pickle_passed {
	const struct au_pickle_ref *callee, *arg;
	uint8_t reach;
	bool first;
};

#endif
