// Batch normalization, perhaps with the rectifier and a maximum pooling, of one slab: rows of channels side by side.

enum { CUT = 4 };

#if defined(__clang__)
// How vectors are passed to a function depends on the instructions; all of these are inlined.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
#endif

VECTOR_TYPE(normalizationBytes, uint8_t, LANES, 1);

#define VALUE vector
#define READ(p) (*(const loose *)(p))
#define WRITE(p, v) (*(loose *)(p) = (v))
#define CHOOSE(c, y, n) SELECT(c, y, n)
#define CHOICE whole
#define READ_CHOICE(p) __builtin_convertvector(*(const normalizationBytes *)(p), whole)
#define WRITE_CHOICE(p, c) (*(normalizationBytes *)(p) = __builtin_convertvector(c, normalizationBytes))
#define NAME(x) x##OfVectors
#include "NormalizationRuns.h"

#define VALUE float
#define READ(p) (*(p))
#define WRITE(p, v) (*(p) = (v))
#define CHOOSE(c, y, n) ((c) ? (y) : (n))
#define CHOICE int32_t
#define READ_CHOICE(p) ((int32_t)*(p))
#define WRITE_CHOICE(p, c) (*(p) = (uint8_t)(c))
#define NAME(x) x##OfFloats
#include "NormalizationRuns.h"

INLINE ruleOfVectors vectorRule(const fovea_normalization_rule *r, long lane) {
  return (ruleOfVectors){*(const loose *)(r->center + lane), *(const loose *)(r->factor + lane),
                         *(const loose *)(r->offset + lane), *(const loose *)(r->mean + lane),
                         *(const loose *)(r->slope + lane)};
}

INLINE ruleOfFloats floatRule(const fovea_normalization_rule *r, long lane) {
  return (ruleOfFloats){r->center[lane], r->factor[lane], r->offset[lane], r->mean[lane], r->slope[lane]};
}

// Fewer lanes than a vector has, again and again until it is full.
INLINE vector repeated(const float *values, long lanes) {
  vector result;
  UNROLL for (int i = 0; i < LANES; i++) result[i] = values[i % lanes];
  return result;
}

INLINE ruleOfVectors repeatedRule(const fovea_normalization_rule *r, long lanes) {
  return (ruleOfVectors){repeated(r->center, lanes), repeated(r->factor, lanes), repeated(r->offset, lanes),
                         repeated(r->mean, lanes), repeated(r->slope, lanes)};
}

// How many vectors there are where several rows fill one; else none.
INLINE long sharedVectors(const fovea_normalization_slab *s) {
  return s->lanes < LANES && LANES % s->lanes == 0 ? (long)s->height * s->width * s->lanes / LANES : 0;
}

INLINE void addRepeated(const vector *sums, long lanes, float *to) {
  UNROLL for (int i = 0; i < LANES; i++) {
    to[i % lanes] += sums[0][i];
    to[lanes + i % lanes] += sums[1][i];
  }
}

TARGET static void normalizationMoments(const fovea_normalization_slab *s, const float *x, const float *pivot,
                                        float *sums) {
  const long lanes = s->lanes, shared = sharedVectors(s), first = shared * LANES / lanes;
  const long rows = (long)s->height * s->width - first;
  memset(sums, 0, (size_t)lanes * 2 * sizeof(float));
  if (shared > 0) {
    vector both[2];
    momentsRunOfVectors(x, shared, LANES, repeated(pivot, lanes), both);
    addRepeated(both, lanes, sums);
    x += shared * LANES;
  }
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    vector both[2];
    momentsRunOfVectors(x + j, rows, lanes, *(const loose *)(pivot + j), both);
    *(loose *)(sums + j) = both[0];
    *(loose *)(sums + lanes + j) = both[1];
  }
  for (; j < lanes; j++) {
    float both[2];
    momentsRunOfFloats(x + j, rows, lanes, pivot[j], both);
    sums[j] += both[0];
    sums[lanes + j] += both[1];
  }
}

TARGET static void normalize(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x,
                             float *y) {
  const long lanes = s->lanes, shared = sharedVectors(s), rows = (long)s->height * s->width - shared * LANES / lanes;
  if (shared > 0) {
    const ruleOfVectors r = repeatedRule(rule, lanes);
    normalizeRunOfVectors(&r, x, shared, LANES, s->rectifies, y);
    x += shared * LANES, y += shared * LANES;
  }
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    const ruleOfVectors r = vectorRule(rule, j);
    normalizeRunOfVectors(&r, x + j, rows, lanes, s->rectifies, y + j);
  }
  for (; j < lanes; j++) {
    const ruleOfFloats r = floatRule(rule, j);
    normalizeRunOfFloats(&r, x + j, rows, lanes, s->rectifies, y + j);
  }
}

TARGET static void normalizationSums(const fovea_normalization_slab *s, const fovea_normalization_rule *rule,
                                     const float *x, const float *gradients, float *sums) {
  const long lanes = s->lanes, shared = sharedVectors(s), rows = (long)s->height * s->width - shared * LANES / lanes;
  memset(sums, 0, (size_t)lanes * 2 * sizeof(float));
  if (shared > 0) {
    const ruleOfVectors r = repeatedRule(rule, lanes);
    vector both[2];
    gradientSumsRunOfVectors(&r, x, gradients, shared, LANES, s->rectifies, both);
    addRepeated(both, lanes, sums);
    x += shared * LANES, gradients += shared * LANES;
  }
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    const ruleOfVectors r = vectorRule(rule, j);
    vector both[2];
    gradientSumsRunOfVectors(&r, x + j, gradients + j, rows, lanes, s->rectifies, both);
    *(loose *)(sums + j) = both[0];
    *(loose *)(sums + lanes + j) = both[1];
  }
  for (; j < lanes; j++) {
    const ruleOfFloats r = floatRule(rule, j);
    float both[2];
    gradientSumsRunOfFloats(&r, x + j, gradients + j, rows, lanes, s->rectifies, both);
    sums[j] += both[0];
    sums[lanes + j] += both[1];
  }
}

TARGET static void normalizationGradient(const fovea_normalization_slab *s, const fovea_normalization_rule *rule,
                                         const float *x, const float *gradients, float *to) {
  const long lanes = s->lanes, shared = sharedVectors(s), rows = (long)s->height * s->width - shared * LANES / lanes;
  if (shared > 0) {
    const ruleOfVectors r = repeatedRule(rule, lanes);
    gradientRunOfVectors(&r, x, gradients, shared, LANES, s->rectifies, to);
    x += shared * LANES, gradients += shared * LANES, to += shared * LANES;
  }
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    const ruleOfVectors r = vectorRule(rule, j);
    gradientRunOfVectors(&r, x + j, gradients + j, rows, lanes, s->rectifies, to + j);
  }
  for (; j < lanes; j++) {
    const ruleOfFloats r = floatRule(rule, j);
    gradientRunOfFloats(&r, x + j, gradients + j, rows, lanes, s->rectifies, to + j);
  }
}

TARGET static void normalizationPool(const fovea_normalization_slab *s, const fovea_normalization_rule *rule,
                                     const float *x, float *y, uint8_t *winners) {
  const long lanes = s->lanes, pitch = s->width * lanes, outputs = s->width / 2;
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    const ruleOfVectors r = vectorRule(rule, j);
    for (long row = 0; row < s->height / 2; row++) {
      poolRunOfVectors(&r, x + j + 2 * row * pitch, pitch, outputs, lanes, s->rectifies, y + j + row * outputs * lanes,
                       winners ? winners + j + row * outputs * lanes : NULL);
    }
  }
  for (; j < lanes; j++) {
    const ruleOfFloats r = floatRule(rule, j);
    for (long row = 0; row < s->height / 2; row++) {
      poolRunOfFloats(&r, x + j + 2 * row * pitch, pitch, outputs, lanes, s->rectifies, y + j + row * outputs * lanes,
                      winners ? winners + j + row * outputs * lanes : NULL);
    }
  }
}

TARGET static void normalizationPoolSums(const fovea_normalization_slab *s, const fovea_normalization_rule *rule,
                                         const float *x, const float *gradients, const uint8_t *winners, float *sums) {
  const long lanes = s->lanes, pitch = s->width * lanes, outputs = s->width / 2;
  long j = 0;
  for (; j + LANES <= lanes; j += LANES) {
    const ruleOfVectors r = vectorRule(rule, j);
    vector both[2] = {{0}, {0}};
    for (long row = 0; row < s->height / 2; row++) {
      const long place = j + row * outputs * lanes;
      poolSumsRunOfVectors(&r, x + j + 2 * row * pitch, gradients + place, winners + place, pitch, outputs, lanes, both);
    }
    *(loose *)(sums + j) = both[0];
    *(loose *)(sums + lanes + j) = both[1];
  }
  for (; j < lanes; j++) {
    const ruleOfFloats r = floatRule(rule, j);
    float both[2] = {0, 0};
    for (long row = 0; row < s->height / 2; row++) {
      const long place = j + row * outputs * lanes;
      poolSumsRunOfFloats(&r, x + j + 2 * row * pitch, gradients + place, winners + place, pitch, outputs, lanes, both);
    }
    sums[j] = both[0];
    sums[lanes + j] = both[1];
  }
}

// Where height or width is odd, the last row or column belongs to no window.
TARGET static void normalizationPoolGradient(const fovea_normalization_slab *s, const fovea_normalization_rule *rule,
                                             const float *x, const float *gradients, const uint8_t *winners, float *to) {
  const long lanes = s->lanes, pitch = s->width * lanes, outputs = s->width / 2;
  for (long j = 0; j < lanes;) {
    const bool isVector = j + LANES <= lanes;
    const ruleOfVectors r = isVector ? vectorRule(rule, j) : (ruleOfVectors){0};
    const ruleOfFloats f = floatRule(rule, j);
    for (long row = 0; row < s->height; row += 2) {
      const long from = j + row * pitch, place = j + row / 2 * outputs * lanes, right = from + 2 * outputs * lanes;
      const bool isWindow = row + 1 < s->height;
      if (isVector) {
        if (isWindow) {
          poolGradientRunOfVectors(&r, x + from, gradients + place, winners + place, pitch, outputs, lanes, to + from);
        } else {
          unseenRunOfVectors(&r, x + from, 2 * outputs, lanes, to + from);
        }
      } else if (isWindow) {
        poolGradientRunOfFloats(&f, x + from, gradients + place, winners + place, pitch, outputs, lanes, to + from);
      } else {
        unseenRunOfFloats(&f, x + from, 2 * outputs, lanes, to + from);
      }
      for (long below = 0; s->width % 2 == 1 && below <= isWindow; below++) {
        if (isVector) {
          unseenRunOfVectors(&r, x + right + below * pitch, 1, lanes, to + right + below * pitch);
        } else {
          unseenRunOfFloats(&f, x + right + below * pitch, 1, lanes, to + right + below * pitch);
        }
      }
    }
    j += isVector ? LANES : 1;
  }
}

static const fovea_normalization_kernels normalizationKernels = {
    normalizationMoments, normalize,
    normalizationPool,    normalizationSums,
    normalizationPoolSums, normalizationGradient,
    normalizationPoolGradient,
};

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
