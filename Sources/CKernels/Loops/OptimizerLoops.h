// The rules of optimizers, written once for all instruction sets; DenseLoops.h comes before it and says what a denseVector is.
//
// What is left of a denseVector is computed as a whole one, so that an element's arithmetic is the same wherever it lies.

INLINE denseVector load(const float *from, long count) {
  if (count >= DENSE_LANES) return *(const denseLoose *)from;
  denseVector result = SPLAT(denseVector, 0.0f);
  __builtin_memcpy(&result, from, count * sizeof(float));
  return result;
}

INLINE void store(float *to, denseVector values, long count) {
  if (count >= DENSE_LANES) {
    *(denseLoose *)to = values;
  } else {
    __builtin_memcpy(to, &values, count * sizeof(float));
  }
}

// The rule for one denseVector of weights, of which `count` elements count. Memories that it does not have are null.
typedef void (*vector_rule)(const void *rule, float *weights, const float *gradients, float *first, float *second,
                            long count);

// The largest magnitudes so far, as bits: see Magnitude.c.
VECTOR_TYPE(denseBits, uint32_t, DENSE_LANES, DENSE_LANES * 4);
typedef struct {
  denseBits weights, gradients;
} dense_magnitudes;

INLINE void enlarge(denseBits *largest, denseVector values) {
  const denseBits bits = (denseBits)values & SPLAT(denseBits, 0x7FFFFFFFu);
  *largest = SELECT(bits > *largest, bits, *largest);
}

INLINE uint32_t largestLane(denseBits values) {
  uint32_t result = 0;
  for (int lane = 0; lane < DENSE_LANES; lane++) result = values[lane] > result ? values[lane] : result;
  return result;
}

// Whether a rule remembers gradients. Where it does not, a gradient that is no finite number makes such a weight, and only then
// need the gradients be looked at.
typedef enum { FORGETS, REMEMBERS } dense_memory;

// Applies a rule to one denseVector, and looks at its numbers while they are in the registers.
INLINE void measured(const void *rule, vector_rule apply, const dense_memory memory, float *weights, const float *gradients,
                     float *first, float *second, long count, dense_magnitudes *largest) {
  if (memory == REMEMBERS) enlarge(&largest->gradients, load(gradients, count));
  apply(rule, weights, gradients, first, second, count);
  enlarge(&largest->weights, load(weights, count));
}

// So many floats before they are needed, weights and memories are asked for: rows lie far apart, and where a page of
// memory ends, the processor does not foresee the next one.
enum { AHEAD = 512 };

INLINE void overVectors(const fovea_weight_block *at, const void *rule, vector_rule apply, const int memories,
                        const dense_memory memory, long begin, long end, long ahead, dense_magnitudes *largest) {
  float *first = at->memories[0], *second = at->memories[1];
  for (long i = begin; i < end; i += DENSE_LANES) {
    __builtin_prefetch(at->weights + i + ahead, 1);
    if (memories > 0) __builtin_prefetch(first + i + ahead, 1);
    if (memories > 1) __builtin_prefetch(second + i + ahead, 1);
    measured(rule, apply, memory, at->weights + i, at->gradients + i, memories > 0 ? first + i : 0,
             memories > 1 ? second + i : 0, DENSE_LANES, largest);
  }
}

INLINE fovea_magnitudes overBlock(const fovea_weight_block *block, const void *rule, vector_rule apply, const int memories,
                                  const dense_memory memory) {
  const long columns = block->columns, whole = columns / DENSE_LANES * DENSE_LANES;
  const long near = whole > AHEAD ? whole - AHEAD : 0;
  fovea_weight_block at = *block;
  dense_magnitudes largest = {SPLAT(denseBits, 0u), SPLAT(denseBits, 0u)};
  for (long row = 0; row < block->rows; row++) {
    overVectors(&at, rule, apply, memories, memory, 0, near, AHEAD, &largest);
    // Behind the end of this row comes the next.
    overVectors(&at, rule, apply, memories, memory, near, whole, row + 1 < block->rows ? block->pitch - near : 0, &largest);
    if (whole < columns) {
      measured(rule, apply, memory, at.weights + whole, at.gradients + whole, memories > 0 ? at.memories[0] + whole : 0,
               memories > 1 ? at.memories[1] + whole : 0, columns - whole, &largest);
    }
    at.weights += block->pitch;
    at.gradients += columns;
    for (int m = 0; m < memories; m++) at.memories[m] += block->pitch;
  }
  fovea_magnitudes result = {largestLane(largest.weights), largestLane(largest.gradients)};
  if (memory == FORGETS && result.weights >= 0x7F800000u) {
    for (long i = 0; i < block->rows * columns; i++) {
      uint32_t bits;
      __builtin_memcpy(&bits, block->gradients + i, sizeof bits);
      bits &= 0x7FFFFFFFu;
      if (bits > result.gradients) result.gradients = bits;
    }
  }
  return result;
}

INLINE void adamVector(const void *context, float *weights, const float *gradients, float *means, float *squares,
                       long count) {
  const fovea_adam *rule = context;
  denseVector weight = load(weights, count), mean = load(means, count), square = load(squares, count);
  const denseVector gradient = load(gradients, count) + rule->weightDecay * weight;
  mean = rule->keep1 * mean + rule->take1 * gradient;
  square = rule->keep2 * square + rule->take2 * gradient * gradient;
  weight = rule->keepWeight * weight - rule->rate * mean / (SQUARE_ROOTS(square) * rule->correction + rule->epsilon);
  store(means, mean, count);
  store(squares, square, count);
  store(weights, weight, count);
}

TARGET static fovea_magnitudes adam(const fovea_adam *rule, const fovea_weight_block *block) {
  const fovea_adam local = *rule;
  return overBlock(block, &local, adamVector, 2, REMEMBERS);
}

INLINE void momentumVector(const void *context, float *weights, const float *gradients, float *velocities, float *none,
                           long count) {
  (void)none;
  const fovea_momentum *rule = context;
  denseVector weight = load(weights, count);
  denseVector step = load(gradients, count) + rule->weightDecay * weight;
  if (velocities) {
    const denseVector velocity = step + rule->momentum * load(velocities, count);
    store(velocities, velocity, count);
    step = rule->isNesterov ? step + rule->momentum * velocity : velocity;
  }
  store(weights, weight - rule->rate * step, count);
}

TARGET static fovea_magnitudes momentum(const fovea_momentum *rule, const fovea_weight_block *block) {
  const fovea_momentum local = *rule;
  if (block->memories[0]) return overBlock(block, &local, momentumVector, 1, REMEMBERS);
  return overBlock(block, &local, momentumVector, 0, FORGETS);
}

INLINE void scaledVector(const void *rate, float *weights, const float *gradients, float *scales, float *none,
                         long count) {
  (void)none;
  const denseVector step = *(const float *)rate * load(scales, count) * load(gradients, count);
  store(weights, load(weights, count) - step, count);
}

TARGET static fovea_magnitudes scaled(float rate, const fovea_weight_block *block) {
  return overBlock(block, &rate, scaledVector, 1, FORGETS);
}

static const fovea_dense_kernels denseKernels = {DENSE_LANES, DENSE_ROWS, outer, dots, lanesSums, adam, momentum, scaled};
