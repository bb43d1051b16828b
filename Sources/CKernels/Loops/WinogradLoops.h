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

// Bᵀd for fewer outputs: by fewer points, and as weights are scaled for all of them.
INLINE void spreadSome(const int outputs, const vector *d, vector *to, const int step) {
  const vector d0 = d[0], d1 = d[step], d2 = d[2 * step];
  if (outputs == 1) {
    to[0] = 4 * (d0 - d1);
    to[step] = -6 * d1;
    to[5 * step] = d2 - d1;
  } else if (outputs == 2) {
    const vector d3 = d[3 * step];
    to[0] = 4 * (d0 - d2);
    to[step] = -3 * (d2 + d1);
    to[2 * step] = 3 * (d1 - d2);
    to[5 * step] = d3 - d1;
  } else if (outputs == 3) {
    const vector d3 = d[3 * step], d4 = d[4 * step], odd = d3 - d1;
    to[0] = 2 * (odd + 2 * (d0 - d2));
    to[step] = 3 * (odd - d1 - d2);
    to[2 * step] = odd + 3 * (d1 - d2);
    to[3 * step] = 4 * odd;
    to[5 * step] = d4 - d2 - 2 * odd;
  } else {
    spreadLine(d, to, step);
  }
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

// Aᵀm for fewer outputs, of the products that are of use.
INLINE void gatherSome(const int outputs, const vector *m, vector *to, const int step) {
  vector used[WINOGRAD_SIDE];
  for (int i = 0; i < WINOGRAD_SIDE; i++) used[i] = fovea_winograd_is_used(i, outputs) ? m[i] : (vector){0};
  if (outputs < WINOGRAD_OUTPUTS) used[WINOGRAD_SIDE - 1] = (vector){0};
  gatherLine(used, 1, to, step);
  if (outputs < WINOGRAD_OUTPUTS) to[(outputs - 1) * step] += m[WINOGRAD_SIDE - 1];
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
  // What the tile to the right begins with: rows are too short, and too many, for the processor to see how they go on.
  if (isWhole) {
    UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
      __builtin_prefetch(x + row * tile->row + (WINOGRAD_SIDE + 1) * tile->pixel);
      __builtin_prefetch(x + row * tile->row + (WINOGRAD_SIDE + 3) * tile->pixel);
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

// The same of a tile that makes fewer outputs.
INLINE void spreadEdge(const fovea_winograd_tile *tile, const float *x, float *to, long pitch) {
  vector d[WINOGRAD_POSITIONS];
  const int rows = tile->outputRows, columns = tile->outputColumns;
  for (int column = 0; column < columns + 2; column++) {
    for (int row = 0; row < rows + 2; row++) {
      const bool isInside = row >= tile->firstRow && row < tile->endRow && column >= tile->firstColumn && column < tile->endColumn;
      d[row * WINOGRAD_SIDE + column] =
          isInside ? (vector) * (const loose *)(x + row * tile->row + column * tile->pixel) : (vector){0};
    }
    spreadSome(rows, d + column, d + column, WINOGRAD_SIDE);
  }
  for (int row = 0; row < WINOGRAD_SIDE; row++) {
    if (!fovea_winograd_is_used(row, rows)) continue;
    vector line[WINOGRAD_SIDE];
    spreadSome(columns, d + row * WINOGRAD_SIDE, line, 1);
    for (int column = 0; column < WINOGRAD_SIDE; column++) {
      if (!fovea_winograd_is_used(column, columns)) continue;
      *(loose *)(to + (row * WINOGRAD_SIDE + column) * pitch) = line[column];
    }
  }
}

TARGET static void winogradSpread(const fovea_winograd_tile *tile, const float *x, int channels, float *to, long pitch) {
  const bool isEdge = tile->outputRows < WINOGRAD_OUTPUTS || tile->outputColumns < WINOGRAD_OUTPUTS;
  const bool isWhole = tile->firstRow == 0 && tile->firstColumn == 0 && tile->endRow == WINOGRAD_SIDE &&
                       tile->endColumn == WINOGRAD_SIDE;
  for (int c = 0; c < channels; c += LANES) {
    const float *from = x + c / tile->lanes * tile->block + c % tile->lanes;
    if (isEdge) {
      spreadEdge(tile, from, to + c, pitch);
    } else if (isWhole) {
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

// A row of outputs, of so many columns.
INLINE void finishRow(const fovea_winograd_tile *tile, const vector *out, const vector *start, bool adds, bool rectifies, float *y,
                      const int columns) {
  for (int column = 0; column < columns; column++) {
    loose *place = (loose *)(y + column * tile->pixel);
    vector sum = out[column] + *start;
    if (adds) sum += (vector)*place;
    // What is not a number stays so.
    *place = rectifies ? SELECT(sum < 0, (vector){0}, sum) : sum;
  }
}

INLINE void gatherVectors(const fovea_winograd_tile *tile, const float *m, long pitch, const vector *start, bool adds,
                          bool rectifies, float *y) {
  vector sums[WINOGRAD_OUTPUTS * WINOGRAD_SIDE], line[WINOGRAD_SIDE];
  UNROLL for (int column = 0; column < WINOGRAD_SIDE; column++) {
    UNROLL for (int row = 0; row < WINOGRAD_SIDE; row++) {
      line[row] = *(const loose *)(m + (row * WINOGRAD_SIDE + column) * pitch);
    }
    gatherLine(line, 1, sums + column, WINOGRAD_SIDE);
  }
  UNROLL for (int row = 0; row < WINOGRAD_OUTPUTS; row++) {
    vector out[WINOGRAD_OUTPUTS];
    gatherLine(sums + row * WINOGRAD_SIDE, 1, out, 1);
    finishRow(tile, out, start, adds, rectifies, y + row * tile->row, WINOGRAD_OUTPUTS);
  }
}

// The same of a tile that makes fewer outputs.
INLINE void gatherEdge(const fovea_winograd_tile *tile, const float *m, long pitch, const vector *start, bool adds, bool rectifies,
                       float *y) {
  vector sums[WINOGRAD_OUTPUTS * WINOGRAD_SIDE], line[WINOGRAD_SIDE];
  const int rows = tile->outputRows, columns = tile->outputColumns;
  for (int column = 0; column < WINOGRAD_SIDE; column++) {
    if (!fovea_winograd_is_used(column, columns)) continue;
    for (int row = 0; row < WINOGRAD_SIDE; row++) {
      if (fovea_winograd_is_used(row, rows)) line[row] = *(const loose *)(m + (row * WINOGRAD_SIDE + column) * pitch);
    }
    gatherSome(rows, line, sums + column, WINOGRAD_SIDE);
  }
  for (int row = 0; row < rows; row++) {
    vector out[WINOGRAD_OUTPUTS];
    gatherSome(columns, sums + row * WINOGRAD_SIDE, out, 1);
    finishRow(tile, out, start, adds, rectifies, y + row * tile->row, columns);
  }
}

TARGET static void winogradGather(const fovea_winograd_tile *tile, const float *m, long pitch, int filters,
                                  const float *bias, bool adds, bool rectifies, float *y) {
  const bool isEdge = tile->outputRows < WINOGRAD_OUTPUTS || tile->outputColumns < WINOGRAD_OUTPUTS;
  for (int f = 0; f < filters; f += LANES) {
    float *to = y + f / tile->lanes * tile->block + f % tile->lanes;
    const vector start = bias ? (vector) * (const loose *)(bias + f) : (vector){0};
    if (isEdge) {
      gatherEdge(tile, m + f, pitch, &start, adds, rectifies, to);
    } else {
      gatherVectors(tile, m + f, pitch, &start, adds, rectifies, to);
    }
  }
}

static const fovea_winograd_kernels winogradKernels = {
    .tiles = WINOGRAD_TILES, .spread = winogradSpread, .transform = winogradTransform, .multiply = winogradMultiply,
    .gather = winogradGather};
