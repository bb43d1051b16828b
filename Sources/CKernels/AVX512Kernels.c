#if defined(__x86_64__)

#include "VectorKernels.h"

// 32 registers. Vectors of 8 floats are for what is left of the filters, or of a row of the kernel, after those of 16:
// processors that add 512 bits in two halves are as fast with them.
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))

#define LANES 16
#define NAME(x) x##16
#define POSITIONS 24
#define ROOM 25
#include "VectorLoops.h"

#define LANES 8
#define NAME(x) x##8
#define POSITIONS 24
#define ROOM 25
#include "VectorLoops.h"

#define LANES 16
#define NAME(x) x##16
#define FILTERS 6
#define UNITS 12
#include "InterleavedLoops.h"

#define LANES 16
#define NAME(x) x##16
#define COLUMNS 14
#define TAP_ROWS 5
#include "ConnectedLoops.h"

extern const fovea_list_kernels fovea_avx512_lists;

const fovea_kernel_set fovea_avx512_kernels = {&kernels16, &kernels8, &fovea_avx512_lists, &interleaved16, &connected16};

#endif
