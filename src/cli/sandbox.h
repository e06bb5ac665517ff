/* Confinement of the process, once options and rules are read: what a parser bug cannot reach. */
#ifndef AU_CLI_SANDBOX_H
#define AU_CLI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct au_sandbox {
	const char *const *read;    /* paths to read below; NULL-terminated */
	const char *tmp;            /* directory for spooled members */
	const char *landlock, *seccomp; /* out: "on", or why not */
};

/* Give up: writing anywhere (open descriptors stay), reading outside of `read`, starting programs,
 * the network, core dumps. Call before threads start; cannot be undone. */
void au_sandbox_enter(struct au_sandbox *s);

#endif
