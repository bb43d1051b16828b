// fovea_plane_kernels.
#include "Check.h"

static long roundedUp(long value, long to) { return (value + to - 1) / to * to; }

static float sumOfLanes(const float *x, int lanes) {
  float sum = 0;
  for (int lane = 0; lane < lanes; lane++) sum += x[lane];
  return sum;
}

static void compareConvolution(tested *t, int filters, int channels, int width, int kernelWidth, int kernelHeight) {
  const fovea_plane_kernels *k = t->set->planes, *portable = fovea_portable_kernels.planes;
  const int height = kernelHeight + 4;
  fovea_plane p = {channels, width, filters, kernelHeight, kernelWidth, height - kernelHeight + 1, width - kernelWidth + 1,
                   (long)height * width, (long)channels * kernelHeight * kernelWidth, 0};
  p.positions = roundedUp((long)(p.outputHeight - 1) * width + p.outputWidth, 64);
  const long maps = filters * p.positions, outputs = (long)filters * p.outputHeight * p.outputWidth;
  const long weights = filters * p.filterSize;
  float *x = draw(channels * p.inputPlane + 256), *w = draw(weights), *bias = draw(filters);
  float *got = room(maps), *expected = room(maps), *y = room(outputs), *yExpected = room(outputs);
  k->correlate(&p, x, w, got);
  portable->correlate(&p, x, w, expected);
  compare(t, "correlate", maps, got, expected, (float)p.filterSize);
  k->gather(&p, expected, bias, y);
  portable->gather(&p, expected, bias, yExpected);
  compare(t, "gather", outputs, y, yExpected, 0);

  float *g = draw(outputs), *sums = draw(filters), *sumsExpected = copyOf(sums, filters);
  memset(got, 0, (size_t)maps * sizeof(float));
  memset(expected, 0, (size_t)maps * sizeof(float));
  k->spread(&p, g, got, sums);
  portable->spread(&p, g, expected, sumsExpected);
  compare(t, "spread", maps, got, expected, 0);
  compare(t, "spread: sums", filters, sums, sumsExpected, (float)(p.outputHeight * p.outputWidth));

  float *products = room(weights * k->lanes), *portableProducts = room(weights * portable->lanes);
  k->products(&p, x, expected, filters / 2, filters, products);
  portable->products(&p, x, expected, filters / 2, filters, portableProducts);
  float *byWeight = room(weights), *byWeightExpected = room(weights);
  for (long i = 0; i < weights; i++) {
    byWeight[i] = sumOfLanes(products + i * k->lanes, k->lanes);
    byWeightExpected[i] = sumOfLanes(portableProducts + i * portable->lanes, portable->lanes);
  }
  compare(t, "products", weights, byWeight, byWeightExpected, (float)p.positions);
}

static void compareConnected(tested *t, int width, int kernelWidth, int kernelHeight, int filters) {
  const fovea_plane_kernels *k = t->set->planes, *portable = fovea_portable_kernels.planes;
  enum { MAPS = 3 };
  const int height = kernelHeight + 3, outputHeight = 4, outputWidth = width - kernelWidth + 1;
  const long plane = (long)width * height, pitch = roundedUp(filters, 16), area = (long)kernelHeight * kernelWidth;
  const fovea_connected_plane p = {kernelHeight, kernelWidth, width,
                                   outputHeight, outputWidth, width,
                                   1,            roundedUp((long)(outputHeight - 1) * width + outputWidth, 16),
                                   plane,        pitch};
  float *x = draw(MAPS * plane + 64), *w = draw(2 * MAPS * area);
  const fovea_seen_map seen[MAPS] = {
      {x, {w, w + area}}, {x + plane, {w + 2 * area, NULL}}, {x + 2 * plane, {NULL, w + 3 * area}}};
  float *got = room(2 * p.positions), *expected = room(2 * p.positions);
  for (int isPair = 0; isPair < 2; isPair++) {
    float *const out[2] = {got, isPair ? got + p.positions : NULL};
    float *const outExpected[2] = {expected, isPair ? expected + p.positions : NULL};
    k->correlatePair(&p, seen, MAPS, out);
    portable->correlatePair(&p, seen, MAPS, outExpected);
    compare(t, "correlatePair", 2 * p.positions, got, expected, (float)(MAPS * area));
  }
  const long sums = MAPS * area * pitch;
  float *g = draw((long)outputHeight * outputWidth * pitch), *byWeight = draw(sums), *byWeightExpected = copyOf(byWeight, sums);
  k->filterProducts(&p, x, g, 0, MAPS, byWeight);
  portable->filterProducts(&p, x, g, 0, MAPS, byWeightExpected);
  compare(t, "filterProducts", sums, byWeight, byWeightExpected, (float)(outputHeight * outputWidth));
}

static void compareSquash(tested *t, long count) {
  const fovea_plane_kernels *k = t->set->planes, *portable = fovea_portable_kernels.planes;
  float *x = draw(count), *gradient = draw(count), *got = room(count), *expected = room(count);
  for (long i = 0; i < count; i++) x[i] *= (float)(1 << i % 5);
  x[0] = count % 2 ? NAN : INFINITY;
  k->squash(count, 1.7159f, 2.0f / 3, x, got);
  portable->squash(count, 1.7159f, 2.0f / 3, x, expected);
  compare(t, "squash", count, got, expected, 1);
  float *byInput = room(count), *byInputExpected = room(count);
  k->squashGradient(count, 1.7159f, 2.0f / 3, expected, gradient, byInput);
  portable->squashGradient(count, 1.7159f, 2.0f / 3, expected, gradient, byInputExpected);
  compare(t, "squashGradient", count, byInput, byInputExpected, 1);
}

static void compareSubsampling(tested *t, int width, int height, int window, int stride) {
  const fovea_plane_kernels *k = t->set->planes, *portable = fovea_portable_kernels.planes;
  const fovea_subsampling s = {1,      1,      height, width, window, window, stride, stride, (height - window) / stride + 1,
                               (width - window) / stride + 1, 1};
  const long inputs = (long)width * height, outputs = (long)s.outputHeight * s.outputWidth;
  float *x = draw(inputs), *gradient = draw(outputs), *got = room(outputs), *expected = room(outputs);
  k->subsample(&s, x, 0.5f, 0.125f, got);
  portable->subsample(&s, x, 0.5f, 0.125f, expected);
  compare(t, "subsample", outputs, got, expected, (float)(window * window));
  for (int squares = 0; squares < 2; squares++) {
    float *byInput = room(inputs), *byInputExpected = room(inputs), sums[2] = {1, 2}, sumsExpected[2] = {1, 2};
    k->subsampleBackward(&s, squares, x, gradient, 0.5f, byInput, &sums[0], &sums[1]);
    portable->subsampleBackward(&s, squares, x, gradient, 0.5f, byInputExpected, &sumsExpected[0], &sumsExpected[1]);
    compare(t, "subsampleBackward", inputs, byInput, byInputExpected, (float)(window * window));
    compare(t, "subsampleBackward: sums", 2, sums, sumsExpected, 16.0f * outputs);
  }
}

void comparePlaneFunctions(tested *t) {
  for (int filters = 1; filters <= 8; filters++) {
    for (int kernel = 1; kernel <= 7; kernel++) {
      compareConvolution(t, filters, 1 + kernel % 2, 7 + filters * 3, kernel, 1 + (filters + kernel) % 5);
      compareConnected(t, 7 + filters * 5, kernel, 1 + (filters + kernel) % 5, filters * 3);
    }
  }
  const int widths[] = {2, 3, 7, 8, 9, 15, 17, 28, 33, 300, 601};
  for (unsigned i = 0; i < sizeof widths / sizeof *widths; i++) {
    compareSquash(t, widths[i]);
    compareSubsampling(t, widths[i], 2 + (int)i, 2, 2);
    compareSubsampling(t, widths[i] + 2, 5, 3, 1 + (int)i % 3);
  }
  t->functions += 10;
}
