#if defined(__x86_64__)

#include "VectorKernels.h"

#define TARGET __attribute__((target("avx2,fma")))

#define LANES 8
#define NAME(x) x##8
#define POSITIONS 12
#define ROOM 12
#include "VectorLoops.h"

#define LANES 8
#define NAME(x) x##8
#define FILTERS 3
#define UNITS 6
#include "InterleavedLoops.h"

#define LANES 8
#define NAME(x) x##8
#define COLUMNS 7
#define TAP_ROWS 2
#include "ConnectedLoops.h"

const fovea_kernel_set fovea_avx2_kernels = {0, &kernels8, &fovea_portable_lists, &interleaved8, &connected8};

#endif
