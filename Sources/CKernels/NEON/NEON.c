#if defined(__aarch64__)

#include "Tuning.h"

// Every 64-bit ARM has them.
#define TARGET
#define TABLE fovea_neon_kernels
#define LIST_KERNELS &fovea_portable_lists
#include "Loops/Table.h"

#endif
