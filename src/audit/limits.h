/* Every limit in one place, each with its reason. Reaching one is told as a coverage fact. They
 * count bytes, members, depth and values, never time, and belong to a job (one top-level file and
 * all inside it), so that the same input gives the same report on every machine. */
#ifndef AU_AUDIT_LIMITS_H
#define AU_AUDIT_LIMITS_H

#include <stdint.h>

struct au_limits {
	unsigned depth;          /* containers in containers: real ones stay under 5 */
	uint64_t members;        /* a job's members in all: the hub's largest repo archives have ~1e5 */
	uint64_t member_size;    /* one member unpacked: the largest published shards are ~50 GB */
	uint64_t unpacked;       /* all members of a job, unpacked */
	uint64_t ratio;          /* unpacked : packed ... */
	uint64_t ratio_floor;    /* ... is judged only beyond so many unpacked bytes */
	uint64_t memory_member;  /* unpacked members up to this stay in memory, larger ones are spooled */
	uint64_t text;           /* licence texts and documents are read whole up to this */
	uint64_t facts;          /* a job's facts: hostile tables must not become memory */
};

#define AU_LIMITS_DEFAULT { \
	.depth = 16, .members = 1000000, .member_size = 64ULL << 30, .unpacked = 256ULL << 30, \
	.ratio = 1000, .ratio_floor = 64ULL << 20, .memory_member = 8ULL << 20, \
	.text = 64ULL << 20, .facts = 400000, \
}

enum {
	AU_EVIDENCE_MAX = 400,   /* bytes of evidence kept with a finding */
	AU_NAME_MAX = 4096,      /* a member's name; longer ones are cut and told */
	AU_BIDS_MAX = 6,         /* formats kept for one entry */
	AU_DOC_NODES = 2000000,  /* values in a JSON or YAML document that is loaded whole */
};

#endif
