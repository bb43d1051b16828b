// The inner loops of large dense layers. The tuning file defines
//   DENSE_LANES     floats in a vector
//   DENSE_ROWS      how many times four accumulators fit the registers, at most 6
//   DENSE_UNITS     at most 8, and
//   DENSE_EXAMPLES  at most 3, whose products fit them: more units, since the inputs come from farther away than the weights

VECTOR_TYPE(denseVector, float, DENSE_LANES, DENSE_LANES * 4);
VECTOR_TYPE(denseLoose, float, DENSE_LANES, 4);

// Vectors beside each other in a block.
enum { WIDTH = 4 };

// `ahead` is how far to the right lies what will be read after this block; its terms are so far apart that the processor
// does not foresee it.
INLINE void outerBlock(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, long ahead,
                       float *out, long outPitch, bool adds, const int rows, const int vectors) {
  denseVector sums[DENSE_ROWS * WIDTH];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[r * vectors + v] = adds ? (denseVector)(*(const denseLoose *)(out + r * outPitch + v * DENSE_LANES)) : SPLAT(denseVector, 0.0f);
    }
  }
  // Two pointers, and distances of none, one and two steps, which the processor's addresses can hold.
  const float *first = a, *second = a + 3 * rowStep;
  for (int t = 0; t < terms; t++) {
    __builtin_prefetch(m + ahead);
    denseVector values[WIDTH];
    UNROLL for (int v = 0; v < vectors; v++) values[v] = *(const denseLoose *)(m + v * DENSE_LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const denseVector factor = SPLAT(denseVector, r < 3 ? first[r * rowStep] : second[(r - 3) * rowStep]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r * vectors + v] += factor * values[v];
    }
    m += pitch;
    first += termStep;
    second += termStep;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) *(denseLoose *)(out + r * outPitch + v * DENSE_LANES) = sums[r * vectors + v];
  }
}

INLINE void outerRows(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, int count,
                      float *out, long outPitch, bool adds, const int vectors) {
  // Blocks of like height: with few rows in a block, loading takes longer than multiplying.
  const int blocks = (count + DENSE_ROWS - 1) / DENSE_ROWS;
  for (int row = 0, block = 0; block < blocks; block++) {
    const int height = (count - row) / (blocks - block);
    const float *from = a + row * rowStep;
    // A denseVector of the next columns for each block of rows, so that all of them are there when their turn comes.
    const long ahead = (vectors + block % vectors) * DENSE_LANES;
    float *to = out + row * outPitch;
    switch (height) {
#define CASE(n)                                                                                                        \
  case n:                                                                                                              \
    if (n <= DENSE_ROWS) outerBlock(from, rowStep, termStep, m, pitch, terms, ahead, to, outPitch, adds, n, vectors); \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#undef CASE
    }
    row += height;
  }
}

TARGET static void outer(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, int count,
                         int width, float *out, long outPitch, bool adds) {
  int j = 0;
  for (; j + WIDTH * DENSE_LANES <= width; j += WIDTH * DENSE_LANES) {
    outerRows(a, rowStep, termStep, m + j, pitch, terms, count, out + j, outPitch, adds, WIDTH);
  }
  for (; j + DENSE_LANES <= width; j += DENSE_LANES) {
    outerRows(a, rowStep, termStep, m + j, pitch, terms, count, out + j, outPitch, adds, 1);
  }
  for (; j < width; j++) {
    for (int i = 0; i < count; i++) {
      float sum = adds ? out[i * outPitch + j] : 0;
      for (int t = 0; t < terms; t++) sum += a[i * rowStep + t * termStep] * m[t * pitch + j];
      out[i * outPitch + j] = sum;
    }
  }
}

// `ahead` is what will be read next but one, as much of it as `vectors`.
INLINE void dotBlock(const float *x, long xPitch, const float *w, long wPitch, int vectors, const float *ahead,
                     float *sums, long sumPitch, bool adds, const int examples, const int units) {
  denseVector totals[DENSE_EXAMPLES * DENSE_UNITS];
  UNROLL for (int e = 0; e < examples; e++) {
    UNROLL for (int u = 0; u < units; u++) {
      totals[e * units + u] = adds ? (denseVector)(*(const denseLoose *)(sums + e * sumPitch + u * DENSE_LANES)) : SPLAT(denseVector, 0.0f);
    }
  }
  for (int i = 0; i < vectors; i++) {
    __builtin_prefetch(ahead + i * DENSE_LANES);
    denseVector inputs[DENSE_EXAMPLES];
    UNROLL for (int e = 0; e < examples; e++) inputs[e] = *(const denseLoose *)(x + e * xPitch + i * DENSE_LANES);
    UNROLL for (int u = 0; u < units; u++) {
      const denseVector weight = *(const denseLoose *)(w + u * wPitch + i * DENSE_LANES);
      UNROLL for (int e = 0; e < examples; e++) totals[e * units + u] += inputs[e] * weight;
    }
  }
  UNROLL for (int e = 0; e < examples; e++) {
    UNROLL for (int u = 0; u < units; u++) *(denseLoose *)(sums + e * sumPitch + u * DENSE_LANES) = totals[e * units + u];
  }
}

INLINE void dotExamples(const float *x, long xPitch, int examples, const float *w, long wPitch, int vectors, float *sums,
                        long sumPitch, bool adds, const int units) {
  const int blocks = (examples + DENSE_EXAMPLES - 1) / DENSE_EXAMPLES;
  for (int first = 0, block = 0; block < blocks; block++) {
    const int count = (examples - first) / (blocks - block);
    const float *from = x + first * xPitch;
    // The weights of the units after these: their rows lie far apart, so that the processor does not foresee them.
    const float *ahead = w + (units + block % units) * wPitch;
    float *to = sums + first * sumPitch;
    switch (count) {
#define CASE(n)                                                                                                   \
  case n:                                                                                                         \
    if (n <= DENSE_EXAMPLES) dotBlock(from, xPitch, w, wPitch, vectors, ahead, to, sumPitch, adds, n, units); \
    break;
      CASE(1) CASE(2) CASE(3)
#undef CASE
    }
    first += count;
  }
}

TARGET static void dots(const float *x, long xPitch, int examples, const float *w, long wPitch, int units, int vectors,
                        float *sums, bool adds) {
  const int blocks = (units + DENSE_UNITS - 1) / DENSE_UNITS;
  for (int first = 0, block = 0; block < blocks; block++) {
    const int count = (units - first) / (blocks - block);
    const float *from = w + first * wPitch;
    float *to = sums + (long)first * DENSE_LANES;
    switch (count) {
#define CASE(n)                                                                                                       \
  case n:                                                                                                             \
    if (n <= DENSE_UNITS) dotExamples(x, xPitch, examples, from, wPitch, vectors, to, (long)units * DENSE_LANES, adds, n); \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
    }
    first += count;
  }
}

TARGET static void lanesSums(const float *vectors, int count, float *sums) {
  for (int i = 0; i < count; i++, vectors += DENSE_LANES) {
    float part[DENSE_LANES];
    for (int l = 0; l < DENSE_LANES; l++) part[l] = vectors[l];
    for (int half = DENSE_LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) part[l] += part[l + half];
    }
    sums[i] = part[0];
  }
}
