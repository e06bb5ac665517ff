/* Dotted Python names as configurations give them: what calling one would mean. */
#ifndef AU_DETECT_PYNAME_H
#define AU_DETECT_PYNAME_H

enum au_pytier {
	AU_PY_KNOWN,      /* class or factory of a well-known framework, harmless to build */
	AU_PY_CLASS,      /* looks like a class, of a package we know nothing of */
	AU_PY_FUNCTION,   /* a function we know nothing of */
	AU_PY_DANGEROUS,  /* runs, imports, evaluates, downloads or unpickles */
};

enum au_pytier au_pyname_tier(const char *name);

#endif
