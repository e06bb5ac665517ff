/* What the ONNX reader tells of a tensor that lies in another file. */
#ifndef AU_FORMAT_ONNX_H
#define AU_FORMAT_ONNX_H

#include <stdbool.h>
#include <stdint.h>

/* detail of the fact onnx.external */
struct au_onnx_external {
	uint64_t offset, length;
	bool has_length;
	bool bad_number;     /* offset or length are no plain numbers */
	uint64_t need;       /* bytes that shape and type ask for; 0 when unknown */
};

#endif
