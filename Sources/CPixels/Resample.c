// Resizing as Pillow does it (Resample.c of Pillow 4 to 12, which torchvision's and TensorFlow's antialiasing follow): a
// filter as wide as what a new pixel covers, along the rows first and then down the columns. Bytes are computed in fixed
// point and rounded to bytes in between, which is what makes the results the same to the bit. Pillow 13 takes the columns
// of some pictures first, and rounds others in between.
#include "CPixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Bits behind the point: 8 are a byte's, 2 are for what a filter overshoots.
enum { fraction = 32 - 8 - 2 };

static double triangle(double x) {
  x = fabs(x);
  return x < 1 ? 1 - x : 0;
}

// Keys 1981, with a = −½.
static double cubic(double x) {
  const double a = -0.5;
  x = fabs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

static double sinc(double x) {
  if (x == 0) return 1;
  x *= 3.14159265358979323846;
  return sin(x) / x;
}

static double lanczos(double x) { return x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

typedef struct Filter {
  double (*weight)(double);
  double support;
} Filter;

static const Filter filters[] = {{triangle, 1}, {cubic, 2}, {lanczos, 3}};

// What each new pixel is made of: old pixels from `first` on, `count` of them, with weights that sum to 1.
typedef struct Taps {
  int most;  // of one pixel
  int *first, *count;
  double *weights;   // `most` for each new pixel
  int32_t *integers;  // the same in fixed point
} Taps;

static void freeTaps(Taps *taps) {
  free(taps->first);
  free(taps->count);
  free(taps->weights);
  free(taps->integers);
}

static int makeTaps(Taps *taps, size_t from, size_t to, Filter filter) {
  const double scale = (double)from / (double)to, spread = scale < 1 ? 1 : scale;
  const double support = filter.support * spread;
  taps->most = (int)ceil(support) * 2 + 1;
  taps->first = malloc(to * sizeof *taps->first);
  taps->count = malloc(to * sizeof *taps->count);
  taps->weights = malloc(to * (size_t)taps->most * sizeof *taps->weights);
  taps->integers = malloc(to * (size_t)taps->most * sizeof *taps->integers);
  if (taps->first == NULL || taps->count == NULL || taps->weights == NULL || taps->integers == NULL) return 0;
  for (size_t place = 0; place < to; place++) {
    const double center = ((double)place + 0.5) * scale;
    int first = (int)(center - support + 0.5), end = (int)(center + support + 0.5);
    if (first < 0) first = 0;
    if (end > (int)from) end = (int)from;
    double *weights = taps->weights + place * (size_t)taps->most, sum = 0;
    for (int tap = 0; tap < end - first; tap++) {
      weights[tap] = filter.weight((tap + first - center + 0.5) / spread);
      sum += weights[tap];
    }
    int32_t *integers = taps->integers + place * (size_t)taps->most;
    for (int tap = 0; tap < end - first; tap++) {
      if (sum != 0) weights[tap] /= sum;
      integers[tap] = (int32_t)((weights[tap] < 0 ? -0.5 : 0.5) + weights[tap] * (1 << fraction));
    }
    taps->first[place] = first;
    taps->count[place] = end - first;
  }
  return 1;
}

static inline uint8_t rounded(int32_t sum) {
  const int32_t value = sum >> fraction;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

// MARK: Bytes

static void bytesAlongRow(const uint8_t *from, uint8_t *to, size_t width, int channels, const Taps *taps) {
  for (size_t x = 0; x < width; x++, to += channels) {
    const uint8_t *pixel = from + taps->first[x] * channels;
    const int32_t *weights = taps->integers + x * (size_t)taps->most;
    const int count = taps->count[x];
    if (channels == 3) {
      int32_t red = 1 << (fraction - 1), green = red, blue = red;
      for (int tap = 0; tap < count; tap++, pixel += 3) {
        red += pixel[0] * weights[tap];
        green += pixel[1] * weights[tap];
        blue += pixel[2] * weights[tap];
      }
      to[0] = rounded(red), to[1] = rounded(green), to[2] = rounded(blue);
    } else {
      for (int channel = 0; channel < channels; channel++) {
        int32_t sum = 1 << (fraction - 1);
        for (int tap = 0; tap < count; tap++) sum += pixel[tap * channels + channel] * weights[tap];
        to[channel] = rounded(sum);
      }
    }
  }
}

// One new row out of several: `sums` has room for a row.
static void bytesDownColumns(const uint8_t *from, uint8_t *to, size_t stride, size_t row, const Taps *taps, int32_t *sums) {
  const int32_t *weights = taps->integers + row * (size_t)taps->most;
  for (size_t index = 0; index < stride; index++) sums[index] = 1 << (fraction - 1);
  for (int tap = 0; tap < taps->count[row]; tap++) {
    const uint8_t *values = from + (size_t)(taps->first[row] + tap) * stride;
    const int32_t weight = weights[tap];
    for (size_t index = 0; index < stride; index++) sums[index] += values[index] * weight;
  }
  for (size_t index = 0; index < stride; index++) to[index] = rounded(sums[index]);
}

// MARK: Floats

static void floatsAlongRow(const float *from, float *to, size_t width, int channels, const Taps *taps) {
  for (size_t x = 0; x < width; x++, to += channels) {
    const float *pixel = from + taps->first[x] * channels;
    const double *weights = taps->weights + x * (size_t)taps->most;
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      for (int tap = 0; tap < taps->count[x]; tap++) sum += (double)pixel[tap * channels + channel] * weights[tap];
      to[channel] = (float)sum;
    }
  }
}

static void floatsDownColumns(const float *from, float *to, size_t stride, size_t row, const Taps *taps, double *sums) {
  const double *weights = taps->weights + row * (size_t)taps->most;
  memset(sums, 0, stride * sizeof *sums);
  for (int tap = 0; tap < taps->count[row]; tap++) {
    const float *values = from + (size_t)(taps->first[row] + tap) * stride;
    for (size_t index = 0; index < stride; index++) sums[index] += (double)values[index] * weights[tap];
  }
  for (size_t index = 0; index < stride; index++) to[index] = (float)sums[index];
}

// MARK: Both ways

static int resample(const FPXPicture *from, const FPXPicture *to, Taps *columns, Taps *rows, void **middle, void **sums) {
  const size_t value = from->isFloat ? sizeof(float) : 1;
  const size_t channels = (size_t)from->channels, stride = to->width * channels;
  const size_t oldStride = from->width * channels;
  const int turnsRows = from->width != to->width, turnsColumns = from->height != to->height;
  const uint8_t *source = from->data;
  // Only the rows that some new row is made of.
  const size_t first = turnsColumns ? (size_t)rows->first[0] : 0;
  const size_t end =
      turnsColumns ? (size_t)(rows->first[to->height - 1] + rows->count[to->height - 1]) : from->height;
  if (turnsRows) {
    uint8_t *target = to->data;
    if (turnsColumns) {
      if ((*middle = malloc(from->height * stride * value)) == NULL) return 0;
      target = *middle;
    }
    for (size_t row = first; row < end; row++) {
      const uint8_t *old = source + row * oldStride * value;
      uint8_t *new = target + row * stride * value;
      if (from->isFloat)
        floatsAlongRow((const float *)(const void *)old, (float *)(void *)new, to->width, from->channels, columns);
      else
        bytesAlongRow(old, new, to->width, from->channels, columns);
    }
    source = target;
  }
  if (!turnsColumns) return 1;
  if ((*sums = malloc(stride * sizeof(double))) == NULL) return 0;
  for (size_t row = 0; row < to->height; row++) {
    uint8_t *new = (uint8_t *)to->data + row * stride * value;
    if (from->isFloat)
      floatsDownColumns((const float *)(const void *)source, (float *)(void *)new, stride, row, rows, *sums);
    else
      bytesDownColumns(source, new, stride, row, rows, *sums);
  }
  return 1;
}

int32_t fpx_resample(FPXPicture from, FPXPicture to, FPXFilter filter) {
  Taps columns = {0}, rows = {0};
  void *middle = NULL, *sums = NULL;
  const int isDone = makeTaps(&columns, from.width, to.width, filters[filter]) &&
                     makeTaps(&rows, from.height, to.height, filters[filter]) &&
                     resample(&from, &to, &columns, &rows, &middle, &sums);
  freeTaps(&columns);
  freeTaps(&rows);
  free(middle);
  free(sums);
  return isDone ? 0 : 1;
}
