// The loops of fovea_byte_kernels, written once. The including file defines LANES and BYTE_PIXELS (its Tuning.h), TARGET, and
//   FACTOR, GROUP_SIZE         the type of the input's numbers, and how many are multiplied at once
//   WEIGHTS, LOAD(to, from)    the weights of LANES filters for so many
//   REPEAT(from)               as many of the input's numbers for each filter
//   MULTIPLY(sums, x, w)

#include "ByteResults.h"

INLINE void byteTile(const fovea_byte_row *row, const FACTOR *x, int start, const int count, const int vectors) {
  whole sums[BYTE_PIXELS][2];
  UNROLL for (int v = 0; v < vectors; v++) {
    whole first;
    memcpy(&first, row->starts + row->filter + v * LANES, sizeof first);
    UNROLL for (int p = 0; p < count; p++) sums[p][v] = first;
  }
  const int8_t *w = row->weights;
  const long step = row->step;
  for (int r = 0; r < row->runCount; r++) {
    const FACTOR *at[(BYTE_PIXELS + GROUP - 1) / GROUP];
    UNROLL for (int g = 0; g * GROUP < count; g++) {
      at[g] = x + row->runs[r] + g * GROUP * step;
      __asm__("" : "+r"(at[g]));
    }
    for (int k = 0; k < row->groups; k++) {
      WEIGHTS weights[2];
      UNROLL for (int v = 0; v < vectors; v++) LOAD(weights[v], w + v * LANES * GROUP_SIZE);
      w += vectors * LANES * GROUP_SIZE;
      UNROLL for (int p = 0; p < count; p++) {
        const WEIGHTS repeated = REPEAT(at[p / GROUP] + (p % GROUP) * step);
        UNROLL for (int v = 0; v < vectors; v++) sums[p][v] = MULTIPLY(sums[p][v], repeated, weights[v]);
      }
      UNROLL for (int g = 0; g * GROUP < count; g++) at[g] += GROUP_SIZE;
    }
  }
  const long room = (row->result->bytes ? row->pitch : row->filters) - row->filter;
  const long place = (row->pixel + start) * row->pitch + row->filter;
  if (vectors == 2 && row->result->bytes && room >= 2 * LANES) {
    if (row->result->addend) {
      finishPairs(row->result, &sums[0][0], row->filter, place, row->pitch, count, true);
    } else {
      finishPairs(row->result, &sums[0][0], row->filter, place, row->pitch, count, false);
    }
    return;
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    if (v > 0 && room <= LANES) break;
    finish(row->result, &sums[0][v], 2, row->filter + v * LANES, place + v * LANES, row->pitch, count, room - v * LANES);
  }
}

TARGET static void byteRow(const fovea_byte_row *row) {
  // Tiles of like width.
  const int tiles = (row->count + BYTE_PIXELS - 1) / BYTE_PIXELS;
  for (int t = 0; t < tiles; t++) {
    const int start = (int)((long)row->count * t / tiles), count = (int)((long)row->count * (t + 1) / tiles) - start;
    const FACTOR *x = (const FACTOR *)row->x + start * row->step;
    switch (count * 2 + row->vectors) {
#define CASE(n)                                  \
  case n * 2 + 1: byteTile(row, x, start, n, 1); \
    break;                                       \
  case n * 2 + 2: byteTile(row, x, start, n, 2); \
    break;
      BYTE_CASES
#undef CASE
    }
  }
}
