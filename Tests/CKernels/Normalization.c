// fovea_normalization_kernels.
#include "Check.h"

static void compareSlab(tested *t, int height, int width, long lanes, bool rectifies) {
  const fovea_normalization_slab slab = {height, width, lanes, rectifies};
  const long size = (long)height * width * lanes, pooled = (long)(height / 2) * (width / 2) * lanes;
  float *x = draw(size), *gradients = draw(size), *numbers = draw(5 * lanes);
  const fovea_normalization_rule rule = {numbers, numbers + lanes, numbers + 2 * lanes, numbers + 3 * lanes,
                                         numbers + 4 * lanes};
  float *to[2][4], *sums[2][3];
  uint8_t *winners[2];
  for (int side = 0; side < 2; side++) {
    const fovea_normalization_kernels *k = side ? fovea_portable_kernels.normalization : t->set->normalization;
    for (int i = 0; i < 4; i++) to[side][i] = room(size);
    for (int i = 0; i < 3; i++) sums[side][i] = room(2 * lanes);
    winners[side] = (uint8_t *)room(size);
    k->moments(&slab, x, numbers, sums[side][0]);
    k->normalize(&slab, &rule, x, to[side][0]);
    k->gradientSums(&slab, &rule, x, gradients, sums[side][1]);
    k->gradient(&slab, &rule, x, gradients, to[side][1]);
    k->pool(&slab, &rule, x, to[side][2], winners[side]);
    k->poolSums(&slab, &rule, x, gradients, winners[side], sums[side][2]);
    k->poolGradient(&slab, &rule, x, gradients, winners[side], to[side][3]);
  }
  const float terms = (float)height * (float)width;
  compare(t, "moments", 2 * lanes, sums[0][0], sums[1][0], 4 * terms);
  compare(t, "normalize", size, to[0][0], to[1][0], 2);
  compare(t, "gradientSums", 2 * lanes, sums[0][1], sums[1][1], 2 * terms);
  compare(t, "gradient", size, to[0][1], to[1][1], 4);
  compare(t, "pool", pooled, to[0][2], to[1][2], 2);
  for (long i = 0; i < pooled; i++) {
    const float got = winners[0][i], expected = winners[1][i];
    compare(t, "winners", 1, &got, &expected, 0);
  }
  compare(t, "poolSums", 2 * lanes, sums[0][2], sums[1][2], 2 * terms);
  compare(t, "poolGradient", size, to[0][3], to[1][3], 4);
}

void compareNormalizationFunctions(tested *t) {
  const long lanes[] = {1, 2, 3, 4, 5, 8, 16, 17, 24, 32, 43};
  for (unsigned i = 0; i < sizeof lanes / sizeof *lanes; i++) {
    for (int rectifies = 0; rectifies < 2; rectifies++) {
      compareSlab(t, 1 + (int)(i * 3) % 7, 1 + (int)(i * 5) % 9, lanes[i], rectifies);
      compareSlab(t, 4, 6, lanes[i], rectifies);
      compareSlab(t, 9, 7, lanes[i], rectifies);
    }
  }
  t->functions += 7;
}
