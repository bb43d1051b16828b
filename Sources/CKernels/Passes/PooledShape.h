#pragma once

#include <string.h>

#include "Kernels.h"
#include "Parallel.h"

// What filters and runs are filled up to, and the alignment of everything that is laid out here.
enum { NARROW = 8, WIDE = 16 };

// What follows from the shape of a pooled convolution.
typedef struct {
  // Floats from one row of the padded input to the next, and from one example to the next.
  long pitch, example;
  // Rows of the padded input, and of the convolution as far as windows reach.
  int rows, convolvedWidth;
  // Windows in a map, and elements in a window.
  int windows, elements;
  // A row of the kernel, channels innermost, and the same filled up to whole vectors.
  int run, paddedRun;
  int paddedFilters;
} fovea_pooled_shape;

// A number of floats filled up to whole vectors, so that what follows is aligned: a store that lies in two cache lines
// keeps the loads behind it waiting.
static inline long fovea_filled(long count) { return (count + WIDE - 1) / WIDE * WIDE; }

fovea_pooled_shape fovea_pooled_shape_of(const fovea_pooled_convolution *shape);

// The memory of the passes, in floats.
size_t fovea_forward_scratch(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p);
size_t fovea_weights_scratch(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p);
size_t fovea_data_scratch(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p);
size_t fovea_interleaved_scratch(const fovea_pooled_convolution *shape);

// Where the piece of the input begins that a window's first element saw, and how far from there any other's does.
static inline long fovea_window_offset(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, int window) {
  return (long)(window / s->outputWidth) * s->windowHeight * s->strideHeight * p->pitch +
         (long)(window % s->outputWidth) * s->windowWidth * s->strideWidth * s->channels;
}
static inline long fovea_element_offset(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, int element) {
  return (long)(element / s->windowWidth) * s->strideHeight * p->pitch +
         (long)(element % s->windowWidth) * s->strideWidth * s->channels;
}

// Copies a map [count] of interleaved examples, with zero for all but the first `examples` of each INTERLEAVED.
void fovea_mask_examples(const float *x, long count, int examples, float *to);

// The weights as fovea_bfloat16_kernels takes them, wide blocks first.
void fovea_arrange_bfloat16(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p, const float *kernel,
                            uint16_t *to);

// The kernels for runs of `length` floats, which is a multiple of the narrow vector.
static inline const fovea_vector_kernels *fovea_kernels_for_run(const fovea_kernel_set *set, int length) {
  return set->wide && length % WIDE == 0 ? set->wide : set->narrow;
}

// The kernels for the next of so many filters.
static inline const fovea_vector_kernels *fovea_kernels_for_filters(const fovea_kernel_set *set, int filters) {
  return set->wide && filters >= WIDE ? set->wide : set->narrow;
}

// An element's share of the gradient: none where the rectifier has cut it off. By its bits, since a compiler may make a
// branch of anything else, and half the time nobody could foresee where it goes.
static inline float fovea_passed_gradient(bool rectifies, float y, float gradient) {
  uint32_t bits;
  memcpy(&bits, &gradient, sizeof bits);
  bits &= -(uint32_t)(!rectifies | (y > 0));
  memcpy(&gradient, &bits, sizeof bits);
  return gradient;
}
