#pragma once

// Networks in use whose numbers are bytes. The byte q of a tensor stands for (q − zero)·scale; sums of products are whole
// numbers of 32 bits, and none is cut off before its end: what comes out is the same with all instructions.
//
// Why not oneDNN's kernels: on processors without VNNI, those multiply bytes in pairs and add each two in 16 bits, where
// 255·127 + 255·127 has no room, or halve the weights' range; depthwise convolutions take longer than those of floats.
//
// Maps lie channels last, [batch][height][width][pitch], where a pitch of fovea_byte_pitch(channels) is filled up with bytes
// that do not count.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline int64_t fovea_byte_pitch(int64_t channels) { return channels <= 4 ? 4 : (channels + 7) / 8 * 8; }

// Room for the numbers of so many filters, filled up to whole vectors.
static inline int64_t fovea_byte_filters(int64_t filters) { return (filters + 31) / 32 * 32; }

// sum[f,i,j] = Σ weights[f,c,u,v] · (x[c, i·strideHeight + u·dilationHeight − top, …] − zero). A dense layer is one of 1×1 pixels.
typedef struct {
  int32_t batch;
  int32_t channels, height, width;
  int32_t filters, kernelHeight, kernelWidth;
  int32_t strideHeight, strideWidth, dilationHeight, dilationWidth;
  int32_t top, left;
  int32_t outputHeight, outputWidth;
  // Each filter sees its own channel, and no other.
  bool isDepthwise;
  // The input's byte that stands for 0, which lies around the maps, too.
  uint8_t zero;
  // At most so many threads share the work.
  int32_t threads;
  // Whether no weight is beyond −64…64, so that two products have room in 16 bits: a fifth faster where there is no VNNI.
  bool hasSmallWeights;
} fovea_byte_convolution;

// y = min(max(sum·factors[f] + offsets[f] + addend·addendFactor, lower), upper), in floats, whose multiplications and additions
// are rounded each. A byte is y rounded to the nearest, ties to even.
typedef struct {
  // Of fovea_byte_filters(filters) floats each.
  const float *factors, *offsets;
  float lower, upper, addendFactor;
  // Bytes that lie as the output does; null for none.
  const uint8_t *addend;
  // One of the two: bytes, whose bounds lie in 0…255; or floats, channels last without a gap.
  uint8_t *bytes;
  float *floats;
  // That bytes end where they do is all that cuts off: the bounds round to 0 and 255, and no y is as large as 2³¹.
  bool endsAsBytes;
} fovea_byte_result;

// The bytes of the weights as the kernels with these instructions want them, and of what they need while they work.
size_t fovea_byte_weights_size(const fovea_byte_convolution *c, int instructions);
size_t fovea_byte_scratch_size(const fovea_byte_convolution *c, int instructions);
// From plain order: [filters][channels][kernelHeight][kernelWidth], or one channel where it is depthwise.
void fovea_byte_weights_arrange(const fovea_byte_convolution *c, int instructions, const int8_t *weights, void *to);
// `x` may be read so far as 16 bytes behind its end, and so may an addend.
void fovea_byte_convolve(const fovea_byte_convolution *c, int instructions, const uint8_t *x, const void *weights,
                         const fovea_byte_result *result, void *scratch);
// Its name in profiles: what is multiplied at once.
const char *fovea_byte_kernel_name(const fovea_byte_convolution *c, int instructions);

// The largest of each window, where what lies around the maps never is.
typedef struct {
  int32_t batch, channels, height, width;
  int32_t windowHeight, windowWidth, strideHeight, strideWidth, top, left, outputHeight, outputWidth;
  int32_t threads;
} fovea_byte_pooling;

void fovea_byte_maximum(const fovea_byte_pooling *p, const uint8_t *x, uint8_t *y);

// The means of all maps, over `area` pixels: y[n][c] = (Σ x − area·zero) · factor.
void fovea_byte_means(int64_t batch, int64_t area, int64_t channels, uint8_t zero, float factor, const uint8_t *x, float *y);

// How floats lie: [batch][blocks][pixels][lanes], with 8 or 16 lanes; with 1 they are in plain order, and with 0 channels last.
typedef struct {
  int64_t batch, channels, pixels;
  int32_t lanes, threads;
} fovea_byte_maps;

// Each float to the nearest byte, x/scale + zero, ties to even; bytes to floats, in plain order.
void fovea_bytes_from_floats(const fovea_byte_maps *m, float scale, uint8_t zero, const float *x, uint8_t *y);
void fovea_floats_from_bytes(const fovea_byte_maps *m, float scale, uint8_t zero, const uint8_t *x, float *y);
