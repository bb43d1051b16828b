// fovea_dense_kernels, the optimizers' among them.
#include "Check.h"

static void compareOuter(tested *t, int count, int width, int terms, bool adds) {
  const long pitch = width + 3, size = count * pitch;
  float *a = draw((long)count * terms), *m = draw(terms * pitch + width), *got = draw(size), *expected = copyOf(got, size);
  t->set->dense->outer(a, terms, 1, m, pitch, terms, count, width, got, pitch, adds);
  fovea_portable_kernels.dense->outer(a, terms, 1, m, pitch, terms, count, width, expected, pitch, adds);
  compare(t, "outer", size, got, expected, (float)terms);
}

static float *dots(const fovea_dense_kernels *k, const float *x, const float *w, int examples, int units, int length,
                   const float *before) {
  const int count = examples * units;
  float *vectors = room((long)count * k->lanes), *sums = room(count);
  for (int i = 0; before && i < count; i++) vectors[i * k->lanes] = before[i];
  k->dots(x, length, examples, w, length, units, length / k->lanes, vectors, before != NULL);
  k->lanesSums(vectors, count, sums);
  return sums;
}

static void compareDots(tested *t, int examples, int units, int length) {
  float *x = draw((long)examples * length), *w = draw((long)units * length), *before = draw(examples * units);
  for (int adds = 0; adds < 2; adds++) {
    compare(t, "dots", examples * units, dots(t->set->dense, x, w, examples, units, length, adds ? before : NULL),
            dots(fovea_portable_kernels.dense, x, w, examples, units, length, adds ? before : NULL), (float)length);
  }
}

static uint32_t largest(const float *x, long rows, long columns, long pitch) {
  return fovea_largest_magnitude(FOVEA_KERNELS_PORTABLE, (size_t)rows, (size_t)columns, (size_t)pitch, x);
}

// What an update says of its numbers, beside what lies in memory afterwards; whatever fault was put among them. A rule that does
// not remember gradients says nothing of them while the weights are finite.
static void checkMagnitudes(tested *t, const char *rule, bool remembers, fovea_magnitudes got,
                            const fovea_weight_block *block) {
  t->elements += 2;
  const uint32_t weights = largest(block->weights, block->rows, block->columns, block->pitch);
  const uint32_t gradients = largest(block->gradients, block->rows, block->columns, block->columns);
  if (got.weights == weights && got.gradients == (remembers || weights >= 0x7F800000u ? gradients : 0)) return;
  t->wrong++;
  printf("%s: %s says other magnitudes than there are\n", t->name, rule);
}

// The same block of weights, gradients and memories, by either set; `fault` is one of the gradients.
static void compareUpdates(tested *t, long rows, long columns, float fault) {
  const long pitch = columns + 5, size = rows * pitch;
  float *weights = draw(size), *gradients = draw(rows * columns), *first = draw(size), *second = draw(size);
  for (long i = 0; i < size; i++) second[i] = fabsf(second[i]);
  gradients[rows * columns * 3 / 4] = fault;
  const fovea_adam adam = {0.01f, 1.25f, 0.9f, 0.1f, 0.99f, 0.01f, 1e-3f, 0.02f, 0.98f};
  const fovea_momentum momentum = {0.01f, 0.9f, 0.02f, false}, nesterov = {0.01f, 0.9f, 0.02f, true};
  const char *names[] = {"adam", "momentum", "scaled", "momentum without memory", "Nesterov's momentum"};
  for (int rule = 0; rule < 5; rule++) {
    float *results[2][3];
    for (int side = 0; side < 2; side++) {
      const fovea_dense_kernels *k = side ? fovea_portable_kernels.dense : t->set->dense;
      float **result = results[side];
      result[0] = copyOf(weights, size), result[1] = copyOf(first, size), result[2] = copyOf(second, size);
      const fovea_weight_block block = {
          result[0], gradients, {rule == 3 ? NULL : result[1], result[2]}, rows, columns, pitch};
      const fovea_magnitudes magnitudes = rule == 0   ? k->adam(&adam, &block)
                                          : rule == 2 ? k->scaled(0.01f, &block)
                                                      : k->momentum(rule == 4 ? &nesterov : &momentum, &block);
      checkMagnitudes(t, names[rule], rule != 2 && rule != 3, magnitudes, &block);
    }
    for (int part = 0; part < 3; part++) compare(t, names[rule], size, results[0][part], results[1][part], 1);
  }
}

void compareDenseFunctions(tested *t) {
  const int sizes[] = {1, 2, 3, 5, 6, 7, 9, 13, 16, 17, 31, 64, 67, 131};
  const int count = sizeof sizes / sizeof *sizes;
  for (int i = 0; i < count; i++) {
    compareOuter(t, sizes[i] % 14 + 1, sizes[(i * 5 + 3) % count], sizes[(i * 3 + 1) % count], i % 2);
    compareDots(t, 1 + i % 7, sizes[i] % 20 + 1, 16 * (1 + i));
    const float faults[] = {0, 3e38f, -INFINITY, NAN};
    compareUpdates(t, 1 + i % 3, sizes[i] * 9 - 8, faults[i % 4]);
  }
  t->functions += 6;
}
