#include <string.h>

#include "Kernels.h"
#include "Parallel.h"
#include "Transpose.h"

// Of the widest vectors, so that scratch memory does not depend on the instructions.
enum { WIDEST = 16 };

typedef struct {
  const fovea_connected_convolution *shape;
  const fovea_plane_kernels *kernels;
  const uint8_t *connected;
  const float *x, *kernel, *bias, *yGradient;
  float *y, *xGradient, *scratch;
  int parts;
} job;

static long roundedUp(long value) { return (value + WIDEST - 1) / WIDEST * WIDEST; }
static int outputHeightOf(const fovea_connected_convolution *s) { return s->height - s->kernelHeight + 1; }
static int outputWidthOf(const fovea_connected_convolution *s) { return s->width - s->kernelWidth + 1; }
static long inputPlaneOf(const fovea_connected_convolution *s) { return (long)s->height * s->width; }
static long outputPlaneOf(const fovea_connected_convolution *s) { return (long)outputHeightOf(s) * outputWidthOf(s); }
static long areaOf(const fovea_connected_convolution *s) { return (long)s->kernelHeight * s->kernelWidth; }

static const float *weightsOf(const job *job, int filter, int channel) {
  const fovea_connected_convolution *s = job->shape;
  const long place = (long)filter * s->channels + channel;
  return job->connected && !job->connected[place] ? NULL : job->kernel + place * areaOf(s);
}

// What vectors read beyond the last position of the last map.
static long inputScratch(const fovea_connected_convolution *s) {
  return roundedUp(s->channels * inputPlaneOf(s)) + 2 * WIDEST;
}

// Positions of the output lie under those of the input, as in PlaneKernels.h.
static long forwardPositions(const fovea_connected_convolution *s) {
  return roundedUp((long)(outputHeightOf(s) - 1) * s->width + outputWidthOf(s));
}

static long forwardScratch(const fovea_connected_convolution *s) {
  return inputScratch(s) + s->filters * forwardPositions(s) + WIDEST;
}

static void forwardPart(void *context, int number) {
  const job *job = context;
  const fovea_connected_convolution *s = job->shape;
  const long positions = forwardPositions(s), input = s->channels * inputPlaneOf(s);
  const fovea_connected_plane p = {.kernelHeight = s->kernelHeight, .kernelWidth = s->kernelWidth, .tapRow = s->width,
                                   .tapColumn = 1, .positions = positions};
  const fovea_plane rows = {.width = s->width, .filters = s->filters, .outputHeight = outputHeightOf(s),
                            .outputWidth = outputWidthOf(s), .positions = positions};
  float *x = job->scratch + number * forwardScratch(s), *maps = x + inputScratch(s);
  memset(x + input, 0, (size_t)(inputScratch(s) - input) * sizeof(float));
  for (int n = fovea_part(s->batch, number, job->parts); n < fovea_part(s->batch, number + 1, job->parts); n++) {
    memcpy(x, job->x + n * input, (size_t)input * sizeof(float));
    for (int f = 0; f < s->filters; f += 2) {
      const bool isPair = f + 1 < s->filters;
      fovea_seen_map seen[FOVEA_CONNECTED_ROWS];
      int count = 0;
      for (int c = 0; c < s->channels; c++) {
        const fovea_seen_map map = {x + c * inputPlaneOf(s),
                                    {weightsOf(job, f, c), isPair ? weightsOf(job, f + 1, c) : NULL}};
        if (map.weights[0] || map.weights[1]) seen[count++] = map;
      }
      float *const out[2] = {maps + f * positions, isPair ? maps + (f + 1) * positions : NULL};
      job->kernels->correlatePair(&p, seen, count, out);
    }
    job->kernels->gather(&rows, maps, job->bias, job->y + n * s->filters * outputPlaneOf(s));
  }
}

void fovea_connected_planes_forward(const fovea_connected_convolution *s, fovea_instructions instructions,
                                    const uint8_t *connected, const float *x, const float *kernel, const float *bias,
                                    float *y, float *scratch) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->planes, .connected = connected, .x = x, .kernel = kernel,
             .bias = bias, .y = y, .scratch = scratch, .parts = fovea_parts(s->threads, s->batch)};
  fovea_parallel(job.parts, forwardPart, &job);
}

// Gradients with rows as far apart as those of x, and zeros before, between and behind them as far as the kernel reaches.
static long zerosBefore(const fovea_connected_convolution *s) {
  return roundedUp((long)(s->kernelHeight - 1) * s->width + s->kernelWidth - 1);
}
static long paddedPlane(const fovea_connected_convolution *s) { return zerosBefore(s) + roundedUp(inputPlaneOf(s)); }

static long dataScratch(const fovea_connected_convolution *s) {
  return s->filters * (paddedPlane(s) + 1) + (s->channels + 1) * roundedUp(inputPlaneOf(s)) + WIDEST;
}

static void dataPart(void *context, int number) {
  const job *job = context;
  const fovea_connected_convolution *s = job->shape;
  const long positions = roundedUp(inputPlaneOf(s));
  const fovea_connected_plane p = {.kernelHeight = s->kernelHeight, .kernelWidth = s->kernelWidth,
                                   .tapRow = -(long)s->width, .tapColumn = -1, .positions = positions};
  const fovea_plane spread = {.width = s->width, .filters = s->filters, .outputHeight = outputHeightOf(s),
                              .outputWidth = outputWidthOf(s), .positions = paddedPlane(s)};
  float *gradients = job->scratch + number * dataScratch(s), *sums = gradients + s->filters * paddedPlane(s);
  float *maps = sums + s->filters;
  memset(gradients, 0, (size_t)(s->filters * (paddedPlane(s) + 1)) * sizeof(float));
  for (int n = fovea_part(s->batch, number, job->parts); n < fovea_part(s->batch, number + 1, job->parts); n++) {
    job->kernels->spread(&spread, job->yGradient + n * s->filters * outputPlaneOf(s), gradients + zerosBefore(s), sums);
    for (int c = 0; c < s->channels; c += 2) {
      const bool isPair = c + 1 < s->channels;
      fovea_seen_map seen[FOVEA_CONNECTED_ROWS];
      int count = 0;
      for (int f = 0; f < s->filters; f++) {
        const fovea_seen_map map = {gradients + f * paddedPlane(s) + zerosBefore(s),
                                    {weightsOf(job, f, c), isPair ? weightsOf(job, f, c + 1) : NULL}};
        if (map.weights[0] || map.weights[1]) seen[count++] = map;
      }
      float *const out[2] = {maps + c * positions, isPair ? maps + (c + 1) * positions : NULL};
      job->kernels->correlatePair(&p, seen, count, out);
    }
    for (int c = 0; c < s->channels; c++) {
      memcpy(job->xGradient + ((long)n * s->channels + c) * inputPlaneOf(s), maps + c * positions,
             (size_t)inputPlaneOf(s) * sizeof(float));
    }
  }
}

void fovea_connected_planes_data(const fovea_connected_convolution *s, fovea_instructions instructions,
                                 const uint8_t *connected, const float *yGradient, const float *kernel,
                                 float *xGradient, float *scratch) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->planes, .connected = connected, .kernel = kernel,
             .yGradient = yGradient, .xGradient = xGradient, .scratch = scratch, .parts = fovea_parts(s->threads, s->batch)};
  fovea_parallel(job.parts, dataPart, &job);
}

static long weightScratch(const fovea_connected_convolution *s) {
  return (outputPlaneOf(s) + s->channels * areaOf(s) + 1) * roundedUp(s->filters);
}

typedef struct {
  const fovea_connected_convolution *shape;
  const fovea_plane_kernels *kernels;
  fovea_connected_plane p;
  const float *x, *gradients;
  float *sums;
  int parts;
} product_job;

// Channels are shared out, so that each weight's sum has one order, whatever the number of threads.
static void weightsPart(void *context, int number) {
  const product_job *job = context;
  const int channels = job->shape->channels;
  job->kernels->filterProducts(&job->p, job->x, job->gradients, fovea_part(channels, number, job->parts),
                               fovea_part(channels, number + 1, job->parts), job->sums);
}

void fovea_connected_planes_weights(const fovea_connected_convolution *s, fovea_instructions instructions,
                                    const uint8_t *connected, const float *x, const float *yGradient,
                                    float *kernelGradient, float *biasGradient, float *scratch) {
  const long pitch = roundedUp(s->filters), weights = s->channels * areaOf(s), outputs = outputPlaneOf(s);
  float *gradients = scratch, *sums = gradients + outputs * pitch, *mapSums = sums + weights * pitch;
  if (s->filters < pitch) memset(gradients, 0, (size_t)(outputs * pitch) * sizeof(float));
  memset(sums, 0, (size_t)((weights + 1) * pitch) * sizeof(float));
  product_job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->planes, .gradients = gradients, .sums = sums,
                     .parts = fovea_parts(s->threads, s->channels)};
  job.p = (fovea_connected_plane){.kernelHeight = s->kernelHeight, .kernelWidth = s->kernelWidth, .width = s->width,
                                  .outputHeight = outputHeightOf(s), .outputWidth = outputWidthOf(s),
                                  .inputPlane = inputPlaneOf(s), .filterPitch = pitch};
  for (int n = 0; n < s->batch; n++) {
    fovea_transpose(yGradient + n * s->filters * outputs, outputs, s->filters, (int)outputs, gradients, pitch);
    for (long i = 0; i < outputs; i++) {
      for (long f = 0; f < pitch; f++) mapSums[f] += gradients[i * pitch + f];
    }
    job.x = x + n * s->channels * inputPlaneOf(s);
    fovea_parallel(job.parts, weightsPart, &job);
  }
  fovea_transpose(sums, pitch, (int)weights, s->filters, kernelGradient, weights);
  if (biasGradient) memcpy(biasGradient, mapSums, (size_t)s->filters * sizeof(float));
  for (long i = 0; connected && i < (long)s->filters * s->channels; i++) {
    if (!connected[i]) memset(kernelGradient + i * areaOf(s), 0, (size_t)areaOf(s) * sizeof(float));
  }
}

size_t fovea_connected_planes_scratch(const fovea_connected_convolution *s) {
  const long apart = forwardScratch(s) > dataScratch(s) ? forwardScratch(s) : dataScratch(s);
  const long examples = fovea_parts(s->threads, s->batch) * apart;
  return (size_t)(examples > weightScratch(s) ? examples : weightScratch(s));
}
