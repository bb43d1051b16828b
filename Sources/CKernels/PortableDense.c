#define TARGET
#define LANES 4
#define ROWS 2
#define UNITS 4
#define EXAMPLES 2
#include "DenseLoops.h"
#include "OptimizerLoops.h"

const fovea_dense_kernels fovea_portable_dense = {LANES, ROWS, outer, dots, lanesSums, adam, momentum, scaled};
