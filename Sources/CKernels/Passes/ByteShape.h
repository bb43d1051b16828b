// How a convolution of bytes is cut into runs of taps, blocks of filters, and strips.
#pragma once

#include "Bytes.h"

typedef struct {
  const fovea_byte_kernels *kernels;
  // From a pixel of input and output to the next.
  long inPitch, outPitch;
  // Taps that lie side by side are one run.
  int runs;
  long run;
  // Where a kernel is one pixel without anything around it, pixels are gathered, whichever rows they are of; else a strip is
  // rows of one example.
  bool gathers;
  long pixels;
  // Of a strip's copy.
  long rowWidth;
  int element;
  // Pixels or rows of a strip, strips of all or of an example, and into how many parts the filters are cut.
  int perStrip, strips, units, parts, threads;
  size_t scratch;
} fovea_byte_shape;

fovea_byte_shape fovea_byte_shape_of(const fovea_byte_convolution *c, int instructions);

static inline int fovea_byte_block(const fovea_byte_shape *s, int filters, int first) {
  return filters - first > s->kernels->lanes ? 2 : 1;
}
