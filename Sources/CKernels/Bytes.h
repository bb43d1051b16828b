#pragma once

#include "Kernels.h"

// A row of pixels of a convolution of bytes, for one block of filters.
typedef struct {
  // The first pixel's first tap: bytes where they are multiplied in fours, else 16-bit numbers.
  const void *x;
  // Where each run of taps begins; how many groups of `group` numbers it has; from a pixel to the next; pixels.
  const long *runs;
  int runCount, groups;
  long step;
  int count;
  // Of the block, as arranged: [runs][groups][vectors][lanes][group]; and what the sums begin with.
  const int8_t *weights;
  const int32_t *starts;
  int vectors;
  // Which filters and which of the output's pixels these are; from a pixel of the output to the next.
  int filter, filters;
  long pixel, pitch;
  const fovea_byte_result *result;
} fovea_byte_row;

// The same for a depthwise convolution, for `channels` of them: eight, or a multiple. Here `x` is bytes.
typedef struct {
  const uint8_t *x;
  const long *taps;
  int tapCount;
  // Of one row of the kernel, and from one to the next.
  int tapsInRow;
  long tapStep;
  long step;
  int count;
  // [channels / 8][groups of taps][8][group], and what the sums begin with.
  const int16_t *weights;
  const int32_t *starts;
  int channels, filters;
  long pixel, pitch;
  const fovea_byte_result *result;
} fovea_byte_depthwise_row;

typedef struct fovea_byte_kernels {
  const char *name;
  // How many numbers of a run are multiplied and added up at once; 4 for bytes, else numbers of 16 bits.
  int group;
  // Filters in a vector. A block has two vectors, and the last one perhaps one.
  int lanes;
  void (*row)(const fovea_byte_row *row);
  // Taps that are multiplied at once.
  int depthwiseGroup;
  void (*depthwise)(const fovea_byte_depthwise_row *row);
} fovea_byte_kernels;

extern const fovea_byte_kernels fovea_portable_bytes;
#if defined(__x86_64__)
extern const fovea_byte_kernels fovea_avx2_bytes, fovea_avx2_small_bytes, fovea_vnni_bytes;
#elif defined(__aarch64__)
extern const fovea_byte_kernels fovea_neon_bytes;
#endif

// - Parameter hasSmallWeights: whether none is beyond −64…64.
const fovea_byte_kernels *fovea_byte_kernels_of(int instructions, bool hasSmallWeights);
