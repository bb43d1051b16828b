#if defined(__x86_64__)

#include <immintrin.h>

#include "Tuning.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")))
#include "Loops/Vectors.h"

TARGET static void roundAll(const float *x, long count, uint16_t *y) {
  long i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + 16), _mm512_loadu_ps(x + i));
    _mm512_storeu_si512(y + i, (__m512i)both);
  }
  for (; i < count; i += 16) {
    const __mmask16 mask = count - i >= 16 ? 0xFFFF : (__mmask16)((1u << (count - i)) - 1);
    const __m256bh half = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, x + i));
    _mm256_mask_storeu_epi16(y + i, mask, (__m256i)half);
  }
}

#define BLOCK 16
#define NAME(x) x##16
#define VECTOR __m512
#define FACTORS __m512bh
#define ZERO _mm512_setzero_ps()
#define LOAD(from) (__m512bh) _mm512_loadu_si512(from)
#define REPEAT(pair) (__m512bh) _mm512_set1_epi32(pair)
#define MULTIPLY _mm512_dpbf16_ps
#define STORE _mm512_storeu_ps
#include "Loops/BFloat16Loops.h"

#define BLOCK 8
#define NAME(x) x##8
#define VECTOR __m256
#define FACTORS __m256bh
#define ZERO _mm256_setzero_ps()
#define LOAD(from) (__m256bh) _mm256_loadu_si256((const void *)(from))
#define REPEAT(pair) (__m256bh) _mm256_set1_epi32(pair)
#define MULTIPLY _mm256_dpbf16_ps
#define STORE _mm256_storeu_ps
#include "Loops/BFloat16Loops.h"

const fovea_bfloat16_kernels fovea_avx512_rounded = {roundAll, row16, row8};

#endif
