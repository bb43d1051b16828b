// What becomes of sums of bytes' products. A multiplication and an addition are rounded each, so that all processors round alike.
#pragma once

#include "Bytes.h"
#include "Vectors.h"

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

VECTOR_TYPE(octets, uint8_t, LANES, 1);

// Behind 1.5·2²³ a float's last bits are a whole number, rounded to the nearest.
#define ROUNDING 12582912.0f

// What is done with the sums of LANES filters, pixel by pixel.
typedef struct {
  vector factors, offsets, lower, upper, addendFactor;
} byteRule;

INLINE void readRule(const fovea_byte_result *r, int filter, byteRule *rule) {
  rule->factors = *(const loose *)(r->factors + filter);
  rule->offsets = *(const loose *)(r->offsets + filter);
  rule->lower = SPLAT(vector, r->lower);
  rule->upper = SPLAT(vector, r->upper);
  rule->addendFactor = SPLAT(vector, r->addendFactor);
}

INLINE void finished(const byteRule *rule, const whole *sums, const uint8_t *addend, vector *result) {
  vector y = __builtin_convertvector(*sums, vector) * rule->factors;
  y = y + rule->offsets;
  if (addend) {
    octets added;
    memcpy(&added, addend, sizeof added);
    const vector more = __builtin_convertvector(added, vector) * rule->addendFactor;
    y = y + more;
  }
  y = SELECT(y > rule->lower, y, rule->lower);
  *result = SELECT(y < rule->upper, y, rule->upper);
}

INLINE void rounded(const vector *y, octets *to) {
  const vector shifted = *y + SPLAT(vector, ROUNDING);
  whole bits;
  memcpy(&bits, &shifted, sizeof bits);
  *to = __builtin_convertvector(bits & SPLAT(whole, 255), octets);
}

// The sums of `count` pixels, `stride` vectors apart, from `place` of the output on, in which LANES filters have room.
INLINE void finishBytes(const fovea_byte_result *r, const whole *sums, int stride, int filter, long place, long pitch,
                        const int count, const bool adds) {
  byteRule rule;
  readRule(r, filter, &rule);
  UNROLL for (int p = 0; p < count; p++) {
    vector y;
    octets out;
    finished(&rule, sums + p * stride, adds ? r->addend + place + p * pitch : NULL, &y);
    rounded(&y, &out);
    memcpy(r->bytes + place + p * pitch, &out, sizeof out);
  }
}

#ifndef OWN_PAIRS
// The same for two vectors of each pixel.
INLINE void finishPairs(const fovea_byte_result *r, const whole *sums, int filter, long place, long pitch, const int count,
                        const bool adds) {
  finishBytes(r, sums, 2, filter, place, pitch, count, adds);
  finishBytes(r, sums + 1, 2, filter + LANES, place + LANES, pitch, count, adds);
}
#endif

// The same where there is less room, or floats come out.
INLINE void finishRest(const fovea_byte_result *r, const whole *sums, int stride, int filter, long place, long pitch,
                       const int count, long room) {
  // A copy, since what is counted through lies in memory, and the sums shall not.
  whole kept[count];
  UNROLL for (int p = 0; p < count; p++) kept[p] = sums[p * stride];
  byteRule rule;
  readRule(r, filter, &rule);
  _Pragma("clang loop unroll(disable)") for (int p = 0; p < count; p++, place += pitch) {
    vector y;
    octets out;
    finished(&rule, kept + p, r->addend ? r->addend + place : NULL, &y);
    rounded(&y, &out);
    if (!r->bytes) {
      memcpy(r->floats + place, &y, (size_t)(room < LANES ? room : LANES) * sizeof(float));
    } else {
      memcpy(r->bytes + place, &out, (size_t)(room < LANES ? room : LANES));
    }
  }
}

INLINE void finish(const fovea_byte_result *r, const whole *sums, int stride, int filter, long place, long pitch,
                   const int count, long room) {
  if (!r->bytes || room < LANES) {
    finishRest(r, sums, stride, filter, place, pitch, count, room);
  } else if (r->addend) {
    finishBytes(r, sums, stride, filter, place, pitch, count, true);
  } else {
    finishBytes(r, sums, stride, filter, place, pitch, count, false);
  }
}
