// What libtiff does behind its decoders, for those of our own: differences become samples, in the machine's order.
#include "Decoder.h"

#include <stdlib.h>
#include <string.h>

// Keeps the sums in registers, where `step` is known to the compiler.
static inline void accumulateBytes(uint8_t *row, size_t count, const size_t step) {
  uint8_t sums[4] = {0, 0, 0, 0};
  for (size_t i = 0; i < count; i += step)
    for (size_t sample = 0; sample < step; sample++)
      row[i + sample] = sums[sample] = (uint8_t)(sums[sample] + row[i + sample]);
}

#define ACCUMULATE(Number)                                                                        \
  do {                                                                                            \
    Number *numbers = (Number *)(void *)row;                                                      \
    for (size_t i = step; i < count / sizeof(Number); i++)                                        \
      numbers[i] = (Number)(numbers[i] + numbers[i - step]);                                      \
  } while (0)

// Adds to each number the one that lies `step` before it. What overflows starts again from 0.
static void accumulate(uint8_t *row, size_t count, size_t step, unsigned bits) {
  if (bits == 8 && step == 1) {
    accumulateBytes(row, count, 1);
  } else if (bits == 8 && step == 3) {
    accumulateBytes(row, count, 3);
  } else if (bits == 8 && step == 4) {
    accumulateBytes(row, count, 4);
  } else if (bits == 8) {
    ACCUMULATE(uint8_t);
  } else if (bits == 16) {
    ACCUMULATE(uint16_t);
  } else if (bits == 32) {
    ACCUMULATE(uint32_t);
  } else {
    ACCUMULATE(uint64_t);
  }
}

// Source: Adobe Photoshop TIFF Technical Note 3: of all numbers of a row, the first bytes, then the second ones.
static void gather(uint8_t *row, size_t count, size_t step, unsigned bytes, uint8_t *copy) {
  const uint16_t probe = 1;
  const int isLittle = *(const uint8_t *)&probe == 1;
  const size_t numbers = count / bytes;
  accumulate(row, count, step, 8);
  memcpy(copy, row, count);
  for (size_t i = 0; i < numbers; i++)
    for (unsigned byte = 0; byte < bytes; byte++)
      row[i * bytes + byte] = copy[(isLittle ? bytes - 1 - byte : byte) * numbers + i];
}

static void swap(const FTIDecoder *decoder, uint8_t *row, size_t count) {
  if (!TIFFIsByteSwapped(decoder->tiff)) return;
  switch (decoder->bits) {
    case 16: TIFFSwabArrayOfShort((uint16_t *)(void *)row, (tmsize_t)(count / 2)); break;
    case 24: TIFFSwabArrayOfTriples(row, (tmsize_t)(count / 3)); break;
    case 32: TIFFSwabArrayOfLong((uint32_t *)(void *)row, (tmsize_t)(count / 4)); break;
    case 64: TIFFSwabArrayOfLong8((uint64_t *)(void *)row, (tmsize_t)(count / 8)); break;
    default: break;
  }
}

const char *fti_choosePrediction(FTIDecoder *decoder) {
  const unsigned bits = decoder->bits;
  decoder->predictor = PREDICTOR_NONE;
  if (!fti_isDeflated(decoder)) return NULL;
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_PREDICTOR, &decoder->predictor);
  switch (decoder->predictor) {
    case PREDICTOR_NONE: return NULL;
    case PREDICTOR_HORIZONTAL:
      if (bits == 8 || bits == 16 || bits == 32 || bits == 64) return NULL;
      return fti_unread(decoder, "its samples are differences of other than 8, 16, 32 or 64 bits, which is not read");
    case PREDICTOR_FLOATINGPOINT:
      if (decoder->format == SAMPLEFORMAT_IEEEFP) return NULL;
      return "its samples are differences of floating-point numbers, but they are whole numbers";
    default: return "its kind of differences (predictor) is unknown";
  }
}

int fti_undoPrediction(FTIDecoder *decoder, uint8_t *rows, size_t count, size_t rowSize) {
  const size_t step = decoder->isSeparate ? 1 : decoder->samples;
  const int isGathered = decoder->predictor == PREDICTOR_FLOATINGPOINT;
  if (decoder->predictor == PREDICTOR_NONE) return swap(decoder, rows, count), 0;
  // As with colors that are subsampled by rows.
  if (rowSize == 0 || count % rowSize != 0 || rowSize % (step * decoder->bits / 8) != 0)
    return fti_fail(decoder, "its samples are differences, whose rows are no whole pixels");
  if (isGathered && decoder->copy == NULL) decoder->copy = malloc(rowSize);
  if (isGathered && decoder->copy == NULL) return fti_fail(decoder, "out of memory");
  for (uint8_t *row = rows; row < rows + count; row += rowSize) {
    if (isGathered) {
      gather(row, rowSize, step, decoder->bits / 8, decoder->copy);
    } else {
      swap(decoder, row, rowSize);
      accumulate(row, rowSize, step, decoder->bits);
    }
  }
  return 0;
}
