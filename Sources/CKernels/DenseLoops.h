// The inner loops of DenseKernels.h, written once for all instruction sets. The including file defines
//   LANES    floats in a vector
//   TARGET   the attribute that allows the instructions
//   ROWS     how many times four accumulators fit the registers
//   UNITS    and EXAMPLES, whose products fit them: more units, since the inputs come from farther away than the weights
#include "DenseKernels.h"

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose __attribute__((ext_vector_type(LANES), aligned(4)));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("clang loop unroll(full)")

// Vectors beside each other in a block.
enum { WIDTH = 4 };

// `ahead` is how far to the right lies what will be read after this block; its terms are so far apart that the processor
// does not foresee it.
INLINE void outerBlock(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, long ahead,
                       float *out, long outPitch, bool adds, const int rows, const int vectors) {
  vector sums[ROWS * WIDTH];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[r * vectors + v] = adds ? (vector)(*(const loose *)(out + r * outPitch + v * LANES)) : (vector)(0.0f);
    }
  }
  // Two pointers, and distances of none, one and two steps, which the processor's addresses can hold.
  const float *first = a, *second = a + 3 * rowStep;
  for (int t = 0; t < terms; t++) {
    __builtin_prefetch(m + ahead);
    vector values[WIDTH];
    UNROLL for (int v = 0; v < vectors; v++) values[v] = *(const loose *)(m + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const vector factor = (vector)(r < 3 ? first[r * rowStep] : second[(r - 3) * rowStep]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r * vectors + v] += factor * values[v];
    }
    m += pitch;
    first += termStep;
    second += termStep;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) *(loose *)(out + r * outPitch + v * LANES) = sums[r * vectors + v];
  }
}

INLINE void outerRows(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, int count,
                      float *out, long outPitch, bool adds, const int vectors) {
  // Blocks of like height: with few rows in a block, loading takes longer than multiplying.
  const int blocks = (count + ROWS - 1) / ROWS;
  for (int row = 0, block = 0; block < blocks; block++) {
    const int height = (count - row) / (blocks - block);
    const float *from = a + row * rowStep;
    // A vector of the next columns for each block of rows, so that all of them are there when their turn comes.
    const long ahead = (vectors + block % vectors) * LANES;
    float *to = out + row * outPitch;
    switch (height) {
#define CASE(n)                                                                                                        \
  case n:                                                                                                              \
    if (n <= ROWS) outerBlock(from, rowStep, termStep, m, pitch, terms, ahead, to, outPitch, adds, n, vectors); \
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
  for (; j + WIDTH * LANES <= width; j += WIDTH * LANES) {
    outerRows(a, rowStep, termStep, m + j, pitch, terms, count, out + j, outPitch, adds, WIDTH);
  }
  for (; j + LANES <= width; j += LANES) {
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
  vector totals[EXAMPLES * UNITS];
  UNROLL for (int e = 0; e < examples; e++) {
    UNROLL for (int u = 0; u < units; u++) {
      totals[e * units + u] = adds ? (vector)(*(const loose *)(sums + e * sumPitch + u * LANES)) : (vector)(0.0f);
    }
  }
  for (int i = 0; i < vectors; i++) {
    __builtin_prefetch(ahead + i * LANES);
    vector inputs[EXAMPLES];
    UNROLL for (int e = 0; e < examples; e++) inputs[e] = *(const loose *)(x + e * xPitch + i * LANES);
    UNROLL for (int u = 0; u < units; u++) {
      const vector weight = *(const loose *)(w + u * wPitch + i * LANES);
      UNROLL for (int e = 0; e < examples; e++) totals[e * units + u] += inputs[e] * weight;
    }
  }
  UNROLL for (int e = 0; e < examples; e++) {
    UNROLL for (int u = 0; u < units; u++) *(loose *)(sums + e * sumPitch + u * LANES) = totals[e * units + u];
  }
}

INLINE void dotExamples(const float *x, long xPitch, int examples, const float *w, long wPitch, int vectors, float *sums,
                        long sumPitch, bool adds, const int units) {
  const int blocks = (examples + EXAMPLES - 1) / EXAMPLES;
  for (int first = 0, block = 0; block < blocks; block++) {
    const int count = (examples - first) / (blocks - block);
    const float *from = x + first * xPitch;
    // The weights of the units after these: their rows lie far apart, so that the processor does not foresee them.
    const float *ahead = w + (units + block % units) * wPitch;
    float *to = sums + first * sumPitch;
    switch (count) {
#define CASE(n)                                                                                                   \
  case n:                                                                                                         \
    if (n <= EXAMPLES) dotBlock(from, xPitch, w, wPitch, vectors, ahead, to, sumPitch, adds, n, units); \
    break;
      CASE(1) CASE(2) CASE(3)
#undef CASE
    }
    first += count;
  }
}

TARGET static void dots(const float *x, long xPitch, int examples, const float *w, long wPitch, int units, int vectors,
                        float *sums, bool adds) {
  const int blocks = (units + UNITS - 1) / UNITS;
  for (int first = 0, block = 0; block < blocks; block++) {
    const int count = (units - first) / (blocks - block);
    const float *from = w + first * wPitch;
    float *to = sums + (long)first * LANES;
    switch (count) {
#define CASE(n)                                                                                                       \
  case n:                                                                                                             \
    if (n <= UNITS) dotExamples(x, xPitch, examples, from, wPitch, vectors, to, (long)units * LANES, adds, n); \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
    }
    first += count;
  }
}

TARGET static void lanesSums(const float *vectors, int count, float *sums) {
  for (int i = 0; i < count; i++, vectors += LANES) {
    float part[LANES];
    for (int l = 0; l < LANES; l++) part[l] = vectors[l];
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) part[l] += part[l + half];
    }
    sums[i] = part[0];
  }
}
