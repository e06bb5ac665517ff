/* Rules of the user's, compiled at start: what replaces or extends the built-in tables. */
#ifndef AU_AUDIT_RULEBASE_H
#define AU_AUDIT_RULEBASE_H

struct au_rulebase {
	const void *pickle;      /* table of pickle names (detect/pickle_names.h), NULL: the built-in one */
};

#endif
