/* What several commands share: targets, limits, the scan itself with progress and sandbox. */
#ifndef AU_CLI_COMMON_H
#define AU_CLI_COMMON_H

#include "audit/run.h"
#include "cli/cli.h"

struct au_scan;

/* Limits of run from the options. AU_EXIT_PASS or AU_EXIT_USAGE (told). */
int au_cli_limits(struct au_args *a, struct au_limits *l);
/* Scan the targets named by the words (and --files-from) as run says: sandbox, progress and signals
 * included. AU_EXIT_PASS with *ret to be freed by au_scan_free, or an exit code (told). */
int au_cli_scan(struct au_args *a, const struct au_run *run, struct au_scan **ret);
/* True when SIGINT or SIGTERM ended the scan early; the exit code to use then. */
int au_cli_interrupted(void);

#endif
