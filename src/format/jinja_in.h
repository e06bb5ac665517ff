/* Between the two halves of the Jinja reader: jinja.c cuts a template into blocks and tokens and
 * judges names, jinja_eval.c folds constant strings. */
#ifndef AU_FORMAT_JINJA_IN_H
#define AU_FORMAT_JINJA_IN_H

#include "base/arena.h"
#include "base/map.h"
#include "format/jinja.h"

enum { JT_END, JT_NAME, JT_STRING, JT_INT, JT_FLOAT, JT_OP };

struct jtoken {
	int type;
	const char *text;    /* names, decoded strings, operators ("//" is one) */
	size_t len;
	uint64_t num;
	uint64_t off;
};

enum { JV_UNKNOWN, JV_STRING, JV_INT, JV_LIST };

/* A folded value. Unknown parts of a string are the byte 1. */
struct jvalue {
	int kind;
	bool partial;
	const char *s;
	size_t len;
	uint64_t num;
	struct jvalue *items;
	size_t n;
	bool object_text;    /* came from an object's representation */
	const char *global;  /* bare name of a global, not assigned by the template */
};

struct jinja {
	struct au_arena *a;
	const char *p;
	size_t n, at;
	struct au_jinja_hit *hits;
	size_t n_hits, tags;
	struct au_map vars;      /* name -> struct jvalue * */
	struct jtoken *t;        /* tokens of the block at hand */
	size_t n_t, cap_t, i;
	unsigned depth;
	uint64_t work;           /* folded bytes so far: a bound */
};

void jinja_hit(struct jinja *j, enum au_jinja_kind kind, const char *what, const char *text,
	       size_t len, uint64_t off);
/* A string that is used or built: tell when it names what it should not. */
void jinja_check_string(struct jinja *j, const struct jvalue *v, bool used, uint64_t off);
bool jinja_known_dunder(const char *s, size_t n);
bool jinja_internal(const char *s, size_t n);      /* gi_frame, f_globals, ... */
bool jinja_call_name(const char *s, size_t n);     /* popen, system, ... as a called attribute */
bool jinja_is_global(const char *s, size_t n);     /* cycler, lipsum, ... */

/* Expression at j->i; stops at the first token that does not belong. */
struct jvalue jinja_expr(struct jinja *j);
bool jinja_op(const struct jinja *j, size_t i, const char *op);

#endif
