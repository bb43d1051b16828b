// The inner loops of pooled convolutions, for one number of filters at once. The including file defines
//   BLOCK      floats in a vector: LANES, or less for what is left of the filters
//   NAME(x)    a name of its own for each width
// and the tuning file
//   ROW_POSITIONS  how many accumulators of a row fit the registers, at most 24
//   PIECE_ROOM     how many accumulators of a sum of pieces fit, at most 25

#define vector NAME(rowVector)
#define loose NAME(rowLoose)
#define whole NAME(rowWhole)
#define bytes NAME(rowBytes)
VECTOR_TYPE(vector, float, BLOCK, BLOCK * 4);
VECTOR_TYPE(loose, float, BLOCK, 4);
VECTOR_TYPE(whole, int32_t, BLOCK, BLOCK * 4);
VECTOR_TYPE(bytes, uint8_t, BLOCK, 1);

INLINE void NAME(tile)(const float *x, long pitch, long step, const float *w, int rows, int run, const int count,
                       float *out) {
  vector sums[ROW_POSITIONS];
  UNROLL for (int p = 0; p < count; p++) sums[p] = SPLAT(vector, 0.0f);
  for (int r = 0; r < rows; r++) {
    const float *at[(ROW_POSITIONS + GROUP - 1) / GROUP];
    UNROLL for (int g = 0; g * GROUP < count; g++) {
      at[g] = x + r * pitch + g * GROUP * step;
      __asm__("" : "+r"(at[g]));
    }
    for (int t = 0; t < run; t++) {
      const vector weight = *(const loose *)w;
      w += BLOCK;
      UNROLL for (int p = 0; p < count; p++) {
        sums[p] += weight * SPLAT(vector, at[p / GROUP][(p % GROUP) * step]);
      }
      UNROLL for (int g = 0; g * GROUP < count; g++) at[g]++;
    }
  }
  UNROLL for (int p = 0; p < count; p++) *(loose *)(out + p * BLOCK) = sums[p];
}

TARGET static void NAME(row)(const float *x, long pitch, long step, const float *w, int rows, int run, int count,
                             float *out) {
  // Tiles of like width; the last one may begin in the one before it and compute some positions twice.
  static const int8_t widths[] = {1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 24};
  const int tiles = (count + ROW_POSITIONS - 1) / ROW_POSITIONS;
  int width = (count + tiles - 1) / tiles, best = 1;
  for (unsigned i = 0; i < sizeof widths; i++) {
    if (widths[i] <= ROW_POSITIONS && widths[i] <= count) best = widths[i];
    if (best >= width) break;
  }
  for (int start = 0; start < count; start += best) {
    const int first = start + best <= count ? start : count - best;
    const float *from = x + first * step;
    float *to = out + (long)first * BLOCK;
    switch (best) {
#define CASE(n)                                                              \
  case n:                                                                    \
    if (n <= ROW_POSITIONS) NAME(tile)(from, pitch, step, w, rows, run, n, to); \
    break;
      CASE(1) CASE(2) CASE(4) CASE(6) CASE(8) CASE(10) CASE(12) CASE(14) CASE(16) CASE(18) CASE(21) CASE(24)
#undef CASE
    }
  }
}

INLINE void NAME(largest)(const float *rows, long rowStride, const int height, const int width, int count,
                          const float *bias, int rectify, float *out, long outStride, uint8_t *winners,
                          long winnerStride) {
  const vector offset = *(const loose *)bias;
  for (int q = 0; q < count; q++) {
    const float *window = rows + (long)q * width * BLOCK;
    vector best = *(const loose *)window;
    whole winner = SPLAT(whole, 0);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        const vector value = *(const loose *)(window + y * rowStride + x * BLOCK);
        const whole isLarger = value > best;
        best = SELECT(isLarger, value, best);
        winner = SELECT(isLarger, SPLAT(whole, y * width + x), winner);
      }
    }
    best += offset;
    // What is not a number stays so: a training that has come apart must show.
    if (rectify) best = SELECT(best < SPLAT(vector, 0.0f), SPLAT(vector, 0.0f), best);
    *(loose *)(out + q * outStride) = best;
    if (winners) *(bytes *)(winners + q * winnerStride) = __builtin_convertvector(winner, bytes);
  }
}

TARGET static void NAME(pool)(const float *rows, long rowStride, int height, int width, int count, const float *bias,
                              int rectify, float *out, long outStride, uint8_t *winners, long winnerStride) {
  // Nearly all networks have windows of 2×2.
  if (height == 2 && width == 2) {
    NAME(largest)(rows, rowStride, 2, 2, count, bias, rectify, out, outStride, winners, winnerStride);
  } else {
    NAME(largest)(rows, rowStride, height, width, count, bias, rectify, out, outStride, winners, winnerStride);
  }
}

INLINE void NAME(piece)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                        const int32_t *offsets, const float *factors, int count, const int rows, const int vectors) {
  vector sums[rows * vectors];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[r * vectors + v] = *(const loose *)(destination + r * destinationPitch + v * BLOCK);
    }
  }
  int i = 0;
  if (rows * vectors * 2 <= PIECE_ROOM && rows * vectors <= 8) {
    // Two sums for each number, since a multiplication must wait for the one before it in the same sum.
    vector others[rows * vectors];
    UNROLL for (int j = 0; j < rows * vectors; j++) others[j] = SPLAT(vector, 0.0f);
    for (; i + 1 < count; i += 2) {
      const float *first = source + offsets[i], *second = source + offsets[i + 1];
      const vector factor = SPLAT(vector, factors[i]), other = SPLAT(vector, factors[i + 1]);
      UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
          sums[r * vectors + v] += factor * *(const loose *)(first + r * sourcePitch + v * BLOCK);
          others[r * vectors + v] += other * *(const loose *)(second + r * sourcePitch + v * BLOCK);
        }
      }
    }
    UNROLL for (int j = 0; j < rows * vectors; j++) sums[j] += others[j];
  }
  for (; i < count; i++) {
    const float *from = source + offsets[i];
    const vector factor = SPLAT(vector, factors[i]);
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        sums[r * vectors + v] += factor * *(const loose *)(from + r * sourcePitch + v * BLOCK);
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      *(loose *)(destination + r * destinationPitch + v * BLOCK) = sums[r * vectors + v];
    }
  }
}

// For some sizes only: see below.
TARGET static void NAME(block)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                               const int32_t *offsets, const float *factors, int count, int rows, int vectors) {
  switch (rows * 8 + vectors) {
#define CASE(h, w)                                                                                                \
  case h * 8 + w:                                                                                                 \
    if (h * w <= PIECE_ROOM)                                                                                            \
      NAME(piece)(destination, destinationPitch, source, sourcePitch, offsets, factors, count, h, w); \
    break;
#define CASES(h) CASE(h, 1) CASE(h, 2) CASE(h, 3) CASE(h, 4) CASE(h, 5)
    CASES(1) CASES(2) CASES(3) CASES(4) CASES(5)
#undef CASES
#undef CASE
  }
}

TARGET static void NAME(accumulate)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                                    const int32_t *offsets, const float *factors, int count, int rows, int vectors) {
  if (rows <= 5 && vectors <= 5 && rows * vectors <= PIECE_ROOM) {
    NAME(block)(destination, destinationPitch, source, sourcePitch, offsets, factors, count, rows, vectors);
    return;
  }
  // Blocks of like size, as many as the registers make necessary.
  const int columnParts = (vectors + 4) / 5;
  for (int column = 0, part = 0; part < columnParts; part++) {
    const int width = (vectors - column) / (columnParts - part);
    const int most = PIECE_ROOM / width < 5 ? PIECE_ROOM / width : 5;
    const int rowParts = (rows + most - 1) / most;
    for (int row = 0, rowPart = 0; rowPart < rowParts; rowPart++) {
      const int height = (rows - row) / (rowParts - rowPart);
      NAME(block)(destination + row * destinationPitch + column * BLOCK, destinationPitch,
                  source + row * sourcePitch + column * BLOCK, sourcePitch, offsets, factors, count, height, width);
      row += height;
    }
    column += width;
  }
}

static const fovea_vector_kernels NAME(vectorKernels) = {BLOCK, NAME(row), NAME(pool), NAME(accumulate)};

#undef vector
#undef loose
#undef whole
#undef bytes
#undef BLOCK
#undef NAME
