#include <string.h>

#include "Kernels.h"
#include "Parallel.h"

// Positions are computed in tiles of at most so many: 4 vectors of 16.
enum { TILE = 64 };

static long roundedUp(long value, long to) { return (value + to - 1) / to * to; }

static fovea_plane plane(const fovea_plane_convolution *s) {
  fovea_plane p;
  p.channels = s->channels;
  p.width = s->width;
  p.filters = s->filters;
  p.kernelHeight = s->kernelHeight;
  p.kernelWidth = s->kernelWidth;
  p.outputHeight = s->height - s->kernelHeight + 1;
  p.outputWidth = s->width - s->kernelWidth + 1;
  p.filterSize = (long)s->channels * s->kernelHeight * s->kernelWidth;
  p.positions = roundedUp((long)(p.outputHeight - 1) * s->width + p.outputWidth, TILE);
  p.inputPlane = (long)s->height * s->width;
  return p;
}

// An example's input, and behind it what the last tile reads beyond.
static long inputScratch(const fovea_plane *p) { return p->channels * p->inputPlane + TILE + 16; }

// Vectors are gathered beyond the end of the last row.
static long forwardScratch(const fovea_plane *p) {
  return roundedUp(inputScratch(p) + p->filters * p->positions + 16, 16);
}

size_t fovea_plane_convolution_scratch(const fovea_plane_convolution *s) {
  const fovea_plane p = plane(s);
  const long forward = fovea_parts(s->threads, s->batch) * forwardScratch(&p);
  const long weights = forwardScratch(&p) + p.filters * (p.filterSize * 16 + 1);
  return (size_t)(forward > weights ? forward : weights);
}

static void copy(const fovea_plane *p, const float *x, float *to) {
  const long count = p->channels * p->inputPlane;
  memcpy(to, x, (size_t)count * sizeof(float));
  memset(to + count, 0, (TILE + 16) * sizeof(float));
}

typedef struct {
  const fovea_plane_convolution *shape;
  const fovea_plane_kernels *kernels;
  fovea_plane p;
  const float *x, *weights, *bias;
  float *y, *scratch;
  int parts;
} forward_job;

static void forwardPart(void *context, int part) {
  const forward_job *job = context;
  const fovea_plane *p = &job->p;
  const int batch = job->shape->batch;
  float *input = job->scratch + part * forwardScratch(p);
  float *maps = input + inputScratch(p);
  for (long n = fovea_part(batch, part, job->parts); n < fovea_part(batch, part + 1, job->parts); n++) {
    copy(p, job->x + n * p->channels * p->inputPlane, input);
    job->kernels->correlate(p, input, job->weights, maps);
    job->kernels->gather(p, maps, job->bias, job->y + n * p->filters * p->outputHeight * p->outputWidth);
  }
}

void fovea_plane_convolution_forward(const fovea_plane_convolution *s, fovea_instructions instructions, const float *x,
                                     const float *kernel, const float *bias, float *y, float *scratch) {
  forward_job job = {s, fovea_kernels_of(instructions)->planes, plane(s), x, kernel, bias, y, scratch,
                     fovea_parts(s->threads, s->batch)};
  fovea_parallel(job.parts, forwardPart, &job);
}

typedef struct {
  const fovea_plane_kernels *kernels;
  fovea_plane p;
  const float *input, *gradients;
  float *sums;
  int parts;
} product_job;

static void productPart(void *context, int part) {
  const product_job *job = context;
  const int filters = job->p.filters;
  job->kernels->products(&job->p, job->input, job->gradients, fovea_part(filters, part, job->parts),
                         fovea_part(filters, part + 1, job->parts), job->sums);
}

void fovea_plane_convolution_weights(const fovea_plane_convolution *s, fovea_instructions instructions, const float *x,
                                     const float *yGradient, float *kernelGradient, float *biasGradient,
                                     float *scratch) {
  const fovea_plane_kernels *kernels = fovea_kernels_of(instructions)->planes;
  const fovea_plane p = plane(s);
  float *input = scratch, *gradients = input + inputScratch(&p);
  float *sums = gradients + p.filters * p.positions, *mapSums = sums + p.filters * p.filterSize * kernels->lanes;
  memset(gradients, 0, (size_t)(p.filters * p.positions) * sizeof(float));
  memset(sums, 0, (size_t)(p.filters * (p.filterSize * kernels->lanes + 1)) * sizeof(float));
  product_job job = {kernels, p, input, gradients, sums, fovea_parts(s->threads, s->filters)};
  for (long n = 0; n < s->batch; n++) {
    copy(&p, x + n * p.channels * p.inputPlane, input);
    kernels->spread(&p, yGradient + n * p.filters * p.outputHeight * p.outputWidth, gradients, mapSums);
    fovea_parallel(job.parts, productPart, &job);
  }
  for (long i = 0; i < p.filters * p.filterSize; i++) {
    float sum = 0;
    for (int lane = 0; lane < kernels->lanes; lane++) sum += sums[i * kernels->lanes + lane];
    kernelGradient[i] = sum;
  }
  if (biasGradient) memcpy(biasGradient, mapSums, (size_t)p.filters * sizeof(float));
}

void fovea_squash(fovea_instructions instructions, size_t count, float amplitude, float slope, const float *x,
                  float *y) {
  fovea_kernels_of(instructions)->planes->squash((long)count, amplitude, slope, x, y);
}

void fovea_squash_gradient(fovea_instructions instructions, size_t count, float amplitude, float slope, const float *y,
                           const float *yGradient, float *xGradient) {
  fovea_kernels_of(instructions)->planes->squashGradient((long)count, amplitude, slope, y, yGradient, xGradient);
}
