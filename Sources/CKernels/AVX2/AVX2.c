#if defined(__x86_64__)

#include "Tuning.h"

#define TARGET __attribute__((target("avx2,fma")))
#define TABLE fovea_avx2_kernels
#define LIST_KERNELS &fovea_portable_lists
#include "Loops/Table.h"

#endif
