// Several values at a time, in functions that are compiled for several instruction sets: the processor's is taken when the
// program starts. Products and sums are rounded one by one, so that all of them give the same.
#ifndef FOVEA_CPIXELS_VECTORS_H
#define FOVEA_CPIXELS_VECTORS_H

#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define FPX_CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FPX_CLONED
#endif

// What such a function calls belongs into it.
#define INLINED inline __attribute__((always_inline))

typedef float Four __attribute__((vector_size(16)));
typedef float Eight __attribute__((vector_size(32)));
typedef float Sixteen __attribute__((vector_size(64)));
typedef int32_t SixteenIntegers __attribute__((vector_size(64)));
typedef uint8_t SixteenBytes __attribute__((vector_size(16)));

// Four pixels of 0…255 to the nearest bytes.
static INLINED SixteenBytes fpx_rounded(const Four *pixels) {
  const Eight upper = __builtin_shufflevector(pixels[0], pixels[1], 0, 1, 2, 3, 4, 5, 6, 7);
  const Eight lower = __builtin_shufflevector(pixels[2], pixels[3], 0, 1, 2, 3, 4, 5, 6, 7);
  const Sixteen all =
      __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + 0.5f;
  return __builtin_convertvector(__builtin_convertvector(all, SixteenIntegers), SixteenBytes);
}

#endif
