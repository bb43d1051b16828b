#if defined(__x86_64__)

#include <immintrin.h>

#include "Tuning.h"

#define TARGET __attribute__((target("avx2,fma")))
#define FACTOR uint8_t
#define GROUP_SIZE 4
#define WEIGHTS __m256i
#define LOAD(to, from) to = _mm256_loadu_si256((const __m256i *)(from))
#define REPEAT(from) four(from)
// Two products are added in 16 bits, where weights of −64…64 leave room: 255·64 + 255·64 < 2¹⁵.
#define MULTIPLY(sums, x, w)          \
  ((whole)_mm256_add_epi32((__m256i)(sums), \
                           _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1))))
#include "Loops/Vectors.h"

INLINE __m256i four(const uint8_t *from) {
  int32_t all;
  memcpy(&all, from, sizeof all);
  return _mm256_set1_epi32(all);
}

#include "AVX2/Sixteen.h"
#include "Loops/ByteLoops.h"

TARGET static void depthwise(const fovea_byte_depthwise_row *row) { fovea_avx2_bytes.depthwise(row); }

const fovea_byte_kernels fovea_avx2_small_bytes = {
    .name = "bytes:avx2-small", .group = 4, .lanes = LANES, .row = byteRow, .depthwiseGroup = 2, .depthwise = depthwise};

#endif
