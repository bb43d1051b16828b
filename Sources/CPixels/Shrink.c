// Shrinking by area: each new pixel is the mean of all that it covers, parts of pixels included.
//
// Whole rows are added up first, sixteen values at a time; only the few sums are then added up along the rows. What a
// product and a sum are rounded to is the same on every machine.
#include "CPixels.h"
#include "Vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  lanes = 16,
  // New rows whose sums are added up along the rows together.
  rowsAtOnce = 8
};

// What each new pixel covers along one side: old pixels from `first` on, `count` of them, with weights that sum to 1.
typedef struct Coverage {
  int most;  // of one pixel
  int *first, *count;
  float *weights;  // `most` for each new pixel
} Coverage;

static void freeCoverage(Coverage *coverage) {
  free(coverage->first);
  free(coverage->weights);
}

static int makeCoverage(Coverage *coverage, size_t from, size_t to) {
  coverage->most = (int)(from / to) + 2;
  coverage->first = malloc(2 * to * sizeof(int));
  coverage->weights = calloc(to * (size_t)coverage->most, sizeof(float));
  if (coverage->first == NULL || coverage->weights == NULL) return 0;
  coverage->count = coverage->first + to;
  const double old = (double)from, new = (double)to;
  const float whole = (float)(1.0 * new / old);
  for (size_t place = 0; place < to; place++) {
    const double start = (double)place * old / new, end = (double)(place + 1) * old / new;
    const int first = (int)start, last = (int)fmin(ceil(end), old);
    float *weights = coverage->weights + place * (size_t)coverage->most;
    for (int pixel = first; pixel < last; pixel++) {
      const double part = fmin(end, pixel + 1.0) - fmax(start, (double)pixel);
      weights[pixel - first] = part == 1 ? whole : (float)(part * new / old);
    }
    coverage->first[place] = first;
    coverage->count[place] = last - first;
  }
  return 1;
}

// What may be read behind a row of sums.
static size_t slack(const Coverage *coverage, int channels) { return (size_t)(coverage->most * channels) + 4; }

// MARK: Down the columns

static INLINED void addRows(
    const void *from, const int isFloat, size_t stride, const float *weights, const int count, float *sums) {
  const uint8_t *const bytes = from;
  const float *const floats = from;
  if (stride < lanes) {
    for (size_t index = 0; index < stride; index++) {
      sums[index] = 0;
      for (int tap = 0; tap < count; tap++) {
        const size_t place = (size_t)tap * stride + index;
        sums[index] += weights[tap] * (isFloat ? floats[place] : (float)bytes[place]);
      }
    }
    return;
  }
  for (size_t start = 0; start < stride; start += lanes) {
    // The last ones once more, rather than what lies behind the row.
    const size_t index = start + lanes <= stride ? start : stride - lanes;
    Sixteen sum = {0};
    for (int tap = 0; tap < count; tap++) {
      const size_t place = (size_t)tap * stride + index;
      Sixteen values;
      if (isFloat) {
        memcpy(&values, floats + place, sizeof values);
      } else {
        SixteenBytes loaded;
        memcpy(&loaded, bytes + place, sizeof loaded);
        values = __builtin_convertvector(loaded, Sixteen);
      }
      sum += weights[tap] * values;
    }
    memcpy(sums + index, &sum, sizeof sum);
  }
}

// Most pictures are shrunk by a factor for which loops of known length are worth it.
static INLINED void addSomeRows(
    const void *from, const int isFloat, size_t stride, const float *weights, int count, float *sums) {
  switch (count) {
    case 2: addRows(from, isFloat, stride, weights, 2, sums); break;
    case 3: addRows(from, isFloat, stride, weights, 3, sums); break;
    case 4: addRows(from, isFloat, stride, weights, 4, sums); break;
    default: addRows(from, isFloat, stride, weights, count, sums); break;
  }
}

// MARK: Along the rows

// `sums` holds `rowsAtOnce` rows, of which the first `rows` are written.
static INLINED void addAlongRows(
    const float *sums, size_t stride, int rows, const int channels, const Coverage *columns, size_t width, void *to,
    const int isFloat) {
  for (size_t x = 0; x < width; x++) {
    const float *const weights = columns->weights + x * (size_t)columns->most;
    const float *const values = sums + columns->first[x] * channels;
    // What is beyond counts nothing, so that all pixels take the same way; but nothing times infinity is no number.
    const int count = isFloat ? columns->count[x] : columns->most;
    Four pixels[rowsAtOnce] = {0};
    for (int tap = 0; tap < count; tap++) {
      const float weight = weights[tap];
#pragma clang loop unroll(full)
      for (int row = 0; row < rowsAtOnce; row++) {
        Four four;
        memcpy(&four, values + (size_t)row * stride + tap * channels, sizeof four);
        pixels[row] += weight * four;
      }
    }
    // Where there are three channels, the next pixel overwrites the fourth byte.
    const int isWhole = !isFloat && (channels == 4 || (channels == 3 && x + 1 < width));
    for (int first = 0; first < rowsAtOnce; first += 4) {
      const SixteenBytes bytes = fpx_rounded(pixels + first);
      for (int row = first; row < first + 4 && row < rows; row++) {
        const size_t place = ((size_t)row * width + x) * (size_t)channels;
        const uint8_t *const pixel = (const uint8_t *)&bytes + 4 * (row - first);
        if (isFloat) memcpy((float *)to + place, &pixels[row], (size_t)channels * sizeof(float));
        else if (isWhole) memcpy((uint8_t *)to + place, pixel, 4);
        else memcpy((uint8_t *)to + place, pixel, (size_t)channels);
      }
    }
  }
}

static INLINED void shrink(
    const FPXPicture *from, const FPXPicture *to, const int channels, const int isFloat, const Coverage *columns,
    const Coverage *rows, float *sums) {
  const size_t size = isFloat ? sizeof(float) : 1;
  const size_t stride = from->width * (size_t)channels;
  const size_t padded = stride + slack(columns, channels);
  for (size_t top = 0; top < to->height; top += rowsAtOnce) {
    const int count = top + rowsAtOnce <= to->height ? rowsAtOnce : (int)(to->height - top);
    for (int row = 0; row < count; row++) {
      const size_t place = top + (size_t)row;
      addSomeRows((const uint8_t *)from->data + (size_t)rows->first[place] * stride * size, isFloat, stride,
                  rows->weights + place * (size_t)rows->most, rows->count[place], sums + (size_t)row * padded);
    }
    uint8_t *const target = (uint8_t *)to->data + top * to->width * (size_t)channels * size;
    addAlongRows(sums, padded, count, channels, columns, to->width, target, isFloat);
  }
}

FPX_CLONED static void shrinkBytes(
    const FPXPicture *from, const FPXPicture *to, const Coverage *columns, const Coverage *rows, float *sums) {
  switch (from->channels) {
    case 1: shrink(from, to, 1, 0, columns, rows, sums); break;
    case 3: shrink(from, to, 3, 0, columns, rows, sums); break;
    case 4: shrink(from, to, 4, 0, columns, rows, sums); break;
    default: shrink(from, to, 2, 0, columns, rows, sums); break;
  }
}

FPX_CLONED static void shrinkFloats(
    const FPXPicture *from, const FPXPicture *to, const Coverage *columns, const Coverage *rows, float *sums) {
  switch (from->channels) {
    case 1: shrink(from, to, 1, 1, columns, rows, sums); break;
    case 3: shrink(from, to, 3, 1, columns, rows, sums); break;
    case 4: shrink(from, to, 4, 1, columns, rows, sums); break;
    default: shrink(from, to, 2, 1, columns, rows, sums); break;
  }
}

int32_t fpx_shrink(FPXPicture from, FPXPicture to) {
  Coverage columns = {0}, rows = {0};
  float *sums = NULL;
  int isReady = makeCoverage(&columns, from.width, to.width) && makeCoverage(&rows, from.height, to.height);
  if (isReady) {
    const size_t padded = from.width * (size_t)from.channels + slack(&columns, from.channels);
    isReady = (sums = calloc(rowsAtOnce * padded, sizeof *sums)) != NULL;
  }
  if (isReady) (from.isFloat ? shrinkFloats : shrinkBytes)(&from, &to, &columns, &rows, sums);
  freeCoverage(&columns);
  freeCoverage(&rows);
  free(sums);
  return isReady ? 0 : 1;
}
