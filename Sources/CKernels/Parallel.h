#pragma once

#include "include/CKernels.h"

// Into how many parts a pass over `count` examples, groups, filters or channels is cut, and where each of them begins.
static inline int fovea_parts(int threads, int count) { return threads < 1 ? 1 : threads < count ? threads : count; }
static inline int fovea_part(int count, int part, int parts) { return (int)((long)count * part / parts); }
