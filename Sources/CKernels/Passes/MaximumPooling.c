#include "Kernels.h"
#include "Parallel.h"

typedef struct {
  const fovea_maximum_pooling *s;
  const fovea_pooling_kernels *kernels;
  const float *x;
  float *y;
  int parts;
} job;

// What takes less time than a thread to wake up, in elements that are looked at.
enum { FEWEST = 1 << 17 };

static void poolPart(void *context, int part) {
  const job *job = context;
  const fovea_maximum_pooling *s = job->s;
  const long row = (long)s->width * s->lanes, outputRow = (long)s->outputWidth * s->lanes;
  fovea_pooled_row pooled = {.row = row, .width = s->width, .lanes = s->lanes, .outputWidth = s->outputWidth,
                             .window = s->windowWidth, .stride = s->strideWidth, .first = -s->left};
  for (int map = fovea_part(s->maps, part, job->parts); map < fovea_part(s->maps, part + 1, job->parts); map++) {
    const float *x = job->x + map * s->height * row;
    float *y = job->y + map * s->outputHeight * outputRow;
    for (int i = 0; i < s->outputHeight; i++) {
      const int first = i * s->strideHeight - s->top, last = first + s->windowHeight;
      const int begin = first < 0 ? 0 : first;
      pooled.rows = (last > s->height ? s->height : last) - begin;
      job->kernels->maximum(&pooled, x + begin * row, y + i * outputRow);
    }
  }
}

void fovea_maximum_pooling_infer(const fovea_maximum_pooling *s, fovea_instructions instructions, const float *x, float *y) {
  const double work = (double)s->maps * s->outputHeight * s->outputWidth * s->lanes * s->windowHeight * s->windowWidth;
  job job = {s, fovea_kernels_of(instructions)->pooling, x, y, fovea_parts(work < FEWEST ? 1 : s->threads, s->maps)};
  fovea_parallel(job.parts, poolPart, &job);
}
