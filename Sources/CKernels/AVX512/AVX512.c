#if defined(__x86_64__)

#include "Tuning.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))
#define TABLE fovea_avx512_kernels
#define LIST_KERNELS &fovea_avx512_lists
#define ROUNDED_KERNELS &fovea_avx512_rounded
#include "Loops/Table.h"

#endif
