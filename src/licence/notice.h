/* The notice automaton's shared constants. Inside the room only. */
#ifndef AU_LICENCE_NOTICE_H
#define AU_LICENCE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

enum { LIC_EMPTY = 0x10000, LIC_GAP = 0x20000 };

enum lic_rule_kind {
	LIC_RULE_NAME,    /* counts only with a verb before, a word after, or as a title */
	LIC_RULE_SAY,     /* says it all by itself */
	LIC_RULE_VERB,    /* "licensed under" */
	LIC_RULE_AFTER,   /* "license" behind a name */
	LIC_RULE_ADD,     /* changes the licence it stands beside */
	LIC_RULE_NEVER,   /* looks like a notice, is none: "compatible with the ..." */
};

struct lic_build;
bool lic_is_filler(struct lic_build *b, uint16_t id);

#endif
