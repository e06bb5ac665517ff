/* The -o options: which reports go where. Files are opened before the scan, so that a path that
 * cannot be written is told at once and the process can give up the right to create files. */
#ifndef AU_CLI_OUTPUTS_H
#define AU_CLI_OUTPUTS_H

#include "cli/cli.h"
#include "report/report.h"

struct au_outputs;

/* Open what -o names; with none, `fallback` to standard output. AU_EXIT_PASS or AU_EXIT_USAGE. */
int au_outputs_open(struct au_args *a, const char *fallback, struct au_outputs **ret);
/* Write all and close. AU_EXIT_PASS, or AU_EXIT_INCOMPLETE when a report could not be written. */
int au_outputs_write(struct au_outputs *o, struct au_report *r);

#endif
