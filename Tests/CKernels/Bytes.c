// The convolutions of bytes, beside loops that add up whole numbers one by one: with the largest numbers that there are, too,
// whose products in pairs have no room in 16 bits.
#include "Bytes.h"
#include "Check.h"

static int number(int count) { return (int)((drawn() * 0.5f + 0.5f) * (float)count) % count; }

typedef struct {
  fovea_byte_convolution c;
  bool largest, adds, floats, ends, small;
} tested_bytes;

static void *memoryFor(size_t bytes) { return room((long)bytes / 4 + 64); }

static int sumAt(const tested_bytes *b, const uint8_t *x, const int8_t *w, int n, int f, int i, int j) {
  const fovea_byte_convolution *c = &b->c;
  const int channels = c->isDepthwise ? 1 : c->channels;
  const long pitch = fovea_byte_pitch(c->channels);
  int sum = 0;
  for (int k = 0; k < channels; k++) {
    for (int u = 0; u < c->kernelHeight; u++) {
      for (int v = 0; v < c->kernelWidth; v++) {
        const int y = i * c->strideHeight + u * c->dilationHeight - c->top, z = j * c->strideWidth + v * c->dilationWidth - c->left;
        const bool isInside = y >= 0 && z >= 0 && y < c->height && z < c->width;
        const int q = isInside ? x[(((long)n * c->height + y) * c->width + z) * pitch + (c->isDepthwise ? f : k)] : c->zero;
        sum += (q - c->zero) * w[(((long)f * channels + k) * c->kernelHeight + u) * c->kernelWidth + v];
      }
    }
  }
  return sum;
}

static float expectedAt(const tested_bytes *b, const fovea_byte_result *r, int sum, int f, long place) {
  // Each step is rounded: what the compiler puts together is not.
  volatile float y = (float)sum * r->factors[f];
  y = y + r->offsets[f];
  if (r->addend) {
    volatile float more = (float)r->addend[place] * r->addendFactor;
    y = y + more;
  }
  const float low = y > r->lower ? y : r->lower, cut = low < r->upper ? low : r->upper;
  return b->floats ? cut : (float)(uint8_t)lrintf(cut);
}

static void compareOne(tested *t, const tested_bytes *b) {
  const fovea_byte_convolution *c = &b->c;
  const long inPitch = fovea_byte_pitch(c->channels), pixels = (long)c->batch * c->outputHeight * c->outputWidth;
  const long outPitch = b->floats ? c->filters : fovea_byte_pitch(c->filters);
  const long inputs = (long)c->batch * c->height * c->width * inPitch;
  const long weights = (long)c->filters * (c->isDepthwise ? 1 : c->channels) * c->kernelHeight * c->kernelWidth;
  uint8_t *x = memoryFor((size_t)inputs + 64), *addend = memoryFor((size_t)(pixels * outPitch) + 64);
  int8_t *w = memoryFor((size_t)weights);
  for (long i = 0; i < inputs + 64; i++) x[i] = b->largest ? 255 : (uint8_t)number(256);
  const int most = b->small ? 64 : 127;
  for (long i = 0; i < weights; i++) w[i] = (int8_t)(b->largest ? (i / 3 % 2 ? -most : most) : number(2 * most + 1) - most);
  for (long i = 0; i < pixels * outPitch + 64; i++) addend[i] = (uint8_t)number(256);
  float *factors = room(fovea_byte_filters(c->filters)), *offsets = room(fovea_byte_filters(c->filters));
  for (int f = 0; f < c->filters; f++) {
    factors[f] = b->largest ? 1e-5f : (2 + drawn()) * 2e-4f;
    offsets[f] = 100 + 50 * drawn();
  }
  uint8_t *bytes = memoryFor((size_t)(pixels * outPitch) + 64);
  float *floats = room(pixels * outPitch), *got = room(pixels * c->filters), *expected = room(pixels * c->filters);
  const fovea_byte_result result = {.factors = factors, .offsets = offsets, .lower = b->floats ? -1e9f : b->ends ? 0.2f : 3,
                                    .upper = b->floats ? 1e9f : b->ends ? 254.8f : 251, .endsAsBytes = b->ends, .addendFactor = 0.3f, .addend = b->adds ? addend : NULL,
                                    .bytes = b->floats ? NULL : bytes, .floats = b->floats ? floats : NULL};
  const int set = (int)t->instructions;
  void *arranged = memoryFor(fovea_byte_weights_size(c, set)), *scratch = memoryFor(fovea_byte_scratch_size(c, set));
  fovea_byte_weights_arrange(c, set, w, arranged);
  fovea_byte_convolve(c, set, x, arranged, &result, scratch);
  for (long p = 0; p < pixels; p++) {
    const int n = (int)(p / ((long)c->outputHeight * c->outputWidth)), i = (int)(p / c->outputWidth % c->outputHeight);
    for (int f = 0; f < c->filters; f++) {
      const long place = p * outPitch + f;
      got[p * c->filters + f] = b->floats ? floats[place] : (float)bytes[place];
      expected[p * c->filters + f] = expectedAt(b, &result, sumAt(b, x, w, n, f, i, (int)(p % c->outputWidth)), f, place);
    }
  }
  compare(t, c->isDepthwise ? "depthwise of bytes" : "convolution of bytes", pixels * c->filters, got, expected, 0);
}

void compareByteFunctions(tested *t) {
  // Examples, channels, height, width, filters, kernel, stride, dilation, padding, depthwise.
  static const int cases[][11] = {
      {2, 3, 9, 11, 5, 3, 3, 1, 1, 1, 0},    {1, 8, 7, 7, 16, 1, 1, 1, 1, 0, 0},     {3, 24, 9, 8, 40, 1, 1, 2, 1, 0, 0},
      {1, 13, 15, 17, 25, 5, 3, 2, 2, 3, 0}, {1, 200, 13, 10, 70, 3, 3, 1, 1, 1, 0}, {2, 16, 9, 11, 16, 3, 3, 1, 1, 1, 1},
      {2, 24, 19, 11, 24, 3, 3, 2, 1, 1, 1}, {1, 3, 19, 11, 3, 5, 5, 1, 2, 4, 1},    {5, 100, 1, 1, 10, 1, 1, 1, 1, 0, 0},
      {1, 520, 9, 7, 33, 1, 1, 1, 1, 0, 0},
  };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int *k = cases[i];
    for (int way = 0; way < 16; way++) {
      tested_bytes b = {.c = {.batch = k[0], .channels = k[1], .height = k[2], .width = k[3], .filters = k[4],
                              .kernelHeight = k[5], .kernelWidth = k[6], .strideHeight = k[7], .strideWidth = k[7],
                              .dilationHeight = k[8], .dilationWidth = k[8], .top = k[9], .left = k[9],
                              .isDepthwise = k[10], .zero = way & 4 ? 128 : 0, .threads = 1 + (way & 1), .hasSmallWeights = way > 7},
                        .small = way > 7, .largest = way % 8 == 0 || way % 8 == 7, .adds = way & 2, .floats = way % 3 == 2, .ends = way % 4 == 0 || way % 8 == 3};
      b.c.outputHeight = (k[2] + 2 * k[9] - (k[5] - 1) * k[8] - 1) / k[7] + 1;
      b.c.outputWidth = (k[3] + 2 * k[9] - (k[6] - 1) * k[8] - 1) / k[7] + 1;
      compareOne(t, &b);
    }
  }
  t->functions += 2;
}
