/* Fuzz target: HDF5 files. */
#include "reader.h"

AU_FUZZ(hdf5, keras, "m.h5")
