#include <string.h>

#include "Parallel.h"
#include "PooledShape.h"

// So many windows of a filter are gathered, over several examples if need be, before their pieces are summed: a sum
// that lives in registers must be long enough to be worth loading and storing it.
enum { GATHERED = 128 };

typedef struct {
  const fovea_pooled_convolution *shape;
  fovea_pooled_shape p;
  const fovea_vector_kernels *kernels;
  const fovea_list_kernels *listing;
  const float *sources, *y, *yGradient;
  const uint8_t *winners;
  float *kernelGradient, *biasGradient;
  // Each filter's kernel, with its channels innermost.
  float *sums;
  // Of each thread: the windows that have a gradient, as factors and offsets.
  float *lists;
  // Where the input's piece begins for each window, and for each element of one.
  const int32_t *places, *elements;
  int group, parts;
} weights_job;

static int examplesAtOnce(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  const int wanted = (GATHERED + p->windows - 1) / p->windows;
  return wanted < s->batch ? wanted : s->batch;
}

static long listCount(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (long)examplesAtOnce(s, p) * p->windows + LIST_FILL;
}

// Of one thread: factors and offsets, and a map's gradient.
static long partScratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return 2 * listCount(s, p) + p->windows;
}

size_t fovea_weights_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)s->filters * s->kernelHeight * p->paddedRun +
         (size_t)fovea_parts(s->threads, s->filters) * partScratch(s, p) + (size_t)p->windows + (size_t)p->elements;
}

// In parts, since an addition must wait for the one before it.
static float sum(const float *x, int count) {
  enum { PARTS = 32 };
  float sums[PARTS] = {0};
  int i = 0;
  for (; i + PARTS <= count; i += PARTS) {
    for (int j = 0; j < PARTS; j++) sums[j] += x[i + j];
  }
  for (; i < count; i++) sums[0] += x[i];
  for (int half = PARTS / 2; half > 0; half /= 2) {
    for (int j = 0; j < half; j++) sums[j] += sums[j + half];
  }
  return sums[0];
}

// Adds what the examples `first` ..< `end` give to filter `f`, and returns their gradients' sum.
static float add(const weights_job *job, int f, int first, int end, float *factors, int32_t *offsets) {
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  float *passed = (float *)(offsets + listCount(s, p));
  int count = 0;
  for (int n = first; n < end; n++) {
    const long map = ((long)n * s->filters + f) * p->windows;
    job->listing->passed(p->windows, s->rectifies, job->y + map, job->yGradient + map, passed);
    count += job->listing->windows(p->windows, passed, job->winners + map, job->places, job->elements, p->elements,
                                   (int32_t)((n - first) * p->example), factors + count, offsets + count);
  }
  const long filter = (long)s->kernelHeight * p->paddedRun;
  job->kernels->accumulate(job->sums + f * filter, p->paddedRun, job->sources + first * p->example, p->pitch, offsets,
                           factors, count, s->kernelHeight, p->paddedRun / job->kernels->lanes);
  return sum(factors, count);
}

static void addPart(void *context, int part) {
  const weights_job *job = context;
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  const long filter = (long)s->kernelHeight * p->paddedRun, area = (long)s->kernelHeight * s->kernelWidth;
  const int firstFilter = fovea_part(s->filters, part, job->parts);
  const int endFilter = fovea_part(s->filters, part + 1, job->parts);
  float *factors = job->lists + part * partScratch(s, p);
  int32_t *offsets = (int32_t *)(factors + listCount(s, p));
  memset(job->sums + firstFilter * filter, 0, (endFilter - firstFilter) * filter * sizeof(float));
  for (int first = 0; first < s->batch; first += job->group) {
    const int end = first + job->group < s->batch ? first + job->group : s->batch;
    for (int f = firstFilter; f < endFilter; f++) {
      const float total = add(job, f, first, end, factors, offsets);
      if (job->biasGradient) job->biasGradient[f] = (first == 0 ? 0 : job->biasGradient[f]) + total;
    }
  }
  float *to = job->kernelGradient + firstFilter * s->channels * area;
  for (int f = firstFilter; f < endFilter; f++) {
    for (int c = 0; c < s->channels; c++) {
      for (int u = 0; u < s->kernelHeight; u++) {
        const float *from = job->sums + f * filter + (long)u * p->paddedRun + c;
        for (int v = 0; v < s->kernelWidth; v++) *to++ = from[v * s->channels];
      }
    }
  }
}

void fovea_pooled_convolution_weights(const fovea_pooled_convolution *s, fovea_instructions instructions,
                                      const float *sources, const uint8_t *winners, const float *y,
                                      const float *yGradient, float *kernelGradient, float *biasGradient,
                                      float *scratch) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  const int parts = fovea_parts(s->threads, s->filters);
  float *lists = scratch + (long)s->filters * s->kernelHeight * p.paddedRun;
  int32_t *places = (int32_t *)(lists + parts * partScratch(s, &p));
  int32_t *elements = places + p.windows;
  for (int w = 0; w < p.windows; w++) places[w] = (int32_t)fovea_window_offset(s, &p, w);
  for (int e = 0; e < p.elements; e++) elements[e] = (int32_t)fovea_element_offset(s, &p, e);
  const fovea_kernel_set *set = fovea_kernels_of(instructions);
  weights_job job = {.shape = s,
                     .p = p,
                     .listing = set->lists,
                     .kernels = fovea_kernels_for_run(set, p.paddedRun),
                     .sources = sources,
                     .y = y,
                     .yGradient = yGradient,
                     .winners = winners,
                     .kernelGradient = kernelGradient,
                     .biasGradient = biasGradient,
                     .sums = scratch,
                     .lists = lists,
                     .places = places,
                     .elements = elements,
                     .group = examplesAtOnce(s, &p),
                     .parts = parts};
  fovea_parallel(parts, addPart, &job);
}
