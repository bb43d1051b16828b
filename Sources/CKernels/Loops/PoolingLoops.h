// The loops of fovea_pooling_kernels. The including file defines LANES.

TARGET static void maximumOfRow(const fovea_pooled_row *row, const float *x, float *y) {
  for (int j = 0; j < row->outputWidth; j++, y += row->lanes) {
    const int first = row->first + j * row->stride, last = first + row->window;
    const int begin = first < 0 ? 0 : first, end = last > row->width ? row->width : last;
    for (int l = 0; l < row->lanes; l += LANES) {
      vector largest = SPLAT(vector, -INFINITY);
      for (int i = 0; i < row->rows; i++) {
        for (int k = begin; k < end; k++) {
          const vector value = *(const loose *)(x + i * row->row + (long)k * row->lanes + l);
          largest = SELECT(value > largest, value, largest);
        }
      }
      *(loose *)(y + l) = largest;
    }
  }
}

static const fovea_pooling_kernels poolingKernels = {.maximum = maximumOfRow};
