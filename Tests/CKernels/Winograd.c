// fovea_winograd_kernels.
#include "Check.h"

static void compareTiles(tested *t, int channels, int lanes, int firstRow, int endRow, int firstColumn, int endColumn, int outputRows,
                         int outputColumns) {
  const int width = 9, height = 8;
  const long plane = (long)width * height;
  const fovea_winograd_tile tile = {.row = width * lanes, .pixel = lanes, .block = plane * lanes, .lanes = lanes,
                                    .firstRow = firstRow, .endRow = endRow, .firstColumn = firstColumn, .endColumn = endColumn,
                                    .outputRows = outputRows, .outputColumns = outputColumns};
  const long pitch = channels + 16;
  float *x = draw(plane * channels), *to[2];
  for (int side = 0; side < 2; side++) {
    to[side] = room(WINOGRAD_POSITIONS * pitch);
    (side ? fovea_portable_kernels.winograd : t->set->winograd)->spread(&tile, x, channels, to[side], pitch);
  }
  compare(t, "spread", WINOGRAD_POSITIONS * pitch, to[0], to[1], 100);
}

static void compareTransforms(tested *t, int channels) {
  const long pitch = channels * WINOGRAD_PANEL + 16;
  float *g = draw((long)channels * 9 * WINOGRAD_PANEL), *u[2];
  for (int side = 0; side < 2; side++) {
    u[side] = room(WINOGRAD_POSITIONS * pitch);
    (side ? fovea_portable_kernels.winograd : t->set->winograd)->transform(g, channels, u[side], pitch);
  }
  compare(t, "transform", WINOGRAD_POSITIONS * pitch, u[0], u[1], 1);
}

static void compareProducts(tested *t, int tiles, int channels, bool adds) {
  const int pitch = WINOGRAD_PANEL + 5, step = channels + 3;
  float *v = draw((long)tiles * step), *u = draw((long)channels * WINOGRAD_PANEL), *before = draw((long)tiles * pitch), *m[2];
  for (int side = 0; side < 2; side++) {
    m[side] = copyOf(before, (long)tiles * pitch);
    (side ? fovea_portable_kernels.winograd : t->set->winograd)->multiply(v, step, tiles, channels, u, adds, m[side], pitch);
  }
  compare(t, "multiply", (long)tiles * pitch, m[0], m[1], (float)channels);
}

static void compareOutputs(tested *t, int filters, int lanes, int rows, int columns, bool adds, bool rectifies, bool hasBias) {
  const int width = 6, height = 5;
  const long plane = (long)width * height, pitch = filters + 16;
  const fovea_winograd_tile tile = {
      .row = width * lanes, .pixel = lanes, .block = plane * lanes, .lanes = lanes, .outputRows = rows, .outputColumns = columns};
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
    compareTiles(t, 32, lanes[i], 0, 6, 0, 6, 4, 4);
    compareTiles(t, 64, lanes[i], 1, 6, 2, 5, 4, 4);
    compareTiles(t, 32, lanes[i], 0, 3, 1, 6, 4, 4);
    compareTiles(t, 32, lanes[i], 0, 0, 0, 0, 4, 4);
    for (int rows = 1; rows <= 4; rows++) {
      for (int columns = 1; columns <= 4; columns++) compareTiles(t, 32, lanes[i], 1, 1 + rows, 0, 6, rows, columns);
    }
    for (int options = 0; options < 8; options++) {
      compareOutputs(t, 32, lanes[i], 4, 4, options & 1, options & 2, options & 4);
      compareOutputs(t, 64, lanes[i], 1 + options % 4, 4 - options % 3, options & 1, options & 2, options & 4);
    }
  }
  compareTransforms(t, 1);
  compareTransforms(t, 48);
  // Each rest behind those that are multiplied together.
  for (int tiles = 2; tiles <= 4 * t->set->winograd->tiles; tiles += 2) {
    compareProducts(t, tiles, 16, tiles % 4);
    compareProducts(t, tiles, 48, tiles % 4 == 0);
  }
  t->functions += 4;
}
