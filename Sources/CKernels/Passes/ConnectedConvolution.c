#include "Parallel.h"
#include "PooledShape.h"

typedef struct {
  const fovea_connected_convolution *shape;
  const fovea_connected_kernels *kernels;
  const uint8_t *connected;
  const float *x, *kernel, *bias, *yGradient;
  float *y, *xGradient, *kernelGradient, *biasGradient, *scratch;
  int parts;
} job;

static int groupsOf(const fovea_connected_convolution *s) { return (s->batch + INTERLEAVED - 1) / INTERLEAVED; }
static int outputHeightOf(const fovea_connected_convolution *s) { return s->height - s->kernelHeight + 1; }
static int outputWidthOf(const fovea_connected_convolution *s) { return s->width - s->kernelWidth + 1; }
static long inputPlaneOf(const fovea_connected_convolution *s) { return (long)s->height * s->width * INTERLEAVED; }
static long outputPlaneOf(const fovea_connected_convolution *s) {
  return (long)outputHeightOf(s) * outputWidthOf(s) * INTERLEAVED;
}
static long areaOf(const fovea_connected_convolution *s) { return (long)s->kernelHeight * s->kernelWidth; }
static bool areConnected(const job *job, int filter, int channel) {
  return !job->connected || job->connected[filter * job->shape->channels + channel];
}

// The maps of a filter see few rows of the input at a time: row after row, so that these stay in the nearest cache.
static void forwardPart(void *context, int part) {
  const job *job = context;
  const fovea_connected_convolution *s = job->shape;
  const int groups = groupsOf(s), outputHeight = outputHeightOf(s), outputWidth = outputWidthOf(s);
  const long pitch = (long)s->width * INTERLEAVED, outputPitch = (long)outputWidth * INTERLEAVED;
  fovea_connected_row rows[FOVEA_CONNECTED_ROWS];
  for (int g = fovea_part(groups, part, job->parts); g < fovea_part(groups, part + 1, job->parts); g++) {
    const float *x = job->x + g * s->channels * inputPlaneOf(s);
    float *y = job->y + g * s->filters * outputPlaneOf(s);
    for (int i = 0; i < outputHeight; i++) {
      for (int f = 0; f < s->filters; f++) {
        int count = 0;
        for (int c = 0; c < s->channels; c++) {
          if (!areConnected(job, f, c)) continue;
          const float *from = x + c * inputPlaneOf(s) + i * pitch, *w = job->kernel + (f * s->channels + c) * areaOf(s);
          for (int u = 0; u < s->kernelHeight; u++) {
            rows[count++] = (fovea_connected_row){from + u * pitch, w + (long)u * s->kernelWidth};
          }
        }
        job->kernels->row(rows, count, s->kernelWidth, 1, outputWidth, job->bias ? job->bias[f] : 0,
                          y + f * outputPlaneOf(s) + i * outputPitch);
      }
    }
  }
}

void fovea_connected_convolution_forward(const fovea_connected_convolution *s, fovea_instructions instructions,
                                         const uint8_t *connected, const float *x, const float *kernel,
                                         const float *bias, float *y) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->connected, .connected = connected, .x = x,
             .kernel = kernel, .bias = bias, .y = y, .parts = fovea_parts(s->threads, groupsOf(s))};
  fovea_parallel(job.parts, forwardPart, &job);
}

// Gradients of one group with zeros left and right, as far as the kernel reaches.
static long paddedPitchOf(const fovea_connected_convolution *s) {
  return (long)(s->width + s->kernelWidth - 1) * INTERLEAVED;
}
static long paddedOf(const fovea_connected_convolution *s) {
  return (long)s->filters * outputHeightOf(s) * paddedPitchOf(s);
}

size_t fovea_connected_convolution_data_scratch(const fovea_connected_convolution *s) {
  return (size_t)fovea_parts(s->threads, groupsOf(s)) * paddedOf(s);
}

static void padGradients(const fovea_connected_convolution *s, const float *g, float *to) {
  const size_t side = (size_t)(s->kernelWidth - 1) * INTERLEAVED, row = (size_t)outputWidthOf(s) * INTERLEAVED;
  for (int i = 0; i < s->filters * outputHeightOf(s); i++, g += row) {
    memset(to, 0, side * sizeof(float));
    memcpy(to + side, g, row * sizeof(float));
    memset(to + side + row, 0, side * sizeof(float));
    to += 2 * side + row;
  }
}

static void dataPart(void *context, int part) {
  const job *job = context;
  const fovea_connected_convolution *s = job->shape;
  const int groups = groupsOf(s), outputHeight = outputHeightOf(s);
  float *padded = job->scratch + part * paddedOf(s);
  fovea_connected_row rows[FOVEA_CONNECTED_ROWS];
  for (int g = fovea_part(groups, part, job->parts); g < fovea_part(groups, part + 1, job->parts); g++) {
    float *to = job->xGradient + g * s->channels * inputPlaneOf(s);
    padGradients(s, job->yGradient + g * s->filters * outputPlaneOf(s), padded);
    for (int i = 0; i < s->height; i++) {
      // Rows of the kernel whose row of the output exists.
      const int first = i < outputHeight ? 0 : i - outputHeight + 1;
      const int end = i + 1 < s->kernelHeight ? i + 1 : s->kernelHeight;
      for (int c = 0; c < s->channels; c++) {
        int count = 0;
        for (int f = 0; f < s->filters; f++) {
          if (!areConnected(job, f, c)) continue;
          const float *w = job->kernel + (f * s->channels + c) * areaOf(s) + s->kernelWidth - 1;
          const float *from = padded + ((long)f * outputHeight + i) * paddedPitchOf(s);
          for (int u = first; u < end; u++) {
            rows[count++] = (fovea_connected_row){from - u * paddedPitchOf(s), w + (long)u * s->kernelWidth};
          }
        }
        job->kernels->row(rows, count, s->kernelWidth, -1, s->width, 0,
                          to + c * inputPlaneOf(s) + (long)i * s->width * INTERLEAVED);
      }
    }
  }
}

void fovea_connected_convolution_data(const fovea_connected_convolution *s, fovea_instructions instructions,
                                      const uint8_t *connected, const float *yGradient, const float *kernel,
                                      float *xGradient, float *scratch) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->connected, .connected = connected,
             .kernel = kernel, .yGradient = yGradient, .xGradient = xGradient, .scratch = scratch, .parts = fovea_parts(s->threads, groupsOf(s))};
  fovea_parallel(job.parts, dataPart, &job);
}

// Sums for all weights, and copies of one map each, for each part.
static long weightScratchOf(const fovea_connected_convolution *s) {
  return (s->channels * areaOf(s) + 1) * INTERLEAVED + inputPlaneOf(s) + outputPlaneOf(s);
}

size_t fovea_connected_convolution_weights_scratch(const fovea_connected_convolution *s) {
  return (size_t)fovea_parts(s->threads, s->filters) * weightScratchOf(s);
}

static float sumOf(const float *x) {
  float sum = 0;
  for (int lane = 0; lane < INTERLEAVED; lane++) sum += x[lane];
  return sum;
}

void fovea_mask_examples(const float *x, long count, int examples, float *to) {
  for (long i = 0; i < count; i += INTERLEAVED) {
    for (int lane = 0; lane < INTERLEAVED; lane++) to[i + lane] = lane < examples ? x[i + lane] : 0;
  }
}

// Filters are shared out, so that each weight's sum has one order, whatever the number of threads.
static void weightsPart(void *context, int part) {
  const job *job = context;
  const fovea_connected_convolution *s = job->shape;
  const int groups = groupsOf(s);
  const long area = areaOf(s), weights = s->channels * area, inputPlane = inputPlaneOf(s), outputPlane = outputPlaneOf(s);
  const fovea_connected_maps maps = {s->width, outputHeightOf(s), outputWidthOf(s), s->kernelHeight, s->kernelWidth};
  float *sums = job->scratch + part * weightScratchOf(s), *biasSum = sums + weights * INTERLEAVED;
  float *inputCopy = biasSum + INTERLEAVED, *gradientCopy = inputCopy + inputPlane;
  for (int f = fovea_part(s->filters, part, job->parts); f < fovea_part(s->filters, part + 1, job->parts); f++) {
    memset(sums, 0, (size_t)(weights + 1) * INTERLEAVED * sizeof(float));
    for (int g = 0; g < groups; g++) {
      const int examples = s->batch - g * INTERLEAVED;
      const float *gradient = job->yGradient + ((long)g * s->filters + f) * outputPlane;
      if (examples < INTERLEAVED) {
        fovea_mask_examples(gradient, outputPlane, examples, gradientCopy);
        gradient = gradientCopy;
      }
      job->kernels->add(outputPlane / INTERLEAVED, gradient, biasSum);
      for (int c = 0; c < s->channels; c++) {
        if (!areConnected(job, f, c)) continue;
        const float *x = job->x + ((long)g * s->channels + c) * inputPlane;
        if (examples < INTERLEAVED) {
          fovea_mask_examples(x, inputPlane, examples, inputCopy);
          x = inputCopy;
        }
        job->kernels->products(&maps, x, gradient, sums + c * area * INTERLEAVED);
      }
    }
    for (long i = 0; i < weights; i++) job->kernelGradient[f * weights + i] = sumOf(sums + i * INTERLEAVED);
    if (job->biasGradient) job->biasGradient[f] = sumOf(biasSum);
  }
}

void fovea_connected_convolution_weights(const fovea_connected_convolution *s, fovea_instructions instructions,
                                         const uint8_t *connected, const float *x, const float *yGradient,
                                         float *kernelGradient, float *biasGradient, float *scratch) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->connected, .connected = connected, .x = x,
             .yGradient = yGradient, .kernelGradient = kernelGradient, .biasGradient = biasGradient, .scratch = scratch,
             .parts = fovea_parts(s->threads, s->filters)};
  fovea_parallel(job.parts, weightsPart, &job);
}
