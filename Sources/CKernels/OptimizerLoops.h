// The rules of optimizers, written once for all instruction sets; DenseLoops.h comes before it and says what a vector is.
//
// What is left of a vector is computed as a whole one, so that an element's arithmetic is the same wherever it lies.

INLINE vector load(const float *from, long count) {
  if (count >= LANES) return *(const loose *)from;
  vector result = (vector)(0.0f);
  __builtin_memcpy(&result, from, count * sizeof(float));
  return result;
}

INLINE void store(float *to, vector values, long count) {
  if (count >= LANES) {
    *(loose *)to = values;
  } else {
    __builtin_memcpy(to, &values, count * sizeof(float));
  }
}

INLINE void adamVector(const fovea_adam *rule, float *weights, const float *gradients, float *means, float *squares,
                       long count) {
  vector weight = load(weights, count), mean = load(means, count), square = load(squares, count);
  const vector gradient = load(gradients, count) + rule->weightDecay * weight;
  mean = rule->keep1 * mean + rule->take1 * gradient;
  square = rule->keep2 * square + rule->take2 * gradient * gradient;
  weight -= rule->rate * mean / (__builtin_elementwise_sqrt(square) * rule->correction + rule->epsilon);
  store(means, mean, count);
  store(squares, square, count);
  store(weights, weight, count);
}

TARGET static void adam(const fovea_adam *rule, float *weights, const float *gradients, float *means, float *squares,
                        long count) {
  const fovea_adam local = *rule;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    adamVector(&local, weights + i, gradients + i, means + i, squares + i, LANES);
  }
  if (i < count) adamVector(&local, weights + i, gradients + i, means + i, squares + i, count - i);
}

INLINE void momentumVector(const fovea_momentum *rule, float *weights, const float *gradients, float *velocities,
                           long count) {
  vector weight = load(weights, count);
  vector step = load(gradients, count) + rule->weightDecay * weight;
  if (velocities) {
    step += rule->momentum * load(velocities, count);
    store(velocities, step, count);
  }
  store(weights, weight - rule->rate * step, count);
}

TARGET static void momentum(const fovea_momentum *rule, float *weights, const float *gradients, float *velocities,
                            long count) {
  const fovea_momentum local = *rule;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    momentumVector(&local, weights + i, gradients + i, velocities ? velocities + i : 0, LANES);
  }
  if (i < count) momentumVector(&local, weights + i, gradients + i, velocities ? velocities + i : 0, count - i);
}

TARGET static void scaled(float rate, float *weights, const float *gradients, const float *scales, long count) {
  for (long i = 0; i < count; i += LANES) {
    const vector step = rate * load(scales + i, count - i) * load(gradients + i, count - i);
    store(weights + i, load(weights + i, count - i) - step, count - i);
  }
}
