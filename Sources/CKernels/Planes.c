#include "PlaneKernels.h"

#define TARGET
#define LANES 8
#define NAME(x) x##Portable
#define PLANE_FILTERS 2
#define PLANE_VECTORS 2
#define PRODUCT_FILTERS 1
#define PAIR_VECTORS 2
#include "PlaneLoops.h"
#undef TARGET
const fovea_plane_kernels *const fovea_portable_planes = &planesPortable;

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define NAME(x) x##AVX2
#define PLANE_FILTERS 3
#define PLANE_VECTORS 4
#define PRODUCT_FILTERS 2
#define PAIR_VECTORS 5
#include "PlaneLoops.h"
#undef TARGET
const fovea_plane_kernels *const fovea_avx2_planes = &planesAVX2;

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))
#define LANES 16
#define NAME(x) x##AVX512
#define PLANE_FILTERS 6
#define PLANE_VECTORS 4
#define PRODUCT_FILTERS 3
#define PAIR_VECTORS 9
#include "PlaneLoops.h"
#undef TARGET
const fovea_plane_kernels *const fovea_avx512_planes = &planesAVX512;

#endif
