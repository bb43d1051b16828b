// The inner loops of VectorKernels.h, written once for all instruction sets. The including file defines
//   LANES      floats in a vector
//   TARGET     the attribute that allows the instructions
//   NAME(x)    a name of its own for each width
//   POSITIONS  how many accumulators of a row fit the registers: 24, 12 or 6
//   ROOM       how many accumulators of a sum of pieces fit: 25, 12 or 6

#define vector NAME(vector)
#define loose NAME(loose)
#define whole NAME(whole)
#define bytes NAME(bytes)
typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int32_t whole __attribute__((ext_vector_type(LANES)));
typedef uint8_t bytes __attribute__((ext_vector_type(LANES), aligned(1)));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("clang loop unroll(full)")

// Five positions share a pointer: their distances are multiples of one register that the processor's addresses can
// hold (0, 1, 2, 3 and 4 steps), which leaves enough registers for 24 positions.
#define GROUP 5

INLINE void NAME(tile)(const float *x, long pitch, long step, const float *w, int rows, int run, const int count,
                       float *out) {
  vector sums[POSITIONS];
  UNROLL for (int p = 0; p < count; p++) sums[p] = (vector)(0.0f);
  for (int r = 0; r < rows; r++) {
    const float *at[(POSITIONS + GROUP - 1) / GROUP];
    UNROLL for (int g = 0; g * GROUP < count; g++) {
      at[g] = x + r * pitch + g * GROUP * step;
      __asm__("" : "+r"(at[g]));
    }
    for (int t = 0; t < run; t++) {
      const vector weight = *(const loose *)w;
      w += LANES;
      UNROLL for (int p = 0; p < count; p++) {
        sums[p] += weight * (vector)(at[p / GROUP][(p % GROUP) * step]);
      }
      UNROLL for (int g = 0; g * GROUP < count; g++) at[g]++;
    }
  }
  UNROLL for (int p = 0; p < count; p++) *(loose *)(out + p * LANES) = sums[p];
}

TARGET static void NAME(row)(const float *x, long pitch, long step, const float *w, int rows, int run, int count,
                             float *out) {
  // Tiles of like width; the last one may begin in the one before it and compute some positions twice.
  static const int8_t widths[] = {1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 24};
  const int tiles = (count + POSITIONS - 1) / POSITIONS;
  int width = (count + tiles - 1) / tiles, best = 1;
  for (unsigned i = 0; i < sizeof widths; i++) {
    if (widths[i] <= POSITIONS && widths[i] <= count) best = widths[i];
    if (best >= width) break;
  }
  for (int start = 0; start < count; start += best) {
    const int first = start + best <= count ? start : count - best;
    const float *from = x + first * step;
    float *to = out + (long)first * LANES;
    switch (best) {
#define CASE(n)                                                              \
  case n:                                                                    \
    if (n <= POSITIONS) NAME(tile)(from, pitch, step, w, rows, run, n, to); \
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
    const float *window = rows + (long)q * width * LANES;
    vector best = *(const loose *)window;
    whole winner = (whole)(0);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        const vector value = *(const loose *)(window + y * rowStride + x * LANES);
        const whole isLarger = value > best;
        best = isLarger ? value : best;
        winner = isLarger ? (whole)(y * width + x) : winner;
      }
    }
    best += offset;
    // What is not a number stays so: a training that has come apart must show.
    if (rectify) best = best < (vector)(0.0f) ? (vector)(0.0f) : best;
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
      sums[r * vectors + v] = *(const loose *)(destination + r * destinationPitch + v * LANES);
    }
  }
  int i = 0;
  if (rows * vectors * 2 <= ROOM && rows * vectors <= 8) {
    // Two sums for each number, since a multiplication must wait for the one before it in the same sum.
    vector others[rows * vectors];
    UNROLL for (int j = 0; j < rows * vectors; j++) others[j] = (vector)(0.0f);
    for (; i + 1 < count; i += 2) {
      const float *first = source + offsets[i], *second = source + offsets[i + 1];
      const vector factor = (vector)(factors[i]), other = (vector)(factors[i + 1]);
      UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
          sums[r * vectors + v] += factor * *(const loose *)(first + r * sourcePitch + v * LANES);
          others[r * vectors + v] += other * *(const loose *)(second + r * sourcePitch + v * LANES);
        }
      }
    }
    UNROLL for (int j = 0; j < rows * vectors; j++) sums[j] += others[j];
  }
  for (; i < count; i++) {
    const float *from = source + offsets[i];
    const vector factor = (vector)(factors[i]);
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        sums[r * vectors + v] += factor * *(const loose *)(from + r * sourcePitch + v * LANES);
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      *(loose *)(destination + r * destinationPitch + v * LANES) = sums[r * vectors + v];
    }
  }
}

// For some sizes only: see below.
TARGET static void NAME(block)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                               const int32_t *offsets, const float *factors, int count, int rows, int vectors) {
  switch (rows * 8 + vectors) {
#define CASE(h, w)                                                                                                \
  case h * 8 + w:                                                                                                 \
    if (h * w <= ROOM)                                                                                            \
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
  if (rows <= 5 && vectors <= 5 && rows * vectors <= ROOM) {
    NAME(block)(destination, destinationPitch, source, sourcePitch, offsets, factors, count, rows, vectors);
    return;
  }
  // Blocks of like size, as many as the registers make necessary.
  const int columnParts = (vectors + 4) / 5;
  for (int column = 0, part = 0; part < columnParts; part++) {
    const int width = (vectors - column) / (columnParts - part);
    const int most = ROOM / width < 5 ? ROOM / width : 5;
    const int rowParts = (rows + most - 1) / most;
    for (int row = 0, rowPart = 0; rowPart < rowParts; rowPart++) {
      const int height = (rows - row) / (rowParts - rowPart);
      NAME(block)(destination + row * destinationPitch + column * LANES, destinationPitch,
                  source + row * sourcePitch + column * LANES, sourcePitch, offsets, factors, count, height, width);
      row += height;
    }
    column += width;
  }
}

static const fovea_vector_kernels NAME(kernels) = {LANES, NAME(row), NAME(pool), NAME(accumulate)};

#undef vector
#undef loose
#undef whole
#undef bytes
#undef INLINE
#undef UNROLL
#undef GROUP
#undef LANES
#undef NAME
#undef POSITIONS
#undef ROOM
