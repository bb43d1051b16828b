#if defined(__x86_64__)

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))
#define LANES 16
#define ROWS 6
#define UNITS 8
#define EXAMPLES 3
#include "DenseLoops.h"
#include "OptimizerLoops.h"

const fovea_dense_kernels fovea_avx512_dense = {LANES, ROWS, outer, dots, lanesSums, adam, momentum, scaled};

#endif
