#include <string.h>

#include "Parallel.h"
#include "PooledShape.h"

typedef struct {
  const fovea_pooled_convolution *shape;
  fovea_pooled_shape p;
  const fovea_vector_kernels *kernels;
  const float *y, *yGradient, *weights;
  const uint8_t *winners;
  float *xGradient, *scratch;
  // Where the input's piece begins for each window, and for each element of one.
  const int32_t *places, *elements;
  int parts;
} data_job;

// Where the pieces are summed up: an example as the input is, and a vector more, into which the last run's fill goes.
static long sumsCount(const fovea_pooled_shape *p) { return p->example + p->paddedRun; }

// Of one thread: those sums, and for each element of a row of windows the filters for which it won.
static long partScratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return sumsCount(p) + (long)s->outputWidth * p->elements * (2L * s->filters + 1);
}

size_t fovea_data_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)s->filters * s->kernelHeight * p->paddedRun + (size_t)p->windows + (size_t)p->elements +
         (size_t)fovea_parts(s, s->batch) * partScratch(s, p);
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
    for (int channel = 0; channel < s->channels; channel++) {
      float *to = x + ((long)channel * s->height + y) * s->width;
      for (int column = 0; column < count; column++) to[column] = from[column * s->channels + channel];
      for (int column = count; column < s->width; column++) to[column] = 0;
    }
  }
}

// Lists for each element of each window of row `row` the filters for which it won: windows innermost, so that no count
// must wait for the one before it.
static void list(const data_job *job, int n, int row, float *restrict factors, int32_t *restrict offsets,
                 int32_t *restrict counts) {
  const fovea_pooled_convolution *s = job->shape;
  const int filters = s->filters, elements = job->p.elements, windows = job->p.windows, width = s->outputWidth;
  const int paddedFilters = job->p.paddedFilters;
  const int32_t filter = (int32_t)(s->kernelHeight * job->p.paddedRun);
  const bool rectifies = s->rectifies;
  memset(counts, 0, (size_t)width * elements * sizeof(int32_t));
  for (int f = 0; f < filters; f++) {
    const long map = ((long)n * filters + f) * windows + (long)row * width;
    const float *y = job->y + map, *gradient = job->yGradient + map;
    const uint8_t *winner = job->winners + ((long)n * windows + (long)row * width) * paddedFilters + f;
    for (int j = 0; j < width; j++) {
      const float factor = fovea_passed_gradient(rectifies, y[j], gradient[j]);
      const long slot = (long)j * elements + winner[(long)j * paddedFilters];
      const int32_t count = counts[slot];
      factors[slot * filters + count] = factor;
      offsets[slot * filters + count] = f * filter;
      counts[slot] = count + (factor != 0);
    }
  }
}

// One example.
static void scatter(const data_job *job, int n, float *sums) {
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  const int slots = s->outputWidth * p->elements;
  float *factors = sums + sumsCount(p);
  int32_t *offsets = (int32_t *)(factors + (long)slots * s->filters);
  int32_t *counts = offsets + (long)slots * s->filters;
  memset(sums, 0, sumsCount(p) * sizeof(float));
  for (int row = 0; row < s->outputHeight; row++) {
    list(job, n, row, factors, offsets, counts);
    for (int slot = 0; slot < slots; slot++) {
      if (counts[slot] == 0) continue;
      const int32_t place = job->places[row * s->outputWidth + slot / p->elements];
      job->kernels->accumulate(sums + place + job->elements[slot % p->elements], p->pitch, job->weights, p->paddedRun,
                               offsets + (long)slot * s->filters, factors + (long)slot * s->filters, counts[slot],
                               s->kernelHeight, p->paddedRun / job->kernels->lanes);
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
  data_job job = {.shape = s,
                  .p = p,
                  .kernels = fovea_kernels_for_run(fovea_kernels_of(instructions), p.paddedRun),
                  .y = y,
                  .yGradient = yGradient,
                  .weights = weights,
                  .winners = winners,
                  .xGradient = xGradient,
                  .scratch = (float *)(elements + p.elements),
                  .places = places,
                  .elements = elements,
                  .parts = fovea_parts(s, s->batch)};
  fovea_parallel(job.parts, scatterPart, &job);
}
