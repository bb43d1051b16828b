#include "Instructions.h"

bool fovea_kernels_has(fovea_instructions instructions) {
  switch (instructions) {
    case FOVEA_KERNELS_PORTABLE: return true;
#if defined(__x86_64__)
    case FOVEA_KERNELS_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case FOVEA_KERNELS_AVX512:
      return fovea_kernels_has(FOVEA_KERNELS_AVX2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq");
#endif
    default: return false;
  }
}

fovea_instructions fovea_kernels_best(void) {
  if (fovea_kernels_has(FOVEA_KERNELS_AVX512)) return FOVEA_KERNELS_AVX512;
  return fovea_kernels_has(FOVEA_KERNELS_AVX2) ? FOVEA_KERNELS_AVX2 : FOVEA_KERNELS_PORTABLE;
}

const fovea_kernel_set *fovea_kernels_of(fovea_instructions instructions) {
#if defined(__x86_64__)
  if (instructions == FOVEA_KERNELS_AVX512) return &fovea_avx512_kernels;
  if (instructions == FOVEA_KERNELS_AVX2) return &fovea_avx2_kernels;
#endif
  return &fovea_portable_kernels;
}
