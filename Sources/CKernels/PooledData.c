#include <string.h>

#include "PooledShape.h"

// Where the pieces are summed up: an example as the input is, and a vector more, into which the last run's fill goes.
static long sumsCount(const fovea_pooled_shape *p) { return p->example + p->paddedRun; }

size_t fovea_data_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)s->filters * s->kernelHeight * p->paddedRun + sumsCount(p) + (size_t)2 * p->elements * s->filters +
         (size_t)p->elements;
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

void fovea_pooled_convolution_data(const fovea_pooled_convolution *s, fovea_instructions instructions,
                                   const uint8_t *winners, const float *y, const float *yGradient,
                                   const float *kernel, float *xGradient, float *scratch) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  const fovea_vector_kernels *k = fovea_kernels_for_run(fovea_kernels_of(instructions), p.paddedRun);
  const long filter = (long)s->kernelHeight * p.paddedRun, count = sumsCount(&p);
  float *weights = scratch;
  float *sums = weights + s->filters * filter;
  float *factors = sums + count;
  int32_t *offsets = (int32_t *)(factors + (long)p.elements * s->filters);
  int32_t *counts = offsets + (long)p.elements * s->filters;
  arrange(s, &p, kernel, weights);

  for (int n = 0; n < s->batch; n++) {
    memset(sums, 0, count * sizeof(float));
    const uint8_t *won = winners + (long)n * p.windows * p.paddedFilters;
    const long maps = (long)n * s->filters * p.windows;
    for (int w = 0; w < p.windows; w++, won += p.paddedFilters) {
      // By the element of the window that they go to, so that each element's pieces are summed in registers.
      memset(counts, 0, p.elements * sizeof(int32_t));
      for (int f = 0; f < s->filters; f++) {
        const long place = maps + (long)f * p.windows + w;
        const float factor = fovea_passed_gradient(s->rectifies, y[place], yGradient[place]);
        const int element = won[f];
        const long next = (long)element * s->filters + counts[element];
        factors[next] = factor;
        offsets[next] = (int32_t)(f * filter);
        counts[element] += factor != 0;
      }
      for (int e = 0; e < p.elements; e++) {
        if (counts[e] == 0) continue;
        const long row = (long)(w / s->outputWidth * s->windowHeight + e / s->windowWidth) * s->strideHeight;
        const long column = (long)(w % s->outputWidth * s->windowWidth + e % s->windowWidth) * s->strideWidth;
        k->accumulate(sums + row * p.pitch + column * s->channels, p.pitch, weights, p.paddedRun,
                      offsets + (long)e * s->filters, factors + (long)e * s->filters, counts[e], s->kernelHeight,
                      p.paddedRun / k->lanes);
      }
    }
    crop(s, &p, sums, xGradient + (long)n * s->channels * s->height * s->width);
  }
}
