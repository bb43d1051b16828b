// Sums of windows and their gradients, one map at a time; PlaneLoops.h includes it, and says what a vector is.

// The sums of `count` windows that follow each other in a row.
INLINE void windowSums(const float *x, long pitch, const int height, const int width, const int stride,
                             long count, float *sums) {
  for (long j = 0; j < count; j++) {
    float sum = 0;
    for (int y = 0; y < height; y++) {
      for (int k = 0; k < width; k++) sum += x[y * pitch + j * stride + k];
    }
    sums[j] = sum;
  }
}

INLINE void rowSums(const fovea_subsampling *s, const float *x, long count, float *sums) {
  windowSums(x, s->width, s->windowHeight, s->windowWidth, s->strideWidth, count, sums);
}

TARGET static void subsample(const fovea_subsampling *s, const float *x, float coefficient, float bias,
                                   float *y) {
  if (hasPairs(s)) {
    subsamplePairs(s, x, coefficient, bias, y);
    return;
  }
  for (int i = 0; i < s->outputHeight; i++, y += s->outputWidth) {
    rowSums(s, x + (long)i * s->strideHeight * s->width, s->outputWidth, y);
    for (long j = 0; j < s->outputWidth; j++) y[j] = coefficient * y[j] + bias;
  }
}

// Adds factor·gradient to all elements of each window of a row of windows. Windows may overlap.
INLINE void addToWindows(const fovea_subsampling *s, long count, float factor, const float *gradient, float *x) {
  for (int y = 0; y < s->windowHeight; y++, x += s->width) {
    if (s->windowWidth == 2 && s->strideWidth == 2) {
      for (long j = 0; j < count; j++) {
        x[2 * j] += factor * gradient[j];
        x[2 * j + 1] += factor * gradient[j];
      }
      continue;
    }
    for (long j = 0; j < count; j++) {
      for (int k = 0; k < s->windowWidth; k++) x[j * s->strideWidth + k] += factor * gradient[j];
    }
  }
}

INLINE void gradientSums(long count, const float *restrict gradient, const float *restrict sums, bool squares,
                               float *bySum, float *plain) {
#pragma clang fp reassociate(on)
  float weighted = 0, total = 0;
  for (long j = 0; j < count; j++) {
    weighted += gradient[j] * (squares ? sums[j] * sums[j] : sums[j]);
    total += gradient[j];
  }
  *bySum += weighted;
  *plain += total;
}

TARGET static void subsampleBackward(const fovea_subsampling *s, bool squares, const float *x,
                                           const float *gradient, float coefficient, float *xGradient,
                                           float *coefficientGradient, float *biasGradient) {
  const float factor = squares ? coefficient * coefficient : coefficient;
  if (hasPairs(s)) {
    pairsBackward(s, squares, x, gradient, factor, xGradient, coefficientGradient, biasGradient);
    return;
  }
  float sums[SUBSAMPLING_CHUNK];
  for (int i = 0; i < s->outputHeight; i++) {
    const long row = (long)i * s->strideHeight * s->width;
    for (int j = 0; j < s->outputWidth; j += SUBSAMPLING_CHUNK) {
      const long count = s->outputWidth - j < SUBSAMPLING_CHUNK ? s->outputWidth - j : SUBSAMPLING_CHUNK;
      const long place = row + (long)j * s->strideWidth;
      rowSums(s, x + place, count, sums);
      gradientSums(count, gradient, sums, squares, coefficientGradient, biasGradient);
      if (xGradient) addToWindows(s, count, factor, gradient, xGradient + place);
      gradient += count;
    }
  }
}
