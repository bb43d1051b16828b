// From samples of any kind to bytes.
#include "Decoder.h"

#include <math.h>
#include <string.h>

// MARK: Whole numbers

static void unpackBits(const uint8_t *from, size_t count, unsigned bits, unsigned flip, const uint8_t *table, uint8_t *to) {
  uint32_t buffer = 0;
  unsigned held = 0;
  for (size_t i = 0; i < count; i++) {
    while (held < bits) {
      buffer = buffer << 8 | *from++;
      held += 8;
    }
    held -= bits;
    const unsigned value = (buffer >> held & ((1u << bits) - 1)) ^ flip;
    to[i] = bits > 8 ? (uint8_t)(value >> (bits - 8)) : table[value];
  }
}

// Numbers of 16, 24, 32 or 64 bits lie in the machine's own order.
static void unpackUpperBytes(const uint8_t *from, size_t count, size_t stride, unsigned flip, uint8_t *to) {
  const uint16_t probe = 1;
  const size_t upper = *(const uint8_t *)&probe == 1 ? stride - 1 : 0;
  for (size_t i = 0; i < count; i++) to[i] = (uint8_t)(from[i * stride + upper] ^ flip);
}

// Wide numbers that are all small become one and the same byte, which must not go unsaid.
static void watch(FTIDecoder *decoder, const uint8_t *from, size_t count, size_t stride) {
  const uint16_t probe = 1;
  const size_t upper = *(const uint8_t *)&probe == 1 ? stride - 1 : 0;
  if (!decoder->isSeen) memcpy(decoder->firstSample, from, stride);
  decoder->isSeen = 1;
  for (size_t i = 0; i < count && !decoder->differsAbove; i++, from += stride) {
    decoder->differsAbove = from[upper] != decoder->firstSample[upper];
    if (!decoder->differsBelow) decoder->differsBelow = memcmp(from, decoder->firstSample, stride) != 0;
  }
}

static void unpackNarrow(const FTIDecoder *decoder, const uint8_t *from, size_t count, int isIndex, uint8_t *to) {
  const unsigned bits = decoder->bits, most = bits < 8 ? (1u << bits) - 1 : 255;
  const unsigned flip = decoder->format == SAMPLEFORMAT_INT && !isIndex ? 1u << (bits - 1) : 0;
  uint8_t table[256];
  for (unsigned value = 0; value <= most; value++)
    table[value] = (uint8_t)(isIndex ? value : (value * 255 + most / 2) / most);
  unpackBits(from, count, bits, flip, table, to);
}

// MARK: Floating point

// IEEE 754's binary16.
static float half(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const float fraction = (float)(bits & 1023);
  const float size = exponent == 0    ? ldexpf(fraction, -24)
                     : exponent == 31 ? (bits & 1023 ? NAN : INFINITY)
                                      : ldexpf(1024 + fraction, exponent - 25);
  return bits & 0x8000 ? -size : size;
}

static void unpackFloats(FTIDecoder *decoder, const uint8_t *from, size_t count, uint8_t *to) {
  double least = 0, greatest = 1;
  for (size_t i = 0; i < count; i++) {
    double value;
    if (decoder->bits == 16) {
      uint16_t bits;
      memcpy(&bits, from + 2 * i, 2);
      value = (double)half(bits);
    } else if (decoder->bits == 32) {
      float number;
      memcpy(&number, from + 4 * i, 4);
      value = (double)number;
    } else {
      memcpy(&value, from + 8 * i, 8);
    }
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    // It has no color, and to give it one would be to make up a pixel.
    if (isnan(value)) fti_fail(decoder, "one of its floating-point samples is no number (NaN)");
    to[i] = value >= 1 ? 255 : value > 0 ? (uint8_t)(value * 255 + 0.5) : 0;
  }
  if (least < 0 || greatest > 1)
    fti_warn(decoder, "its floating-point samples leave 0…1 (one is %g), and were clamped",
             greatest > 1 ? greatest : least);
}

void fti_unpack(FTIDecoder *decoder, const uint8_t *from, size_t count, int isIndex, uint8_t *to) {
  const unsigned bits = decoder->bits;
  if (decoder->format == SAMPLEFORMAT_IEEEFP) {
    unpackFloats(decoder, from, count, to);
  } else if (bits >= 16) {
    if (bits > 16) watch(decoder, from, count, bits / 8);
    unpackUpperBytes(from, count, bits / 8, decoder->format == SAMPLEFORMAT_INT ? 0x80 : 0, to);
  } else if (bits == 8 && (decoder->format != SAMPLEFORMAT_INT || isIndex)) {
    memcpy(to, from, count);
  } else {
    unpackNarrow(decoder, from, count, isIndex, to);
  }
}

// MARK: Subsampled colors

// Source: TIFF 6.0, section 21, "Ordering of Component Samples".
void fti_expand(const FTIDecoder *decoder, const uint8_t *from, uint32_t rows, uint8_t *to) {
  const uint32_t across = decoder->subsamplingX, down = decoder->subsamplingY, width = decoder->unitWidth;
  for (uint32_t top = 0; top < rows; top += down)
    for (uint32_t left = 0; left < width; left += across) {
      const uint8_t *chroma = from + across * down;
      for (uint32_t y = top; y < top + down; y++)
        for (uint32_t x = left; x < left + across; x++, from++) {
          if (x >= width || y >= rows) continue;
          uint8_t *pixel = to + ((size_t)y * width + x) * 3;
          pixel[0] = *from;
          pixel[1] = chroma[0];
          pixel[2] = chroma[1];
        }
      from += 2;
    }
}
