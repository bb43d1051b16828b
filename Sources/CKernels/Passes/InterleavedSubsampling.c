#include "Parallel.h"
#include "PooledShape.h"

typedef struct {
  const fovea_subsampling *shape;
  const fovea_connected_kernels *kernels;
  const float *x, *coefficients, *biases, *yGradient;
  float *y, *xGradient, *coefficientGradients, *biasGradients, *scratch;
  bool squares;
  int parts;
} job;

static int groupsOf(const fovea_subsampling *s) { return (s->batch + INTERLEAVED - 1) / INTERLEAVED; }
static long inputPlaneOf(const fovea_subsampling *s) { return (long)s->height * s->width * INTERLEAVED; }
static long outputPlaneOf(const fovea_subsampling *s) {
  return (long)s->outputHeight * s->outputWidth * INTERLEAVED;
}
static long scratchOf(const fovea_subsampling *s) { return 2 * INTERLEAVED + inputPlaneOf(s) + outputPlaneOf(s); }

size_t fovea_interleaved_subsampling_scratch(const fovea_subsampling *s) {
  return (size_t)fovea_parts(s->threads, s->channels) * scratchOf(s);
}

static void forwardPart(void *context, int part) {
  const job *job = context;
  const fovea_subsampling *s = job->shape;
  for (int g = 0; g < groupsOf(s); g++) {
    for (int c = fovea_part(s->channels, part, job->parts); c < fovea_part(s->channels, part + 1, job->parts); c++) {
      const long map = (long)g * s->channels + c;
      job->kernels->subsample(s, job->x + map * inputPlaneOf(s), job->coefficients[c], job->biases[c],
                              job->y + map * outputPlaneOf(s));
    }
  }
}

static void backwardPart(void *context, int part) {
  const job *job = context;
  const fovea_subsampling *s = job->shape;
  float *sums = job->scratch + part * scratchOf(s), *inputCopy = sums + 2 * INTERLEAVED;
  float *gradientCopy = inputCopy + inputPlaneOf(s);
  for (int c = fovea_part(s->channels, part, job->parts); c < fovea_part(s->channels, part + 1, job->parts); c++) {
    memset(sums, 0, 2 * INTERLEAVED * sizeof(float));
    for (int g = 0; g < groupsOf(s); g++) {
      const long map = (long)g * s->channels + c;
      const int examples = s->batch - g * INTERLEAVED;
      const float *x = job->x + map * inputPlaneOf(s), *gradient = job->yGradient + map * outputPlaneOf(s);
      if (examples < INTERLEAVED) {
        fovea_mask_examples(x, inputPlaneOf(s), examples, inputCopy);
        fovea_mask_examples(gradient, outputPlaneOf(s), examples, gradientCopy);
        x = inputCopy;
        gradient = gradientCopy;
      }
      float *xGradient = job->xGradient ? job->xGradient + map * inputPlaneOf(s) : NULL;
      if (xGradient) memset(xGradient, 0, (size_t)inputPlaneOf(s) * sizeof(float));
      job->kernels->subsampleBackward(s, job->squares, x, gradient, job->coefficients[c], xGradient, sums);
    }
    float byCoefficient = 0, byBias = 0;
    for (int lane = 0; lane < INTERLEAVED; lane++) {
      byCoefficient += sums[lane];
      byBias += sums[INTERLEAVED + lane];
    }
    job->coefficientGradients[c] = byCoefficient;
    job->biasGradients[c] = byBias;
  }
}

void fovea_interleaved_subsampling_forward(const fovea_subsampling *s, fovea_instructions instructions, const float *x,
                                           const float *coefficients, const float *biases, float *y) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->connected, .x = x,
             .coefficients = coefficients, .biases = biases, .y = y, .parts = fovea_parts(s->threads, s->channels)};
  fovea_parallel(job.parts, forwardPart, &job);
}

void fovea_interleaved_subsampling_backward(const fovea_subsampling *s, fovea_instructions instructions, bool squares,
                                            const float *x, const float *yGradient, const float *coefficients,
                                            float *xGradient, float *coefficientGradients, float *biasGradients,
                                            float *scratch) {
  job job = {.shape = s, .kernels = fovea_kernels_of(instructions)->connected, .x = x,
             .coefficients = coefficients, .yGradient = yGradient, .xGradient = xGradient,
             .coefficientGradients = coefficientGradients, .biasGradients = biasGradients, .scratch = scratch,
             .squares = squares, .parts = fovea_parts(s->threads, s->channels)};
  fovea_parallel(job.parts, backwardPart, &job);
}
