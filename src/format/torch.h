/* What PyTorch's two file layouts share: storages, dtypes, the tensor table. */
#ifndef AU_FORMAT_TORCH_H
#define AU_FORMAT_TORCH_H

#include "audit/format.h"
#include "format/pickle.h"

struct au_torch_dtype {
	const char *cls;       /* "FloatStorage" */
	enum au_dtype dtype;
	const char *text;      /* "float32" */
	unsigned size;         /* bytes of an element */
};
/* By the storage's class name; NULL when unknown. */
const struct au_torch_dtype *au_torch_dtype(const char *cls);

/* Where a storage's bytes lie in the entry; known only when found. */
struct au_torch_place {
	uint64_t off, bytes;
	bool known, raw;
};
/* The entry's tensor table from a scan; places has an element for each of p's storages. */
void au_torch_tensors(struct au_job *job, struct au_entry *e, const struct au_pickle *p,
		      const struct au_torch_place *places, bool big_endian);

#endif
