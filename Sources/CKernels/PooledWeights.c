#include <string.h>

#include "PooledShape.h"

// So many windows of a filter are gathered, over several examples if need be, before their pieces are summed: a sum
// that lives in registers must be long enough to be worth loading and storing it.
enum { GATHERED = 128 };

static int examplesAtOnce(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  const int wanted = (GATHERED + p->windows - 1) / p->windows;
  return wanted < s->batch ? wanted : s->batch;
}

size_t fovea_weights_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)s->filters * s->kernelHeight * p->paddedRun + (size_t)2 * examplesAtOnce(s, p) * p->windows + 2 +
         (size_t)p->windows + (size_t)p->elements;
}

void fovea_pooled_convolution_weights(const fovea_pooled_convolution *s, fovea_instructions instructions,
                                      const float *sources, const uint8_t *winners, const float *y,
                                      const float *yGradient, float *kernelGradient, float *biasGradient,
                                      float *scratch) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  const fovea_vector_kernels *k = fovea_kernels_for_run(fovea_kernels_of(instructions), p.paddedRun);
  const int group = examplesAtOnce(s, &p);
  float *sums = scratch;
  const long filter = (long)s->kernelHeight * p.paddedRun;
  float *factors = sums + s->filters * filter;
  int32_t *offsets = (int32_t *)(factors + (long)group * p.windows + 1);
  int32_t *places = offsets + (long)group * p.windows + 1;
  int32_t *elements = places + p.windows;
  for (int w = 0; w < p.windows; w++) {
    places[w] = (int32_t)((long)(w / s->outputWidth) * s->windowHeight * s->strideHeight * p.pitch +
                          (long)(w % s->outputWidth) * s->windowWidth * s->strideWidth * s->channels);
  }
  for (int e = 0; e < p.elements; e++) elements[e] = (int32_t)fovea_element_offset(s, &p, e);
  memset(sums, 0, s->filters * filter * sizeof(float));
  if (biasGradient) memset(biasGradient, 0, s->filters * sizeof(float));

  for (int first = 0; first < s->batch; first += group) {
    const int end = first + group < s->batch ? first + group : s->batch;
    for (int f = 0; f < s->filters; f++) {
      int count = 0;
      float total = 0;
      for (int n = first; n < end; n++) {
        const long map = ((long)n * s->filters + f) * p.windows;
        const uint8_t *won = winners + (long)n * p.windows * p.paddedFilters + f;
        const int32_t example = (int32_t)((n - first) * p.example);
        // Without branches, which nobody could foresee: each is written, and the next one over it where it is zero.
        for (int w = 0; w < p.windows; w++) {
          const float factor = fovea_passed_gradient(s->rectifies, y[map + w], yGradient[map + w]);
          factors[count] = factor;
          offsets[count] = example + places[w] + elements[won[(long)w * p.paddedFilters]];
          count += factor != 0;
          total += factor;
        }
      }
      if (biasGradient) biasGradient[f] += total;
      k->accumulate(sums + f * filter, p.paddedRun, sources + first * p.example, p.pitch, offsets, factors, count,
                    s->kernelHeight, p.paddedRun / k->lanes);
    }
  }

  for (int f = 0; f < s->filters; f++) {
    for (int c = 0; c < s->channels; c++) {
      for (int u = 0; u < s->kernelHeight; u++) {
        for (int v = 0; v < s->kernelWidth; v++) {
          *kernelGradient++ = sums[f * filter + (long)u * p.paddedRun + v * s->channels + c];
        }
      }
    }
  }
}
