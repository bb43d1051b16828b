#include "Passes/PooledShape.h"

// Without branches, which nobody could foresee: each is written, and the next one over it where it is zero.

static void passed(int count, int rectifies, const float *y, const float *gradient, float *restrict result) {
  for (int i = 0; i < count; i++) result[i] = fovea_passed_gradient(rectifies, y[i], gradient[i]);
}

static int windows(int count, const float *factors, const uint8_t *winners, const int32_t *places,
                   const int32_t *elements, int elementCount, int32_t base, float *restrict listed,
                   int32_t *restrict offsets) {
  (void)elementCount;
  int found = 0;
  for (int i = 0; i < count; i++) {
    listed[found] = factors[i];
    offsets[found] = base + places[i] + elements[winners[i]];
    found += factors[i] != 0;
  }
  return found;
}

static void filters(int count, const float *factors, const uint8_t *winners, int elementCount, int32_t stride,
                    long pitch, float *restrict listed, int32_t *restrict offsets, int32_t *restrict counts) {
  for (int e = 0; e < elementCount; e++) counts[e] = 0;
  for (int i = 0; i < count; i++) {
    const int e = winners[i];
    listed[e * pitch + counts[e]] = factors[i];
    offsets[e * pitch + counts[e]] = i * stride;
    counts[e] += factors[i] != 0;
  }
}

const fovea_list_kernels fovea_portable_lists = {passed, windows, filters};
