#include "include/CKernels.h"

// The bits of a float without its sign are in the order of its magnitude, infinity and what is not a number last: so one
// comparison of whole numbers finds both, in vectors and without a branch.
#if defined(__clang__)
typedef uint32_t bits __attribute__((ext_vector_type(16), aligned(4)));
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#else
// GCC's C knows no choice between vectors.
typedef uint32_t bits __attribute__((vector_size(64), aligned(4)));
#define LARGER(a, b) (((a) & (bits)((a) > (b))) | ((b) & ~(bits)((a) > (b))))
#endif

enum { LANES = 16, STRANDS = 4 };

// Rows share the vectors that hold the largest numbers so far, since what is left of these is slow to look through.
#define LARGEST(name, target)                                                               \
  target static uint32_t name(size_t rows, size_t columns, size_t pitch, const float *x) {  \
    bits largest[STRANDS] = {0};                                                            \
    uint32_t result = 0;                                                                    \
    for (size_t row = 0; row < rows; row++, x += pitch) {                                   \
      size_t i = 0;                                                                         \
      for (; i + STRANDS * LANES <= columns; i += STRANDS * LANES) {                        \
        _Pragma("clang loop unroll(full)") for (int s = 0; s < STRANDS; s++) {              \
          const bits value = *(const bits *)(const void *)(x + i + s * LANES) & 0x7FFFFFFF; \
          largest[s] = LARGER(value, largest[s]);                                           \
        }                                                                                   \
      }                                                                                     \
      for (; i + LANES <= columns; i += LANES) {                                            \
        const bits value = *(const bits *)(const void *)(x + i) & 0x7FFFFFFF;               \
        largest[0] = LARGER(value, largest[0]);                                             \
      }                                                                                     \
      for (; i < columns; i++) {                                                            \
        const uint32_t value = ((const uint32_t *)(const void *)x)[i] & 0x7FFFFFFF;         \
        if (value > result) result = value;                                                 \
      }                                                                                     \
    }                                                                                       \
    for (int s = 1; s < STRANDS; s++) largest[0] = LARGER(largest[s], largest[0]);          \
    for (int lane = 0; lane < LANES; lane++) {                                              \
      if (largest[0][lane] > result) result = largest[0][lane];                             \
    }                                                                                       \
    return result;                                                                          \
  }

LARGEST(largestPortable, )
#if defined(__x86_64__)
LARGEST(largestAVX2, __attribute__((target("avx2"))))
LARGEST(largestAVX512, __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2"))))
#endif

uint32_t fovea_largest_magnitude(
    fovea_instructions instructions, size_t rows, size_t columns, size_t pitch, const float *x) {
#if defined(__x86_64__)
  if (instructions == FOVEA_KERNELS_AVX512) return largestAVX512(rows, columns, pitch, x);
  if (instructions == FOVEA_KERNELS_AVX2) return largestAVX2(rows, columns, pitch, x);
#else
  // The compiler's own vectors are wide enough.
  (void)instructions;
#endif
  return largestPortable(rows, columns, pitch, x);
}
