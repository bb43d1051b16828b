#include "Tuning.h"

#define TARGET
#define TABLE fovea_portable_kernels
#define LIST_KERNELS &fovea_portable_lists
#include "Loops/Table.h"
