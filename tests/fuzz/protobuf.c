/* Fuzz target: TensorFlow SavedModels. */
#include "reader.h"

AU_FUZZ(savedmodel, tensorflow, "saved_model.pb")
