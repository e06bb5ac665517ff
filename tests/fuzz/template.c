/* Fuzz target: Jinja templates. */
#include "reader.h"

AU_FUZZ(jinja, template, "chat_template.jinja")
