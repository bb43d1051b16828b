#include <stdatomic.h>
#include <string.h>

#include "ByteShape.h"
#include "Parallel.h"

typedef struct {
  const fovea_byte_convolution *c;
  fovea_byte_shape s;
  const uint8_t *x;
  const void *weights;
  const fovea_byte_result *result;
  uint8_t *scratch;
  atomic_int next;
} job;

// To the numbers that the kernels multiply.
static void copy(const job *job, const uint8_t *from, long count, uint8_t *to) {
  if (job->s.element == 1) {
    memcpy(to, from, (size_t)count);
  } else {
    for (long i = 0; i < count; i++) ((int16_t *)to)[i] = from[i];
  }
}

static void fill(const job *job, long count, uint8_t *to) {
  if (job->s.element == 1) {
    memset(to, job->c->zero, (size_t)count);
  } else {
    for (long i = 0; i < count; i++) ((int16_t *)to)[i] = job->c->zero;
  }
}

// The pixels first ..< first + count of all examples'.
static void gather(const job *job, long first, long count, uint8_t *to) {
  const fovea_byte_convolution *c = job->c;
  const fovea_byte_shape *s = &job->s;
  if (c->strideHeight == 1 && c->strideWidth == 1 && c->outputHeight == c->height && c->outputWidth == c->width) {
    copy(job, job->x + first * s->inPitch, count * s->inPitch, to);
    return;
  }
  for (long p = first; p < first + count; p++, to += s->inPitch * s->element) {
    const long example = p / s->pixels, row = p % s->pixels / c->outputWidth, column = p % c->outputWidth;
    const long pixel = (example * c->height + row * c->strideHeight) * c->width + column * c->strideWidth;
    copy(job, job->x + pixel * s->inPitch, s->inPitch, to);
  }
}

// What the rows first ..< first + count of an example's output see, with what lies around the maps.
static void pad(const job *job, long example, long first, long count, uint8_t *to) {
  const fovea_byte_convolution *c = job->c;
  const fovea_byte_shape *s = &job->s;
  const long rows = (count - 1) * c->strideHeight + (c->kernelHeight - 1) * (long)c->dilationHeight + 1;
  const long inside = c->width < s->rowWidth - c->left ? c->width : s->rowWidth - c->left, pitch = s->inPitch;
  for (long r = 0; r < rows; r++, to += s->rowWidth * pitch * s->element) {
    const long row = first * c->strideHeight - c->top + r;
    if (row < 0 || row >= c->height || inside <= 0) {
      fill(job, s->rowWidth * pitch, to);
      continue;
    }
    fill(job, c->left * pitch, to);
    copy(job, job->x + (example * c->height + row) * c->width * pitch, inside * pitch, to + c->left * pitch * s->element);
    fill(job, (s->rowWidth - c->left - inside) * pitch, to + (c->left + inside) * pitch * s->element);
  }
}

enum { MOST_TAPS = 1024 };

static void convolve(const job *job, long example, long first, long count, int part, uint8_t *scratch) {
  const fovea_byte_convolution *c = job->c;
  const fovea_byte_shape *s = &job->s;
  const int lanes = s->kernels->lanes, blocks = (c->filters + 2 * lanes - 1) / (2 * lanes);
  const int32_t *starts = job->weights;
  const int8_t *weights = (const int8_t *)(starts + fovea_byte_filters(c->filters));
  long runs[MOST_TAPS] = {0};
  for (int r = 0; r < s->runs && !s->gathers; r++) {
    const int rowOfTaps = s->runs == c->kernelHeight ? r : r / c->kernelWidth, column = s->runs == c->kernelHeight ? 0 : r % c->kernelWidth;
    runs[r] = (rowOfTaps * (long)c->dilationHeight * s->rowWidth + column * (long)c->dilationWidth) * s->inPitch;
  }
  for (int b = fovea_part(blocks, part, s->parts); b < fovea_part(blocks, part + 1, s->parts); b++) {
    fovea_byte_row row = {
        .runs = runs, .runCount = s->runs, .groups = (int)(s->run / s->kernels->group), .starts = starts,
        .weights = weights + (long)b * 2 * lanes * s->runs * s->run, .vectors = fovea_byte_block(s, c->filters, b * 2 * lanes),
        .filter = b * 2 * lanes, .filters = c->filters, .pitch = job->result->bytes ? s->outPitch : c->filters,
        .result = job->result};
    if (s->gathers) {
      row.x = scratch, row.step = s->inPitch, row.count = (int)count, row.pixel = first;
      s->kernels->row(&row);
      continue;
    }
    for (long r = 0; r < count; r++) {
      row.x = scratch + r * c->strideHeight * s->rowWidth * s->inPitch * s->element;
      row.step = c->strideWidth * s->inPitch, row.count = c->outputWidth;
      row.pixel = (example * c->outputHeight + first + r) * c->outputWidth;
      s->kernels->row(&row);
    }
  }
}

static void depthwise(const job *job, long example, long first, long count, const uint8_t *scratch) {
  const fovea_byte_convolution *c = job->c;
  const fovea_byte_shape *s = &job->s;
  const int32_t *starts = job->weights;
  // An odd number of taps has the last one twice, whose second weight is zero.
  long taps[MOST_TAPS + 1];
  int count_ = 0;
  for (int u = 0; u < c->kernelHeight; u++) {
    for (int v = 0; v < c->kernelWidth; v++) {
      taps[count_++] = (u * (long)c->dilationHeight * s->rowWidth + v * (long)c->dilationWidth) * s->inPitch;
    }
  }
  taps[count_] = taps[count_ - 1];
  for (long r = 0; r < count; r++) {
    const fovea_byte_depthwise_row row = {
        .x = scratch + r * c->strideHeight * s->rowWidth * s->inPitch, .taps = taps, .tapCount = count_,
        .tapsInRow = c->kernelWidth, .tapStep = c->dilationWidth * s->inPitch,
        .step = c->strideWidth * s->inPitch, .count = c->outputWidth,
        .weights = (const int16_t *)(starts + fovea_byte_filters(c->filters)), .starts = starts,
        .channels = (c->filters + 7) / 8 * 8, .filters = c->filters,
        .pixel = (example * c->outputHeight + first + r) * c->outputWidth,
        .pitch = job->result->bytes ? s->outPitch : c->filters, .result = job->result};
    s->kernels->depthwise(&row);
  }
}

static void work(void *context, int thread) {
  job *job = context;
  const fovea_byte_convolution *c = job->c;
  const fovea_byte_shape *s = &job->s;
  uint8_t *scratch = job->scratch + (size_t)thread * s->scratch;
  for (int number; (number = atomic_fetch_add(&job->next, 1)) < s->units * s->parts;) {
    const int unit = number / s->parts;
    const long example = s->gathers ? 0 : unit / s->strips, first = (long)(s->gathers ? unit : unit % s->strips) * s->perStrip;
    const long all = s->gathers ? c->batch * s->pixels : c->outputHeight;
    const long count = all - first < s->perStrip ? all - first : s->perStrip;
    if (s->gathers) {
      gather(job, first, count, scratch);
    } else {
      pad(job, example, first, count, scratch);
    }
    if (c->isDepthwise) {
      depthwise(job, example, first, count, scratch);
    } else {
      convolve(job, example, first, count, number % s->parts, scratch);
    }
  }
}

void fovea_byte_convolve(const fovea_byte_convolution *c, int instructions, const uint8_t *x, const void *weights,
                         const fovea_byte_result *result, void *scratch) {
  job job = {.c = c, .s = fovea_byte_shape_of(c, instructions), .x = x, .weights = weights, .result = result,
             .scratch = scratch};
  const int jobs = job.s.units * job.s.parts;
  fovea_parallel(job.s.threads < jobs ? job.s.threads : jobs, work, &job);
}
