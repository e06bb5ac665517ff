/* Fuzz target: YAML documents. */
#include "reader.h"

AU_FUZZ(yaml, hf, "config.yaml")
