#pragma once

#include "PooledShape.h"

// The loops whose factors are bfloat16: the upper half of a float. Two of them, side by side in 32 bits, are multiplied
// with two others and added to one float, so that a row of the kernel is taken in pairs along its run.
typedef struct {
  // To the nearest bfloat16, ties to even.
  void (*round)(const float *x, long count, uint16_t *y);

  // As `row` of fovea_vector_kernels, for blocks of 16 and of 8 filters, with weights [rows][pairs][filters][2]. The last
  // pair of an odd run reads one number more from x, and its weight is zero.
  void (*wide)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, int count, float *out);
  void (*narrow)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, int count, float *out);
} fovea_bfloat16_kernels;

// Null where this build or this processor has no such instructions.
const fovea_bfloat16_kernels *fovea_bfloat16_kernels_here(void);

// The weights as they take them, wide blocks first.
void fovea_arrange_bfloat16(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p, const float *kernel,
                            uint16_t *to);
