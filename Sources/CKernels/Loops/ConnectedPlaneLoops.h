// The inner loops of ConnectedPlanes.c; PlaneLoops.h includes it, and says what a vector is.

// Adds one map's part to `maps` sums of `vectors` each: whoever sees it, sees it at the same positions.
INLINE void addMap(const fovea_connected_plane *p, const float *x, const float *const *weights, const int maps,
                         const int vectors, vector *sums) {
  const float *first = weights[0], *second = weights[1];
  for (int u = 0; u < p->kernelHeight; u++) {
    const float *from = x + (long)u * p->tapRow;
    for (int v = 0; v < p->kernelWidth; v++, from += p->tapColumn) {
      const vector one = SPLAT(vector, *first++);
      const vector other = maps > 1 ? SPLAT(vector, *second++) : one;
      UNROLL for (int i = 0; i < vectors; i++) {
        const vector value = *(const loose *)(from + i * LANES);
        sums[i] += one * value;
        if (maps > 1) sums[vectors + i] += other * value;
      }
    }
  }
}

INLINE void connectedTile(const fovea_connected_plane *p, const fovea_seen_map *seen, int count, long position,
                                float *const *out, const int vectors) {
  vector sums[2 * PAIR_VECTORS];
  UNROLL for (int i = 0; i < 2 * vectors; i++) sums[i] = SPLAT(vector, 0.0f);
  for (int m = 0; m < count; m++) {
    const float *x = seen[m].x + position;
    if (seen[m].weights[0] && seen[m].weights[1]) {
      addMap(p, x, seen[m].weights, 2, vectors, sums);
    } else if (seen[m].weights[0]) {
      addMap(p, x, seen[m].weights, 1, vectors, sums);
    } else {
      const float *const weights[2] = {seen[m].weights[1]};
      addMap(p, x, weights, 1, vectors, sums + vectors);
    }
  }
  UNROLL for (int i = 0; i < vectors; i++) *(loose *)(out[0] + position + i * LANES) = sums[i];
  if (!out[1]) return;
  UNROLL for (int i = 0; i < vectors; i++) *(loose *)(out[1] + position + i * LANES) = sums[vectors + i];
}

TARGET static void correlatePair(const fovea_connected_plane *p, const fovea_seen_map *seen, int count,
                                       float *const *out) {
  // Tiles of like length: a short one would wait for its sums.
  const int vectors = (int)((p->positions + LANES - 1) / LANES), tiles = (vectors + PAIR_VECTORS - 1) / PAIR_VECTORS;
  for (int tile = 0, first = 0; tile < tiles; tile++) {
    const int length = (vectors - first) / (tiles - tile);
    switch (length) {
#define CASE(n)                                                                                                       \
  case n:                                                                                                             \
    if (n <= PAIR_VECTORS) {                                                                                          \
      connectedTile(p, seen, count, (long)first * LANES, out, n < PAIR_VECTORS ? n : PAIR_VECTORS);             \
    }                                                                                                                 \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9)
#undef CASE
    }
    first += length;
  }
}

INLINE void filterTile(const fovea_connected_plane *p, const float *x, const float *g, const int channels,
                             const int taps, float *sums) {
  const long channelSums = (long)p->kernelHeight * p->kernelWidth * p->filterPitch;
  vector own[PRODUCT_FILTERS * PRODUCT_TAPS];
  UNROLL for (int c = 0; c < channels; c++) {
    UNROLL for (int v = 0; v < taps; v++) {
      own[c * taps + v] = *(const loose *)(sums + c * channelSums + v * p->filterPitch);
    }
  }
  for (int i = 0; i < p->outputHeight; i++, x += p->width) {
    for (int j = 0; j < p->outputWidth; j++, g += p->filterPitch) {
      const vector gradients = *(const loose *)g;
      UNROLL for (int c = 0; c < channels; c++) {
        UNROLL for (int v = 0; v < taps; v++) own[c * taps + v] += gradients * x[c * p->inputPlane + j + v];
      }
    }
  }
  UNROLL for (int c = 0; c < channels; c++) {
    UNROLL for (int v = 0; v < taps; v++) {
      *(loose *)(sums + c * channelSums + v * p->filterPitch) = own[c * taps + v];
    }
  }
}

INLINE void filterRow(const fovea_connected_plane *p, const float *x, const float *g, const int channels,
                            float *sums) {
  for (int v = 0; v < p->kernelWidth; v += PRODUCT_TAPS) {
    switch (p->kernelWidth - v) {
#define CASE(n) \
  case n: filterTile(p, x + v, g, channels, n, sums + v * p->filterPitch); break;
      CASE(1) CASE(2) CASE(3) CASE(4)
      default: filterTile(p, x + v, g, channels, PRODUCT_TAPS, sums + v * p->filterPitch);
#undef CASE
    }
  }
}

// Filters are the lanes, so that no sum over lanes is left to be made.
TARGET static void filterProducts(const fovea_connected_plane *p, const float *x, const float *g,
                                        int firstChannel, int endChannel, float *sums) {
  for (long f = 0; f < p->filterPitch; f += LANES) {
    for (int c = firstChannel; c < endChannel; c += PRODUCT_FILTERS) {
      for (int u = 0; u < p->kernelHeight; u++) {
        const float *from = x + c * p->inputPlane + (long)u * p->width;
        float *to = sums + f + ((long)c * p->kernelHeight + u) * p->kernelWidth * p->filterPitch;
        switch (endChannel - c) {
#define CASE(n) \
  case n: filterRow(p, from, g + f, n < PRODUCT_FILTERS ? n : PRODUCT_FILTERS, to); break;
          CASE(1) CASE(2)
          default: filterRow(p, from, g + f, PRODUCT_FILTERS, to);
#undef CASE
        }
      }
    }
  }
}
