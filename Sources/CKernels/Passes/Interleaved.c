#include <string.h>

#include "Parallel.h"
#include "PooledShape.h"
#include "Transpose.h"

static int groupsOf(int batch) { return (batch + INTERLEAVED - 1) / INTERLEAVED; }

// [examples][pitch], of which `count` elements count, to [count][INTERLEAVED].
static void interleaveGroup(const float *x, long pitch, int examples, int count, float *y) {
  if (examples >= INTERLEAVED) {
    fovea_transpose(x, pitch, INTERLEAVED, count, y, INTERLEAVED);
    return;
  }
  memset(y, 0, (size_t)count * INTERLEAVED * sizeof(float));
  fovea_transpose(x, pitch, examples, count, y, INTERLEAVED);
}

void fovea_interleave(int32_t batch, int64_t count, const float *x, float *y) {
  for (int first = 0; first < batch; first += INTERLEAVED) {
    interleaveGroup(x + first * count, count, batch - first, (int)count, y + first * count);
  }
}

void fovea_deinterleave(int32_t batch, int64_t count, const float *x, float *y) {
  for (int first = 0; first < batch; first += INTERLEAVED) {
    const int examples = batch - first < INTERLEAVED ? batch - first : INTERLEAVED;
    fovea_transpose(x + first * count, INTERLEAVED, (int)count, examples, y + first * count, count);
  }
}

typedef struct {
  const fovea_pooled_convolution *shape;
  const fovea_interleaved_kernels *kernels;
  const float *x, *kernel, *bias;
  float *y, *scratch;
  bool isInterleaved;
  int parts;
} convolution_job;

static int rowsOf(const fovea_pooled_convolution *s) {
  return (s->outputHeight * s->windowHeight - 1) * s->strideHeight + s->kernelHeight;
}
static int columnsOf(const fovea_pooled_convolution *s) {
  return (s->outputWidth * s->windowWidth - 1) * s->strideWidth + s->kernelWidth;
}

size_t fovea_interleaved_scratch(const fovea_pooled_convolution *s) {
  const int rows = rowsOf(s) > s->height ? rowsOf(s) : s->height;
  const int columns = columnsOf(s) > s->width ? columnsOf(s) : s->width;
  return (size_t)fovea_parts(s->threads, groupsOf(s->batch)) * s->channels * rows * columns * INTERLEAVED;
}

// Whether windows see the input alone, so that it may stay where it is.
static bool seesNoPadding(const fovea_pooled_convolution *s) {
  return s->top == 0 && s->left == 0 && rowsOf(s) <= s->height && columnsOf(s) <= s->width;
}

// Examples `first` … with zeros around them, rows and columns as far as windows reach.
static void padGroup(const convolution_job *job, int first, float *to) {
  const fovea_pooled_convolution *s = job->shape;
  const int columns = columnsOf(s), start = s->left < columns ? s->left : columns;
  const int inside = s->width < columns - start ? s->width : columns - start;
  const long count = (long)s->channels * s->height * s->width;
  const float *group = job->x + first * count;
  memset(to, 0, (size_t)s->channels * rowsOf(s) * columns * INTERLEAVED * sizeof(float));
  for (int channel = 0; channel < s->channels; channel++) {
    for (int row = 0; row < rowsOf(s); row++, to += (long)columns * INTERLEAVED) {
      const int y = row - s->top;
      if (y < 0 || y >= s->height) continue;
      const long place = ((long)channel * s->height + y) * s->width;
      if (job->isInterleaved) {
        memcpy(to + start * INTERLEAVED, group + place * INTERLEAVED, (size_t)inside * INTERLEAVED * sizeof(float));
      } else {
        interleaveGroup(group + place, count, s->batch - first, inside, to + start * INTERLEAVED);
      }
    }
  }
}

static void convolvePart(void *context, int part) {
  const convolution_job *job = context;
  const fovea_pooled_convolution *s = job->shape;
  const bool asIs = seesNoPadding(s);
  const int rows = asIs ? s->height : rowsOf(s), columns = asIs ? s->width : columnsOf(s);
  const long pitch = (long)columns * INTERLEAVED, inputs = (long)s->channels * s->height * s->width;
  const long windows = (long)s->outputHeight * s->outputWidth, outputs = s->filters * windows;
  float *scratch = job->scratch + part * (fovea_interleaved_scratch(s) / job->parts);
  const fovea_interleaved_input input = {
      s->channels,     pitch,          rows * pitch,   (long)s->strideWidth * INTERLEAVED, s->strideHeight * pitch,
      s->kernelHeight, s->kernelWidth, s->windowHeight, s->windowWidth,                    s->outputWidth,
      (int)windows,    s->rectifies};
  const int groups = groupsOf(s->batch);
  for (int g = fovea_part(groups, part, job->parts); g < fovea_part(groups, part + 1, job->parts); g++) {
    const int first = g * INTERLEAVED;
    const float *source = scratch;
    if (asIs && job->isInterleaved) {
      source = job->x + first * inputs;
    } else if (asIs) {
      interleaveGroup(job->x + first * inputs, inputs, s->batch - first, (int)inputs, scratch);
    } else {
      padGroup(job, first, scratch);
    }
    job->kernels->convolve(&input, source, job->kernel, job->bias, s->filters, job->y + first * outputs);
  }
}

void fovea_interleaved_convolution(const fovea_pooled_convolution *s, fovea_instructions instructions, const float *x,
                                   bool isInterleaved, const float *kernel, const float *bias, float *y,
                                   float *scratch) {
  convolution_job job = {s, fovea_kernels_of(instructions)->interleaved, x, kernel, bias, y, scratch, isInterleaved,
                         fovea_parts(s->threads, groupsOf(s->batch))};
  fovea_parallel(job.parts, convolvePart, &job);
}

typedef struct {
  const fovea_interleaved_product *shape;
  const fovea_interleaved_kernels *kernels;
  const float *x, *weights, *bias;
  float *y;
  int parts;
} product_job;

static void multiplyPart(void *context, int part) {
  const product_job *job = context;
  const fovea_interleaved_product *s = job->shape;
  const int groups = groupsOf(s->batch);
  const int first = fovea_part(groups, part, job->parts), end = fovea_part(groups, part + 1, job->parts);
  job->kernels->multiply(job->x + (long)first * INTERLEAVED * s->inputs, end - first, job->weights, job->bias,
                         s->inputs, s->outputs, s->rectifies, job->y + (long)first * INTERLEAVED * s->outputs);
}

void fovea_interleaved_product_forward(const fovea_interleaved_product *s, fovea_instructions instructions,
                                       const float *x, const float *weights, const float *bias, float *y) {
  const int groups = groupsOf(s->batch);
  product_job job = {s, fovea_kernels_of(instructions)->interleaved, x, weights, bias, y,
                     fovea_parts(s->threads, groups)};
  fovea_parallel(job.parts, multiplyPart, &job);
}
