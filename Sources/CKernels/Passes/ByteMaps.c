#include <string.h>

#include "Bytes.h"
#include "Parallel.h"

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

// With fewer bytes, one thread is done before another would be awake.
enum { FEWEST_BYTES = 1 << 18 };
// Pixels that are worked on at a time, so that what is spread over channels stays in the first cache.
enum { TILE = 64 };

typedef struct {
  const fovea_byte_maps *m;
  const fovea_byte_pooling *p;
  float factor, zero;
  const float *floats;
  float *toFloats;
  const uint8_t *bytes;
  uint8_t *toBytes;
  int parts;
} job;

static int partsOf(int threads, long bytes, long count) { return bytes < FEWEST_BYTES ? 1 : fovea_parts(threads, (int)(count < 1024 ? count : 1024)); }

// As Loops/ByteResults.h rounds.
static inline uint8_t rounded(float y) {
  y = y > 0 ? y : 0;
  y = y < 255 ? y : 255;
  y = y + 12582912.0f;
  uint32_t bits;
  memcpy(&bits, &y, sizeof bits);
  return (uint8_t)bits;
}

static void fromFloats(const job *job, long example, long first, long count) {
  const fovea_byte_maps *m = job->m;
  const long pitch = fovea_byte_pitch(m->channels);
  const float factor = job->factor, zero = job->zero;
  uint8_t *to = job->toBytes + (example * m->pixels + first) * pitch;
  if (m->lanes == 0) {
    const float *from = job->floats + (example * m->pixels + first) * m->channels;
    for (long p = 0; p < count; p++) {
      for (long c = 0; c < m->channels; c++) to[p * pitch + c] = rounded(from[p * m->channels + c] * factor + zero);
      for (long c = m->channels; c < pitch; c++) to[p * pitch + c] = 0;
    }
    return;
  }
  const long lanes = m->lanes, blocks = (m->channels + lanes - 1) / lanes;
  if (m->channels < pitch) memset(to, 0, (size_t)(count * pitch));
  for (long b = 0; b < blocks; b++) {
    const float *from = job->floats + ((example * blocks + b) * m->pixels + first) * lanes;
    const long some = pitch - b * lanes < lanes ? pitch - b * lanes : lanes;
    uint8_t *block = to + b * lanes;
    if (lanes == 8 && some == 8) {
      for (long p = 0; p < count; p++) {
        for (int l = 0; l < 8; l++) block[p * pitch + l] = rounded(from[p * 8 + l] * factor + zero);
      }
    } else {
      for (long p = 0; p < count; p++) {
        for (long l = 0; l < some; l++) block[p * pitch + l] = rounded(from[p * lanes + l] * factor + zero);
      }
    }
  }
}

static void toFloats(const job *job, long example, long first, long count) {
  const fovea_byte_maps *m = job->m;
  const long pitch = fovea_byte_pitch(m->channels);
  const uint8_t *from = job->bytes + (example * m->pixels + first) * pitch;
  float *to = job->toFloats + example * m->channels * m->pixels + first;
  for (long c = 0; c < m->channels; c++) {
    for (long p = 0; p < count; p++) to[c * m->pixels + p] = ((float)from[p * pitch + c] - job->zero) * job->factor;
  }
}

static void mapsPart(void *context, int part) {
  const job *job = context;
  const fovea_byte_maps *m = job->m;
  const long tiles = (m->pixels + TILE - 1) / TILE, all = m->batch * tiles;
  for (long t = all * part / job->parts; t < all * (part + 1) / job->parts; t++) {
    const long first = t % tiles * TILE, count = m->pixels - first < TILE ? m->pixels - first : TILE;
    if (job->toBytes) {
      fromFloats(job, t / tiles, first, count);
    } else {
      toFloats(job, t / tiles, first, count);
    }
  }
}

static void maps(job *job) {
  const fovea_byte_maps *m = job->m;
  const long tiles = (m->pixels + TILE - 1) / TILE * m->batch;
  job->parts = partsOf(m->threads, m->batch * m->pixels * fovea_byte_pitch(m->channels), tiles);
  fovea_parallel(job->parts, mapsPart, job);
}

void fovea_bytes_from_floats(const fovea_byte_maps *m, float scale, uint8_t zero, const float *x, uint8_t *y) {
  job job = {.m = m, .factor = 1 / scale, .zero = zero, .floats = x, .toBytes = y};
  maps(&job);
}

void fovea_floats_from_bytes(const fovea_byte_maps *m, float scale, uint8_t zero, const uint8_t *x, float *y) {
  job job = {.m = m, .factor = scale, .zero = zero, .bytes = x, .toFloats = y};
  maps(&job);
}

static void largest(long count, const uint8_t *x, uint8_t *y) {
  for (long i = 0; i < count; i++) y[i] = y[i] > x[i] ? y[i] : x[i];
}

static void maximumPart(void *context, int part) {
  const job *job = context;
  const fovea_byte_pooling *p = job->p;
  const long pitch = fovea_byte_pitch(p->channels), rows = (long)p->batch * p->outputHeight;
  for (long row = rows * part / job->parts; row < rows * (part + 1) / job->parts; row++) {
    const long example = row / p->outputHeight, i = row % p->outputHeight;
    const uint8_t *from = job->bytes + example * p->height * p->width * pitch;
    uint8_t *to = job->toBytes + row * p->outputWidth * pitch;
    memset(to, 0, (size_t)(p->outputWidth * pitch));
    for (long u = 0; u < p->windowHeight; u++) {
      const long y = i * p->strideHeight + u - p->top;
      if (y < 0 || y >= p->height) continue;
      for (long j = 0; j < p->outputWidth; j++) {
        for (long v = 0; v < p->windowWidth; v++) {
          const long x = j * p->strideWidth + v - p->left;
          if (x >= 0 && x < p->width) largest(pitch, from + (y * p->width + x) * pitch, to + j * pitch);
        }
      }
    }
  }
}

void fovea_byte_maximum(const fovea_byte_pooling *p, const uint8_t *x, uint8_t *y) {
  job job = {.p = p, .bytes = x, .toBytes = y};
  const long rows = (long)p->batch * p->outputHeight;
  job.parts = partsOf(p->threads, rows * p->outputWidth * fovea_byte_pitch(p->channels) * p->windowWidth, rows);
  fovea_parallel(job.parts, maximumPart, &job);
}

void fovea_byte_means(int64_t batch, int64_t area, int64_t channels, uint8_t zero, float factor, const uint8_t *x, float *y) {
  const long pitch = fovea_byte_pitch(channels);
  enum { SOME = 64 };
  for (long n = 0; n < batch; n++, x += area * pitch) {
    for (long first = 0; first < channels; first += SOME) {
      const long count = channels - first < SOME ? channels - first : SOME;
      int64_t sums[SOME] = {0};
      for (long start = 0; start < area; start += 1 << 16) {
        uint32_t part[SOME] = {0};
        const long end = area - start < 1 << 16 ? area : start + (1 << 16);
        for (long p = start; p < end; p++) {
          for (long c = 0; c < count; c++) part[c] += x[p * pitch + first + c];
        }
        for (long c = 0; c < count; c++) sums[c] += part[c];
      }
      for (long c = 0; c < count; c++) y[n * channels + first + c] = (float)(sums[c] - area * zero) * factor;
    }
  }
}
