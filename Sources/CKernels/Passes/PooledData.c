#include <string.h>

#include "Parallel.h"
#include "PooledShape.h"
#include "Transpose.h"

typedef struct {
  const fovea_pooled_convolution *shape;
  fovea_pooled_shape p;
  const fovea_vector_kernels *kernels;
  const fovea_list_kernels *listing;
  const float *y, *yGradient, *weights;
  const uint8_t *winners;
  float *xGradient, *scratch;
  // Where the input's piece begins for each window, and for each element of one.
  const int32_t *places, *elements;
  int parts;
} data_job;

// Where the pieces are summed up: an example as the input is, and a vector more, into which the last run's fill goes.
static long sumsCount(const fovea_pooled_shape *p) { return fovea_filled(p->example + p->paddedRun); }

// For one element of a window: the filters for which it won.
static long listPitch(const fovea_pooled_convolution *s) { return fovea_filled(s->filters + LIST_FILL); }

// Of one thread: those sums; the lists of all elements of a window, as factors, offsets and counts; and gradients and
// winners with the filters innermost.
static long partScratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  const long maps = (long)p->windows * s->filters;
  return sumsCount(p) + p->elements * (2 * listPitch(s) + 1) + maps + (maps + 3) / 4;
}

size_t fovea_data_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)s->filters * s->kernelHeight * p->paddedRun + (size_t)p->windows + (size_t)p->elements +
         (size_t)fovea_parts(s->threads, s->batch) * partScratch(s, p);
}

// kernel [filters, channels, rows, columns] to [filters][rows][columns][channels], rows filled up with zeros.
static void arrange(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, const float *kernel, float *to) {
  memset(to, 0, (size_t)s->filters * s->kernelHeight * p->paddedRun * sizeof(float));
  for (int f = 0; f < s->filters; f++) {
    for (int c = 0; c < s->channels; c++) {
      for (int u = 0; u < s->kernelHeight; u++) {
        for (int v = 0; v < s->kernelWidth; v++) {
          to[((long)f * s->kernelHeight + u) * p->paddedRun + v * s->channels + c] = *kernel++;
        }
      }
    }
  }
}

// The sums without the padding, in plain order.
static void crop(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, const float *sums, float *x) {
  const int columns = (int)(p->pitch / s->channels) - s->left;
  const int inside = columns < 0 ? 0 : columns < s->width ? columns : s->width;
  for (int y = 0; y < s->height; y++) {
    const int row = y + s->top;
    const int count = row < p->rows ? inside : 0;
    const float *from = sums + row * p->pitch + (long)s->left * s->channels;
    float *to = x + (long)y * s->width;
    fovea_transpose(from, s->channels, count, s->channels, to, (long)s->height * s->width);
    for (int channel = 0; channel < s->channels && count < s->width; channel++) {
      memset(to + (long)channel * s->height * s->width + count, 0, (size_t)(s->width - count) * sizeof(float));
    }
  }
}

static void arrangeMap(bool rectifies, int windows, long filters, const float *y, const float *gradient,
                       const uint8_t *winner, float *restrict passed, uint8_t *restrict winners) {
  for (int w = 0; w < windows; w++) {
    passed[w * filters] = fovea_passed_gradient(rectifies, y[w], gradient[w]);
    winners[w * filters] = winner[w];
  }
}

// One example.
static void scatter(const data_job *job, int n, float *sums) {
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  const int windows = p->windows, filters = s->filters, elements = p->elements;
  const long pitch = listPitch(s), filter = (long)s->kernelHeight * p->paddedRun;
  float *factors = sums + sumsCount(p);
  int32_t *offsets = (int32_t *)(factors + elements * pitch);
  int32_t *counts = offsets + elements * pitch;
  float *passed = (float *)(counts + elements);
  uint8_t *winners = (uint8_t *)(passed + (long)windows * filters);
  memset(sums, 0, sumsCount(p) * sizeof(float));
  for (int f = 0; f < filters; f++) {
    const long map = ((long)n * filters + f) * windows;
    arrangeMap(s->rectifies, windows, filters, job->y + map, job->yGradient + map, job->winners + map, passed + f,
               winners + f);
  }
  for (int w = 0; w < windows; w++) {
    job->listing->filters(filters, passed + (long)w * filters, winners + (long)w * filters, elements, (int32_t)filter,
                          pitch, factors, offsets, counts);
    for (int e = 0; e < elements; e++) {
      if (counts[e] == 0) continue;
      job->kernels->accumulate(sums + job->places[w] + job->elements[e], p->pitch, job->weights, p->paddedRun,
                               offsets + e * pitch, factors + e * pitch, counts[e], s->kernelHeight,
                               p->paddedRun / job->kernels->lanes);
    }
  }
}

static void scatterPart(void *context, int part) {
  const data_job *job = context;
  const fovea_pooled_convolution *s = job->shape;
  float *sums = job->scratch + part * partScratch(s, &job->p);
  for (int n = fovea_part(s->batch, part, job->parts); n < fovea_part(s->batch, part + 1, job->parts); n++) {
    scatter(job, n, sums);
    crop(s, &job->p, sums, job->xGradient + (long)n * s->channels * s->height * s->width);
  }
}

void fovea_pooled_convolution_data(const fovea_pooled_convolution *s, fovea_instructions instructions,
                                   const uint8_t *winners, const float *y, const float *yGradient,
                                   const float *kernel, float *xGradient, float *scratch) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  float *weights = scratch;
  int32_t *places = (int32_t *)(weights + (long)s->filters * s->kernelHeight * p.paddedRun);
  int32_t *elements = places + p.windows;
  for (int w = 0; w < p.windows; w++) places[w] = (int32_t)fovea_window_offset(s, &p, w);
  for (int e = 0; e < p.elements; e++) elements[e] = (int32_t)fovea_element_offset(s, &p, e);
  arrange(s, &p, kernel, weights);
  const fovea_kernel_set *set = fovea_kernels_of(instructions);
  data_job job = {.shape = s,
                  .p = p,
                  .listing = set->lists,
                  .kernels = fovea_kernels_for_run(set, p.paddedRun),
                  .y = y,
                  .yGradient = yGradient,
                  .weights = weights,
                  .winners = winners,
                  .xGradient = xGradient,
                  .scratch = (float *)(elements + p.elements),
                  .places = places,
                  .elements = elements,
                  .parts = fovea_parts(s->threads, s->batch)};
  fovea_parallel(job.parts, scatterPart, &job);
}
