/* Fuzz target: TensorFlow Lite models. */
#include "reader.h"

AU_FUZZ(tflite, tensorflow, "m.tflite")
