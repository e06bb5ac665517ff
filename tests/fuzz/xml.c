/* Fuzz target: the XML reader. Built with -fsanitize=fuzzer; seeds in corpus/xml. */
#include "base/banned.h"
#include "base/arena.h"
#include "io/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	enum au_xml_event ev;
	struct au_xml x;
	char attr[16];

	au_xml_init(&x, p, n);
	do {
		ev = au_xml_next(&x);
		if (ev == AU_XML_OPEN)
			au_xml_attr(&x, "type", attr, sizeof(attr));
	} while (ev != AU_XML_END && ev != AU_XML_ERROR);
	au_xml_release(&x);
	return 0;
}
