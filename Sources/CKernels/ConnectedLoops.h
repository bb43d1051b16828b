// The inner loops of VectorKernels.h for convolutions of interleaved examples by a connection table, written once for all
// instruction sets. The including file defines what VectorLoops.h asks for, and
//   COLUMNS    how many columns of a row are computed at once: 14, 7 or 4
//   TAP_ROWS   how many rows of a kernel's gradient are summed at once, each of five taps: 5, 2 or 1

#define vector NAME(connectedVector)
typedef float vector __attribute__((ext_vector_type(LANES)));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("clang loop unroll(full)")
#define TAPS 5

INLINE void NAME(rowTile)(const fovea_connected_row *rows, int count, int kernelWidth, const int taps, long tapStep,
                          const int columns, long offset, float start, float *y) {
  vector sums[COLUMNS];
  UNROLL for (int p = 0; p < columns; p++) sums[p] = (vector)(start);
  for (int r = 0; r < count; r++) {
    const float *x = rows[r].x + offset, *w = rows[r].w;
    if (taps) {
      UNROLL for (int v = 0; v < taps; v++) {
        const vector weight = (vector)(w[v * tapStep]);
        UNROLL for (int p = 0; p < columns; p++) sums[p] += weight * *(const vector *)(x + (p + v) * INTERLEAVED);
      }
    } else {
      for (int v = 0; v < kernelWidth; v++, x += INTERLEAVED) {
        const vector weight = (vector)(w[v * tapStep]);
        UNROLL for (int p = 0; p < columns; p++) sums[p] += weight * *(const vector *)(x + p * INTERLEAVED);
      }
    }
  }
  UNROLL for (int p = 0; p < columns; p++) *(vector *)(y + offset + p * INTERLEAVED) = sums[p];
}

INLINE void NAME(rowOf)(const fovea_connected_row *rows, int count, int kernelWidth, const int taps, long tapStep,
                        int width, float start, float *y) {
  const int tiles = (width + COLUMNS - 1) / COLUMNS;
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    for (int tile = 0; tile < tiles; tile++) {
      const int first = width * tile / tiles, columns = width * (tile + 1) / tiles - first;
      const long offset = (long)first * INTERLEAVED + lane;
      switch (columns) {
#define CASE(n)                                                                                                 \
  case n:                                                                                                       \
    if (n <= COLUMNS) NAME(rowTile)(rows, count, kernelWidth, taps, tapStep, n, offset, start, y); \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
#undef CASE
      }
    }
  }
}

TARGET static void NAME(connectedRow)(const fovea_connected_row *rows, int count, int kernelWidth, long tapStep, int width,
                             float start, float *y) {
  switch (kernelWidth) {
    case 5: NAME(rowOf)(rows, count, 5, 5, tapStep, width, start, y); break;
    case 3: NAME(rowOf)(rows, count, 3, 3, tapStep, width, start, y); break;
    default: NAME(rowOf)(rows, count, kernelWidth, 0, tapStep, width, start, y);
  }
}

INLINE void NAME(productTile)(const fovea_connected_maps *m, const float *x, const float *g, const int rows,
                              const int taps, float *sums) {
  const long pitch = (long)m->width * INTERLEAVED, skip = (long)(m->width - m->outputWidth) * INTERLEAVED;
  const long kernelRow = (long)m->kernelWidth * INTERLEAVED;
  vector own[TAP_ROWS * TAPS];
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

INLINE void NAME(productRows)(const fovea_connected_maps *m, const float *x, const float *g, const int rows,
                              float *sums) {
  for (int v = 0; v < m->kernelWidth; v += TAPS) {
    const long offset = (long)v * INTERLEAVED;
    switch (m->kernelWidth - v) {
#define CASE(n) \
  case n: NAME(productTile)(m, x + offset, g, rows, n, sums + offset); break;
      CASE(1) CASE(2) CASE(3) CASE(4)
      default: NAME(productTile)(m, x + offset, g, rows, TAPS, sums + offset);
#undef CASE
    }
  }
}

TARGET static void NAME(connectedProducts)(const fovea_connected_maps *m, const float *x, const float *g, float *sums) {
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    for (int u = 0; u < m->kernelHeight; u += TAP_ROWS) {
      const float *from = x + (long)u * m->width * INTERLEAVED + lane;
      float *to = sums + (long)u * m->kernelWidth * INTERLEAVED + lane;
      switch (m->kernelHeight - u < TAP_ROWS ? m->kernelHeight - u : TAP_ROWS) {
#define CASE(n) \
  case n: if (n <= TAP_ROWS) NAME(productRows)(m, from, g + lane, n, to); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#undef CASE
      }
    }
  }
}

TARGET static void NAME(addVectors)(long count, const float *x, float *sum) {
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    vector sums[4];
    UNROLL for (int i = 0; i < 4; i++) sums[i] = (vector)(0.0f);
    long k = 0;
    for (; k + 4 <= count; k += 4) {
      UNROLL for (int i = 0; i < 4; i++) sums[i] += *(const vector *)(x + (k + i) * INTERLEAVED + lane);
    }
    for (; k < count; k++) sums[0] += *(const vector *)(x + k * INTERLEAVED + lane);
    *(vector *)(sum + lane) += (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

INLINE void NAME(windowSum)(const fovea_subsampling *s, const float *x, const int height, const int width,
                            vector *sum) {
  *sum = (vector)(0.0f);
  for (int u = 0; u < height; u++) {
    for (int v = 0; v < width; v++) *sum += *(const vector *)(x + ((long)u * s->width + v) * INTERLEAVED);
  }
}

INLINE void NAME(subsampleOf)(const fovea_subsampling *s, const float *x, float coefficient, float bias,
                              const int height, const int width, float *y) {
  for (int i = 0; i < s->outputHeight; i++) {
    for (int j = 0; j < s->outputWidth; j++, y += INTERLEAVED) {
      const float *from = x + ((long)i * s->strideHeight * s->width + (long)j * s->strideWidth) * INTERLEAVED;
      for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
        vector sum;
        NAME(windowSum)(s, from + lane, height, width, &sum);
        *(vector *)(y + lane) = (vector)(coefficient) * sum + (vector)(bias);
      }
    }
  }
}

TARGET static void NAME(subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y) {
  if (s->windowHeight == 2 && s->windowWidth == 2) {
    NAME(subsampleOf)(s, x, coefficient, bias, 2, 2, y);
  } else {
    NAME(subsampleOf)(s, x, coefficient, bias, s->windowHeight, s->windowWidth, y);
  }
}

INLINE void NAME(subsampleBackwardOf)(const fovea_subsampling *s, bool squares, const float *x, const float *g,
                                      float coefficient, const int height, const int width, float *xGradient,
                                      float *sums) {
  const vector factor = (vector)(squares ? coefficient * coefficient : coefficient);
  for (int lane = 0; lane < INTERLEAVED; lane += LANES) {
    vector products = *(vector *)(sums + lane), gradients = *(vector *)(sums + INTERLEAVED + lane);
    for (int i = 0; i < s->outputHeight; i++) {
      for (int j = 0; j < s->outputWidth; j++) {
        const long place = ((long)i * s->strideHeight * s->width + (long)j * s->strideWidth) * INTERLEAVED + lane;
        const vector gradient = *(const vector *)(g + ((long)i * s->outputWidth + j) * INTERLEAVED + lane);
        vector sum;
        NAME(windowSum)(s, x + place, height, width, &sum);
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

TARGET static void NAME(subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x, const float *g,
                                           float coefficient, float *xGradient, float *sums) {
  if (s->windowHeight == 2 && s->windowWidth == 2) {
    NAME(subsampleBackwardOf)(s, squares, x, g, coefficient, 2, 2, xGradient, sums);
  } else {
    NAME(subsampleBackwardOf)(s, squares, x, g, coefficient, s->windowHeight, s->windowWidth, xGradient, sums);
  }
}

static const fovea_connected_kernels NAME(connected) = {NAME(connectedRow), NAME(connectedProducts), NAME(addVectors), NAME(subsample),
                                                        NAME(subsampleBackward)};

#undef vector
#undef INLINE
#undef UNROLL
#undef TAPS
#undef LANES
#undef NAME
#undef COLUMNS
#undef TAP_ROWS
