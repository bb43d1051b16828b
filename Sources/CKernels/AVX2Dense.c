#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define ROWS 3
#define UNITS 6
#define EXAMPLES 2
#include "DenseLoops.h"
#include "OptimizerLoops.h"

const fovea_dense_kernels fovea_avx2_dense = {LANES, ROWS, outer, dots, lanesSums, adam, momentum, scaled};

#endif
