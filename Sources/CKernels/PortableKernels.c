#include "VectorKernels.h"

// For any processor: the compiler splits vectors of 8 floats into what it has.
#define TARGET

#define LANES 8
#define NAME(x) x##8
#define POSITIONS 6
#define ROOM 6
#include "VectorLoops.h"

#define LANES 8
#define NAME(x) x##8
#define FILTERS 1
#define UNITS 2
#include "InterleavedLoops.h"

#define LANES 8
#define NAME(x) x##8
#define COLUMNS 4
#define TAP_ROWS 1
#include "ConnectedLoops.h"

const fovea_kernel_set fovea_portable_kernels = {0, &kernels8, &fovea_portable_lists, &interleaved8, &connected8};
