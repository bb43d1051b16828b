// The loops of fovea_winograd_kernels. The including file defines LANES and WINOGRAD_TILES.

enum { WINOGRAD_VECTORS = WINOGRAD_PANEL / LANES };

// Bᵀd for one column or row of a tile: what comes in is `step` vectors apart, and so is what goes out.
INLINE void spreadLine(const vector *d, vector *to, const int step) {
  const vector d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
  const vector even = d4 - 4 * d2, odd = d3 - 4 * d1, evenHalf = d4 - d2, oddHalf = 2 * (d3 - d1);
  to[0] = 4 * (d0 - d2) + evenHalf;
  to[step] = even + odd;
  to[2 * step] = even - odd;
  to[3 * step] = evenHalf + oddHalf;
  to[4 * step] = evenHalf - oddHalf;
  to[5 * step] = 4 * (d1 - d3) + (d5 - d3);
}

// Aᵀm, six in and four out.
INLINE void gatherLine(const vector *m, const int step, vector *to, const int toStep) {
  const vector sum1 = m[step] + m[2 * step], difference1 = m[step] - m[2 * step];
  const vector sum2 = m[3 * step] + m[4 * step], difference2 = m[3 * step] - m[4 * step];
  to[0] = m[0] + sum1 + sum2;
  to[toStep] = difference1 + 2 * difference2;
  to[2 * toStep] = sum1 + 4 * sum2;
  to[3 * toStep] = difference1 + 8 * difference2 + m[5 * step];
}

INLINE void spreadVectors(const fovea_winograd_tile *tile, const float *x, float *to, long pitch, const bool isWhole) {
  vector d[WINOGRAD_POSITIONS];
  UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
    UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) {
      const bool isInside = isWhole || (row >= tile->firstRow && row < tile->endRow && column >= tile->firstColumn &&
                                        column < tile->endColumn);
      d[row * WINOGRAD_SIDE + column] =
          isInside ? (vector) * (const loose *)(x + row * tile->row + column * tile->pixel) : (vector){0};
    }
  }
  UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) spreadLine(d + column, d + column, WINOGRAD_SIDE);
  UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
    vector line[WINOGRAD_SIDE];
    spreadLine(d + row * WINOGRAD_SIDE, line, 1);
    UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) {
      *(loose *)(to + (row * WINOGRAD_SIDE + column) * pitch) = line[column];
    }
  }
}

TARGET static void winogradSpread(const fovea_winograd_tile *tile, const float *x, int channels, float *to, long pitch) {
  const bool isWhole = tile->firstRow == 0 && tile->firstColumn == 0 && tile->endRow == WINOGRAD_SIDE &&
                       tile->endColumn == WINOGRAD_SIDE;
  for (int c = 0; c < channels; c += LANES) {
    const float *from = x + c / tile->lanes * tile->block + c % tile->lanes;
    if (isWhole) {
      spreadVectors(tile, from, to + c, pitch, true);
    } else {
      spreadVectors(tile, from, to + c, pitch, false);
    }
  }
}

// G g for one column of a kernel, or g Gᵀ for one row: three in and six out.
INLINE void transformLine(const vector *g, const int step, vector *to, const int toStep) {
  const vector ends = (g[0] + g[2 * step]) * (-1.f / 6), middle = g[step] * (-1.f / 6);
  const vector wide = g[0] * (1.f / 24) + g[2 * step] * (1.f / 6), half = g[step] * (1.f / 12);
  to[0] = g[0] * (1.f / 4);
  to[toStep] = ends + middle;
  to[2 * toStep] = ends - middle;
  to[3 * toStep] = wide + half;
  to[4 * toStep] = wide - half;
  to[5 * toStep] = g[2 * step];
}

TARGET static void winogradTransform(const float *g, int channels, float *u, long pitch) {
  for (int c = 0; c < channels; c++) {
    UNROLL for (int i = 0; i < WINOGRAD_VECTORS; i++) {
      vector weights[9], columns[3 * WINOGRAD_SIDE], line[WINOGRAD_SIDE];
      UNROLL for (int k = 0; k < 9; k++) weights[k] = *(const loose *)(g + k * WINOGRAD_PANEL + i * LANES);
      UNROLL for (int column = 0; column < 3; column++) transformLine(weights + column, 3, columns + column, 3);
      UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
        transformLine(columns + row * 3, 1, line, 1);
        UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) {
          *(loose *)(u + (row * WINOGRAD_SIDE + column) * pitch + i * LANES) = line[column];
        }
      }
    }
    g += 9 * WINOGRAD_PANEL;
    u += WINOGRAD_PANEL;
  }
}

INLINE void multiplyTiles(const float *v, long step, int channels, const float *u, const bool adds, float *m, long pitch,
                          const int tiles, const bool isFirst) {
  vector sums[WINOGRAD_TILES][WINOGRAD_VECTORS];
  UNROLL for (int t = 0; t < tiles; t++) {
    UNROLL for (int i = 0; i < WINOGRAD_VECTORS; i++) {
      sums[t][i] = adds ? (vector) * (const loose *)(m + t * pitch + i * LANES) : (vector){0};
    }
  }
  const float *at[(WINOGRAD_TILES + GROUP - 1) / GROUP];
  UNROLL for (int g = 0; g * GROUP < tiles; g++) {
    at[g] = v + g * GROUP * step;
    __asm__("" : "+r"(at[g]));
  }
  const long next = channels * WINOGRAD_PANEL;
  for (int c = 0; c < channels; c++) {
    vector weights[WINOGRAD_VECTORS];
    UNROLL for (int i = 0; i < WINOGRAD_VECTORS; i++) weights[i] = *(const loose *)(u + i * LANES);
    // The weights of the next panel lie behind these.
    if (isFirst) __builtin_prefetch(u + next);
    u += WINOGRAD_PANEL;
    UNROLL for (int t = 0; t < tiles; t++) {
      const vector repeated = SPLAT(vector, at[t / GROUP][(t % GROUP) * step]);
      UNROLL for (int i = 0; i < WINOGRAD_VECTORS; i++) sums[t][i] += repeated * weights[i];
    }
    UNROLL for (int g = 0; g * GROUP < tiles; g++) at[g]++;
  }
  UNROLL for (int t = 0; t < tiles; t++) {
    UNROLL for (int i = 0; i < WINOGRAD_VECTORS; i++) *(loose *)(m + t * pitch + i * LANES) = sums[t][i];
  }
}

INLINE void multiplyAll(const float *v, long step, int tiles, int channels, const float *u, const bool adds, float *m,
                        long pitch) {
  int t = 0;
#define MULTIPLY(count)                                                                            \
  if (t == 0) {                                                                                    \
    multiplyTiles(v, step, channels, u, adds, m, pitch, count, true);                              \
  } else {                                                                                         \
    multiplyTiles(v + t * step, step, channels, u, adds, m + t * pitch, pitch, count, false);      \
  }                                                                                                \
  t += count;
  while (t + WINOGRAD_TILES <= tiles) { MULTIPLY(WINOGRAD_TILES) }
#if WINOGRAD_TILES > 4
  while (t + 4 <= tiles) { MULTIPLY(4) }
#endif
#if WINOGRAD_TILES > 2
  if (t < tiles) { MULTIPLY(2) }
#endif
#undef MULTIPLY
}

TARGET static void winogradMultiply(const float *v, long step, int tiles, int channels, const float *u, bool adds, float *m,
                                    long pitch) {
  if (adds) {
    multiplyAll(v, step, tiles, channels, u, true, m, pitch);
  } else {
    multiplyAll(v, step, tiles, channels, u, false, m, pitch);
  }
}

TARGET static void winogradGather(const fovea_winograd_tile *tile, const float *m, long pitch, int filters,
                                  const float *bias, bool adds, bool rectifies, float *y) {
  for (int f = 0; f < filters; f += LANES) {
    vector columns[WINOGRAD_OUTPUTS * WINOGRAD_SIDE], line[WINOGRAD_SIDE];
    UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) {
      UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
        line[row] = *(const loose *)(m + (row * WINOGRAD_SIDE + column) * pitch + f);
      }
      gatherLine(line, 1, columns + column, WINOGRAD_SIDE);
    }
    const vector start = bias ? (vector) * (const loose *)(bias + f) : (vector){0};
    float *to = y + f / tile->lanes * tile->block + f % tile->lanes;
    UNROLL for (int row = 0; row < WINOGRAD_OUTPUTS; row++) {
      if (row >= tile->endRow) break;
      vector out[WINOGRAD_OUTPUTS];
      gatherLine(columns + row * WINOGRAD_SIDE, 1, out, 1);
      UNROLL for (int column = 0; column < WINOGRAD_OUTPUTS; column++) {
        if (column >= tile->endColumn) break;
        loose *place = (loose *)(to + row * tile->row + column * tile->pixel);
        vector sum = out[column] + start;
        if (adds) sum += (vector)*place;
        // What is not a number stays so.
        *place = rectifies ? SELECT(sum < 0, (vector){0}, sum) : sum;
      }
    }
  }
}

static const fovea_winograd_kernels winogradKernels = {
    .tiles = WINOGRAD_TILES, .spread = winogradSpread, .transform = winogradTransform, .multiply = winogradMultiply,
    .gather = winogradGather};
