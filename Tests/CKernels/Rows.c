// fovea_vector_kernels, whose widths differ: sixteen filters, cut into as many blocks as a width makes of them.
#include "Check.h"

enum { FILTERS = 16 };

static void rows(const fovea_vector_kernels *k, const float *x, long pitch, long step, const float *weights, int height,
                 int run, int count, float *result) {
  for (int first = 0; first < FILTERS; first += k->lanes) {
    float *block = room((long)height * run * k->lanes), *out = room((long)count * k->lanes);
    for (long i = 0; i < (long)height * run * k->lanes; i++) {
      block[i] = weights[i / k->lanes * FILTERS + first + i % k->lanes];
    }
    k->row(x, pitch, step, block, height, run, count, out);
    for (long i = 0; i < (long)count * k->lanes; i++) result[i / k->lanes * FILTERS + first + i % k->lanes] = out[i];
  }
}

static void pools(const fovea_vector_kernels *k, const float *convolved, int height, int width, int count,
                  const float *bias, int rectifies, float *values, float *winners) {
  const long stride = (long)count * width;
  uint8_t *won = (uint8_t *)room((long)count * FILTERS);
  for (int first = 0; first < FILTERS; first += k->lanes) {
    float *block = room(height * stride * k->lanes);
    for (long i = 0; i < height * stride * k->lanes; i++) {
      block[i] = convolved[i / k->lanes * FILTERS + first + i % k->lanes];
    }
    k->pool(block, stride * k->lanes, height, width, count, bias + first, rectifies, values + first, FILTERS, won + first,
            FILTERS);
  }
  for (long i = 0; i < (long)count * FILTERS; i++) winners[i] = won[i];
}

static void compareWidth(tested *t, const fovea_vector_kernels *k) {
  const fovea_vector_kernels *portable = fovea_portable_kernels.narrow;
  const int counts[] = {1, 2, 3, 5, 7, 11, 13, 17, 23, 24, 25, 31, 49};
  for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
    const int count = counts[i], height = 1 + (int)i % 5, run = 1 + (int)(i * 3) % 17, step = 1 + (int)i % 3;
    const long pitch = (long)count * step + run;
    float *x = draw(pitch * height), *w = draw((long)height * run * FILTERS);
    float *got = room((long)count * FILTERS), *expected = room((long)count * FILTERS);
    rows(k, x, pitch, step, w, height, run, count, got);
    rows(portable, x, pitch, step, w, height, run, count, expected);
    compare(t, "row", (long)count * FILTERS, got, expected, (float)(height * run));

    for (int window = 1; window <= 3; window++) {
      float *maps = draw((long)window * count * 2 * FILTERS), *bias = draw(FILTERS);
      float *won = room((long)count * FILTERS), *winners = room((long)count * FILTERS);
      maps[5] = NAN;
      pools(k, maps, window, 2, count, bias, window % 2, got, won);
      pools(portable, maps, window, 2, count, bias, window % 2, expected, winners);
      compare(t, "pool", (long)count * FILTERS, got, expected, 0);
      compare(t, "pool: winners", (long)count * FILTERS, won, winners, 0);
    }
  }
  for (int height = 1; height <= 7; height++) {
    for (int length = 16; length <= 112; length += 16) {
      const int count = height * 5 % 13;
      const long pitch = length + 8, size = height * pitch;
      float *source = draw(size + 64), *factors = draw(count), *got = draw(size), *expected = copyOf(got, size);
      int32_t offsets[16];
      for (int i = 0; i < 16; i++) offsets[i] = i * 3;
      k->accumulate(got, pitch, source, pitch, offsets, factors, count, height, length / k->lanes);
      portable->accumulate(expected, pitch, source, pitch, offsets, factors, count, height, length / portable->lanes);
      compare(t, "accumulate", size, got, expected, (float)count);
    }
  }
  t->functions += 3;
}

static uint16_t roundedTo16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static float from16(uint16_t value) {
  const uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// fovea_bfloat16_kernels, which have no portable twin.
static void compareRounded(tested *t, const fovea_bfloat16_kernels *k) {
  for (int count = 1; count <= 53; count += 4) {
    const int height = 1 + count % 5, pairs = 1 + count % 7, step = 1 + count % 3;
    const long pitch = (long)count * step + 2 * pairs, size = pitch * height;
    float *x = draw(size), *got = room(size), *expected = room(size);
    uint16_t *rounded = (uint16_t *)room(size);
    k->round(x, size, rounded);
    for (long i = 0; i < size; i++) got[i] = from16(rounded[i]), expected[i] = from16(roundedTo16(x[i]));
    compare(t, "round", size, got, expected, 0);
    for (int lanes = 8; lanes <= 16; lanes += 8) {
      const long weights = (long)height * pairs * lanes * 2;
      float *w = draw(weights), *out = room((long)count * lanes), *sums = room((long)count * lanes);
      uint16_t *factors = (uint16_t *)room(weights);
      for (long i = 0; i < weights; i++) factors[i] = roundedTo16(w[i]);
      (lanes == 16 ? k->wide : k->narrow)(rounded, pitch, step, factors, height, pairs, count, out);
      for (int p = 0; p < count; p++) {
        for (int f = 0; f < lanes; f++) {
          for (int i = 0; i < height * pairs * 2; i++) {
            const int row = i / (2 * pairs), tap = i % (2 * pairs);
            const uint16_t weight = factors[(((long)row * pairs + tap / 2) * lanes + f) * 2 + tap % 2];
            sums[p * lanes + f] += from16(rounded[row * pitch + (long)p * step + tap]) * from16(weight);
          }
        }
      }
      compare(t, lanes == 16 ? "rounded row of 16" : "rounded row of 8", (long)count * lanes, out, sums,
              (float)(height * pairs * 2));
    }
  }
  t->functions += 3;
}

void compareRowFunctions(tested *t) {
  compareWidth(t, t->set->narrow);
  if (t->set->wide) compareWidth(t, t->set->wide);
  if (fovea_kernels_has_bfloat16(t->instructions)) compareRounded(t, t->set->rounded);
}

void compareListFunctions(tested *t) {
  const fovea_list_kernels *k = t->set->lists, *portable = &fovea_portable_lists;
  const int counts[] = {1, 5, 15, 16, 17, 33, 64, 127};
  for (unsigned c = 0; c < sizeof counts / sizeof *counts; c++) {
    const int count = counts[c], elements = c % 2 ? 4 : 20;
    float *y = draw(count), *gradient = draw(count), *lists[2];
    uint8_t *winners = (uint8_t *)room(count);
    int32_t *places = (int32_t *)room(count), *offsets = (int32_t *)room(elements);
    for (int i = 0; i < count; i++) {
      winners[i] = (uint8_t)((unsigned)(i * 7) % (unsigned)elements);
      places[i] = i * 11;
      if (i % 5 == 2) gradient[i] = 0;
    }
    for (int e = 0; e < elements; e++) offsets[e] = e * 1000;
    const long pitch = count + LIST_FILL;
    for (int side = 0; side < 2; side++) {
      const fovea_list_kernels *l = side ? portable : k;
      // What is compared: gradients, then factors and offsets of both lists, with how many there are.
      float *all = lists[side] = room(count + 2 * pitch + elements * (2 * pitch + 1));
      float *passed = room(count), *factors = room(elements * pitch);
      int32_t *found = (int32_t *)room(elements * pitch), *howMany = (int32_t *)room(elements);
      l->passed(count, c % 3 != 0, y, gradient, passed);
      for (int i = 0; i < count; i++) *all++ = passed[i];
      const int listed = l->windows(count, passed, winners, places, offsets, elements, 77, factors, found);
      *all++ = (float)listed;
      for (int i = 0; i < listed; i++) *all++ = factors[i], *all++ = (float)found[i];
      l->filters(count, passed, winners, elements, 3, pitch, factors, found, howMany);
      for (int e = 0; e < elements; e++) {
        *all++ = (float)howMany[e];
        for (int i = 0; i < howMany[e]; i++) *all++ = factors[e * pitch + i], *all++ = (float)found[e * pitch + i];
      }
    }
    compare(t, "lists", count + 2 * pitch + elements * (2 * pitch + 1), lists[0], lists[1], 0);
  }
  t->functions += 3;
}
