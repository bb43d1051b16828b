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

// A convolution by a connection table, the example's maps lying one after the other.
typedef struct {
  int kernelHeight, kernelWidth, width, outputHeight, outputWidth;
  // From one tap of the kernel to the next below and beside it, in the map that is read.
  long tapRow, tapColumn;
  // To be computed, in whole vectors of the widest kind.
  long positions;
  // From one channel of the input to the next; filters, filled up to whole vectors of the widest kind.
  long inputPlane, filterPitch;
} fovea_connected_plane;

// A map that one or both of two outputs see, and by which weights; null where one does not.
typedef struct {
  const float *x;
  const float *weights[2];
} fovea_seen_map;

typedef struct {
  int lanes;
  // out[f][p] = Σ x[c][p + u·width + v] · w[f][c][u][v]
  void (*correlate)(const fovea_plane *p, const float *x, const float *w, float *out);
  void (*gather)(const fovea_plane *p, const float *from, const float *bias, float *y);
  // sums[f][c][u][v][lane] += Σ x[c][p + u·width + v] · g[f][p], for the filters first ..< end
  void (*products)(const fovea_plane *p, const float *x, const float *g, int first, int end, float *sums);
  void (*spread)(const fovea_plane *p, const float *g, float *to, float *mapSums);
  // out[o][p] = Σ over `seen`: x[p + u·tapRow + v·tapColumn] · weights[o][u][v]. The second output may be null.
  void (*correlatePair)(const fovea_connected_plane *p, const fovea_seen_map *seen, int count, float *const *out);
  // sums[c][u][v][filter] += Σ x[c][i + u][j + v] · g[i][j][filter], for the channels first ..< end
  void (*filterProducts)(const fovea_connected_plane *p, const float *x, const float *g, int firstChannel,
                         int endChannel, float *sums);
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
