#include "BFloat16.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")))

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

#define LANES 16
#define NAME(x) x##16
#define VECTOR __m512
#define FACTORS __m512bh
#define ZERO _mm512_setzero_ps()
#define LOAD(from) (__m512bh) _mm512_loadu_si512(from)
#define REPEAT(pair) (__m512bh) _mm512_set1_epi32(pair)
#define MULTIPLY _mm512_dpbf16_ps
#define STORE _mm512_storeu_ps
#include "BFloat16Loops.h"

#define LANES 8
#define NAME(x) x##8
#define VECTOR __m256
#define FACTORS __m256bh
#define ZERO _mm256_setzero_ps()
#define LOAD(from) (__m256bh) _mm256_loadu_si256((const void *)(from))
#define REPEAT(pair) (__m256bh) _mm256_set1_epi32(pair)
#define MULTIPLY _mm256_dpbf16_ps
#define STORE _mm256_storeu_ps
#include "BFloat16Loops.h"

static const fovea_bfloat16_kernels kernels = {roundAll, row16, row8};

bool fovea_kernels_has_bfloat16(void) {
  return fovea_kernels_has(FOVEA_KERNELS_AVX512) && __builtin_cpu_supports("avx512bf16");
}

const fovea_bfloat16_kernels *fovea_bfloat16_kernels_here(void) {
  return fovea_kernels_has_bfloat16() ? &kernels : NULL;
}

#else

bool fovea_kernels_has_bfloat16(void) { return false; }

const fovea_bfloat16_kernels *fovea_bfloat16_kernels_here(void) { return NULL; }

#endif

static uint16_t rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

void fovea_arrange_bfloat16(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, const float *kernel,
                            uint16_t *to) {
  const long area = (long)s->kernelHeight * s->kernelWidth;
  for (int first = 0, lanes; first < p->paddedFilters; first += lanes) {
    lanes = p->paddedFilters - first >= WIDE ? WIDE : NARROW;
    for (int row = 0; row < s->kernelHeight; row++) {
      for (int t = 0; t < p->run; t += 2, to += 2 * lanes) {
        for (int half = 0; half < 2; half++) {
          const int column = (t + half) / s->channels, channel = (t + half) % s->channels;
          const float *from = kernel + channel * area + (long)row * s->kernelWidth + column;
          for (int lane = 0; lane < lanes; lane++) {
            const int filter = first + lane;
            const bool isThere = t + half < p->run && filter < s->filters;
            to[2 * lane + half] = isThere ? rounded(from[(long)filter * s->channels * area]) : 0;
          }
        }
      }
    }
  }
}
