// fovea_winograd_kernels.
#include "Check.h"

static void compareTiles(tested *t, int channels, int lanes, int firstRow, int endRow, int firstColumn, int endColumn) {
  const int width = 9, height = 8;
  const long plane = (long)width * height;
  const fovea_winograd_tile tile = {.row = width * lanes, .pixel = lanes, .block = plane * lanes, .lanes = lanes,
                                    .firstRow = firstRow, .endRow = endRow, .firstColumn = firstColumn, .endColumn = endColumn};
  const long pitch = channels + 16;
  float *x = draw(plane * channels), *to[2];
  for (int side = 0; side < 2; side++) {
    to[side] = room(WINOGRAD_POSITIONS * pitch);
    (side ? fovea_portable_kernels.winograd : t->set->winograd)->spread(&tile, x, channels, to[side], pitch);
  }
  compare(t, "spread", WINOGRAD_POSITIONS * pitch, to[0], to[1], 100);
}

static void compareProducts(tested *t, int groups, int channels) {
  const int tiles = groups * t->set->winograd->tiles, pitch = WINOGRAD_PANEL + 5;
  float *v = draw((long)tiles * channels), *u = draw((long)channels * WINOGRAD_PANEL), *m[2];
  for (int side = 0; side < 2; side++) {
    m[side] = room((long)tiles * pitch);
    // A multiple of the portable set's, too.
    (side ? fovea_portable_kernels.winograd : t->set->winograd)->multiply(v, tiles, channels, u, m[side], pitch);
  }
  compare(t, "multiply", (long)tiles * pitch, m[0], m[1], (float)channels);
}

static void compareOutputs(tested *t, int filters, int lanes, int rows, int columns, bool adds, bool rectifies, bool hasBias) {
  const int width = 6, height = 5;
  const long plane = (long)width * height, pitch = filters + 16;
  const fovea_winograd_tile tile = {
      .row = width * lanes, .pixel = lanes, .block = plane * lanes, .lanes = lanes, .endRow = rows, .endColumn = columns};
  float *m = draw(WINOGRAD_POSITIONS * pitch), *bias = draw(filters), *before = draw(plane * filters), *y[2];
  for (int side = 0; side < 2; side++) {
    y[side] = copyOf(before, plane * filters);
    (side ? fovea_portable_kernels.winograd : t->set->winograd)
        ->gather(&tile, m, pitch, filters, hasBias ? bias : NULL, adds, rectifies, y[side]);
  }
  compare(t, "gather", plane * filters, y[0], y[1], 200);
}

void compareWinogradFunctions(tested *t) {
  const int lanes[] = {16, 32};
  for (int i = 0; i < 2; i++) {
    compareTiles(t, 32, lanes[i], 0, 6, 0, 6);
    compareTiles(t, 64, lanes[i], 1, 6, 2, 5);
    compareTiles(t, 32, lanes[i], 0, 3, 1, 6);
    compareTiles(t, 32, lanes[i], 0, 0, 0, 0);
    for (int options = 0; options < 8; options++) {
      compareOutputs(t, 32, lanes[i], 4, 4, options & 1, options & 2, options & 4);
      compareOutputs(t, 64, lanes[i], 1 + options % 4, 4 - options % 3, options & 1, options & 2, options & 4);
    }
  }
  for (int groups = 1; groups < 4; groups++) {
    compareProducts(t, groups, 16);
    compareProducts(t, groups, 48);
  }
  t->functions += 3;
}
