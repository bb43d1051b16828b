// fovea_pooling_kernels.
#include "Check.h"

static void compareRows(tested *t, int rows, int lanes, int width, int window, int stride, int first, int outputWidth) {
  const fovea_pooled_row row = {.rows = rows, .row = (long)width * lanes + 7, .width = width, .lanes = lanes,
                                .outputWidth = outputWidth, .window = window, .stride = stride, .first = first};
  float *x = draw(rows * row.row), *y[2];
  x[lanes / 2] = NAN;
  for (int side = 0; side < 2; side++) {
    y[side] = room((long)outputWidth * lanes);
    (side ? fovea_portable_kernels.pooling : t->set->pooling)->maximum(&row, x, y[side]);
  }
  compare(t, "maximum", (long)outputWidth * lanes, y[0], y[1], 0);
}

void comparePoolingFunctions(tested *t) {
  for (int lanes = 16; lanes <= 48; lanes += 16) {
    compareRows(t, 2, lanes, 10, 2, 2, 0, 5);
    compareRows(t, 3, lanes, 9, 3, 2, -1, 5);
    compareRows(t, 1, lanes, 4, 4, 1, -2, 4);
  }
  t->functions++;
}
