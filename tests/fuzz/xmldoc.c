/* Fuzz target: XML documents. */
#include "reader.h"

AU_FUZZ(xml, format, "m.xml")
