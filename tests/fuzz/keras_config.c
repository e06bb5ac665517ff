/* Fuzz target: Keras configurations and other JSON. */
#include "reader.h"

AU_FUZZ(json, keras, "config.json")
