#include "Kernels.h"

bool fovea_kernels_has(fovea_instructions instructions) {
  switch (instructions) {
    case FOVEA_KERNELS_PORTABLE: return true;
#if defined(__x86_64__)
    case FOVEA_KERNELS_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case FOVEA_KERNELS_AVX512:
      return fovea_kernels_has(FOVEA_KERNELS_AVX2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq");
#elif defined(__aarch64__)
    case FOVEA_KERNELS_NEON: return true;
#endif
    default: return false;
  }
}

bool fovea_kernels_has_bfloat16(fovea_instructions instructions) {
#if defined(__x86_64__)
  const bool isThere = __builtin_cpu_supports("avx512bf16");
#else
  const bool isThere = false;
#endif
  return isThere && fovea_kernels_of(instructions)->rounded;
}

fovea_instructions fovea_kernels_best(void) {
  const fovea_instructions fastestFirst[] = {FOVEA_KERNELS_AVX512, FOVEA_KERNELS_AVX2, FOVEA_KERNELS_NEON};
  for (int i = 0; i < 3; i++) {
    if (fovea_kernels_has(fastestFirst[i])) return fastestFirst[i];
  }
  return FOVEA_KERNELS_PORTABLE;
}

const fovea_kernel_set *fovea_kernels_of(fovea_instructions instructions) {
  switch (instructions) {
#if defined(__x86_64__)
    case FOVEA_KERNELS_AVX512: return &fovea_avx512_kernels;
    case FOVEA_KERNELS_AVX2: return &fovea_avx2_kernels;
#elif defined(__aarch64__)
    case FOVEA_KERNELS_NEON: return &fovea_neon_kernels;
#endif
    default: return &fovea_portable_kernels;
  }
}
