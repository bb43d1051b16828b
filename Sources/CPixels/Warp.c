// Moving pictures by affine and projective maps: for each new pixel, where it was, to 1/128 of a pixel, and what lies there
// between four pixels. Bytes are computed in whole numbers, so that all machines give the same.
#include "CPixels.h"
#include "Vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  fraction = 7,  // bits
  one = 1 << fraction
};

typedef int16_t Shorts __attribute__((vector_size(64)));
typedef int32_t Wide __attribute__((vector_size(128)));
typedef uint8_t Bytes __attribute__((vector_size(32)));

typedef struct Warp {
  const FPXPicture *from, *to;
  const double *back;  // 3×3, by rows: from new places to old ones
  FPXBorder border;
  const float *fill;
  int isNearest;
} Warp;

// Where the pixels of one new row were.
typedef struct Row {
  // In parts of a pixel; of what lies outside, only where the border is constant or comes around.
  int32_t *x, *y;
  // Where the values of the pixel to the upper left begin, and of the one below it, and the shares of what comes behind them.
  int32_t *upper, *lower;
  int16_t *right, *down;
  // Whether what comes behind them is there or does not count.
  int32_t *isInside;
} Row;

// MARK: Places

// A place in the picture that shows the same as `place`, which may lie outside.
static INLINED double inside(double place, double length, const FPXBorder border) {
  if (border == FPX_BORDER_REFLECT) {
    // The mirror stands half a pixel beyond the last one.
    const double turned = place + 0.5 - 2 * length * floor((place + 0.5) / (2 * length));
    place = fmin(turned, 2 * length - turned) - 0.5;
  }
  if (border == FPX_BORDER_WRAP) return place - length * floor(place / length);
  // Beyond that nothing is of the picture, and whole numbers still hold it.
  const double farthest = 1 << 20;
  return border == FPX_BORDER_CONSTANT ? fmin(fmax(place, -farthest), farthest) : fmin(fmax(place, 0), length - 1);
}

static INLINED void findPlaces(const Warp *warp, size_t y, Row row, const FPXBorder border, const int isAffine) {
  const double *const m = warp->back;
  const double width = (double)warp->from->width, height = (double)warp->from->height;
  const double startX = m[1] * (double)y + m[2], startY = m[4] * (double)y + m[5];
  const double startZ = m[7] * (double)y + m[8];
  const double parts = warp->isNearest ? 1 : one, scale = warp->isNearest ? one : 1;
  for (size_t x = 0; x < warp->to->width; x++) {
    double column = m[0] * (double)x + startX, line = m[3] * (double)x + startY;
    if (!isAffine) {
      const double depth = 1 / (m[6] * (double)x + startZ);
      column *= depth;
      line *= depth;
    }
    row.x[x] = (int32_t)(scale * floor(inside(column, width, border) * parts + 0.5));
    row.y[x] = (int32_t)(scale * floor(inside(line, height, border) * parts + 0.5));
  }
  // Eight bytes are read at a pixel of three.
  const int32_t columns = (int32_t)width, lines = (int32_t)height, last = columns * lines - 3;
  const int32_t channels = warp->from->channels;
  const int clamps = border == FPX_BORDER_REPLICATE || border == FPX_BORDER_REFLECT;
  const int32_t *restrict const placeX = row.x, *restrict const placeY = row.y;
  int32_t *restrict const upper = row.upper, *restrict const lower = row.lower, *restrict const isInside = row.isInside;
  int16_t *restrict const right = row.right, *restrict const down = row.down;
  for (size_t x = 0; x < warp->to->width; x++) {
    const int32_t column = placeX[x] >> fraction, line = placeY[x] >> fraction;
    const int32_t below = clamps ? (line + 1 < lines ? line + 1 : line) : line + 1;
    const int32_t under = below * columns + column;
    upper[x] = (line * columns + column) * channels;
    lower[x] = under * channels;
    right[x] = (int16_t)(placeX[x] & (one - 1));
    down[x] = (int16_t)(placeY[x] & (one - 1));
    isInside[x] = (under <= last) & (clamps | ((column >= 0) & (line >= 0) & (column + 1 < columns) & (below < lines)));
  }
}

static INLINED void findAllPlaces(const Warp *warp, size_t y, Row row, const FPXBorder border) {
  const double *const last = warp->back + 6;
  if (last[0] == 0 && last[1] == 0 && last[2] == 1) findPlaces(warp, y, row, border, 1);
  else findPlaces(warp, y, row, border, 0);
}

// MARK: Pixels

static INLINED int32_t byteBetween(int32_t upper, int32_t lower, int32_t upperNext, int32_t lowerNext, int right, int down) {
  const int32_t before = upper * (one / 2) + (((lower - upper) * down) >> 1);
  const int32_t behind = upperNext * (one / 2) + (((lowerNext - upperNext) * down) >> 1);
  return (before + (((behind - before) * right) >> fraction) + one / 4) >> (fraction - 1);
}

static INLINED float floatBetween(float upper, float lower, float upperNext, float lowerNext, int right, int down) {
  const float toRight = (float)right / one, toBottom = (float)down / one;
  const float before = upper + toBottom * (lower - upper), behind = upperNext + toBottom * (lowerNext - upperNext);
  return before + toRight * (behind - before);
}

// One that may lie partly or wholly outside, of any sort.
static INLINED void onePixel(const Warp *warp, Row row, size_t x, size_t target, const int isFloat) {
  const FPXPicture *const from = warp->from;
  const int32_t width = (int32_t)from->width, height = (int32_t)from->height;
  const int channels = from->channels, right = row.right[x], down = row.down[x];
  int32_t left = row.x[x] >> fraction, top = row.y[x] >> fraction;
  if (warp->border == FPX_BORDER_WRAP) {
    // A place just before the picture's end is rounded to it, which is its beginning.
    left = left == width ? 0 : left;
    top = top == height ? 0 : top;
  }
  if (left < -1 || top < -1 || left >= width || top >= height) {
    for (int channel = 0; channel < channels; channel++) {
      if (isFloat) ((float *)warp->to->data)[target + (size_t)channel] = warp->fill[channel];
      else ((uint8_t *)warp->to->data)[target + (size_t)channel] = (uint8_t)warp->fill[channel];
    }
    return;
  }
  float corners[4][4];
  for (int corner = 0; corner < 4; corner++) {
    int32_t column = left + (corner & 1), line = top + (corner >> 1);
    if (warp->border == FPX_BORDER_WRAP) {
      column = column >= width ? 0 : column;
      line = line >= height ? 0 : line;
    } else if (warp->border != FPX_BORDER_CONSTANT) {
      column = column >= width ? width - 1 : column;
      line = line >= height ? height - 1 : line;
    }
    const int isOutside = column < 0 || line < 0 || column >= width || line >= height;
    const size_t place = isOutside ? 0 : ((size_t)line * from->width + (size_t)column) * (size_t)channels;
    for (int channel = 0; channel < channels; channel++)
      corners[corner][channel] = isOutside ? warp->fill[channel]
                                 : isFloat ? ((const float *)from->data)[place + (size_t)channel]
                                           : (float)((const uint8_t *)from->data)[place + (size_t)channel];
  }
  for (int channel = 0; channel < channels; channel++) {
    const float upper = corners[0][channel], upperNext = corners[1][channel], lower = corners[2][channel],
                lowerNext = corners[3][channel];
    if (isFloat)
      ((float *)warp->to->data)[target + (size_t)channel] = floatBetween(upper, lower, upperNext, lowerNext, right, down);
    else
      ((uint8_t *)warp->to->data)[target + (size_t)channel] =
          (uint8_t)byteBetween((int32_t)upper, (int32_t)lower, (int32_t)upperNext, (int32_t)lowerNext, right, down);
  }
}

static INLINED void onePixelInside(const Warp *warp, Row row, size_t x, size_t target, const int channels) {
  const uint8_t *const upper = (const uint8_t *)warp->from->data + row.upper[x];
  const uint8_t *const lower = (const uint8_t *)warp->from->data + row.lower[x];
  for (int channel = 0; channel < channels; channel++)
    ((uint8_t *)warp->to->data)[target + (size_t)channel] =
        (uint8_t)byteBetween(upper[channel], lower[channel], upper[channel + channels], lower[channel + channels],
                             row.right[x], row.down[x]);
}

// Eight lanes for each of four pixels: of the eight bytes there, three are a pixel's and three those of the next one.
static INLINED void eightOfEach(const uint8_t *from, const int32_t *places, Shorts *lanes) {
  Bytes bytes;
  for (int pixel = 0; pixel < 4; pixel++) memcpy((uint8_t *)&bytes + 8 * pixel, from + places[pixel], 8);
  *lanes = __builtin_convertvector(bytes, Shorts);
}

static INLINED void repeated(const int16_t *shares, Shorts *lanes) {
  typedef int16_t FourShorts __attribute__((vector_size(8)));
  FourShorts four;
  memcpy(&four, shares, sizeof four);
  *lanes = __builtin_shufflevector(
      four, four, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
}

// Four new pixels of three bytes.
static INLINED void fourColors(const uint8_t *from, Row row, size_t x, uint8_t *target, int isLast) {
  Shorts upper, lower, right, down;
  eightOfEach(from, row.upper + x, &upper);
  eightOfEach(from, row.lower + x, &lower);
  repeated(row.right + x, &right);
  repeated(row.down + x, &down);
  const Shorts before = (upper << (fraction - 1)) + (((lower - upper) * down) >> 1);
  const Shorts behind = __builtin_shufflevector(
      before, before, 3, 4, 5, 6, 7, 7, 7, 7, 11, 12, 13, 14, 15, 15, 15, 15, 19, 20, 21, 22, 23, 23, 23, 23, 27, 28, 29, 30,
      31, 31, 31, 31);
  // The upper half of a product of sixteen bits is one instruction.
  const Wide product = __builtin_convertvector((behind - before) << 1, Wide) *
                       __builtin_convertvector(right << (15 - fraction), Wide);
  const Shorts value = before + __builtin_convertvector(product >> 16, Shorts);
  const Bytes bytes = __builtin_convertvector((value + one / 4) >> (fraction - 1), Bytes);
  const SixteenBytes packed =
      __builtin_shufflevector(bytes, bytes, 0, 1, 2, 8, 9, 10, 16, 17, 18, 24, 25, 26, 26, 26, 26, 26);
  // The four bytes behind them are those of the next pixels, unless there are none.
  if (isLast) memcpy(target, &packed, 12);
  else memcpy(target, &packed, 16);
}

static INLINED void warpRow(const Warp *warp, size_t y, Row row, const int isFloat) {
  switch (warp->border) {
    case FPX_BORDER_CONSTANT: findAllPlaces(warp, y, row, FPX_BORDER_CONSTANT); break;
    case FPX_BORDER_REPLICATE: findAllPlaces(warp, y, row, FPX_BORDER_REPLICATE); break;
    case FPX_BORDER_REFLECT: findAllPlaces(warp, y, row, FPX_BORDER_REFLECT); break;
    case FPX_BORDER_WRAP: findAllPlaces(warp, y, row, FPX_BORDER_WRAP); break;
  }
  const size_t width = warp->to->width, channels = (size_t)warp->from->channels;
  size_t x = 0;
  while (x < width) {
    const size_t target = (y * width + x) * channels;
    if (!isFloat && channels == 3 && x + 4 <= width &&
        row.isInside[x] & row.isInside[x + 1] & row.isInside[x + 2] & row.isInside[x + 3]) {
      fourColors(warp->from->data, row, x, (uint8_t *)warp->to->data + target, x + 5 > width);
      x += 4;
      continue;
    }
    if (!isFloat && channels == 1 && row.isInside[x]) onePixelInside(warp, row, x, target, 1);
    else if (!isFloat && channels == 3 && row.isInside[x]) onePixelInside(warp, row, x, target, 3);
    else onePixel(warp, row, x, target, isFloat);
    x += 1;
  }
}

FPX_CLONED static void warpBytes(const Warp *warp, Row row) {
  for (size_t y = 0; y < warp->to->height; y++) warpRow(warp, y, row, 0);
}

FPX_CLONED static void warpFloats(const Warp *warp, Row row) {
  for (size_t y = 0; y < warp->to->height; y++) warpRow(warp, y, row, 1);
}

int32_t fpx_warp(
    FPXPicture from, FPXPicture to, const double *back, int32_t isNearest, FPXBorder border, const float *fill) {
  const Warp warp = {&from, &to, back, border, fill, isNearest};
  const size_t width = to.width;
  int32_t *const places = malloc(width * (5 * sizeof(int32_t) + 2 * sizeof(int16_t)));
  if (places == NULL) return 1;
  int16_t *const shares = (int16_t *)(void *)(places + 5 * width);
  const Row row = {places, places + width, places + 2 * width, places + 3 * width, shares, shares + width,
                   places + 4 * width};
  (from.isFloat ? warpFloats : warpBytes)(&warp, row);
  free(places);
  return 0;
}
