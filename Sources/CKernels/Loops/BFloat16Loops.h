// The inner loop of fovea_bfloat16_kernels, written once for both widths. The including file defines
//   BLOCK, NAME(x)           as VectorLoops.h asks for
//   VECTOR, FACTORS          BLOCK floats, and as many pairs of bfloat16
//   ZERO, LOAD, REPEAT, MULTIPLY, STORE   what is done with them

INLINE void NAME(tile)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, const int count,
                       float *out) {
  VECTOR sums[ROW_POSITIONS];
  UNROLL for (int p = 0; p < count; p++) sums[p] = ZERO;
  for (int r = 0; r < rows; r++) {
    const uint16_t *at[(ROW_POSITIONS + GROUP - 1) / GROUP];
    UNROLL for (int g = 0; g * GROUP < count; g++) {
      at[g] = x + r * pitch + g * GROUP * step;
      __asm__("" : "+r"(at[g]));
    }
    for (int t = 0; t < pairs; t++) {
      const FACTORS weights = LOAD(w);
      w += 2 * BLOCK;
      UNROLL for (int p = 0; p < count; p++) {
        int32_t pair;
        memcpy(&pair, at[p / GROUP] + (p % GROUP) * step, sizeof pair);
        sums[p] = MULTIPLY(sums[p], weights, REPEAT(pair));
      }
      UNROLL for (int g = 0; g * GROUP < count; g++) at[g] += 2;
    }
  }
  UNROLL for (int p = 0; p < count; p++) STORE(out + p * BLOCK, sums[p]);
}

TARGET static void NAME(row)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, int count,
                             float *out) {
  // As in VectorLoops.h: tiles of like width, of which the last one may begin in the one before it.
  static const int8_t widths[] = {1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24};
  const int tiles = (count + ROW_POSITIONS - 1) / ROW_POSITIONS;
  int width = (count + tiles - 1) / tiles, best = 1;
  for (unsigned i = 0; i < sizeof widths; i++) {
    if (widths[i] <= count) best = widths[i];
    if (best >= width) break;
  }
  for (int start = 0; start < count; start += best) {
    const int first = start + best <= count ? start : count - best;
    const uint16_t *from = x + first * step;
    float *to = out + (long)first * BLOCK;
    switch (best) {
#define CASE(n) \
  case n: NAME(tile)(from, pitch, step, w, rows, pairs, n, to); break;
      CASE(1) CASE(2) CASE(4) CASE(6) CASE(8) CASE(10) CASE(12) CASE(14) CASE(16) CASE(20) CASE(24)
#undef CASE
    }
  }
}

#undef BLOCK
#undef NAME
#undef VECTOR
#undef FACTORS
#undef ZERO
#undef LOAD
#undef REPEAT
#undef MULTIPLY
#undef STORE
