// The inner loops for interleaved examples. The tuning file defines
//   INTERLEAVED_FILTERS  how many filters are computed at once, each at four places, at most 6
//   INTERLEAVED_UNITS    how many units of a dense layer are computed at once, each for two vectors of examples, at most 12

// How many vectors lie side by side.
enum { PARTS = INTERLEAVED / LANES };



// Sums of `filters` filters at `places` (1, 2 or 4) elements of a window, two in a row, and the largest of them and `best`.
INLINE void convolvePlaces(const fovea_interleaved_input *x, const float *from, long right, long below, const float *kernel,
                         long filter, const int places, const int filters, bool isFirst, vector *best) {
  vector sums[INTERLEAVED_FILTERS][4];
  UNROLL for (int f = 0; f < filters; f++) {
    UNROLL for (int p = 0; p < places; p++) sums[f][p] = SPLAT(vector, 0.0f);
  }
  for (int channel = 0; channel < x->channels; channel++) {
    for (int row = 0; row < x->kernelHeight; row++) {
      const float *upper = from + channel * x->plane + row * x->pitch;
      const float *lower = upper + below;
      for (int column = 0; column < x->kernelWidth; column++, kernel++) {
        vector weights[INTERLEAVED_FILTERS];
        UNROLL for (int f = 0; f < filters; f++) weights[f] = SPLAT(vector, kernel[f * filter]);
        UNROLL for (int p = 0; p < places; p++) {
          const vector value = *(const vector *)((p < 2 ? upper : lower) + (p % 2) * right);
          UNROLL for (int f = 0; f < filters; f++) sums[f][p] += weights[f] * value;
        }
        upper += INTERLEAVED;
        lower += INTERLEAVED;
      }
    }
  }
  UNROLL for (int f = 0; f < filters; f++) {
    vector largest = isFirst ? sums[f][0] : best[f];
    UNROLL for (int p = 0; p < places; p++) largest = SELECT(sums[f][p] > largest, sums[f][p], largest);
    best[f] = largest;
  }
}

// One window of `filters` filters.
INLINE void convolveWindow(const fovea_interleaved_input *x, const float *from, const float *kernel, const float *bias,
                         const int height, const int width, const int filters, bool rectify, float *y, long map) {
  const long filter = (long)x->channels * x->kernelHeight * x->kernelWidth;
  vector best[INTERLEAVED_FILTERS];
  for (int v = 0; v < height; v += 2) {
    const bool isPair = v + 1 < height;
    for (int u = 0; u < width; u += 2) {
      const float *corner = from + v * x->down + u * x->right;
      const bool isFirst = v == 0 && u == 0;
      if (isPair && u + 1 < width) {
        convolvePlaces(x, corner, x->right, x->down, kernel, filter, 4, filters, isFirst, best);
      } else if (u + 1 < width) {
        convolvePlaces(x, corner, x->right, 0, kernel, filter, 2, filters, isFirst, best);
      } else if (isPair) {
        convolvePlaces(x, corner, x->down, 0, kernel, filter, 2, filters, isFirst, best);
      } else {
        convolvePlaces(x, corner, 0, 0, kernel, filter, 1, filters, isFirst, best);
      }
    }
  }
  UNROLL for (int f = 0; f < filters; f++) {
    vector value = best[f];
    if (bias) value += SPLAT(vector, bias[f]);
    // What is not a number stays so.
    if (rectify) value = SELECT(value < SPLAT(vector, 0.0f), SPLAT(vector, 0.0f), value);
    *(vector *)(y + f * map) = value;
  }
}

INLINE void convolveWindows(const fovea_interleaved_input *x, const float *from, const float *kernel, const float *bias,
                          const int filters, float *y) {
  const long step = x->windowWidth * x->right, map = (long)x->windows * INTERLEAVED;
  for (int j = 0; j < x->outputWidth; j++) {
    for (int part = 0; part < PARTS; part++) {
      const float *corner = from + j * step + part * LANES;
      float *to = y + (long)j * INTERLEAVED + part * LANES;
      // Nearly all networks have windows of 2×2.
      if (x->windowHeight == 2 && x->windowWidth == 2) {
        convolveWindow(x, corner, kernel, bias, 2, 2, filters, x->rectifies, to, map);
      } else {
        convolveWindow(x, corner, kernel, bias, x->windowHeight, x->windowWidth, filters, x->rectifies, to, map);
      }
    }
  }
}

TARGET static void convolve(const fovea_interleaved_input *x, const float *source, const float *kernel,
                                  const float *bias, int filters, float *y) {
  const long filter = (long)x->channels * x->kernelHeight * x->kernelWidth;
  const int blocks = (filters + INTERLEAVED_FILTERS - 1) / INTERLEAVED_FILTERS, outputHeight = x->windows / x->outputWidth;
  for (int i = 0; i < outputHeight; i++) {
    const float *from = source + (long)i * x->windowHeight * x->down;
    for (int block = 0; block < blocks; block++) {
      const int first = filters * block / blocks, count = filters * (block + 1) / blocks - first;
      const float *offsets = bias ? bias + first : 0;
      float *to = y + ((long)first * x->windows + (long)i * x->outputWidth) * INTERLEAVED;
      switch (count) {
#define CASE(n)                                                                                       \
  case n:                                                                                             \
    if (n <= INTERLEAVED_FILTERS) convolveWindows(x, from, kernel + first * filter, offsets, n, to); \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#undef CASE
      }
    }
  }
}

// Five units share a pointer; see VectorLoops.h.

INLINE void multiplyUnits(const float *const *x, const float *weights, const float *bias, int inputs, const int units,
                        const int vectors, bool rectify, float *const *y) {
  vector sums[INTERLEAVED_UNITS][2];
  UNROLL for (int u = 0; u < units; u++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[u][v] = SPLAT(vector, 0.0f);
  }
  const float *at[(INTERLEAVED_UNITS + GROUP - 1) / GROUP];
  UNROLL for (int g = 0; g * GROUP < units; g++) {
    at[g] = weights + g * GROUP * (long)inputs;
    __asm__("" : "+r"(at[g]));
  }
  const long step = inputs;
  for (long k = 0; k < inputs; k++) {
    vector value[2];
    UNROLL for (int v = 0; v < vectors; v++) value[v] = *(const vector *)(x[v] + k * INTERLEAVED);
    UNROLL for (int u = 0; u < units; u++) {
      const vector weight = SPLAT(vector, at[u / GROUP][(u % GROUP) * step]);
      UNROLL for (int v = 0; v < vectors; v++) sums[u][v] += weight * value[v];
    }
    UNROLL for (int g = 0; g * GROUP < units; g++) at[g]++;
  }
  UNROLL for (int u = 0; u < units; u++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      vector value = sums[u][v];
      if (bias) value += SPLAT(vector, bias[u]);
      if (rectify) value = SELECT(value < SPLAT(vector, 0.0f), SPLAT(vector, 0.0f), value);
      *(vector *)(y[v] + u * INTERLEAVED) = value;
    }
  }
}

// Two vectors of examples share each weight that is read: of two groups, or the halves of one.
TARGET static void multiply(const float *x, int groups, const float *weights, const float *bias, int inputs,
                                  int outputs, bool rectify, float *y) {
  const int blocks = (outputs + INTERLEAVED_UNITS - 1) / INTERLEAVED_UNITS, vectors = groups * PARTS;
  for (int at = 0; at < vectors; at += 2) {
    const int count = at + 1 < vectors ? 2 : 1;
    for (int block = 0; block < blocks; block++) {
      const int first = outputs * block / blocks, units = outputs * (block + 1) / blocks - first;
      const float *from[2], *offsets = bias ? bias + first : 0;
      float *to[2];
      for (int v = 0; v < count; v++) {
        const long group = (at + v) / PARTS, lane = (at + v) % PARTS * LANES;
        from[v] = x + group * inputs * INTERLEAVED + lane;
        to[v] = y + (group * outputs + first) * INTERLEAVED + lane;
      }
      const float *rows = weights + (long)first * inputs;
      switch (units * 2 + count) {
#define CASE(n)                                                                                          \
  case n * 2 + 1:                                                                                        \
    if (n <= INTERLEAVED_UNITS && PARTS == 1) multiplyUnits(from, rows, offsets, inputs, n, 1, rectify, to); \
    break;                                                                                               \
  case n * 2 + 2:                                                                                        \
    if (n <= INTERLEAVED_UNITS) multiplyUnits(from, rows, offsets, inputs, n, 2, rectify, to);               \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#undef CASE
      }
    }
  }
}

static const fovea_interleaved_kernels interleavedKernels = {convolve, multiply};

