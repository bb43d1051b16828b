// The inner loops for convolutions of interleaved examples by a connection table, and their subsampling. The tuning file
// defines
//   CONNECTED_COLUMNS   how many columns of a row are computed at once, at most 14
//   CONNECTED_TAP_ROWS  how many rows of a kernel's gradient are summed at once, each of five taps, at most 5

enum { TAPS = 5 };

INLINE void connectedRowTile(const fovea_connected_row *rows, int count, int kernelWidth, const int taps, long tapStep,
                          const int columns, long offset, float start, float *y) {
  vector sums[CONNECTED_COLUMNS];
  UNROLL for (int p = 0; p < columns; p++) sums[p] = SPLAT(vector, start);
  for (int r = 0; r < count; r++) {
    const float *x = rows[r].x + offset, *w = rows[r].w;
    if (taps) {
      UNROLL for (int v = 0; v < taps; v++) {
        const vector weight = SPLAT(vector, w[v * tapStep]);
        UNROLL for (int p = 0; p < columns; p++) sums[p] += weight * *(const vector *)(x + (p + v) * INTERLEAVED);
      }
    } else {
      for (int v = 0; v < kernelWidth; v++, x += INTERLEAVED) {
        const vector weight = SPLAT(vector, w[v * tapStep]);
        UNROLL for (int p = 0; p < columns; p++) sums[p] += weight * *(const vector *)(x + p * INTERLEAVED);
      }
    }
  }
  UNROLL for (int p = 0; p < columns; p++) *(vector *)(y + offset + p * INTERLEAVED) = sums[p];
}

INLINE void connectedRowOf(const fovea_connected_row *rows, int count, int kernelWidth, const int taps, long tapStep,
                        int width, float start, float *y) {
  const int tiles = (width + CONNECTED_COLUMNS - 1) / CONNECTED_COLUMNS;
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    for (int tile = 0; tile < tiles; tile++) {
      const int first = width * tile / tiles, columns = width * (tile + 1) / tiles - first;
      const long offset = (long)first * INTERLEAVED + lane;
      switch (columns) {
#define CASE(n)                                                                                                 \
  case n:                                                                                                       \
    if (n <= CONNECTED_COLUMNS) connectedRowTile(rows, count, kernelWidth, taps, tapStep, n, offset, start, y); \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
#undef CASE
      }
    }
  }
}

TARGET static void connectedRow(const fovea_connected_row *rows, int count, int kernelWidth, long tapStep, int width,
                             float start, float *y) {
  switch (kernelWidth) {
    case 5: connectedRowOf(rows, count, 5, 5, tapStep, width, start, y); break;
    case 3: connectedRowOf(rows, count, 3, 3, tapStep, width, start, y); break;
    default: connectedRowOf(rows, count, kernelWidth, 0, tapStep, width, start, y);
  }
}

INLINE void connectedProductTile(const fovea_connected_maps *m, const float *x, const float *g, const int rows,
                              const int taps, float *sums) {
  const long pitch = (long)m->width * INTERLEAVED, skip = (long)(m->width - m->outputWidth) * INTERLEAVED;
  const long kernelRow = (long)m->kernelWidth * INTERLEAVED;
  vector own[CONNECTED_TAP_ROWS * TAPS];
  UNROLL for (int u = 0; u < rows; u++) {
    UNROLL for (int v = 0; v < taps; v++) {
      own[u * TAPS + v] = *(const vector *)(sums + u * kernelRow + v * INTERLEAVED);
    }
  }
  for (int i = 0; i < m->outputHeight; i++, x += skip) {
    for (int j = 0; j < m->outputWidth; j++, x += INTERLEAVED, g += INTERLEAVED) {
      const vector gradient = *(const vector *)g;
      UNROLL for (int u = 0; u < rows; u++) {
        const float *from = x + u * pitch;
        UNROLL for (int v = 0; v < taps; v++) {
          own[u * TAPS + v] += gradient * *(const vector *)(from + v * INTERLEAVED);
        }
      }
    }
  }
  UNROLL for (int u = 0; u < rows; u++) {
    UNROLL for (int v = 0; v < taps; v++) {
      *(vector *)(sums + u * kernelRow + v * INTERLEAVED) = own[u * TAPS + v];
    }
  }
}

INLINE void connectedProductRows(const fovea_connected_maps *m, const float *x, const float *g, const int rows,
                              float *sums) {
  for (int v = 0; v < m->kernelWidth; v += TAPS) {
    const long offset = (long)v * INTERLEAVED;
    switch (m->kernelWidth - v) {
#define CASE(n) \
  case n: connectedProductTile(m, x + offset, g, rows, n, sums + offset); break;
      CASE(1) CASE(2) CASE(3) CASE(4)
      default: connectedProductTile(m, x + offset, g, rows, TAPS, sums + offset);
#undef CASE
    }
  }
}

TARGET static void connectedProducts(const fovea_connected_maps *m, const float *x, const float *g, float *sums) {
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    for (int u = 0; u < m->kernelHeight; u += CONNECTED_TAP_ROWS) {
      const float *from = x + (long)u * m->width * INTERLEAVED + lane;
      float *to = sums + (long)u * m->kernelWidth * INTERLEAVED + lane;
      switch (m->kernelHeight - u < CONNECTED_TAP_ROWS ? m->kernelHeight - u : CONNECTED_TAP_ROWS) {
#define CASE(n) \
  case n: if (n <= CONNECTED_TAP_ROWS) connectedProductRows(m, from, g + lane, n, to); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#undef CASE
      }
    }
  }
}

TARGET static void addVectors(long count, const float *x, float *sum) {
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    vector sums[4];
    UNROLL for (int i = 0; i < 4; i++) sums[i] = SPLAT(vector, 0.0f);
    long k = 0;
    for (; k + 4 <= count; k += 4) {
      UNROLL for (int i = 0; i < 4; i++) sums[i] += *(const vector *)(x + (k + i) * INTERLEAVED + lane);
    }
    for (; k < count; k++) sums[0] += *(const vector *)(x + k * INTERLEAVED + lane);
    *(vector *)(sum + lane) += (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

INLINE void connectedWindowSum(const fovea_subsampling *s, const float *x, const int height, const int width,
                            vector *sum) {
  *sum = SPLAT(vector, 0.0f);
  for (int u = 0; u < height; u++) {
    for (int v = 0; v < width; v++) *sum += *(const vector *)(x + ((long)u * s->width + v) * INTERLEAVED);
  }
}

INLINE void subsampleGroupOf(const fovea_subsampling *s, const float *x, float coefficient, float bias,
                              const int height, const int width, float *y) {
  for (int i = 0; i < s->outputHeight; i++) {
    for (int j = 0; j < s->outputWidth; j++, y += INTERLEAVED) {
      const float *from = x + ((long)i * s->strideHeight * s->width + (long)j * s->strideWidth) * INTERLEAVED;
      for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
        vector sum;
        connectedWindowSum(s, from + lane, height, width, &sum);
        *(vector *)(y + lane) = SPLAT(vector, coefficient) * sum + SPLAT(vector, bias);
      }
    }
  }
}

TARGET static void subsampleGroup(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y) {
  if (s->windowHeight == 2 && s->windowWidth == 2) {
    subsampleGroupOf(s, x, coefficient, bias, 2, 2, y);
  } else {
    subsampleGroupOf(s, x, coefficient, bias, s->windowHeight, s->windowWidth, y);
  }
}

INLINE void subsampleGroupBackwardOf(const fovea_subsampling *s, bool squares, const float *x, const float *g,
                                      float coefficient, const int height, const int width, float *xGradient,
                                      float *sums) {
  const vector factor = SPLAT(vector, squares ? coefficient * coefficient : coefficient);
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    vector products = *(vector *)(sums + lane), gradients = *(vector *)(sums + INTERLEAVED + lane);
    for (int i = 0; i < s->outputHeight; i++) {
      for (int j = 0; j < s->outputWidth; j++) {
        const long place = ((long)i * s->strideHeight * s->width + (long)j * s->strideWidth) * INTERLEAVED + lane;
        const vector gradient = *(const vector *)(g + ((long)i * s->outputWidth + j) * INTERLEAVED + lane);
        vector sum;
        connectedWindowSum(s, x + place, height, width, &sum);
        gradients += gradient;
        products += gradient * (squares ? sum * sum : sum);
        if (!xGradient) continue;
        const vector part = factor * gradient;
        for (int u = 0; u < height; u++) {
          for (int v = 0; v < width; v++) {
            *(vector *)(xGradient + place + ((long)u * s->width + v) * INTERLEAVED) += part;
          }
        }
      }
    }
    *(vector *)(sums + lane) = products;
    *(vector *)(sums + INTERLEAVED + lane) = gradients;
  }
}

TARGET static void subsampleGroupBackward(const fovea_subsampling *s, bool squares, const float *x, const float *g,
                                           float coefficient, float *xGradient, float *sums) {
  if (s->windowHeight == 2 && s->windowWidth == 2) {
    subsampleGroupBackwardOf(s, squares, x, g, coefficient, 2, 2, xGradient, sums);
  } else {
    subsampleGroupBackwardOf(s, squares, x, g, coefficient, s->windowHeight, s->windowWidth, xGradient, sums);
  }
}

static const fovea_connected_kernels connectedKernels = {connectedRow, connectedProducts, addVectors, subsampleGroup,
                                                        subsampleGroupBackward};

