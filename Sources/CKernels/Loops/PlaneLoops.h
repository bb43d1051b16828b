// The inner loops for examples that lie apart, with those of the files that it includes. The tuning file defines
//   PLANE_FILTERS    how many filters, at most 6, and
//   PLANE_VECTORS    how many vectors of positions a tile of a correlation has; their product fits the registers
//   PRODUCT_FILTERS  how many filters, or channels, a tile of products has, beside PRODUCT_TAPS taps, at most 3
//   PAIR_VECTORS     how many vectors of positions a tile of two connected maps has, at most 9

INLINE void correlateTile(const fovea_plane *p, const float *x, const float *w, const int filters, float *out) {
  vector sums[PLANE_FILTERS * PLANE_VECTORS];
  UNROLL for (int i = 0; i < filters * PLANE_VECTORS; i++) sums[i] = SPLAT(vector, 0.0f);
  for (int c = 0; c < p->channels; c++) {
    for (int u = 0; u < p->kernelHeight; u++) {
      const float *row = x + c * p->inputPlane + (long)u * p->width;
      for (int v = 0; v < p->kernelWidth; v++) {
        vector values[PLANE_VECTORS];
        UNROLL for (int i = 0; i < PLANE_VECTORS; i++) values[i] = *(const loose *)(row + v + i * LANES);
        UNROLL for (int f = 0; f < filters; f++) {
          const vector weight = SPLAT(vector, w[f * p->filterSize]);
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

TARGET static void correlate(const fovea_plane *p, const float *x, const float *w, float *out) {
  for (int f = 0; f < p->filters; f += PLANE_FILTERS) {
    const float *weights = w + f * p->filterSize;
    float *to = out + f * p->positions;
    for (long first = 0; first < p->positions; first += PLANE_VECTORS * LANES) {
      switch (p->filters - f) {
#define CASE(n)                                                                                                    \
  case n:                                                                                                          \
    correlateTile(p, x + first, weights, n < PLANE_FILTERS ? n : PLANE_FILTERS, to + first); \
    break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
        default: correlateTile(p, x + first, weights, PLANE_FILTERS, to + first);
#undef CASE
      }
    }
  }
}

INLINE void productTile(const fovea_plane *p, const float *x, const float *g, const int filters, const int taps,
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

INLINE void productRow(const fovea_plane *p, const float *x, const float *g, const int filters, float *sums) {
  for (int v = 0; v < p->kernelWidth; v += PRODUCT_TAPS) {
    switch (p->kernelWidth - v) {
#define CASE(n) \
  case n: productTile(p, x + v, g, filters, n, sums + v * LANES); break;
      CASE(1) CASE(2) CASE(3) CASE(4)
      default: productTile(p, x + v, g, filters, PRODUCT_TAPS, sums + v * LANES);
#undef CASE
    }
  }
}

TARGET static void products(const fovea_plane *p, const float *x, const float *g, int firstFilter,
                                  int endFilter, float *sums) {
  for (int f = firstFilter; f < endFilter; f += PRODUCT_FILTERS) {
    for (int c = 0; c < p->channels; c++) {
      for (int u = 0; u < p->kernelHeight; u++) {
        const float *from = x + c * p->inputPlane + (long)u * p->width;
        const float *gradients = g + f * p->positions;
        float *to = sums + (f * p->filterSize + ((long)c * p->kernelHeight + u) * p->kernelWidth) * LANES;
        switch (endFilter - f) {
#define CASE(n) \
  case n: productRow(p, from, gradients, n < PRODUCT_FILTERS ? n : PRODUCT_FILTERS, to); break;
          CASE(1) CASE(2)
          default: productRow(p, from, gradients, PRODUCT_FILTERS, to);
#undef CASE
        }
      }
    }
  }
}

INLINE float sumOf(const float *x, long count) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i];
  return sum;
}

// Sets all lanes but the first `count` to zero.
INLINE void keepFirst(vector *values, int count) {
  whole lane;
  UNROLL for (int i = 0; i < LANES; i++) lane[i] = i;
  *values = SELECT(lane < SPLAT(whole, count), *values, SPLAT(vector, 0.0f));
}

// [filters, outputHeight, outputWidth] to rows as far apart as those of x, with zeros between; and the sum of each map.
// Whole vectors are read and written, whose zeros behind a row's end the next row overwrites.
TARGET static void spread(const fovea_plane *p, const float *g, float *to, float *mapSums) {
  const float *end = g + (long)p->filters * p->outputHeight * p->outputWidth;
  for (int f = 0; f < p->filters; f++) {
    float *row = to + f * p->positions;
    mapSums[f] += sumOf(g, (long)p->outputHeight * p->outputWidth);
    for (int i = 0; i < p->outputHeight; i++, row += p->width, g += p->outputWidth) {
      if (end - g < p->outputWidth + LANES) {
        memcpy(row, g, (size_t)p->outputWidth * sizeof(float));
        continue;
      }
      for (int j = 0; j < p->outputWidth; j += LANES) {
        vector values = *(const loose *)(g + j);
        keepFirst(&values, p->outputWidth - j);
        *(loose *)(row + j) = values;
      }
    }
  }
}

// The opposite, and a bias on top of each map.
TARGET static void gather(const fovea_plane *p, const float *from, const float *bias, float *y) {
  const float *end = y + (long)p->filters * p->outputHeight * p->outputWidth;
  for (int f = 0; f < p->filters; f++) {
    const float offset = bias ? bias[f] : 0;
    const float *row = from + f * p->positions;
    for (int i = 0; i < p->outputHeight; i++, row += p->width, y += p->outputWidth) {
      if (end - y < p->outputWidth + LANES) {
        for (int j = 0; j < p->outputWidth; j++) y[j] = row[j] + offset;
        continue;
      }
      for (int j = 0; j < p->outputWidth; j += LANES) *(loose *)(y + j) = *(const loose *)(row + j) + offset;
    }
  }
}

#include "ConnectedPlaneLoops.h"
#include "SquashLoops.h"
#include "SubsamplingPairLoops.h"

#include "SubsamplingLoops.h"

static const fovea_plane_kernels planeKernels = {
    LANES,
    correlate,
    gather,
    products,
    spread,
    correlatePair,
    filterProducts,
    squash,
    squashGradient,
    subsample,
    subsampleBackward,
};

