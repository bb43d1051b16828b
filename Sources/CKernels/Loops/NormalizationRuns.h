// Batch normalization of one column of values, `step` floats from one row to the next. NormalizationLoops.h includes it for
// columns of whole vectors, and for single floats. The including file defines
//   VALUE            a vector or a float
//   READ(p)          one of them from memory; WRITE(p, v)
//   CHOOSE(c, y, n)  one of two by a comparison
//   CHOICE           the comparison's result as a number, READ_CHOICE(p) and WRITE_CHOICE(p, c) of bytes
//   NAME(x)

// Four sums of each kind, since each addition must wait for the one before it in the same sum.
enum { NAME(strands) = 4 };

INLINE void NAME(addMoments)(const float *x, const VALUE pivot, VALUE *sum, VALUE *square) {
  const VALUE value = READ(x) - pivot;
  *sum += value;
  *square += value * value;
}

// sums[0] = Σ (x − pivot), sums[1] = Σ (x − pivot)²
INLINE void NAME(momentsRun)(const float *x, long count, long step, const VALUE pivot, VALUE *sums) {
  VALUE sum[NAME(strands)] = {0}, square[NAME(strands)] = {0};
  long i = 0;
  for (; i + NAME(strands) <= count; i += NAME(strands)) {
    UNROLL for (int s = 0; s < NAME(strands); s++) {
      NAME(addMoments)(x + (i + s) * step, pivot, &sum[s], &square[s]);
    }
  }
  for (; i < count; i++) NAME(addMoments)(x + i * step, pivot, &sum[0], &square[0]);
  sums[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  sums[1] = (square[0] + square[1]) + (square[2] + square[3]);
}

typedef struct {
  VALUE center, factor, offset, mean, slope;
} NAME(rule);

// The backward passes compute it again: with the same bits, so that they cut off what the forward pass did.
INLINE VALUE NAME(normal)(const NAME(rule) * r, const VALUE x) { return (x - r->center) * r->factor + r->offset; }

// What is not a number stays so.
INLINE VALUE NAME(rectified)(const VALUE x) { return CHOOSE(x < 0.0f, (VALUE){0}, x); }

INLINE void NAME(normalizeRun)(const NAME(rule) * r, const float *x, long count, long step, const bool rectifies,
                               float *y) {
  for (long i = 0; i < count; i++) {
    const VALUE value = NAME(normal)(r, READ(x + i * step));
    WRITE(y + i * step, rectifies ? NAME(rectified)(value) : value);
  }
}

// Of windows of 2×2, which lie side by side in rows of x that are `pitch` floats apart: the largest, and which it was; CUT
// where the rectifier cuts it off.
INLINE void NAME(poolRun)(const NAME(rule) * r, const float *x, long pitch, long count, long step, const bool rectifies,
                          float *y, uint8_t *winners) {
  for (long i = 0; i < count; i++) {
    const float *window = x + 2 * i * step;
    VALUE largest = NAME(normal)(r, READ(window));
    CHOICE winner = {0};
    UNROLL for (int e = 1; e < 4; e++) {
      const VALUE value = NAME(normal)(r, READ(window + e / 2 * pitch + e % 2 * step));
      winner = CHOOSE(value > largest, SPLAT(CHOICE, e), winner);
      largest = CHOOSE(value > largest, value, largest);
    }
    if (rectifies) {
      winner = CHOOSE(largest > 0.0f, winner, SPLAT(CHOICE, CUT));
      largest = NAME(rectified)(largest);
    }
    WRITE(y + i * step, largest);
    if (winners) WRITE_CHOICE(winners + i * step, winner);
  }
}

INLINE VALUE NAME(passedGradient)(const NAME(rule) * r, const VALUE x, const VALUE gradient, const bool rectifies) {
  return rectifies ? CHOOSE(NAME(normal)(r, x) > 0.0f, gradient, (VALUE){0}) : gradient;
}

INLINE void NAME(addGradient)(const NAME(rule) * r, const float *from, const float *gradients, const bool rectifies,
                              VALUE *sum, VALUE *product) {
  const VALUE x = READ(from), gradient = NAME(passedGradient)(r, x, READ(gradients), rectifies);
  *sum += gradient;
  *product += gradient * (x - r->center);
}

// sums[0] = Σ g, sums[1] = Σ g·(x − center), where g are the gradients that the rectifier lets pass.
INLINE void NAME(gradientSumsRun)(const NAME(rule) * r, const float *x, const float *gradients, long count, long step,
                                  const bool rectifies, VALUE *sums) {
  VALUE sum[NAME(strands)] = {0}, product[NAME(strands)] = {0};
  long i = 0;
  for (; i + NAME(strands) <= count; i += NAME(strands)) {
    UNROLL for (int s = 0; s < NAME(strands); s++) {
      NAME(addGradient)(r, x + (i + s) * step, gradients + (i + s) * step, rectifies, &sum[s], &product[s]);
    }
  }
  for (; i < count; i++) {
    NAME(addGradient)(r, x + i * step, gradients + i * step, rectifies, &sum[0], &product[0]);
  }
  sums[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  sums[1] = (product[0] + product[1]) + (product[2] + product[3]);
}

// The same on top of `sums`, for a row of windows.
INLINE void NAME(poolSumsRun)(const NAME(rule) * r, const float *x, const float *gradients, const uint8_t *winners,
                              long pitch, long count, long step, VALUE *sums) {
  VALUE sum = {0}, product = {0};
  for (long i = 0; i < count; i++) {
    const float *window = x + 2 * i * step;
    const CHOICE winner = READ_CHOICE(winners + i * step);
    const VALUE gradient = READ(gradients + i * step);
    VALUE largest = READ(window);
    UNROLL for (int e = 1; e < 4; e++) {
      largest = CHOOSE(winner == e, READ(window + e / 2 * pitch + e % 2 * step), largest);
    }
    const VALUE passed = CHOOSE(winner < CUT, gradient, (VALUE){0});
    sum += passed;
    product += passed * (largest - r->center);
  }
  sums[0] += sum;
  sums[1] += product;
}

// to = factor·g − mean − slope·(x − center)
INLINE VALUE NAME(inputGradient)(const NAME(rule) * r, const VALUE x, const VALUE gradient) {
  return r->factor * gradient - (r->mean + r->slope * (x - r->center));
}

INLINE void NAME(gradientRun)(const NAME(rule) * r, const float *x, const float *gradients, long count, long step,
                              const bool rectifies, float *to) {
  for (long i = 0; i < count; i++) {
    const VALUE value = READ(x + i * step);
    const VALUE gradient = NAME(passedGradient)(r, value, READ(gradients + i * step), rectifies);
    WRITE(to + i * step, NAME(inputGradient)(r, value, gradient));
  }
}

INLINE void NAME(poolGradientRun)(const NAME(rule) * r, const float *x, const float *gradients, const uint8_t *winners,
                                  long pitch, long count, long step, float *to) {
  for (long i = 0; i < count; i++) {
    const CHOICE winner = READ_CHOICE(winners + i * step);
    const VALUE gradient = READ(gradients + i * step);
    UNROLL for (int e = 0; e < 4; e++) {
      const long place = 2 * i * step + e / 2 * pitch + e % 2 * step;
      WRITE(to + place, NAME(inputGradient)(r, READ(x + place), CHOOSE(winner == e, gradient, (VALUE){0})));
    }
  }
}

// Elements that no window sees.
INLINE void NAME(unseenRun)(const NAME(rule) * r, const float *x, long count, long step, float *to) {
  const VALUE none = {0};
  for (long i = 0; i < count; i++) WRITE(to + i * step, NAME(inputGradient)(r, READ(x + i * step), none));
}

#undef VALUE
#undef READ
#undef WRITE
#undef CHOOSE
#undef CHOICE
#undef READ_CHOICE
#undef WRITE_CHOICE
#undef NAME
