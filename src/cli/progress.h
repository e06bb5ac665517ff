/* Progress on standard error, from a thread of its own. */
#ifndef AU_CLI_PROGRESS_H
#define AU_CLI_PROGRESS_H

#include "cli/cli.h"
#include "scan/scan.h"

struct au_progress_bar;

/* Start showing p, by --progress, the terminal, CI and PRE_COMMIT; NULL when nothing is to be
 * shown. Stop takes NULL; it clears the line. */
struct au_progress_bar *au_progress_start(const struct au_args *a, struct au_progress *p);
void au_progress_stop(struct au_progress_bar *bar);

#endif
