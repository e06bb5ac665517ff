/* What a format reader and a judge look like: the plug-in manual of the house. A format is one
 * file in src/format/ and one line in format.list; a judge is one file in src/detect/ (or legal/)
 * and one line in detector.list. */
#ifndef AU_AUDIT_FORMAT_H
#define AU_AUDIT_FORMAT_H

#include "audit/job.h"
#include "audit/model.h"

struct au_audit;

/* What a probe may look at. head is the first up to 4 KiB, tail the last up to 64 KiB + 22 (where
 * a zip keeps its end record); both are valid only during the probe. view for structure further in. */
struct au_probe {
	const uint8_t *head, *tail;
	size_t head_len, tail_len;
	uint64_t size;
	const char *name;         /* the entry's base name */
	const char *path;         /* whole chain */
	struct au_view *view;
	bool text;                /* valid UTF-8 (or ASCII) without control characters in head */
};

enum {
	AU_FMT_TEXT = 1,       /* licence texts may be in it */
	AU_FMT_CONTAINER = 2,  /* has members: unpack/ walks it */
	AU_FMT_MODEL = 4,      /* a model or weights file */
	AU_FMT_DATA = 8,       /* a dataset file */
	AU_FMT_CODE = 16,      /* program code */
	AU_FMT_EXECUTES = 32,  /* the format itself can run code on load */
};

struct au_format {
	const char *name;                  /* stable word, lower case: "pickle", "safetensors" */
	const char *title;                 /* for people: "Python pickle" */
	const char *const *extensions;     /* lower case, without dot, NULL-terminated; may be NULL */
	unsigned flags;                    /* AU_FMT_* */
	/* 0..100: 100 magic and structure, 80 magic, 60 likely, 30 name only, 0 no. Must be cheap. */
	int (*probe)(const struct au_probe *p);
	/* Bytes to facts, tensors and coverage through job; no opinion, no printing. v is borrowed.
	 * AU_OK; AU_NOTME when structure shows it is not this format after all (the bid is dropped);
	 * AU_BAD, AU_LIMIT, AU_IO when it is but could not be read whole: the reader has emitted the
	 * coverage fact itself. May be NULL (identified only). */
	int (*read)(struct au_job *job, struct au_entry *e, struct au_view *v);
	const char *checked;               /* what is checked, one line for the documentation */
};

struct au_judge {
	const char *name;
	const struct au_rule *rules;
	size_t n_rules;
	/* After all of an entry's readers ran (and its members are done); may be NULL. */
	void (*entry)(struct au_job *job, const struct au_entry *e);
	/* After everything was read and sorted, over the whole target; findings go to the job given
	 * (a closing job of the run); may be NULL. */
	void (*target)(struct au_job *closing, const struct au_audit *audit);
};

/* Registered formats in list order, and one by name (or NULL). Implemented by format/registry.c. */
extern const struct au_format *const au_formats[];
extern const size_t au_n_formats;
const struct au_format *au_format_find(const char *name);

#endif
