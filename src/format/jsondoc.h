/* JSON documents of model repositories: what their keys make a loader do. Shared by the JSON and
 * the YAML reader, as both give the same tree. */
#ifndef AU_FORMAT_JSONDOC_H
#define AU_FORMAT_JSONDOC_H

#include "audit/job.h"
#include "base/node.h"

/* Facts: see jsondoc.c. base is added to offsets; lines are used when base is 0. */
void au_jsondoc_walk(struct au_job *job, struct au_entry *e, const struct au_node *root);

#endif
