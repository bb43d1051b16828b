// What a test of the kernels needs: numbers, and a comparison element by element.
#pragma once

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Kernels.h"

// The set that is tested, beside the portable one.
typedef struct {
  const fovea_kernel_set *set;
  fovea_instructions instructions;
  const char *name;
  long elements, wrong;
  int functions;
  // Of the function that was compared last: some of its wrong elements are shown.
  const char *last;
  int shown;
} tested;

// So many floats, and room for whole vectors behind them. Nobody frees: a test is short.
static inline float *room(long count) {
  float *result = aligned_alloc(64, (size_t)(count + 128 + 15) / 16 * 64);
  if (!result) abort();
  for (long i = 0; i < count + 128; i++) result[i] = 0;
  return result;
}

static inline float drawn(void) {
  static uint64_t state = 42;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (float)(int32_t)(state >> 32) * 0x1p-31f;
}

static inline float *draw(long count) {
  float *result = room(count);
  for (long i = 0; i < count + 128; i++) result[i] = drawn();
  return result;
}

static inline float *copyOf(const float *from, long count) {
  float *result = room(count);
  memcpy(result, from, (size_t)count * sizeof(float));
  return result;
}

// `scale` is how large the sums are whose terms may come in another order.
static inline void compare(tested *t, const char *function, long count, const float *got, const float *expected,
                           float scale) {
  t->elements += count;
  for (long i = 0; i < count; i++) {
    const bool isClose = fabsf(got[i] - expected[i]) <= 2e-6f * scale + 2e-6f * fabsf(expected[i]);
    if (isClose || got[i] == expected[i] || (isnan(got[i]) && isnan(expected[i]))) continue;
    t->wrong++;
    if (t->last != function) t->shown = 0;
    t->last = function;
    if (t->shown++ < 3) printf("%s: %s[%ld] is %g, not %g\n", t->name, function, i, got[i], expected[i]);
  }
}

void compareRowFunctions(tested *t);
void compareListFunctions(tested *t);
void compareInterleavedFunctions(tested *t);
void comparePlaneFunctions(tested *t);
void compareDenseFunctions(tested *t);
void compareNormalizationFunctions(tested *t);
void compareByteFunctions(tested *t);
void compareWinogradFunctions(tested *t);
void comparePoolingFunctions(tested *t);
void checkThreads(tested *t);
