// Subsampling by windows of 2×2 that lie side by side, as LeNet-5's do; PlaneLoops.h includes it, and says what a vector is.
//
// Rows are shorter than a vector or two: whole vectors are read and written, and what is behind a row's end the next row
// overwrites. Only where a map ends, elements are taken one by one.

#if LANES == 16
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
#define TWICE_HIGH(a) __builtin_shufflevector(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15)
#elif LANES == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3)
#define TWICE_HIGH(a) __builtin_shufflevector(a, a, 4, 4, 5, 5, 6, 6, 7, 7)
#else
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1)
#define TWICE_HIGH(a) __builtin_shufflevector(a, a, 2, 2, 3, 3)
#endif

INLINE bool hasPairs(const fovea_subsampling *s) {
  return s->windowHeight == 2 && s->windowWidth == 2 && s->strideHeight == 2 && s->strideWidth == 2;
}

INLINE float pairSum(const float *x, long pitch) { return (x[0] + x[pitch]) + (x[1] + x[pitch + 1]); }

INLINE void pairSums(const float *x, long pitch, vector *sums) {
  const vector left = *(const loose *)x + *(const loose *)(x + pitch);
  const vector right = *(const loose *)(x + LANES) + *(const loose *)(x + pitch + LANES);
  *sums = EVEN(left, right) + ODD(left, right);
}

INLINE void subsamplePairs(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y) {
  const long width = s->width, count = s->outputWidth;
  const float *xEnd = x + s->height * width, *yEnd = y + s->outputHeight * count;
  for (int i = 0; i < s->outputHeight; i++, x += 2 * width, y += count) {
    long j = 0;
    for (; j < count && yEnd - y >= j + LANES && xEnd - x >= width + 2 * (j + LANES); j += LANES) {
      vector sums;
      pairSums(x + 2 * j, width, &sums);
      *(loose *)(y + j) = coefficient * sums + bias;
    }
    for (; j < count; j++) y[j] = coefficient * pairSum(x + 2 * j, width) + bias;
  }
}

// One row of xGradient from a row of gradients, of which `end` and `toEnd` are the maps' ends.
INLINE void writePairs(const float *gradient, const float *end, long count, float factor, float *to,
                             const float *toEnd) {
  long j = 0;
  for (; j < count && end - gradient >= j + LANES && toEnd - to >= 2 * (j + LANES); j += LANES) {
    vector part = factor * *(const loose *)(gradient + j);
    keepFirst(&part, (int)(count - j));
    *(loose *)(to + 2 * j) = TWICE_LOW(part);
    *(loose *)(to + 2 * j + LANES) = TWICE_HIGH(part);
  }
  for (; j < count; j++) to[2 * j] = to[2 * j + 1] = factor * gradient[j];
}

// Writes all of xGradient but what no window covers.
INLINE void pairsBackward(const fovea_subsampling *s, bool squares, const float *x, const float *gradient,
                                float factor, float *xGradient, float *bySum, float *plain) {
  const long width = s->width, count = s->outputWidth, area = s->height * width;
  const float *xEnd = x + area, *end = gradient + s->outputHeight * count;
  vector weighted = SPLAT(vector, 0.0f), total = SPLAT(vector, 0.0f);
  float weightedRest = 0, totalRest = 0;
  for (long i = 0; i < s->outputHeight; i++, x += 2 * width, gradient += count) {
    long j = 0;
    for (; j < count && end - gradient >= j + LANES && xEnd - x >= width + 2 * (j + LANES); j += LANES) {
      vector sums, slopes = *(const loose *)(gradient + j);
      pairSums(x + 2 * j, width, &sums);
      keepFirst(&sums, (int)(count - j));
      keepFirst(&slopes, (int)(count - j));
      weighted += slopes * (squares ? sums * sums : sums);
      total += slopes;
    }
    for (; j < count; j++) {
      const float sum = pairSum(x + 2 * j, width);
      weightedRest += gradient[j] * (squares ? sum * sum : sum);
      totalRest += gradient[j];
    }
    for (long row = 2 * i; xGradient && row < 2 * i + 2; row++) {
      writePairs(gradient, end, count, factor, xGradient + row * width, xGradient + area);
    }
  }
  UNROLL for (int i = 0; i < LANES; i++) {
    weightedRest += weighted[i];
    totalRest += total[i];
  }
  *bySum += weightedRest;
  *plain += totalRest;
}

