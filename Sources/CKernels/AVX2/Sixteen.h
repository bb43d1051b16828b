// What becomes of the sums of sixteen filters, packed together. The including file has immintrin.h and Loops/Vectors.h.
#pragma once

#define OWN_PAIRS
#include "Loops/ByteResults.h"

INLINE void finishSixteen(const fovea_byte_result *r, const whole *sums, int filter, long place, long pitch, const int count,
                          const bool adds, const bool clips) {
  const __m256 lower = _mm256_set1_ps(r->lower), upper = _mm256_set1_ps(r->upper), addendFactor = _mm256_set1_ps(r->addendFactor);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5);
  __m256 factors[2], offsets[2];
  UNROLL for (int v = 0; v < 2; v++) {
    factors[v] = _mm256_loadu_ps(r->factors + filter + v * 8);
    offsets[v] = _mm256_loadu_ps(r->offsets + filter + v * 8);
  }
  UNROLL for (int p = 0; p < count; p++) {
    __m256i y[2];
    UNROLL for (int v = 0; v < 2; v++) {
      __m256 real = _mm256_mul_ps(_mm256_cvtepi32_ps((__m256i)sums[p * 2 + v]), factors[v]);
      real = _mm256_add_ps(real, offsets[v]);
      if (adds) {
        const __m128i added = _mm_loadl_epi64((const __m128i *)(r->addend + place + p * pitch + v * 8));
        const __m256 more = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(added)), addendFactor);
        real = _mm256_add_ps(real, more);
      }
      if (clips) real = _mm256_min_ps(_mm256_max_ps(real, lower), upper);
      y[v] = _mm256_cvtps_epi32(real);
    }
    const __m256i words = _mm256_packs_epi32(y[0], y[1]);
    const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(words, words), order);
    _mm_storeu_si128((__m128i *)(r->bytes + place + p * pitch), _mm256_castsi256_si128(bytes));
  }
}

INLINE void finishPairs(const fovea_byte_result *r, const whole *sums, int filter, long place, long pitch, const int count,
                        const bool adds) {
  // Packing cuts off by itself.
  if (r->endsAsBytes) {
    finishSixteen(r, sums, filter, place, pitch, count, adds, false);
  } else {
    finishSixteen(r, sums, filter, place, pitch, count, adds, true);
  }
}
