#include <string.h>

#include "Parallel.h"
#include "PooledShape.h"
#include "Transpose.h"

// kernel [filters, channels, rows, columns] to [blocks of lanes][rows][columns][channels][lanes], wide blocks first.
static void arrange(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, const fovea_kernel_set *set,
                    const float *kernel, float *to) {
  const long area = (long)s->kernelHeight * s->kernelWidth;
  for (int first = 0; first < p->paddedFilters;) {
    const int lanes = fovea_kernels_for_filters(set, p->paddedFilters - first)->lanes;
    for (long tap = 0; tap < area; tap++) {
      for (int channel = 0; channel < s->channels; channel++, to += lanes) {
        for (int lane = 0; lane < lanes; lane++) {
          const int filter = first + lane;
          to[lane] = filter < s->filters ? kernel[(filter * (long)s->channels + channel) * area + tap] : 0;
        }
      }
    }
    first += lanes;
  }
}

// One example [channels, height, width], padded, channels innermost.
static void pad(const fovea_pooled_convolution *s, const fovea_pooled_shape *p, const float *x, float *source) {
  const int columns = (int)(p->pitch / s->channels);
  const int firstColumn = s->left < columns ? s->left : columns;
  const int inside = s->width < columns - firstColumn ? s->width : columns - firstColumn;
  for (int row = 0; row < p->rows; row++) {
    float *to = source + row * p->pitch;
    const int y = row - s->top;
    if (y < 0 || y >= s->height) {
      memset(to, 0, p->pitch * sizeof(float));
      continue;
    }
    const int end = (firstColumn + inside) * s->channels;
    memset(to, 0, (size_t)firstColumn * s->channels * sizeof(float));
    memset(to + end, 0, (p->pitch - end) * sizeof(float));
    to += firstColumn * s->channels;
    if (s->channels == 1) {
      memcpy(to, x + (long)y * s->width, (size_t)inside * sizeof(float));
      continue;
    }
    for (int channel = 0; channel < s->channels; channel++) {
      const float *from = x + ((long)channel * s->height + y) * s->width;
      for (int column = 0; column < inside; column++) to[column * s->channels + channel] = from[column];
    }
  }
  memset(source + p->rows * p->pitch, 0, (p->example - p->rows * p->pitch) * sizeof(float));
}

typedef struct {
  const fovea_pooled_convolution *shape;
  fovea_pooled_shape p;
  const fovea_kernel_set *set;
  // Null where factors are floats.
  const fovea_bfloat16_kernels *rounding;
  const float *x, *weights, *biases;
  float *y, *sources, *scratch;
  uint8_t *winners;
  int parts;
} forward_job;

// One example in bfloat16, and what is read behind it, in floats.
static long roundedExample(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return s->roundsFactors ? (p->example + WIDE) / 2 : 0;
}

// Of one thread: convolved rows of one band of windows, the pooled maps and winners, channels innermost, and a rounded
// example.
static long partScratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  const long pooled = (long)p->windows * p->paddedFilters;
  return (long)s->windowHeight * p->convolvedWidth * WIDE + pooled + (pooled + 3) / 4 + roundedExample(s, p);
}

size_t fovea_forward_scratch(const fovea_pooled_convolution *s, const fovea_pooled_shape *p) {
  return (size_t)p->paddedFilters * (s->kernelHeight * p->run + 1) + fovea_parts(s->threads, s->batch) * partScratch(s, p);
}

// One row of the convolution, for the block of filters that begins at `first`.
static void convolve(const forward_job *job, const fovea_vector_kernels *k, int first, const float *source,
                     const uint16_t *rounded, long offset, float *out) {
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  const long step = (long)s->strideWidth * s->channels;
  if (!job->rounding) {
    const float *block = job->weights + (long)first * s->kernelHeight * p->run;
    k->row(source + offset, p->pitch, step, block, s->kernelHeight, p->run, p->convolvedWidth, out);
    return;
  }
  const int pairs = (p->run + 1) / 2;
  const uint16_t *block = (const uint16_t *)job->weights + (long)first * s->kernelHeight * 2 * pairs;
  (k->lanes == WIDE ? job->rounding->wide : job->rounding->narrow)(rounded + offset, p->pitch, step, block,
                                                                   s->kernelHeight, pairs, p->convolvedWidth, out);
}

// Asks for the memory that an example's outputs will be written to, as much of it as of row `i` of all maps: they are
// written at the end, one beside the other, and would be waited for.
static void expect(const forward_job *job, const float *y, const uint8_t *winners, int i) {
  const long count = (long)job->shape->filters * job->shape->outputWidth;
  for (long k = 0; k < count; k += 16) __builtin_prefetch(y + i * count + k, 1);
  for (long k = 0; winners && k < count; k += 64) __builtin_prefetch(winners + i * count + k, 1);
}

static void forward(const forward_job *job, int n, float *source, uint8_t *winners, float *rows) {
  const fovea_pooled_convolution *s = job->shape;
  const fovea_pooled_shape *p = &job->p;
  float *pooled = rows + (long)s->windowHeight * p->convolvedWidth * WIDE;
  uint8_t *won = (uint8_t *)(pooled + (long)p->windows * p->paddedFilters);
  float *to = job->y + (long)n * s->filters * p->windows;
  uint16_t *rounded = (uint16_t *)(rows + partScratch(s, p) - roundedExample(s, p));
  pad(s, p, job->x + (long)n * s->channels * s->height * s->width, source);
  if (job->rounding) {
    job->rounding->round(source, p->example, rounded);
    memset(rounded + p->example, 0, WIDE * sizeof(uint16_t));
  }
  for (int first = 0; first < p->paddedFilters;) {
    const fovea_vector_kernels *k = fovea_kernels_for_filters(job->set, p->paddedFilters - first);
    const long rowStride = (long)p->convolvedWidth * k->lanes;
    for (int i = 0; i < s->outputHeight; i++) {
      if (first == 0) expect(job, to, winners, i);
      for (int v = 0; v < s->windowHeight; v++) {
        const long offset = (long)(i * s->windowHeight + v) * s->strideHeight * p->pitch;
        convolve(job, k, first, source, rounded, offset, rows + v * rowStride);
      }
      const long place = (long)i * s->outputWidth * p->paddedFilters + first;
      k->pool(rows, rowStride, s->windowHeight, s->windowWidth, s->outputWidth, job->biases + first, s->rectifies,
              pooled + place, p->paddedFilters, winners ? won + place : NULL, p->paddedFilters);
    }
    first += k->lanes;
  }
  fovea_transpose(pooled, p->paddedFilters, p->windows, s->filters, to, p->windows);
  if (winners) fovea_transpose_bytes(won, p->paddedFilters, p->windows, s->filters, winners);
}

static void forwardPart(void *context, int part) {
  const forward_job *job = context;
  const fovea_pooled_shape *p = &job->p;
  const int batch = job->shape->batch;
  float *scratch = job->scratch + part * partScratch(job->shape, p);
  for (int n = fovea_part(batch, part, job->parts); n < fovea_part(batch, part + 1, job->parts); n++) {
    float *source = job->sources + (job->winners ? n : part) * p->example;
    uint8_t *winners = job->winners ? job->winners + (long)n * job->shape->filters * p->windows : NULL;
    forward(job, n, source, winners, scratch);
  }
}

void fovea_pooled_convolution_forward(const fovea_pooled_convolution *s, fovea_instructions instructions,
                                      const float *x, const float *kernel, const float *bias, float *y,
                                      float *sources, uint8_t *winners, float *scratch) {
  const fovea_kernel_set *set = fovea_kernels_of(instructions);
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  float *weights = scratch;
  float *biases = weights + (long)p.paddedFilters * s->kernelHeight * p.run;
  const fovea_bfloat16_kernels *rounding = s->roundsFactors && fovea_kernels_has_bfloat16(instructions) ? set->rounded : NULL;
  if (rounding) {
    // In the same memory: pairs take no more of it than the floats do.
    fovea_arrange_bfloat16(s, &p, kernel, (uint16_t *)weights);
  } else {
    arrange(s, &p, set, kernel, weights);
  }
  for (int f = 0; f < p.paddedFilters; f++) biases[f] = bias && f < s->filters ? bias[f] : 0;
  forward_job job = {s,       p,       set,     rounding, x,
                     weights, biases,  y,       sources,  biases + p.paddedFilters,
                     winners, fovea_parts(s->threads, s->batch)};
  fovea_parallel(job.parts, forwardPart, &job);
  // Runs are read as whole vectors, which may end behind the last example.
  if (winners) memset(sources + s->batch * p.example, 0, WIDE * sizeof(float));
}
