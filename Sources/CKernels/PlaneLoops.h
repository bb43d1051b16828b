// The inner loops of PlaneKernels.h, written once for all instruction sets. The including file defines
//   LANES           floats in a vector
//   TARGET          the attribute that allows the instructions
//   NAME(x)         a name of its own for each instruction set
//   PLANE_FILTERS   how many filters, and
//   PLANE_VECTORS   how many vectors of positions a tile of a correlation has; their product fits the registers
//   PRODUCT_FILTERS how many filters a tile of products has, beside PRODUCT_TAPS taps

#define vector NAME(planeVector)
#define loose NAME(planeLoose)
#define whole NAME(planeWhole)
typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int32_t whole __attribute__((ext_vector_type(LANES)));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE void NAME(correlateTile)(const fovea_plane *p, const float *x, const float *w, const int filters, float *out) {
  vector sums[PLANE_FILTERS * PLANE_VECTORS];
  UNROLL for (int i = 0; i < filters * PLANE_VECTORS; i++) sums[i] = (vector)(0.0f);
  for (int c = 0; c < p->channels; c++) {
    for (int u = 0; u < p->kernelHeight; u++) {
      const float *row = x + c * p->inputPlane + (long)u * p->width;
      for (int v = 0; v < p->kernelWidth; v++) {
        vector values[PLANE_VECTORS];
        UNROLL for (int i = 0; i < PLANE_VECTORS; i++) values[i] = *(const loose *)(row + v + i * LANES);
        UNROLL for (int f = 0; f < filters; f++) {
          const vector weight = (vector)(w[f * p->filterSize]);
          UNROLL for (int i = 0; i < PLANE_VECTORS; i++) sums[f * PLANE_VECTORS + i] += weight * values[i];
        }
        w++;
      }
    }
  }
  UNROLL for (int f = 0; f < filters; f++) {
    UNROLL for (int i = 0; i < PLANE_VECTORS; i++) {
      *(loose *)(out + f * p->positions + i * LANES) = sums[f * PLANE_VECTORS + i];
    }
  }
}

TARGET static void NAME(correlate)(const fovea_plane *p, const float *x, const float *w, float *out) {
  for (int f = 0; f < p->filters; f += PLANE_FILTERS) {
    const float *weights = w + f * p->filterSize;
    float *to = out + f * p->positions;
    for (long first = 0; first < p->positions; first += PLANE_VECTORS * LANES) {
      switch (p->filters - f) {
#define CASE(n)                                                                                                    \
  case n:                                                                                                          \
    NAME(correlateTile)(p, x + first, weights, n < PLANE_FILTERS ? n : PLANE_FILTERS, to + first); \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
        default: NAME(correlateTile)(p, x + first, weights, PLANE_FILTERS, to + first);
#undef CASE
      }
    }
  }
}

INLINE void NAME(productTile)(const fovea_plane *p, const float *x, const float *g, const int filters, const int taps,
                              float *sums) {
  vector own[PRODUCT_FILTERS * PRODUCT_TAPS];
  UNROLL for (int f = 0; f < filters; f++) {
    UNROLL for (int v = 0; v < taps; v++) {
      own[f * PRODUCT_TAPS + v] = *(const loose *)(sums + (f * p->filterSize + v) * LANES);
    }
  }
  for (long i = 0; i < p->positions; i += LANES) {
    vector gradients[PRODUCT_FILTERS];
    UNROLL for (int f = 0; f < filters; f++) gradients[f] = *(const loose *)(g + f * p->positions + i);
    UNROLL for (int v = 0; v < taps; v++) {
      const vector value = *(const loose *)(x + i + v);
      UNROLL for (int f = 0; f < filters; f++) own[f * PRODUCT_TAPS + v] += gradients[f] * value;
    }
  }
  UNROLL for (int f = 0; f < filters; f++) {
    UNROLL for (int v = 0; v < taps; v++) {
      *(loose *)(sums + (f * p->filterSize + v) * LANES) = own[f * PRODUCT_TAPS + v];
    }
  }
}

INLINE void NAME(productRow)(const fovea_plane *p, const float *x, const float *g, const int filters, float *sums) {
  for (int v = 0; v < p->kernelWidth; v += PRODUCT_TAPS) {
    switch (p->kernelWidth - v) {
#define CASE(n) \
  case n: NAME(productTile)(p, x + v, g, filters, n, sums + v * LANES); break;
      CASE(1) CASE(2) CASE(3) CASE(4)
      default: NAME(productTile)(p, x + v, g, filters, PRODUCT_TAPS, sums + v * LANES);
#undef CASE
    }
  }
}

TARGET static void NAME(products)(const fovea_plane *p, const float *x, const float *g, int firstFilter,
                                  int endFilter, float *sums) {
  for (int f = firstFilter; f < endFilter; f += PRODUCT_FILTERS) {
    for (int c = 0; c < p->channels; c++) {
      for (int u = 0; u < p->kernelHeight; u++) {
        const float *from = x + c * p->inputPlane + (long)u * p->width;
        const float *gradients = g + f * p->positions;
        float *to = sums + (f * p->filterSize + ((long)c * p->kernelHeight + u) * p->kernelWidth) * LANES;
        switch (endFilter - f) {
#define CASE(n) \
  case n: NAME(productRow)(p, from, gradients, n < PRODUCT_FILTERS ? n : PRODUCT_FILTERS, to); break;
          CASE(1) CASE(2)
          default: NAME(productRow)(p, from, gradients, PRODUCT_FILTERS, to);
#undef CASE
        }
      }
    }
  }
}

// tanh by the coefficients of S. L. Moshier's Cephes library (tanhf, expf), for a whole vector: a polynomial near zero,
// 1 − 2/(exp(2z) + 1) elsewhere. What is not a number stays so.
INLINE void NAME(hyperbolicTangent)(vector *value) {
  const vector z = *value;
  const vector square = z * z;
  const vector near =
      z + z * square * ((((-5.70498872745e-3f * square + 2.06390887954e-2f) * square - 5.37397155531e-2f) * square +
                         1.33314422036e-1f) * square - 3.33332819422e-1f);
  const whole sign = (whole)z & (whole)(INT32_MIN);
  const vector size = (vector)((whole)z & (whole)(INT32_MAX));
  const vector exponent = 2.0f * (size > (vector)(10.0f) ? (vector)(10.0f) : size);
  // The nearest multiple of log 2, by adding a number whose last digit is worth 1.
  const vector shifted = exponent * 1.44269504088896341f + 12582912.0f;
  const vector multiple = shifted - 12582912.0f;
  const vector r = exponent - multiple * 0.693359375f + multiple * 2.12194440e-4f;
  vector power = 1.9875691500e-4f * r + 1.3981999507e-3f;
  power = power * r + 8.3334519073e-3f;
  power = power * r + 4.1665795894e-2f;
  power = power * r + 1.6666665459e-1f;
  power = power * r + 5.0000001201e-1f;
  power = power * r * r + r + 1.0f;
  const whole scale = ((whole)shifted - 0x4B400000 + 127) << 23;
  const vector far = 1.0f - 2.0f / (power * (vector)scale + 1.0f);
  const vector signedFar = (vector)((whole)far | sign);
  *value = size < (vector)(0.625f) ? near : signedFar;
}

// y and x may be the same.
TARGET static void NAME(squash)(long count, float amplitude, float slope, const float *x, float *y) {
  for (long i = 0; i < count; i += LANES) {
    const long lanes = count - i < LANES ? count - i : LANES;
    loose value = (vector)(0.0f);
    if (lanes == LANES) {
      value = *(const loose *)(x + i);
    } else {
      memcpy(&value, x + i, (size_t)lanes * sizeof(float));
    }
    vector result = slope * value;
    NAME(hyperbolicTangent)(&result);
    result *= amplitude;
    if (lanes == LANES) {
      *(loose *)(y + i) = result;
    } else {
      memcpy(y + i, &result, (size_t)lanes * sizeof(float));
    }
  }
}

// tanh′ = 1 − tanh², so that y′ = amplitude·slope − slope/amplitude·y².
TARGET static void NAME(squashGradient)(long count, float amplitude, float slope, const float *y,
                                        const float *yGradient, float *xGradient) {
  const float constant = amplitude * slope, factor = slope / amplitude;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector value = *(const loose *)(y + i);
    *(loose *)(xGradient + i) = *(const loose *)(yGradient + i) * (constant - factor * value * value);
  }
  for (; i < count; i++) xGradient[i] = yGradient[i] * (constant - factor * y[i] * y[i]);
}

INLINE float NAME(sumOf)(const float *x, long count) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i];
  return sum;
}

// [filters, outputHeight, outputWidth] to rows as far apart as those of x, with zeros between; and the sum of each map.
TARGET static void NAME(spread)(const fovea_plane *p, const float *g, float *to, float *mapSums) {
  for (int f = 0; f < p->filters; f++) {
    float *row = to + f * p->positions;
    const float *map = g + (long)f * p->outputHeight * p->outputWidth;
    for (int i = 0; i < p->outputHeight; i++, row += p->width) {
      memcpy(row, map + (long)i * p->outputWidth, (size_t)p->outputWidth * sizeof(float));
    }
    mapSums[f] += NAME(sumOf)(map, (long)p->outputHeight * p->outputWidth);
  }
}

TARGET static void NAME(gather)(const fovea_plane *p, const float *from, const float *bias, float *y) {
  for (int f = 0; f < p->filters; f++) {
    const float offset = bias ? bias[f] : 0;
    for (int i = 0; i < p->outputHeight; i++) {
      const float *row = from + f * p->positions + (long)i * p->width;
      for (int j = 0; j < p->outputWidth; j++) *y++ = row[j] + offset;
    }
  }
}

// The sums of `count` windows that follow each other in a row.
INLINE void NAME(windowSums)(const float *x, long pitch, const int height, const int width, const int stride,
                             long count, float *sums) {
  for (long j = 0; j < count; j++) {
    float sum = 0;
    for (int y = 0; y < height; y++) {
      for (int k = 0; k < width; k++) sum += x[y * pitch + j * stride + k];
    }
    sums[j] = sum;
  }
}

INLINE void NAME(rowSums)(const fovea_subsampling *s, const float *x, long count, float *sums) {
  if (s->windowHeight == 2 && s->windowWidth == 2 && s->strideWidth == 2) {
    NAME(windowSums)(x, s->width, 2, 2, 2, count, sums);
  } else {
    NAME(windowSums)(x, s->width, s->windowHeight, s->windowWidth, s->strideWidth, count, sums);
  }
}

TARGET static void NAME(subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias,
                                   float *y) {
  for (int i = 0; i < s->outputHeight; i++, y += s->outputWidth) {
    NAME(rowSums)(s, x + (long)i * s->strideHeight * s->width, s->outputWidth, y);
    for (long j = 0; j < s->outputWidth; j++) y[j] = coefficient * y[j] + bias;
  }
}

// Adds factor·gradient to all elements of each window of a row of windows. Windows may overlap.
INLINE void NAME(addToWindows)(const fovea_subsampling *s, long count, float factor, const float *gradient, float *x) {
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

INLINE void NAME(gradientSums)(long count, const float *restrict gradient, const float *restrict sums, bool squares,
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

TARGET static void NAME(subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x,
                                           const float *gradient, float coefficient, float *xGradient,
                                           float *coefficientGradient, float *biasGradient) {
  const float factor = squares ? coefficient * coefficient : coefficient;
  float sums[SUBSAMPLING_CHUNK];
  for (int i = 0; i < s->outputHeight; i++) {
    const long row = (long)i * s->strideHeight * s->width;
    for (int j = 0; j < s->outputWidth; j += SUBSAMPLING_CHUNK) {
      const long count = s->outputWidth - j < SUBSAMPLING_CHUNK ? s->outputWidth - j : SUBSAMPLING_CHUNK;
      const long place = row + (long)j * s->strideWidth;
      NAME(rowSums)(s, x + place, count, sums);
      NAME(gradientSums)(count, gradient, sums, squares, coefficientGradient, biasGradient);
      if (xGradient) NAME(addToWindows)(s, count, factor, gradient, xGradient + place);
      gradient += count;
    }
  }
}

static const fovea_plane_kernels NAME(planes) = {
    LANES,
    NAME(correlate),
    NAME(gather),
    NAME(products),
    NAME(spread),
    NAME(squash),
    NAME(squashGradient),
    NAME(subsample),
    NAME(subsampleBackward),
};

#undef vector
#undef loose
#undef whole
#undef INLINE
#undef UNROLL
#undef LANES
#undef NAME
#undef PLANE_FILTERS
#undef PLANE_VECTORS
#undef PRODUCT_FILTERS
