// From pixels to a network's numbers.
#include "CPixels.h"
#include "Vectors.h"

#include <string.h>

typedef uint8_t Loaded __attribute__((vector_size(64)));

// Sixteen pixels of three channels, one channel of them at a time.
static INLINED void spread(const uint8_t *from, float *to, size_t count, const float *scales, const float *offsets) {
  Loaded loaded = {0};
  memcpy(&loaded, from, 48);
  const SixteenBytes first =
      __builtin_shufflevector(loaded, loaded, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45);
  const SixteenBytes second =
      __builtin_shufflevector(loaded, loaded, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46);
  const SixteenBytes third =
      __builtin_shufflevector(loaded, loaded, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38, 41, 44, 47);
  const Sixteen reds = __builtin_convertvector(first, Sixteen) * scales[0] + offsets[0];
  const Sixteen greens = __builtin_convertvector(second, Sixteen) * scales[1] + offsets[1];
  const Sixteen blues = __builtin_convertvector(third, Sixteen) * scales[2] + offsets[2];
  memcpy(to, &reds, sizeof reds);
  memcpy(to + count, &greens, sizeof greens);
  memcpy(to + 2 * count, &blues, sizeof blues);
}

FPX_CLONED void fpx_scale(
    const uint8_t *from, float *to, size_t count, int32_t channels, const float *scales, const float *offsets) {
  size_t start = 0;
  if (channels == 3)
    for (; start + 16 <= count; start += 16) spread(from + 3 * start, to + start, count, scales, offsets);
  for (size_t channel = 0; channel < (size_t)channels; channel++)
    for (size_t i = start; i < count; i++)
      to[channel * count + i] = (float)from[i * (size_t)channels + channel] * scales[channel] + offsets[channel];
}
