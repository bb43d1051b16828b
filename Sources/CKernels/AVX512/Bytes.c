#if defined(__x86_64__)

#include <immintrin.h>

#include "Tuning.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")))
#define FACTOR uint8_t
#define GROUP_SIZE 4
#define WEIGHTS __m512i
#define LOAD(to, from) to = _mm512_loadu_si512(from)
#define REPEAT(from) four(from)
// Whole: four products are added in 32 bits.
#define MULTIPLY(sums, x, w) ((whole)_mm512_dpbusd_epi32((__m512i)(sums), x, w))
#include "Loops/Vectors.h"

INLINE __m512i four(const uint8_t *from) {
  int32_t all;
  memcpy(&all, from, sizeof all);
  return _mm512_set1_epi32(all);
}

#include "Loops/ByteLoops.h"

TARGET static void depthwise(const fovea_byte_depthwise_row *row) { fovea_avx2_bytes.depthwise(row); }

const fovea_byte_kernels fovea_vnni_bytes = {
    .name = "bytes:vnni", .group = 4, .lanes = LANES, .row = byteRow, .depthwiseGroup = 2, .depthwise = depthwise};

#endif
