#include "Kernels.h"
#include "Parallel.h"

// Half of a core's second-level cache, in floats: what is read again and again is cut to it.
enum { CACHED = 1 << 16 };
// Features that pass at once while the sums stay in registers, at least and at most.
enum { FEWEST_FEATURES = 256, MOST_FEATURES = 512 };

static int atMost(int value, int most) { return value < most ? value : most; }
static int atLeast(int value, int least) { return value > least ? value : least; }

typedef struct {
  const fovea_dense *shape;
  const fovea_dense_kernels *kernels;
  const float *x, *weights, *bias;
  float *y, *scratch;
  bool rectifies;
  int parts;
} dense_job;

// Units whose sums, a vector for each example, stay in the cache together.
static int unitsAtOnce(const fovea_dense *s, const fovea_dense_kernels *k) {
  return atMost(s->units, atLeast(4, CACHED / (s->batch * k->lanes) / 4 * 4));
}

static size_t partScratch(const fovea_dense *s, const fovea_dense_kernels *k) {
  return (size_t)s->batch * unitsAtOnce(s, k) * (k->lanes + 1);
}

size_t fovea_dense_forward_scratch(const fovea_dense *s, fovea_instructions instructions) {
  return fovea_parts(s->threads, s->units) * partScratch(s, fovea_kernels_of(instructions)->dense);
}

static void forwardUnits(const dense_job *job, int first, int count, float *scratch) {
  const fovea_dense *s = job->shape;
  const fovea_dense_kernels *k = job->kernels;
  const long features = s->features;
  const float *weights = job->weights + first * features;
  const int whole = s->features / k->lanes * k->lanes;
  const int step = atMost(MOST_FEATURES, atLeast(FEWEST_FEATURES, CACHED / s->batch / k->lanes * k->lanes));
  float *sums = scratch + (long)s->batch * count * k->lanes;
  for (int at = 0; at < whole; at += step) {
    k->dots(job->x + at, features, s->batch, weights + at, features, count, atMost(step, whole - at) / k->lanes,
            scratch, at > 0);
  }
  k->lanesSums(scratch, s->batch * count, sums);
  for (int e = 0; e < s->batch; e++) {
    for (int u = 0; u < count; u++) {
      float value = whole > 0 ? sums[e * count + u] : 0;
      for (int i = whole; i < s->features; i++) value += job->x[e * features + i] * weights[u * features + i];
      if (job->bias) value += job->bias[first + u];
      // What is not a number stays so: a training that has come apart must show.
      job->y[(long)e * s->units + first + u] = job->rectifies && value < 0 ? 0 : value;
    }
  }
}

static void forwardPart(void *context, int part) {
  const dense_job *job = context;
  const fovea_dense *s = job->shape;
  const int atOnce = unitsAtOnce(s, job->kernels);
  const int end = fovea_part(s->units, part + 1, job->parts);
  for (int first = fovea_part(s->units, part, job->parts); first < end; first += atOnce) {
    forwardUnits(job, first, atMost(atOnce, end - first), job->scratch + part * partScratch(s, job->kernels));
  }
}

void fovea_dense_forward(const fovea_dense *s, fovea_instructions instructions, const float *x, const float *weights,
                         const float *bias, bool rectifies, float *y, float *scratch) {
  dense_job job = {s, fovea_kernels_of(instructions)->dense, x, weights, bias, y, scratch, rectifies,
                   fovea_parts(s->threads, s->units)};
  fovea_parallel(job.parts, forwardPart, &job);
}

// Features whose weights of so many units stay in the cache while the examples pass.
static int featuresAtOnce(const fovea_dense_kernels *k, int units) {
  return atLeast(4 * k->lanes, atMost(MOST_FEATURES, CACHED / units) / (4 * k->lanes) * (4 * k->lanes));
}

static void dataPart(void *context, int part) {
  const dense_job *job = context;
  const fovea_dense *s = job->shape;
  const fovea_dense_kernels *k = job->kernels;
  const int blocks = (s->features + 4 * k->lanes - 1) / (4 * k->lanes);
  const int end = atMost(s->features, fovea_part(blocks, part + 1, job->parts) * 4 * k->lanes);
  const int step = featuresAtOnce(k, s->units);
  for (int at = fovea_part(blocks, part, job->parts) * 4 * k->lanes; at < end; at += step) {
    k->outer(job->x, s->units, 1, job->weights + at, s->features, s->units, s->batch, atMost(step, end - at),
             job->y + at, s->features, false);
  }
}

void fovea_dense_data(const fovea_dense *s, fovea_instructions instructions, const float *yGradient,
                      const float *weights, float *xGradient) {
  dense_job job = {.shape = s,
                   .kernels = fovea_kernels_of(instructions)->dense,
                   .x = yGradient,
                   .weights = weights,
                   .y = xGradient,
                   .parts = fovea_parts(s->threads, s->features)};
  fovea_parallel(job.parts, dataPart, &job);
}

void fovea_outer_products(fovea_instructions instructions, const float *left, long leftPitch, const float *right,
                          long rightPitch, int32_t terms, int32_t rows, int32_t columns, float *gradient, long pitch,
                          bool adds) {
  fovea_kernels_of(instructions)->dense->outer(left, 1, leftPitch, right, rightPitch, terms, rows, columns, gradient, pitch, adds);
}

fovea_magnitudes fovea_adam_update(const fovea_adam *rule, fovea_instructions instructions,
                                   const fovea_weight_block *block) {
  return fovea_kernels_of(instructions)->dense->adam(rule, block);
}

fovea_magnitudes fovea_momentum_update(const fovea_momentum *rule, fovea_instructions instructions,
                                       const fovea_weight_block *block) {
  return fovea_kernels_of(instructions)->dense->momentum(rule, block);
}

fovea_magnitudes fovea_scaled_update(float rate, fovea_instructions instructions, const fovea_weight_block *block) {
  return fovea_kernels_of(instructions)->dense->scaled(rate, block);
}
