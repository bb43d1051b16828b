#pragma once

#include <stdint.h>

#include "include/CKernels.h"

// The inner loops of large dense layers, and of optimizers, for one set of instructions.
typedef struct {
  int lanes;
  // So many rows or examples are computed at once at most, and so many vectors or units.
  int rows;

  // out[i][j] = Σ_t a[i·rowStep + t·termStep] · m[t·pitch + j],   i < count, j < width; on top of what is there if `adds`.
  // The sum runs over t in order for each element by itself, whatever the blocks are.
  void (*outer)(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, int count,
                int width, float *out, long outPitch, bool adds);

  // As much of w as `units` lie behind them may be asked for ahead of time, but is not read.
  // sums[(e·units + u)·lanes + l] (+)= Σ_i x[e·xPitch + i·lanes + l] · w[u·wPitch + i·lanes + l],   i < vectors
  void (*dots)(const float *x, long xPitch, int examples, const float *w, long wPitch, int units, int vectors,
               float *sums, bool adds);

  // The sum of the lanes of each of `count` vectors.
  void (*lanesSums)(const float *vectors, int count, float *sums);

  void (*adam)(const fovea_adam *rule, const fovea_weight_block *block);
  void (*momentum)(const fovea_momentum *rule, const fovea_weight_block *block);
  void (*scaled)(float rate, const fovea_weight_block *block);
} fovea_dense_kernels;

extern const fovea_dense_kernels fovea_portable_dense;
#if defined(__x86_64__)
extern const fovea_dense_kernels fovea_avx2_dense;
extern const fovea_dense_kernels fovea_avx512_dense;
#endif

const fovea_dense_kernels *fovea_dense_kernels_of(fovea_instructions instructions);
