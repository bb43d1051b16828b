#pragma once

#include <stdint.h>
#include <string.h>

#include "CKernels.h"

enum {
  PRODUCT_TAPS = 5,
  // Sums of windows that are held at a time.
  SUBSAMPLING_CHUNK = 256,
};

// A plane convolution, with the sizes that its loops need. Output position p = i·width + j lies under input position p,
// so that all positions are one run and the tap (u, v) reads the same run, u·width + v further on. What comes out between
// the rows, where the kernel reaches around the edge, is thrown away.
typedef struct {
  int channels, width, filters, kernelHeight, kernelWidth, outputHeight, outputWidth;
  // From one channel of the input to the next; weights of a filter; positions of a map, filled up to whole tiles.
  long inputPlane, filterSize, positions;
} fovea_plane;

typedef struct {
  int lanes;
  // out[f][p] = Σ x[c][p + u·width + v] · w[f][c][u][v]
  void (*correlate)(const fovea_plane *p, const float *x, const float *w, float *out);
  void (*gather)(const fovea_plane *p, const float *from, const float *bias, float *y);
  // sums[f][c][u][v][lane] += Σ x[c][p + u·width + v] · g[f][p], for the filters first ..< end
  void (*products)(const fovea_plane *p, const float *x, const float *g, int first, int end, float *sums);
  void (*spread)(const fovea_plane *p, const float *g, float *to, float *mapSums);
  void (*squash)(long count, float amplitude, float slope, const float *x, float *y);
  void (*squashGradient)(long count, float amplitude, float slope, const float *y, const float *yGradient,
                         float *xGradient);
  // One map.
  void (*subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y);
  void (*subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x, const float *gradient,
                            float coefficient, float *xGradient, float *coefficientGradient, float *biasGradient);
} fovea_plane_kernels;

extern const fovea_plane_kernels *const fovea_portable_planes;
#if defined(__x86_64__)
extern const fovea_plane_kernels *const fovea_avx2_planes;
extern const fovea_plane_kernels *const fovea_avx512_planes;
#endif

static inline const fovea_plane_kernels *fovea_planes_of(fovea_instructions instructions) {
#if defined(__x86_64__)
  if (instructions == FOVEA_KERNELS_AVX512) return fovea_avx512_planes;
  if (instructions == FOVEA_KERNELS_AVX2) return fovea_avx2_planes;
#endif
  return fovea_portable_planes;
}
