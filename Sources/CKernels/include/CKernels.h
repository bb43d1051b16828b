#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "CKernelsBytes.h"

// Which instructions the kernels use.
typedef enum {
  FOVEA_KERNELS_PORTABLE = 0,
  FOVEA_KERNELS_AVX2 = 1,
  FOVEA_KERNELS_AVX512 = 2,
  FOVEA_KERNELS_NEON = 3,
} fovea_instructions;

// The best that this processor has.
fovea_instructions fovea_kernels_best(void);
// Whether this processor has them, and this build too.
bool fovea_kernels_has(fovea_instructions instructions);

// Whether the kernels with these instructions multiply bfloat16 numbers on this processor.
bool fovea_kernels_has_bfloat16(fovea_instructions instructions);

// Calls `body` with each number 0 ..< parts, on as many threads, and returns when all calls have. They are oneDNN's, where
// that has OpenMP's; else they are our own.
void fovea_parallel(int parts, void (*body)(void *context, int part), void *context);
// The same on threads of our own, whatever oneDNN has.
void fovea_parallel_apart(int parts, void (*body)(void *context, int part), void *context);

// A convolution, a bias, perhaps the rectifier, and a maximum pooling whose windows lie side by side, in one pass:
//   z[f,i,j] = bias[f] + Σ kernel[f,c,u,v] · x[c, i·strideHeight + u − top, j·strideWidth + v − left]
//   y[f,i,j] = max of z over rows i·windowHeight ..< (i+1)·windowHeight and columns likewise, rectified
// No activation that rises everywhere changes which element of a window is the largest, so that any of them may follow
// the pooling instead of preceding it, on a quarter of the elements.
//
// Why not oneDNN's kernels: they compute the gradients of all elements, of which three quarters are zero where windows are
// 2×2, write the convolved maps and read them again, and fill 6 filters up to 16. Microseconds for 64 examples on one
// core of 2023 (AVX-512 in halves), ours and the sum of oneDNN 2.6's kernels for the same:
//                                         forward       weights      data
//   1×28×28, 6 filters 5×5, 2×2           202 ← ~340     78 ← ~400   not needed
//   6×12×12, 16 filters 5×5, 2×2          192 ← ~200     75 ← ~220   162 ← ~450
//
// All that a caller sees is in plain order: x [batch, channels, height, width], kernel [filters, channels,
// kernelHeight, kernelWidth], y [batch, filters, outputHeight, outputWidth].
typedef struct {
  int32_t batch;
  int32_t channels, height, width;
  int32_t filters, kernelHeight, kernelWidth;
  int32_t strideHeight, strideWidth;
  int32_t top, left;
  int32_t windowHeight, windowWidth;
  int32_t outputHeight, outputWidth;
  bool rectifies;
  // At most so many threads share the work. What comes out does not depend on it.
  int32_t threads;
  // Whether the forward pass rounds its factors to bfloat16, where fovea_kernels_has_bfloat16 says that it can.
  bool roundsFactors;
} fovea_pooled_convolution;

// How much memory the passes need, in floats. The caller allocates.
typedef struct {
  // The input as the kernels like it: padded, channels innermost. For one pass, and to be kept for the backward passes.
  size_t source, sources;
  // Which element of each window was the largest, a byte each, in floats.
  size_t winners;
  size_t forward, weights, data;
  // For interleaved examples.
  size_t interleaved;
} fovea_pooled_convolution_memory;

fovea_pooled_convolution_memory fovea_pooled_convolution_sizes(const fovea_pooled_convolution *shape);

// Writes y. In training, `sources` and `winners` get what the backward passes need; else `winners` is null and `sources`
// is for the pass only. `bias` may be null.
void fovea_pooled_convolution_forward(const fovea_pooled_convolution *shape, fovea_instructions instructions,
                                      const float *x, const float *kernel, const float *bias, float *y,
                                      float *sources, uint8_t *winners, float *scratch);

// Writes the gradients of kernel and bias, from that of y. `biasGradient` may be null.
//   ∂kernel[f] = Σ over the windows of filter f with a gradient g: g · the piece of x under their largest element
void fovea_pooled_convolution_weights(const fovea_pooled_convolution *shape, fovea_instructions instructions,
                                      const float *sources, const uint8_t *winners, const float *y,
                                      const float *yGradient, float *kernelGradient, float *biasGradient,
                                      float *scratch);

// Writes the gradient of x, from that of y.
//   ∂x = Σ over the windows with a gradient g: g · kernel[f], laid over their largest element
void fovea_pooled_convolution_data(const fovea_pooled_convolution *shape, fovea_instructions instructions,
                                   const uint8_t *winners, const float *y, const float *yGradient,
                                   const float *kernel, float *xGradient, float *scratch);

// A convolution of few maps with few filters: stride 1, no padding, no holes.
//   y[f,i,j] = bias[f] + Σ kernel[f,c,u,v] · x[c, i + u, j + v]
// All is in plain order. Positions are the lanes: oneDNN's are filters, of which it fills 6 up to 16, in y too.
typedef struct {
  int32_t batch;
  int32_t channels, height, width;
  int32_t filters, kernelHeight, kernelWidth;
  int32_t threads;
} fovea_plane_convolution;

// Floats that either pass needs.
size_t fovea_plane_convolution_scratch(const fovea_plane_convolution *shape);

// `bias` and `biasGradient` may be null.
void fovea_plane_convolution_forward(const fovea_plane_convolution *shape, fovea_instructions instructions,
                                     const float *x, const float *kernel, const float *bias, float *y, float *scratch);
void fovea_plane_convolution_weights(const fovea_plane_convolution *shape, fovea_instructions instructions,
                                     const float *x, const float *yGradient, float *kernelGradient,
                                     float *biasGradient, float *scratch);

// y = amplitude·tanh(slope·x), and its gradient from y; in place where the pointers are the same.
void fovea_squash(fovea_instructions instructions, size_t count, float amplitude, float slope, const float *x,
                  float *y);
void fovea_squash_gradient(fovea_instructions instructions, size_t count, float amplitude, float slope, const float *y,
                           const float *yGradient, float *xGradient);

// The bits of the largest |x[i,j]| of rows that lie `pitch` numbers apart; 0x7F800000 or more where one is infinite or not a
// number.
uint32_t fovea_largest_magnitude(fovea_instructions instructions, size_t rows, size_t columns, size_t pitch,
                                 const float *x);

// y[c,i,j] = coefficients[c] · (sum of the window) + biases[c]. All is in plain order.
typedef struct {
  int32_t batch;
  int32_t channels, height, width;
  int32_t windowHeight, windowWidth;
  int32_t strideHeight, strideWidth;
  int32_t outputHeight, outputWidth;
  int32_t threads;
} fovea_subsampling;

void fovea_subsampling_forward(const fovea_subsampling *shape, fovea_instructions instructions, const float *x,
                               const float *coefficients, const float *biases, float *y);

// `xGradient` may be null. With `squares`, coefficients and sums count squared, as second derivatives take them.
void fovea_subsampling_backward(const fovea_subsampling *shape, fovea_instructions instructions, bool squares,
                                const float *x, const float *yGradient, const float *coefficients, float *xGradient,
                                float *coefficientGradients, float *biasGradients);

// Batch normalization, perhaps the rectifier, and perhaps a maximum pooling of windows of 2×2 that lie side by side:
//   y[n,c,i,j] = (x[n,c,i,j] − mean[c]) / √(variance[c] + epsilon) · scale[c] + shift[c]
// x [examples][blocks][height][width][lanes]: plain order (1 lane), blocks of 8 or 16 channels, or all channels side by side.
// What fills up the last block is zero, and stays so.
//
// Why not oneDNN's kernels: they read x three times in training, and write what the rectifier and the pooling read again;
// and their threads wait for each other by spinning, so that on a busy machine they take ten times as long.
typedef struct {
  int32_t examples, channels;
  int32_t blocks, height, width, lanes;
  bool rectifies, pools;
  float epsilon;
  // At most so many threads share the work. What comes out does not depend on it.
  int32_t threads;
} fovea_normalization;

// Floats that each pass needs.
size_t fovea_normalization_scratch(const fovea_normalization *shape);

// Mean and variance of each channel over all examples.
void fovea_normalization_moments(const fovea_normalization *shape, fovea_instructions instructions, const float *x,
                                 float *mean, float *variance, float *scratch);

// `winners`, a byte for each element of y, are for the backward pass of a pooling, and may be null.
void fovea_normalization_forward(const fovea_normalization *shape, fovea_instructions instructions, const float *x,
                                 const float *mean, const float *variance, const float *scale, const float *shift,
                                 float *y, uint8_t *winners, float *scratch);

// Where mean and variance are those of x.
void fovea_normalization_backward(const fovea_normalization *shape, fovea_instructions instructions, const float *x,
                                  const float *mean, const float *variance, const float *scale, const float *shift,
                                  const float *yGradient, const uint8_t *winners, float *xGradient,
                                  float *scaleGradient, float *shiftGradient, float *scratch);

// A convolution by kernels of 3×3, stride 1, with all channels, by Winograd's algorithm (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016, F(4×4, 3×3)): a quarter of the multiplications. x and y are in blocks of channels,
// [examples][blocks][height][width][lanes], each with lanes of its own, which are a multiple of 16 or 8; channels and filters are multiples of 16.
typedef struct {
  int32_t batch, channels, height, width;
  int32_t filters, top, left, outputHeight, outputWidth;
  int32_t inputLanes, outputLanes;
  // Whether the sums come on top of what is in y, and whether all is rectified.
  bool adds, rectifies;
  // At most so many threads share the work. What comes out does not depend on it, nor on the batch.
  int32_t threads;
} fovea_winograd;

// Floats that transformed weights take, four times as many as weights or, of many channels and filters, no more than these; and those
// that the convolution needs beside.
size_t fovea_winograd_weights(int32_t channels, int32_t filters);
size_t fovea_winograd_scratch(const fovea_winograd *shape);

// Weights [filters, channels, 3, 3] in plain order to [groups of 64 filters][positions][panels][channels][16], or of many channels and
// filters to [panels][channels][3×3][16], which are transformed as they are used. The gradient of a convolution's
// input is a convolution of the output's gradient, too: by the weights [channels, filters, 3, 3] of that one, turned round.
void fovea_winograd_transform(const fovea_winograd *shape, fovea_instructions instructions, bool isGradient, const float *weights, float *transformed);

// `bias` may be null.
void fovea_winograd_convolve(const fovea_winograd *shape, fovea_instructions instructions, const float *x,
                             const float *transformed, const float *bias, float *y, float *scratch);

// Maximum pooling in use, of maps in blocks of channels, [maps][height][width][lanes], lanes being a multiple of 16 or 8: `maps` are the
// examples' blocks. Each window reaches inside; what is not a number is never the largest, and a window of nothing else gives −∞.
typedef struct {
  int32_t maps, lanes, height, width, outputHeight, outputWidth;
  int32_t windowHeight, windowWidth, strideHeight, strideWidth, top, left;
  int32_t threads;
} fovea_maximum_pooling;

void fovea_maximum_pooling_infer(const fovea_maximum_pooling *shape, fovea_instructions instructions, const float *x, float *y);

// sum = x + y, which `sum` may be one of, on at most so many threads.
void fovea_add(size_t count, int32_t threads, const float *x, const float *y, float *sum);

// Interleaved tensors: sixteen examples lie side by side, [groups of 16][elements][16], so that a layer of six filters
// fills vectors as well as one of sixteen. The last group is filled up with whatever comes of it.
//
// x [batch, count] in plain order to interleaved order, and back.
void fovea_interleave(int32_t batch, int64_t count, const float *x, float *y);
void fovea_deinterleave(int32_t batch, int64_t count, const float *x, float *y);

// The forward pass for interleaved examples. `x` may be in plain order; y is not.
void fovea_interleaved_convolution(const fovea_pooled_convolution *shape, fovea_instructions instructions,
                                   const float *x, bool isInterleaved, const float *kernel, const float *bias,
                                   float *y, float *scratch);

// Units that see all inputs, perhaps rectified: y[n,u] = bias[u] + Σ weights[u,k] · x[n,k], x and y interleaved.
typedef struct {
  int32_t batch, inputs, outputs;
  bool rectifies;
  int32_t threads;
} fovea_interleaved_product;

void fovea_interleaved_product_forward(const fovea_interleaved_product *shape, fovea_instructions instructions,
                                       const float *x, const float *weights, const float *bias, float *y);

// A convolution by a connection table, of interleaved examples: stride 1, no padding, no holes.
//   y[f,i,j] = bias[f] + Σ over the maps c that f is connected with: kernel[f,c,u,v] · x[c, i + u, j + v]
// x, y and their gradients are interleaved; kernel [filters, channels, kernelHeight, kernelWidth] is plain and whole, but
// only its connected parts are read. What fills up the last group does not reach the gradients of kernel and bias.
typedef struct {
  int32_t batch;
  int32_t channels, height, width;
  int32_t filters, kernelHeight, kernelWidth;
  int32_t threads;
} fovea_connected_convolution;

// channels·kernelHeight and filters·kernelHeight may be at most so many.
enum { FOVEA_CONNECTED_ROWS = 512 };

// Floats that the passes need.
size_t fovea_connected_convolution_data_scratch(const fovea_connected_convolution *shape);
size_t fovea_connected_convolution_weights_scratch(const fovea_connected_convolution *shape);

// `connected` [filters][channels] says which are; null where all are. `bias` and `biasGradient` may be null.
void fovea_connected_convolution_forward(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                         const uint8_t *connected, const float *x, const float *kernel,
                                         const float *bias, float *y);
void fovea_connected_convolution_data(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                      const uint8_t *connected, const float *yGradient, const float *kernel,
                                      float *xGradient, float *scratch);
void fovea_connected_convolution_weights(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                         const uint8_t *connected, const float *x, const float *yGradient,
                                         float *kernelGradient, float *biasGradient, float *scratch);

// The same for examples that lie apart, each in plain order: vectors run along the positions or the filters.
size_t fovea_connected_planes_scratch(const fovea_connected_convolution *shape);
void fovea_connected_planes_forward(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                    const uint8_t *connected, const float *x, const float *kernel, const float *bias,
                                    float *y, float *scratch);
void fovea_connected_planes_data(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                 const uint8_t *connected, const float *yGradient, const float *kernel,
                                 float *xGradient, float *scratch);
void fovea_connected_planes_weights(const fovea_connected_convolution *shape, fovea_instructions instructions,
                                    const uint8_t *connected, const float *x, const float *yGradient,
                                    float *kernelGradient, float *biasGradient, float *scratch);

// Subsampling as above, of interleaved examples.
size_t fovea_interleaved_subsampling_scratch(const fovea_subsampling *shape);
void fovea_interleaved_subsampling_forward(const fovea_subsampling *shape, fovea_instructions instructions,
                                           const float *x, const float *coefficients, const float *biases, float *y);
void fovea_interleaved_subsampling_backward(const fovea_subsampling *shape, fovea_instructions instructions,
                                            bool squares, const float *x, const float *yGradient,
                                            const float *coefficients, float *xGradient, float *coefficientGradients,
                                            float *biasGradients, float *scratch);

// Large dense layers: x [batch, features], weights [units, features], y [batch, units], all in plain order and whole.
//
// Why not oneDNN's kernels: with few examples for many weights they take longer to rearrange the weights than to multiply
// them. And the gradient of the weights need not be in memory as a whole: it is a sum of `batch` outer products, of which
// an optimizer may ask for one block after the other.
typedef struct {
  int32_t batch, features, units;
  // At most so many threads share the work. What comes out does not depend on it.
  int32_t threads;
} fovea_dense;

// How much memory the forward pass needs, in floats.
size_t fovea_dense_forward_scratch(const fovea_dense *shape, fovea_instructions instructions);

// y[b, u] = bias[u] + Σ weights[u, k] · x[b, k], rectified where asked for. `bias` may be null.
void fovea_dense_forward(const fovea_dense *shape, fovea_instructions instructions, const float *x,
                         const float *weights, const float *bias, bool rectifies, float *y, float *scratch);

// xGradient[b, k] = Σ yGradient[b, u] · weights[u, k]
void fovea_dense_data(const fovea_dense *shape, fovea_instructions instructions, const float *yGradient,
                      const float *weights, float *xGradient);

// gradient[i·pitch + j] = Σ_t left[t·leftPitch + i] · right[t·rightPitch + j],  t < terms, i < rows, j < columns, on top
// of what is there if `adds`: a block of the weights' gradient, left being the outputs' gradient and right the input.
void fovea_outer_products(fovea_instructions instructions, const float *left, long leftPitch, const float *right,
                          long rightPitch, int32_t terms, int32_t rows, int32_t columns, float *gradient, long pitch,
                          bool adds);

// Rows of weights, `pitch` apart, as are those of what an optimizer remembers of each weight. Their gradients follow each
// other without a gap.
typedef struct {
  float *weights;
  const float *gradients;
  float *memories[2];
  long rows, columns, pitch;
} fovea_weight_block;

// The bits of the largest magnitudes of a block, as fovea_largest_magnitude gives them: of the weights as an update leaves
// them, and of the gradients; 0 of these where they are not remembered and all weights are finite. Update and look in
// one, since another pass would read all from the caches again.
typedef struct {
  uint32_t weights, gradients;
} fovea_magnitudes;

// m ← keep1·m + take1·g, s ← keep2·s + take2·g², w ← keepWeight·w − rate·m / (√s·correction + epsilon), g being
// gradient + decay·w. The memories are m and s.
typedef struct {
  float rate, correction, keep1, take1, keep2, take2, epsilon, weightDecay, keepWeight;
} fovea_adam;

fovea_magnitudes fovea_adam_update(const fovea_adam *rule, fovea_instructions instructions,
                                   const fovea_weight_block *block);

// v ← momentum·v + g, g being gradient + decay·w, then w ← w − rate·v, or with Nesterov's w ← w − rate·(g + momentum·v). The
// memory is v; where it is null, momentum is none.
typedef struct {
  float rate, momentum, weightDecay;
  bool isNesterov;
} fovea_momentum;

fovea_magnitudes fovea_momentum_update(const fovea_momentum *rule, fovea_instructions instructions,
                                       const fovea_weight_block *block);

// w ← w − rate·scale·gradient. The memory is the scale.
fovea_magnitudes fovea_scaled_update(float rate, fovea_instructions instructions, const fovea_weight_block *block);

#ifdef __cplusplus
}
#endif
