/* The flat layout of the known-files table, shared by its compiler and its reader. */
#ifndef AU_DETECT_KNOWN_TABLE_H
#define AU_DETECT_KNOWN_TABLE_H

#include <stdint.h>

#define AU_KNOWN_MAGIC "AUKN\0\0\0\1"

struct au_known_header {
	char magic[8];
	uint32_t n_files, n_names, n_orgs, pool;
};

/* Strings are offsets into the pool. */
struct au_known_file {
	uint8_t sha256[32];
	uint64_t size;
	uint32_t file, model, base, reason, source, cls;
};

struct au_known_nm {
	uint32_t id, base, why, source, cls;
};

#endif
