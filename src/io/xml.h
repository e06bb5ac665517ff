/* Small strict XML pull reader for package manifests: elements, attributes, text, CDATA. No
 * document types, no entities but the five of the standard and numeric ones, no recursion. */
#ifndef AU_IO_XML_H
#define AU_IO_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

enum { AU_XML_DEPTH = 64, AU_XML_NAME = 64, AU_XML_TEXT = 1024 * 1024 };

enum au_xml_event { AU_XML_END, AU_XML_ERROR, AU_XML_OPEN, AU_XML_CLOSE, AU_XML_TEXT_EVENT };

struct au_xml {
	const char *p;
	size_t n, at;
	uint32_t line;
	unsigned depth;                               /* open elements, the one just opened included */
	char stack[AU_XML_DEPTH][AU_XML_NAME];        /* their names, without namespace prefix */
	/* of the last event: */
	const char *name;                             /* OPEN, CLOSE */
	const char *attrs;                            /* OPEN: raw attribute text ... */
	size_t attrs_len;
	struct au_buf text;                           /* TEXT: decoded */
	size_t tok_at;
	uint32_t tok_line;
	const char *err;
	bool self_close;
};

/* p must outlive the reader. */
void au_xml_init(struct au_xml *x, const void *p, size_t n);
void au_xml_release(struct au_xml *x);
enum au_xml_event au_xml_next(struct au_xml *x);
/* Attribute of the element just opened into ret (decoded, cut at max - 1): false when absent. */
bool au_xml_attr(const struct au_xml *x, const char *name, char *ret, size_t max);
/* The path of open elements equals "a/b/c". */
bool au_xml_path(const struct au_xml *x, const char *path);

#endif
