// fovea_interleaved_kernels and fovea_connected_kernels.
#include "Check.h"

static void compareConvolution(tested *t, int filters, int channels, int kernel, int window, int output) {
  const int side = output * window + kernel - 1, windows = output * output;
  const fovea_interleaved_input input = {
      channels, (long)side * INTERLEAVED, (long)side * side * INTERLEAVED, INTERLEAVED, (long)side * INTERLEAVED,
      kernel,   kernel,                   window,                          window,      output,
      windows,  filters % 2 == 0};
  const long count = (long)filters * windows * INTERLEAVED;
  float *x = draw((long)channels * side * side * INTERLEAVED), *bias = draw(filters);
  float *weights = draw((long)filters * channels * kernel * kernel), *got = room(count), *expected = room(count);
  x[3] = NAN;
  t->set->interleaved->convolve(&input, x, weights, bias, filters, got);
  fovea_portable_kernels.interleaved->convolve(&input, x, weights, bias, filters, expected);
  compare(t, "convolve", count, got, expected, (float)(channels * kernel * kernel));
}

static void compareProduct(tested *t, int groups, int inputs, int outputs) {
  const long count = (long)groups * outputs * INTERLEAVED;
  float *x = draw((long)groups * inputs * INTERLEAVED), *weights = draw((long)inputs * outputs), *bias = draw(outputs);
  float *got = room(count), *expected = room(count);
  t->set->interleaved->multiply(x, groups, weights, outputs % 2 ? bias : NULL, inputs, outputs, outputs % 3 == 0, got);
  fovea_portable_kernels.interleaved->multiply(x, groups, weights, outputs % 2 ? bias : NULL, inputs, outputs,
                                               outputs % 3 == 0, expected);
  compare(t, "multiply", count, got, expected, (float)inputs);
}

static void compareConnected(tested *t, int width, int height, int kernelWidth, int kernelHeight) {
  const fovea_connected_kernels *k = t->set->connected, *portable = fovea_portable_kernels.connected;
  enum { ROWS = 7 };
  const int columns = width - kernelWidth + 1;
  float *x = draw((long)(width + ROWS) * INTERLEAVED * height), *w = draw(ROWS * kernelWidth);
  fovea_connected_row rows[ROWS];
  for (int r = 0; r < ROWS; r++) rows[r] = (fovea_connected_row){x + r * INTERLEAVED, w + r * kernelWidth};
  float *got = room((long)columns * INTERLEAVED), *expected = room((long)columns * INTERLEAVED);
  k->row(rows, ROWS, kernelWidth, 1, columns, 0.25f, got);
  portable->row(rows, ROWS, kernelWidth, 1, columns, 0.25f, expected);
  compare(t, "connected row", (long)columns * INTERLEAVED, got, expected, (float)(ROWS * kernelWidth));

  const fovea_connected_maps maps = {width, height - kernelHeight + 1, columns, kernelHeight, kernelWidth};
  const long sums = (long)kernelHeight * kernelWidth * INTERLEAVED;
  float *g = draw((long)maps.outputHeight * columns * INTERLEAVED);
  got = draw(sums);
  expected = copyOf(got, sums);
  k->products(&maps, x, g, got);
  portable->products(&maps, x, g, expected);
  compare(t, "connected products", sums, got, expected, (float)(maps.outputHeight * columns));

  got = draw(INTERLEAVED);
  expected = copyOf(got, INTERLEAVED);
  k->add(width, x, got);
  portable->add(width, x, expected);
  compare(t, "add", INTERLEAVED, got, expected, (float)width);
}

static void compareSubsampling(tested *t, int width, int height, int window, int stride) {
  const fovea_connected_kernels *k = t->set->connected, *portable = fovea_portable_kernels.connected;
  const fovea_subsampling s = {1,      1,      height, width, window, window, stride, stride, (height - window) / stride + 1,
                               (width - window) / stride + 1, 1};
  const long inputs = (long)width * height * INTERLEAVED, outputs = (long)s.outputHeight * s.outputWidth * INTERLEAVED;
  float *x = draw(inputs), *gradient = draw(outputs), *got = room(outputs), *expected = room(outputs);
  k->subsample(&s, x, 0.5f, 0.125f, got);
  portable->subsample(&s, x, 0.5f, 0.125f, expected);
  compare(t, "interleaved subsample", outputs, got, expected, (float)(window * window));
  for (int squares = 0; squares < 2; squares++) {
    float *byInput = room(inputs), *byInputExpected = room(inputs), *sums = draw(2 * INTERLEAVED);
    float *sumsExpected = copyOf(sums, 2 * INTERLEAVED);
    k->subsampleBackward(&s, squares, x, gradient, 0.5f, byInput, sums);
    portable->subsampleBackward(&s, squares, x, gradient, 0.5f, byInputExpected, sumsExpected);
    compare(t, "interleaved subsampleBackward", inputs, byInput, byInputExpected, (float)(window * window));
    compare(t, "interleaved subsampleBackward: sums", 2 * INTERLEAVED, sums, sumsExpected, 16.0f * outputs);
  }
}

void compareInterleavedFunctions(tested *t) {
  for (int filters = 1; filters <= 13; filters++) {
    compareConvolution(t, filters, 1 + filters % 3, 1 + filters % 5, 1 + filters % 3, 1 + filters % 4);
    compareProduct(t, 1 + filters % 3, filters * 7 - 3, filters * 2 - 1);
  }
  const int widths[] = {3, 5, 9, 14, 19, 33};
  for (unsigned i = 0; i < sizeof widths / sizeof *widths; i++) {
    for (int kernel = 1; kernel <= 7 && kernel <= widths[i]; kernel++) {
      compareConnected(t, widths[i], 9, kernel, 1 + kernel * 3 % 7);
    }
    compareSubsampling(t, widths[i], 7, 2, 2);
    compareSubsampling(t, widths[i], 6, 3, 1 + (int)i % 3);
  }
  t->functions += 7;
}
