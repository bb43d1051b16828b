#include "PooledShape.h"

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
