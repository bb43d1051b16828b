#if defined(__x86_64__)

#include <immintrin.h>

#include "Kernels.h"

// Compressed in a register and stored whole: the instruction that compresses into memory takes a hundred cycles on some
// processors.
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,popcnt")))

TARGET static __mmask16 firsts(int count) { return count >= 16 ? 0xFFFF : (__mmask16)((1u << count) - 1); }

// The factors that are not zero; what is not a number is one of them.
TARGET static __mmask16 present(__m512 factors) {
  return _mm512_cmp_ps_mask(factors, _mm512_setzero_ps(), _CMP_NEQ_UQ);
}

TARGET static void passed(int count, int rectifies, const float *y, const float *gradient, float *result) {
  for (int i = 0; i < count; i += 16) {
    const __mmask16 mask = firsts(count - i);
    // The next map's, which lies behind this one, and is often still far away when this one's sums are done.
    _mm_prefetch((const char *)(y + count + i), _MM_HINT_T0);
    _mm_prefetch((const char *)(gradient + count + i), _MM_HINT_T0);
    const __m512 value = _mm512_maskz_loadu_ps(mask, y + i);
    const __mmask16 kept = rectifies ? _mm512_cmp_ps_mask(value, _mm512_setzero_ps(), _CMP_GT_OQ) : mask;
    _mm512_mask_storeu_ps(result + i, mask, _mm512_maskz_loadu_ps(mask & kept, gradient + i));
  }
}

TARGET static int windows(int count, const float *factors, const uint8_t *winners, const int32_t *places,
                          const int32_t *elements, int elementCount, int32_t base, float *listed, int32_t *offsets) {
  if (elementCount > 16) {
    return fovea_portable_lists.windows(count, factors, winners, places, elements, elementCount, base, listed, offsets);
  }
  const __m512i table = _mm512_maskz_loadu_epi32(firsts(elementCount), elements);
  int found = 0;
  for (int i = 0; i < count; i += 16) {
    const __mmask16 mask = firsts(count - i);
    const __m512 factor = _mm512_maskz_loadu_ps(mask, factors + i);
    const __m512i winner = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, winners + i));
    const __m512i place = _mm512_add_epi32(_mm512_maskz_loadu_epi32(mask, places + i), _mm512_set1_epi32(base));
    const __m512i offset = _mm512_add_epi32(place, _mm512_permutexvar_epi32(winner, table));
    const __mmask16 kept = present(factor);
    _mm512_storeu_ps(listed + found, _mm512_maskz_compress_ps(kept, factor));
    _mm512_storeu_si512(offsets + found, _mm512_maskz_compress_epi32(kept, offset));
    found += __builtin_popcount(kept);
  }
  return found;
}

TARGET static void filters(int count, const float *factors, const uint8_t *winners, int elementCount, int32_t stride,
                           long pitch, float *listed, int32_t *offsets, int32_t *counts) {
  for (int e = 0; e < elementCount; e++) counts[e] = 0;
  const __m512i steps = _mm512_mullo_epi32(
      _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32(stride));
  for (int i = 0; i < count; i += 16) {
    const __mmask16 mask = firsts(count - i);
    const __m512 factor = _mm512_maskz_loadu_ps(mask, factors + i);
    const __m512i winner = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, winners + i));
    const __m512i offset = _mm512_add_epi32(steps, _mm512_set1_epi32(i * stride));
    const __mmask16 kept = present(factor);
    for (int e = 0; e < elementCount; e++) {
      const __mmask16 here = _mm512_mask_cmpeq_epi32_mask(kept, winner, _mm512_set1_epi32(e));
      _mm512_storeu_ps(listed + e * pitch + counts[e], _mm512_maskz_compress_ps(here, factor));
      _mm512_storeu_si512(offsets + e * pitch + counts[e], _mm512_maskz_compress_epi32(here, offset));
      counts[e] += __builtin_popcount(here);
    }
  }
}

const fovea_list_kernels fovea_avx512_lists = {passed, windows, filters};

#endif
