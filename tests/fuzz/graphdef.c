/* Fuzz target: TensorFlow GraphDefs. */
#include "reader.h"

AU_FUZZ(graphdef, tensorflow, "graph.pb")
