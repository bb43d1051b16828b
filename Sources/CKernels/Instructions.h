#pragma once

#include "VectorKernels.h"
#include "include/CKernels.h"

const fovea_kernel_set *fovea_kernels_of(fovea_instructions instructions);
