/* Fuzz target: Core ML models. */
#include "reader.h"

AU_FUZZ(coreml, format, "m.mlmodel")
