#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "include/CKernels.h"

// The inner loops, for one width of vectors. `Lanes` below is that width: 8 or 16 floats.
typedef struct {
  int lanes;

  // One row of a convolution, for one block of `lanes` filters at once:
  //   out[p][f] = Σ_r Σ_t x[r·pitch + p·step + t] · w[r][t][f],   r < rows, t < run, p < count, f < lanes
  // Channels lie innermost in x, so that one row of the kernel is one run of kernelWidth·channels floats. Filters are
  // the lanes, whatever their number of channels; the accumulators of up to 24 positions stay in registers, and each
  // multiplication reads one broadcast float.
  void (*row)(const float *x, long pitch, long step, const float *w, int rows, int run, int count, float *out);

  // The largest of each window of convolved rows `[height][rowStride]`, `lanes` filters at once, first one on a tie,
  // plus the bias, rectified where asked for. `winners` may be null.
  void (*pool)(const float *rows, long rowStride, int height, int width, int count, const float *bias, int rectify,
               float *out, long outStride, uint8_t *winners, long winnerStride);

  // destination[r][l] += Σ_i factors[i] · source[offsets[i] + r·sourcePitch + l],   r < rows, l < vectors·lanes
  // Both backward passes are sums of this kind: a weight's gradient is a sum of pieces of the image, an image's
  // gradient one of pieces of the kernel, each piece `rows` runs long.
  void (*accumulate)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                     const int32_t *offsets, const float *factors, int count, int rows, int vectors);
} fovea_vector_kernels;

// What both passes do first: list what has a gradient. They write whole vectors, so that lists need LIST_FILL more
// elements than they can hold, and the order is that of the index, so that all instruction sets give the same sums.
enum { LIST_FILL = 16 };

typedef struct {
  // passed[i] = gradient[i], or 0 where the rectifier has cut y[i] off.
  void (*passed)(int count, int rectifies, const float *y, const float *gradient, float *passed);

  // For i < count with factors[i] ≠ 0: the factor, and base + places[i] + elements[winners[i]]. Returns how many.
  int (*windows)(int count, const float *factors, const uint8_t *winners, const int32_t *places,
                 const int32_t *elements, int elementCount, int32_t base, float *listed, int32_t *offsets);

  // For each element e of a window, those i < count with factors[i] ≠ 0 and winners[i] = e: the factor, and i·stride, at
  // `listed + e·pitch`; and how many of them there are.
  void (*filters)(int count, const float *factors, const uint8_t *winners, int elementCount, int32_t stride,
                  long pitch, float *listed, int32_t *offsets, int32_t *counts);
} fovea_list_kernels;

extern const fovea_list_kernels fovea_portable_lists;

// How many examples lie side by side where they are interleaved: the lanes of the widest vectors.
enum { INTERLEAVED = 16 };

// A group of interleaved examples, [channels][rows][columns][INTERLEAVED], padded, and what moves over it.
typedef struct {
  int channels;
  // Floats from a row to the next, from a channel to the next, and from an element of a window to those right of and
  // below it.
  long pitch, plane, right, down;
  int kernelHeight, kernelWidth, windowHeight, windowWidth;
  // Windows in a row of the output, and in a map.
  int outputWidth, windows;
  bool rectifies;
} fovea_interleaved_input;

typedef struct {
  // All windows of all filters for one group. `kernel` is in plain order; `bias` may be null.
  void (*convolve)(const fovea_interleaved_input *input, const float *source, const float *kernel, const float *bias,
                   int filters, float *y);

  // y[g][u][lane] = bias[u] + Σ_k weights[u][k] · x[g][k][lane], for g < groups
  void (*multiply)(const float *x, int groups, const float *weights, const float *bias, int inputs, int outputs,
                   bool rectify, float *y);
} fovea_interleaved_kernels;

// A row of one input map under a row of one kernel.
typedef struct {
  const float *x, *w;
} fovea_connected_row;

// The maps of one pair of a connection table, in rows of INTERLEAVED floats an element.
typedef struct {
  int width, outputHeight, outputWidth, kernelHeight, kernelWidth;
} fovea_connected_maps;

// For one group of interleaved examples.
typedef struct {
  // y[p] = start + Σ_r Σ_v rows[r].w[v·tapStep] · rows[r].x[p + v],   r < count, v < kernelWidth, p < width
  void (*row)(const fovea_connected_row *rows, int count, int kernelWidth, long tapStep, int width, float start,
              float *y);
  // sums[u][v] += Σ g[i][j] · x[i + u][j + v]
  void (*products)(const fovea_connected_maps *maps, const float *x, const float *g, float *sums);
  // sum += Σ x[k], k < count
  void (*add)(long count, const float *x, float *sum);
  // One map each. `sums` are those of coefficient and bias, on top of which the map's come; so does `xGradient`.
  void (*subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y);
  void (*subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x, const float *gradient,
                            float coefficient, float *xGradient, float *sums);
} fovea_connected_kernels;

// Copies a map [count], with zero for all but the first `examples` of each INTERLEAVED.
void fovea_mask_examples(const float *x, long count, int examples, float *to);

// Of the widest vectors first; those of 8 lanes are always there. `wide` is null where the processor has none.
typedef struct {
  const fovea_vector_kernels *wide;
  const fovea_vector_kernels *narrow;
  const fovea_list_kernels *lists;
  const fovea_interleaved_kernels *interleaved;
  const fovea_connected_kernels *connected;
} fovea_kernel_set;

extern const fovea_kernel_set fovea_portable_kernels;
#if defined(__x86_64__)
extern const fovea_kernel_set fovea_avx2_kernels;
extern const fovea_kernel_set fovea_avx512_kernels;
#endif
