#include <string.h>

#include "Kernels.h"
#include "Parallel.h"

typedef struct {
  const fovea_subsampling *shape;
  const fovea_plane_kernels *kernels;
  const float *x, *coefficients, *biases, *yGradient;
  float *y, *xGradient, *coefficientGradients, *biasGradients;
  bool squares;
  int parts;
} job;

static void forwardMap(const job *job, long n, long c) {
  const fovea_subsampling *s = job->shape;
  const long map = n * s->channels + c;
  job->kernels->subsample(s, job->x + map * s->height * s->width, job->coefficients[c], job->biases[c],
                          job->y + map * s->outputHeight * s->outputWidth);
}

static void backwardMap(const job *job, long n, long c) {
  const fovea_subsampling *s = job->shape;
  const long map = n * s->channels + c, area = (long)s->height * s->width;
  float *xGradient = job->xGradient ? job->xGradient + map * area : NULL;
  if (xGradient) memset(xGradient, 0, (size_t)area * sizeof(float));
  job->kernels->subsampleBackward(s, job->squares, job->x + map * area,
                                  job->yGradient + map * s->outputHeight * s->outputWidth, job->coefficients[c],
                                  xGradient, &job->coefficientGradients[c], &job->biasGradients[c]);
}

// Maps are shared out by channel, so that each channel's sums have one order, whatever the number of threads.
static void eachMap(void *context, int part) {
  const job *job = context;
  const fovea_subsampling *s = job->shape;
  for (int c = fovea_part(s->channels, part, job->parts); c < fovea_part(s->channels, part + 1, job->parts); c++) {
    for (long n = 0; n < s->batch; n++) {
      if (job->yGradient) {
        backwardMap(job, n, c);
      } else {
        forwardMap(job, n, c);
      }
    }
  }
}

void fovea_subsampling_forward(const fovea_subsampling *s, fovea_instructions instructions, const float *x,
                               const float *coefficients, const float *biases, float *y) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->planes, .x = x, .coefficients = coefficients,
             .biases = biases, .y = y, .parts = fovea_parts(s->threads, s->channels)};
  fovea_parallel(job.parts, eachMap, &job);
}

void fovea_subsampling_backward(const fovea_subsampling *s, fovea_instructions instructions, bool squares,
                                const float *x, const float *yGradient, const float *coefficients, float *xGradient,
                                float *coefficientGradients, float *biasGradients) {
  memset(coefficientGradients, 0, (size_t)s->channels * sizeof(float));
  memset(biasGradients, 0, (size_t)s->channels * sizeof(float));
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->planes, .x = x, .coefficients = coefficients,
             .yGradient = yGradient, .xGradient = xGradient, .coefficientGradients = coefficientGradients,
             .biasGradients = biasGradients, .squares = squares, .parts = fovea_parts(s->threads, s->channels)};
  fovea_parallel(job.parts, eachMap, &job);
}
