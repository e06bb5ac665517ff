/* Fuzz target: ONNX models. */
#include "reader.h"

AU_FUZZ(onnx, onnx, "model.onnx")
