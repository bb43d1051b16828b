#if defined(__x86_64__)

#include <immintrin.h>

#include "Tuning.h"

#define TARGET __attribute__((target("avx2,fma")))
#define FACTOR int16_t
#define GROUP_SIZE 2
#define WEIGHTS __m256i
#define LOAD(to, from) to = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(from)))
#define REPEAT(from) pair(from)
// Whole: two products of 16 bits each are added in 32 bits.
#define MULTIPLY(sums, x, w) ((whole)_mm256_add_epi32((__m256i)(sums), _mm256_madd_epi16(x, w)))
#include "Loops/Vectors.h"

INLINE __m256i pair(const int16_t *from) {
  int32_t both;
  memcpy(&both, from, sizeof both);
  return _mm256_set1_epi32(both);
}

#include "AVX2/Sixteen.h"
#include "Loops/ByteLoops.h"

// Two taps of eight or sixteen channels, side by side, each filled up to 16 bits.
INLINE void depthwiseTile(const fovea_byte_depthwise_row *row, const uint8_t *x, const int16_t *weights, int channel,
                          long pixel, const int count, const int halves) {
  const int pairs = (row->tapCount + 1) / 2;
  __m256i sums[4][2];
  UNROLL for (int h = 0; h < halves; h++) {
    const __m256i start = _mm256_loadu_si256((const __m256i *)(row->starts + channel + h * 8));
    UNROLL for (int p = 0; p < count; p++) sums[p][h] = start;
  }
  for (int t = 0; t < pairs; t++) {
    const uint8_t *first = x + row->taps[2 * t], *second = x + row->taps[2 * t + 1];
    __m256i w[2];
    UNROLL for (int h = 0; h < halves; h++) {
      w[h] = _mm256_loadu_si256((const __m256i *)(weights + ((long)h * pairs + t) * 16));
    }
    UNROLL for (int p = 0; p < count; p++) {
      const __m128i a = _mm_loadu_si128((const __m128i *)(first + p * row->step));
      const __m128i b = _mm_loadu_si128((const __m128i *)(second + p * row->step));
      const __m256i low = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      sums[p][0] = _mm256_add_epi32(sums[p][0], _mm256_madd_epi16(low, w[0]));
      if (halves > 1) {
        const __m256i high = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
        sums[p][1] = _mm256_add_epi32(sums[p][1], _mm256_madd_epi16(high, w[1]));
      }
    }
  }
  const long room = (row->result->bytes ? row->pitch : row->filters) - channel;
  if (halves == 2 && row->result->bytes && room >= 16) {
    const long place = pixel * row->pitch + channel;
    if (row->result->addend) {
      finishPairs(row->result, (const whole *)&sums[0][0], channel, place, row->pitch, count, true);
    } else {
      finishPairs(row->result, (const whole *)&sums[0][0], channel, place, row->pitch, count, false);
    }
    return;
  }
  UNROLL for (int h = 0; h < halves; h++) {
    if (h > 0 && room <= 8) break;
    const long place = pixel * row->pitch + channel + h * 8;
    finish(row->result, (const whole *)&sums[0][h], 2, channel + h * 8, place, row->pitch, count, room - h * 8);
  }
}

// Four pixels of sixteen channels, where three taps of a row see one pixel after the other: two pixels side by side are filled up
// to 16 bits once, and serve all taps of the four that see them.
INLINE void depthwiseFour(const fovea_byte_depthwise_row *row, const uint8_t *x, const int16_t *weights, int channel,
                          long pixel) {
  const int pairs = (row->tapCount + 1) / 2;
  __m256i sums[4][2];
  UNROLL for (int h = 0; h < 2; h++) {
    const __m256i start = _mm256_loadu_si256((const __m256i *)(row->starts + channel + h * 8));
    UNROLL for (int p = 0; p < 4; p++) sums[p][h] = start;
  }
  for (int t = 0; t < row->tapCount; t += 3) {
    const uint8_t *at = x + row->taps[t];
    __m256i two[3][2];
    UNROLL for (int q = 0; q < 3; q++) {
      const __m128i a = _mm_loadu_si128((const __m128i *)(at + 2 * q * row->step));
      const __m128i b = _mm_loadu_si128((const __m128i *)(at + (2 * q + 1) * row->step));
      two[q][0] = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      two[q][1] = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
    }
    UNROLL for (int h = 0; h < 2; h++) {
      // Each 32 bits are the weights of one channel: of taps 0 and 1, of 2 and none, of none and 0, and of 1 and 2.
      const int16_t *w = weights + (long)h * pairs * 16;
      const __m256i zero = _mm256_setzero_si256();
      const __m256i even = _mm256_loadu_si256((const __m256i *)(w + t / 2 * 16));
      const __m256i odd = _mm256_loadu_si256((const __m256i *)(w + (t / 2 + 1) * 16));
      __m256i w01, w2, w0, w12;
      if (t % 2 == 0) {
        w01 = even;
        w2 = _mm256_blend_epi16(odd, zero, 0xAA);
        w0 = _mm256_slli_epi32(even, 16);
        w12 = _mm256_or_si256(_mm256_srli_epi32(even, 16), _mm256_slli_epi32(odd, 16));
      } else {
        w01 = _mm256_or_si256(_mm256_srli_epi32(even, 16), _mm256_slli_epi32(odd, 16));
        w2 = _mm256_srli_epi32(odd, 16);
        w0 = _mm256_blend_epi16(even, zero, 0x55);
        w12 = odd;
      }
      UNROLL for (int q = 0; q < 2; q++) {
        __m256i *first = &sums[2 * q][h], *second = &sums[2 * q + 1][h];
        *first = _mm256_add_epi32(*first, _mm256_madd_epi16(two[q][h], w01));
        *second = _mm256_add_epi32(*second, _mm256_madd_epi16(two[q][h], w0));
        *first = _mm256_add_epi32(*first, _mm256_madd_epi16(two[q + 1][h], w2));
        *second = _mm256_add_epi32(*second, _mm256_madd_epi16(two[q + 1][h], w12));
      }
    }
  }
  const long place = pixel * row->pitch + channel;
  if (row->result->addend) {
    finishPairs(row->result, (const whole *)&sums[0][0], channel, place, row->pitch, 4, true);
  } else {
    finishPairs(row->result, (const whole *)&sums[0][0], channel, place, row->pitch, 4, false);
  }
}

// All channels of some pixels, before the next ones, so that what the taps share stays in the first cache.
INLINE void depthwisePixels(const fovea_byte_depthwise_row *row, int p, const int count) {
  const long step = (row->tapCount + 1) / 2 * 2;
  const uint8_t *x = row->x + p * row->step;
  int c = 0;
  for (; c + 16 <= row->channels; c += 16) {
    depthwiseTile(row, x + c, row->weights + c * step, c, row->pixel + p, count, 2);
  }
  if (c < row->channels) depthwiseTile(row, x + c, row->weights + c * step, c, row->pixel + p, count, 1);
}

TARGET static void depthwise(const fovea_byte_depthwise_row *row) {
  int p = 0;
  // The last pair that is read may lie behind the row, in memory that is there: what it holds is multiplied by zero.
  const bool isThree = row->tapsInRow == 3 && row->tapStep == row->step && row->result->bytes && row->channels % 16 == 0;
  for (; isThree && p + 4 <= row->count; p += 4) {
    for (int c = 0; c < row->channels; c += 16) {
      const int16_t *weights = row->weights + (long)c * ((row->tapCount + 1) / 2 * 2);
      depthwiseFour(row, row->x + p * row->step + c, weights, c, row->pixel + p);
    }
  }
  for (; p + 4 <= row->count; p += 4) depthwisePixels(row, p, 4);
  for (; p < row->count; p++) depthwisePixels(row, p, 1);
}

const fovea_byte_kernels fovea_avx2_bytes = {
    .name = "bytes:avx2", .group = 2, .lanes = LANES, .row = byteRow, .depthwiseGroup = 2, .depthwise = depthwise};

#endif
