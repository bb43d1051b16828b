#include <math.h>
#include <string.h>

#include "Kernels.h"
#include "Parallel.h"

// In the scratch memory: the numbers of each lane, and then the sums of each slab, [examples][blocks][2][lanes].
enum { CENTER, FACTOR, OFFSET, MEAN, SLOPE, NUMBERS };

typedef struct {
  const fovea_normalization *shape;
  const fovea_normalization_kernels *kernels;
  const float *x, *yGradient;
  float *y, *xGradient, *numbers, *sums;
  uint8_t *winners;
  const uint8_t *won;
  int parts;
  bool countsMoments;
} job;

static long lanesOf(const fovea_normalization *s) { return (long)s->blocks * s->lanes; }

size_t fovea_normalization_scratch(const fovea_normalization *s) {
  return (size_t)lanesOf(s) * (NUMBERS + 2 * (size_t)s->examples);
}

static job prepared(const fovea_normalization *s, fovea_instructions instructions, const float *x, float *scratch) {
  memset(scratch, 0, (size_t)lanesOf(s) * NUMBERS * sizeof(float));
  const long slabs = (long)s->examples * s->blocks;
  return (job){.shape = s, .kernels = fovea_kernels_of(instructions)->normalization, .x = x, .numbers = scratch,
               .sums = scratch + lanesOf(s) * NUMBERS,
               .parts = fovea_parts(s->threads, slabs > INT32_MAX ? INT32_MAX : (int)slabs)};
}

static fovea_normalization_rule ruleOf(const job *job, long block) {
  const float *at = job->numbers + block * job->shape->lanes;
  const long lanes = lanesOf(job->shape);
  return (fovea_normalization_rule){at + CENTER * lanes, at + FACTOR * lanes, at + OFFSET * lanes, at + MEAN * lanes,
                                    at + SLOPE * lanes};
}

typedef void (*slab_body)(const job *job, const fovea_normalization_slab *slab, const fovea_normalization_rule *rule,
                          long index, long place, long output);

static void eachSlab(const job *job, int part, slab_body body) {
  const fovea_normalization *s = job->shape;
  const fovea_normalization_slab slab = {s->height, s->width, s->lanes, s->rectifies};
  const long slabs = (long)s->examples * s->blocks, size = (long)s->height * s->width * s->lanes;
  const long outputs = s->pools ? (long)(s->height / 2) * (s->width / 2) * s->lanes : size;
  for (long index = slabs * part / job->parts; index < slabs * (part + 1) / job->parts; index++) {
    const fovea_normalization_rule rule = ruleOf(job, index % s->blocks);
    body(job, &slab, &rule, index, index * size, index * outputs);
  }
}

static void slabSums(const job *job, const fovea_normalization_slab *slab, const fovea_normalization_rule *rule,
                     long index, long place, long output) {
  float *sums = job->sums + index * 2 * slab->lanes;
  if (job->countsMoments) {
    job->kernels->moments(slab, job->x + place, rule->center, sums);
  } else if (job->won) {
    job->kernels->poolSums(slab, rule, job->x + place, job->yGradient + output, job->won + output, sums);
  } else {
    job->kernels->gradientSums(slab, rule, job->x + place, job->yGradient + output, sums);
  }
}

static void slabForward(const job *job, const fovea_normalization_slab *slab, const fovea_normalization_rule *rule,
                        long index, long place, long output) {
  (void)index;
  if (job->shape->pools) {
    job->kernels->pool(slab, rule, job->x + place, job->y + output, job->winners ? job->winners + output : NULL);
  } else {
    job->kernels->normalize(slab, rule, job->x + place, job->y + output);
  }
}

static void slabBackward(const job *job, const fovea_normalization_slab *slab, const fovea_normalization_rule *rule,
                         long index, long place, long output) {
  (void)index;
  if (job->won) {
    job->kernels->poolGradient(slab, rule, job->x + place, job->yGradient + output, job->won + output,
                               job->xGradient + place);
  } else {
    job->kernels->gradient(slab, rule, job->x + place, job->yGradient + output, job->xGradient + place);
  }
}

static void sumsPart(void *context, int part) { eachSlab(context, part, slabSums); }
static void forwardPart(void *context, int part) { eachSlab(context, part, slabForward); }
static void backwardPart(void *context, int part) { eachSlab(context, part, slabBackward); }

// Example by example, whatever the number of threads.
static double total(const job *job, long channel, int which) {
  const fovea_normalization *s = job->shape;
  const float *at = job->sums + (channel / s->lanes * 2 + which) * s->lanes + channel % s->lanes;
  double sum = 0;
  for (long example = 0; example < s->examples; example++) sum += at[example * 2 * lanesOf(s)];
  return sum;
}

static double countOf(const fovea_normalization *s) { return (double)s->examples * s->height * s->width; }

void fovea_normalization_moments(const fovea_normalization *s, fovea_instructions instructions, const float *x,
                                 float *mean, float *variance, float *scratch) {
  job job = prepared(s, instructions, x, scratch);
  job.countsMoments = true;
  // The difference of two large numbers would be a small one's errors: so from some element of the channel on.
  float *pivots = job.numbers + CENTER * lanesOf(s);
  for (long b = 0; b < s->blocks; b++) {
    memcpy(pivots + b * s->lanes, x + b * s->height * s->width * s->lanes, (size_t)s->lanes * sizeof(float));
  }
  fovea_parallel(job.parts, sumsPart, &job);
  for (long c = 0; c < s->channels; c++) {
    const double offset = total(&job, c, 0) / countOf(s), square = total(&job, c, 1) / countOf(s) - offset * offset;
    mean[c] = (float)(pivots[c] + offset);
    // What is not a number stays so.
    variance[c] = square < 0 ? 0 : (float)square;
  }
}

static void setForward(job *job, const float *mean, const float *variance, const float *scale, const float *shift) {
  const long lanes = lanesOf(job->shape);
  for (long c = 0; c < job->shape->channels; c++) {
    job->numbers[CENTER * lanes + c] = mean[c];
    job->numbers[FACTOR * lanes + c] = scale[c] / sqrtf(variance[c] + job->shape->epsilon);
    job->numbers[OFFSET * lanes + c] = shift[c];
  }
}

void fovea_normalization_forward(const fovea_normalization *s, fovea_instructions instructions, const float *x,
                                 const float *mean, const float *variance, const float *scale, const float *shift,
                                 float *y, uint8_t *winners, float *scratch) {
  job job = prepared(s, instructions, x, scratch);
  job.y = y;
  job.winners = winners;
  setForward(&job, mean, variance, scale, shift);
  fovea_parallel(job.parts, forwardPart, &job);
}

void fovea_normalization_backward(const fovea_normalization *s, fovea_instructions instructions, const float *x,
                                  const float *mean, const float *variance, const float *scale, const float *shift,
                                  const float *yGradient, const uint8_t *winners, float *xGradient,
                                  float *scaleGradient, float *shiftGradient, float *scratch) {
  job job = prepared(s, instructions, x, scratch);
  job.yGradient = yGradient;
  job.won = winners;
  job.xGradient = xGradient;
  setForward(&job, mean, variance, scale, shift);
  fovea_parallel(job.parts, sumsPart, &job);
  const long lanes = lanesOf(s);
  for (long c = 0; c < s->channels; c++) {
    const double sum = total(&job, c, 0), product = total(&job, c, 1);
    const double factor = job.numbers[FACTOR * lanes + c], inverse = 1 / ((double)variance[c] + s->epsilon);
    scaleGradient[c] = (float)(product * sqrt(inverse));
    shiftGradient[c] = (float)sum;
    job.numbers[MEAN * lanes + c] = (float)(factor * sum / countOf(s));
    job.numbers[SLOPE * lanes + c] = (float)(factor * inverse * product / countOf(s));
  }
  fovea_parallel(job.parts, backwardPart, &job);
}
