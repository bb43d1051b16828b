#pragma once

#include <stdint.h>

// from [rows][pitch], of which `columns` count, to [columns][rows]. In squares that fit registers: element by element it
// takes as long as a tenth of a small convolution.
static inline void fovea_transpose(const float *from, long pitch, int rows, int columns, float *restrict to,
                                   long toPitch) {
  typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
  int row = 0;
  for (; row + 4 <= rows; row += 4, from += 4 * pitch) {
    int column = 0;
    for (; column + 4 <= columns; column += 4) {
      const float *x = from + column;
      const four a = *(const four *)x, b = *(const four *)(x + pitch), c = *(const four *)(x + 2 * pitch),
                 d = *(const four *)(x + 3 * pitch);
      const four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      const four AB = __builtin_shufflevector(a, b, 2, 6, 3, 7), CD = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      float *y = to + column * toPitch + row;
      *(four *)y = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
      *(four *)(y + toPitch) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
      *(four *)(y + 2 * toPitch) = __builtin_shufflevector(AB, CD, 0, 1, 4, 5);
      *(four *)(y + 3 * toPitch) = __builtin_shufflevector(AB, CD, 2, 3, 6, 7);
    }
    for (; column < columns; column++) {
      const float *x = from + column;
      *(four *)(to + column * toPitch + row) = (four){x[0], x[pitch], x[2 * pitch], x[3 * pitch]};
    }
  }
  for (; row < rows; row++, from += pitch) {
    for (int column = 0; column < columns; column++) to[column * toPitch + row] = from[column];
  }
}

// The same for bytes, whose rows must be 8 long at least, or filled up to that.
static inline void fovea_transpose_bytes(const uint8_t *from, long pitch, int rows, int columns, uint8_t *restrict to) {
  typedef uint8_t eight __attribute__((vector_size(8), aligned(1)));
  typedef uint8_t sixteen __attribute__((vector_size(16), aligned(1)));
#define PAIRS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  int row = 0;
  for (; row + 8 <= rows; row += 8, from += 8 * pitch) {
    for (int column = 0; column < columns; column += 8) {
      eight x[8];
      for (int i = 0; i < 8; i++) x[i] = *(const eight *)(from + i * pitch + column);
      const sixteen a = PAIRS(x[0], x[4]), b = PAIRS(x[1], x[5]), c = PAIRS(x[2], x[6]), d = PAIRS(x[3], x[7]);
      const sixteen ac = LOW(a, c), AC = HIGH(a, c), bd = LOW(b, d), BD = HIGH(b, d);
      const sixteen y[4] = {LOW(ac, bd), HIGH(ac, bd), LOW(AC, BD), HIGH(AC, BD)};
      for (int i = 0; i < 8 && column + i < columns; i++) {
        const sixteen both = y[i / 2];
        *(eight *)(to + (long)(column + i) * rows + row) =
            i % 2 ? __builtin_shufflevector(both, both, 8, 9, 10, 11, 12, 13, 14, 15)
                  : __builtin_shufflevector(both, both, 0, 1, 2, 3, 4, 5, 6, 7);
      }
    }
  }
#undef PAIRS
#undef LOW
#undef HIGH
  for (; row < rows; row++, from += pitch) {
    for (int column = 0; column < columns; column++) to[(long)column * rows + row] = from[column];
  }
}
