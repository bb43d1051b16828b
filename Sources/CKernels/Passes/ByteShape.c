#include "ByteShape.h"

#include <string.h>

// What a core's second cache has room for, beside the weights that meet it.
enum { STRIP_BYTES = 96 << 10 };
// With fewer products, one thread is done before another would be awake.
enum { FEWEST_PRODUCTS = 1 << 21 };

const fovea_byte_kernels *fovea_byte_kernels_of(int instructions, bool hasSmallWeights) {
  switch (instructions) {
#if defined(__x86_64__)
    case FOVEA_KERNELS_AVX512:
      if (__builtin_cpu_supports("avx512vnni")) return &fovea_vnni_bytes;
      return hasSmallWeights ? &fovea_avx2_small_bytes : &fovea_avx2_bytes;
    case FOVEA_KERNELS_AVX2: return hasSmallWeights ? &fovea_avx2_small_bytes : &fovea_avx2_bytes;
#elif defined(__aarch64__)
    case FOVEA_KERNELS_NEON: return &fovea_neon_bytes;
#endif
    default: return &fovea_portable_bytes;
  }
}

const char *fovea_byte_kernel_name(const fovea_byte_convolution *c, int instructions) {
  return fovea_byte_kernels_of(instructions, c->hasSmallWeights && !c->isDepthwise)->name;
}

static long atMost(long value, long most) { return value < most ? value : most; }
static long atLeast(long value, long least) { return value > least ? value : least; }
static long parts(long count, long size) { return (count + size - 1) / size; }

fovea_byte_shape fovea_byte_shape_of(const fovea_byte_convolution *c, int instructions) {
  fovea_byte_shape s = {.kernels = fovea_byte_kernels_of(instructions, c->hasSmallWeights && !c->isDepthwise)};
  s.inPitch = fovea_byte_pitch(c->channels);
  s.outPitch = fovea_byte_pitch(c->filters);
  s.pixels = (long)c->outputHeight * c->outputWidth;
  const bool isPixel = c->kernelHeight == 1 && c->kernelWidth == 1 && c->top == 0 && c->left == 0;
  // What lies right of and below the maps counts, too.
  s.gathers = isPixel && !c->isDepthwise && (c->outputHeight - 1) * (long)c->strideHeight < c->height &&
              (c->outputWidth - 1) * (long)c->strideWidth < c->width;
  const bool isOneRun = c->dilationWidth == 1;
  s.runs = isOneRun ? c->kernelHeight : c->kernelHeight * c->kernelWidth;
  s.run = (isOneRun ? c->kernelWidth : 1) * s.inPitch;
  s.element = c->isDepthwise || s.kernels->group == 4 ? 1 : 2;
  s.rowWidth = s.gathers ? 1 : (c->outputWidth - 1) * (long)c->strideWidth + (c->kernelWidth - 1) * (long)c->dilationWidth + 1;

  const double products = (double)c->batch * (double)s.pixels * c->filters * (double)(c->isDepthwise ? 1 : c->channels) *
                          c->kernelHeight * c->kernelWidth;
  s.threads = products < FEWEST_PRODUCTS ? 1 : (int)atLeast(c->threads, 1);
  const long count = s.gathers ? c->batch * s.pixels : c->outputHeight, bytes = s.rowWidth * s.inPitch * s.element;
  const long around = s.gathers ? 0 : (c->kernelHeight - 1) * (long)c->dilationHeight + 1 - c->strideHeight;
  long perStrip = s.gathers ? STRIP_BYTES / bytes : (STRIP_BYTES / bytes - around) / c->strideHeight;
  perStrip = atMost(atLeast(perStrip, s.gathers ? 24 : 1), count);
  long strips = parts(count, perStrip);
  const long others = s.gathers ? 1 : c->batch;
  // As many for each thread, where there are several.
  if (strips > 1 || c->isDepthwise) strips = atMost(parts(strips * others, s.threads) * s.threads / others, count);
  if (strips < 1) strips = 1;
  s.perStrip = (int)parts(count, strips);
  s.strips = (int)parts(count, s.perStrip);
  s.units = (int)(s.strips * others);
  s.parts = s.units < s.threads && !c->isDepthwise ? s.threads : 1;
  s.parts = (int)atMost(s.parts, parts(c->filters, 2 * s.kernels->lanes));
  const long rows = s.gathers ? s.perStrip : (s.perStrip - 1) * (long)c->strideHeight + (c->kernelHeight - 1) * (long)c->dilationHeight + 1;
  // Whole vectors are read behind the last number.
  s.scratch = (size_t)((rows * bytes + 64 + 63) / 64 * 64);
  return s;
}

size_t fovea_byte_scratch_size(const fovea_byte_convolution *c, int instructions) {
  const fovea_byte_shape s = fovea_byte_shape_of(c, instructions);
  return s.scratch * (size_t)s.threads;
}

// Weights: for each filter what its sums begin with, then the weights.
static int taps(const fovea_byte_convolution *c) { return c->kernelHeight * c->kernelWidth; }
static int tapGroups(const fovea_byte_convolution *c, const fovea_byte_shape *s) {
  return (int)parts(taps(c), s->kernels->depthwiseGroup);
}

size_t fovea_byte_weights_size(const fovea_byte_convolution *c, int instructions) {
  const fovea_byte_shape s = fovea_byte_shape_of(c, instructions);
  const size_t filters = (size_t)fovea_byte_filters(c->filters), starts = filters * sizeof(int32_t);
  if (c->isDepthwise) return starts + filters * (size_t)tapGroups(c, &s) * (size_t)s.kernels->depthwiseGroup * sizeof(int16_t);
  return starts + filters * (size_t)s.runs * (size_t)s.run;
}

static void arrangeDepthwise(const fovea_byte_convolution *c, const fovea_byte_shape *s, const int8_t *weights, int16_t *to) {
  const int group = s->kernels->depthwiseGroup, groups = tapGroups(c, s);
  for (long f = 0; f < c->filters; f++) {
    int16_t *block = to + f / 8 * 8 * groups * group + f % 8 * group;
    for (int t = 0; t < taps(c); t++) block[t / group * 8 * group + t % group] = weights[f * taps(c) + t];
  }
}

static void arrange(const fovea_byte_convolution *c, const fovea_byte_shape *s, const int8_t *weights, int8_t *to) {
  const int lanes = s->kernels->lanes, group = s->kernels->group;
  for (int first = 0, vectors; first < c->filters; first += vectors * lanes) {
    vectors = fovea_byte_block(s, c->filters, first);
    for (int r = 0; r < s->runs; r++) {
      for (long k = 0; k < s->run; k += group) {
        for (int lane = 0; lane < vectors * lanes; lane++) {
          for (int i = 0; i < group; i++, to++) {
            const long channel = (k + i) % s->inPitch, tap = s->run / s->inPitch * r + (k + i) / s->inPitch;
            const bool isThere = first + lane < c->filters && channel < c->channels;
            *to = isThere ? weights[((long)(first + lane) * c->channels + channel) * taps(c) + tap] : 0;
          }
        }
      }
    }
  }
}

void fovea_byte_weights_arrange(const fovea_byte_convolution *c, int instructions, const int8_t *weights, void *to) {
  const fovea_byte_shape s = fovea_byte_shape_of(c, instructions);
  const long filters = fovea_byte_filters(c->filters), each = (long)(c->isDepthwise ? 1 : c->channels) * taps(c);
  memset(to, 0, fovea_byte_weights_size(c, instructions));
  int32_t *starts = to;
  for (long f = 0; f < c->filters; f++) {
    int32_t sum = 0;
    for (long k = 0; k < each; k++) sum += weights[f * each + k];
    starts[f] = -sum * c->zero;
  }
  if (c->isDepthwise) {
    arrangeDepthwise(c, &s, weights, (int16_t *)(starts + filters));
  } else {
    arrange(c, &s, weights, (int8_t *)(starts + filters));
  }
}
