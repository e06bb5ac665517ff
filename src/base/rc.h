/* Graded results. A reader of hostile bytes answers with AU_NOTME, AU_WARN, AU_LIMIT or AU_BAD;
 * AU_IO, AU_NOMEM and AU_FATAL are trouble of the machine or a mistake of ours. */
#ifndef AU_BASE_RC_H
#define AU_BASE_RC_H

enum au_rc {
	AU_OK = 0,
	AU_NOTME = 1,    /* not this format: somebody else may try */
	AU_WARN = -10,   /* usable, with something odd that was told */
	AU_LIMIT = -20,  /* a limit of ours was reached: the rest was not read */
	AU_BAD = -30,    /* malformed: cannot go on in this entry */
	AU_IO = -40,     /* the system refused a read or a write */
	AU_NOMEM = -50,  /* out of memory or over the arena's maximum */
	AU_FATAL = -60,  /* our own mistake, or the user's configuration */
};

/* Short stable word for a result ("malformed", "limit", ...), for messages. */
const char *au_rc_name(int rc);

#endif
