// All loops for one set of instructions, and the table of them. The including file defines
//   TARGET           the attribute that allows the instructions
//   TABLE            the table's name
//   LIST_KERNELS     the table of fovea_list_kernels
// and includes its Tuning.h, which says how large the vectors are (LANES: 4, 8 or 16) and what fits the registers.
// `ROUNDED_KERNELS` is that of fovea_bfloat16_kernels, where there are such instructions.

#include "Vectors.h"

// Vectors of 8 floats are for what is left of the filters, or of a row of the kernel, after those of 16: processors that add
// 512 bits in two halves are as fast with them.
#if LANES > 8
#define BLOCK LANES
#define NAME(x) x##Wide
#include "VectorLoops.h"
#define BLOCK 8
#define NAME(x) x##Narrow
#include "VectorLoops.h"
#define WIDE_KERNELS &vectorKernelsWide
#else
#define BLOCK LANES
#define NAME(x) x##Narrow
#include "VectorLoops.h"
#define WIDE_KERNELS NULL
#endif

#include "ConnectedLoops.h"
#include "InterleavedLoops.h"
#include "PlaneLoops.h"

#include "DenseLoops.h"
#include "OptimizerLoops.h"

#include "NormalizationLoops.h"
#include "WinogradLoops.h"
#include "PoolingLoops.h"

#ifndef ROUNDED_KERNELS
#define ROUNDED_KERNELS NULL
#endif

const fovea_kernel_set TABLE = {
    .wide = WIDE_KERNELS,
    .narrow = &vectorKernelsNarrow,
    .lists = LIST_KERNELS,
    .interleaved = &interleavedKernels,
    .connected = &connectedKernels,
    .planes = &planeKernels,
    .dense = &denseKernels,
    .normalization = &normalizationKernels,
    .winograd = &winogradKernels,
    .pooling = &poolingKernels,
    .rounded = ROUNDED_KERNELS,
};
