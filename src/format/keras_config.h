/* Keras' serialised configurations (JSON), as they lie in .keras archives, in HDF5 attributes, in
 * architecture files and in SavedModel metadata: one walk for all of them. */
#ifndef AU_FORMAT_KERAS_CONFIG_H
#define AU_FORMAT_KERAS_CONFIG_H

#include "audit/job.h"
#include "base/node.h"

/* The document looks like a serialised Keras object (has class_name and config, or is a compile
 * configuration). */
bool au_keras_config_like(const struct au_node *root);
/* Facts about everything in the document that makes the loader do more than arithmetic; topics at
 * the top of keras_config.c. base: offset of the document in the entry. */
void au_keras_config_walk(struct au_job *job, struct au_entry *e, const struct au_node *root,
			  uint64_t base);
/* The same from text. True when it was a Keras document. */
bool au_keras_config_text(struct au_job *job, struct au_entry *e, const void *p, size_t n,
			  uint64_t base);

#endif
