// Reading: strip by strip or tile by tile, row by row, into the picture.
#include "Decoder.h"

#include <stdlib.h>
#include <string.h>

#include "CPixels.h"

int fti_isSubsampled(const FTIDecoder *decoder) {
  return decoder->colors == COLORS_YCBCR && !decoder->isSeparate && decoder->samples == 3 &&
         decoder->subsamplingX * decoder->subsamplingY > 1;
}

static size_t dividedUp(size_t count, size_t by) { return (count + by - 1) / by; }

static size_t rowBytes(const FTIDecoder *decoder) {
  return dividedUp((size_t)decoder->unitWidth * (decoder->isSeparate ? 1 : decoder->samples) * decoder->bits, 8);
}

// Of one plane of a unit with so many rows.
static size_t unitBytes(const FTIDecoder *decoder, uint32_t rows) {
  if (!fti_isSubsampled(decoder)) return rowBytes(decoder) * rows;
  const size_t across = decoder->subsamplingX, down = decoder->subsamplingY;
  return dividedUp(decoder->unitWidth, across) * dividedUp(rows, down) * (across * down + 2);
}

// Whole strips are faster to read; but one strip may hold the whole picture.
#ifndef LARGEST_STRIP
#define LARGEST_STRIP ((size_t)32 << 20)
#endif

int fti_readsByRow(const FTIDecoder *decoder) {
  return !decoder->isTiled && !decoder->isSeparate && !fti_isSubsampled(decoder) &&
         unitBytes(decoder, decoder->unitHeight) > LARGEST_STRIP;
}

static int keptSamples(const FTIDecoder *decoder) { return decoder->colorCount + (decoder->alpha >= 0); }

// The place of the kept sample of this number among the stored ones.
static uint16_t stored(const FTIDecoder *decoder, int index) {
  return (uint16_t)(index < decoder->colorCount ? index : decoder->alpha);
}

// MARK: Units

const char *fti_unitName(const FTIDecoder *decoder) { return decoder->isTiled ? "tile" : "strip"; }

int fti_isInFile(FTIDecoder *decoder, uint32_t number) {
  const uint64_t start = TIFFGetStrileOffset(decoder->tiff, number);
  const uint64_t size = TIFFGetStrileByteCount(decoder->tiff, number);
  if (start <= decoder->count && size <= decoder->count - start) return 1;
  decoder->failure[0] = 0;  // what libtiff says of it says less
  decoder->isCutShort = 1;
  fti_fail(decoder, "it is cut short: %s %u ends after the file's %zu bytes", fti_unitName(decoder), number, decoder->count);
  return 0;
}

// Of others than these, it is not known that they write every byte of what they call decoded.
static int fillsUnits(uint16_t compression) {
  return compression == COMPRESSION_NONE || compression == COMPRESSION_LZW || compression == COMPRESSION_PACKBITS ||
         compression == COMPRESSION_JPEG || compression == COMPRESSION_LZMA || compression == COMPRESSION_ZSTD;
}

static int readByLibTIFF(FTIDecoder *decoder, uint32_t number, uint8_t *to, size_t wanted) {
  TIFF *tiff = decoder->tiff;
  if (!fillsUnits(decoder->compression)) memset(to, 0, wanted);
  const tmsize_t got = decoder->isTiled ? TIFFReadEncodedTile(tiff, number, to, (tmsize_t)wanted)
                                        : TIFFReadEncodedStrip(tiff, number, to, (tmsize_t)wanted);
  if (got >= 0 && (size_t)got == wanted && decoder->failure[0] == 0) return 0;
  if (!fti_isInFile(decoder, number)) return 1;
  return fti_fail(decoder, "%s %u holds %lld of %zu byte%s", fti_unitName(decoder), number,
                  got < 0 ? 0LL : (long long)got, wanted, wanted == 1 ? "" : "s");
}

// What may lie behind the pixels of a strip with so many rows: who says how high strips are may fill up the last one.
static size_t spareBytes(const FTIDecoder *decoder, uint32_t rows) {
  uint32_t height = rows;
  if (decoder->isTiled) return 0;
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_ROWSPERSTRIP, &height);
  if (height < rows || height > decoder->unitHeight + ROOM) height = decoder->unitHeight;
  return unitBytes(decoder, height) - unitBytes(decoder, rows);
}

static int readPlane(FTIDecoder *decoder, uint32_t x, uint32_t y, uint32_t rows, uint16_t plane, uint8_t *to) {
  TIFF *tiff = decoder->tiff;
  const size_t wanted = unitBytes(decoder, decoder->isTiled ? decoder->unitHeight : rows);
  const uint32_t number = decoder->isTiled ? TIFFComputeTile(tiff, x, y, 0, plane) : TIFFComputeStrip(tiff, y, plane);
  // libtiff would read the file's own header as pixels.
  if (TIFFGetStrileOffset(tiff, number) == 0 && decoder->compression != COMPRESSION_OJPEG) {
    if (decoder->failure[0] == 0) decoder->isCutShort = 1;
    return fti_fail(decoder, "%s %u is missing", fti_unitName(decoder), number);
  }
  if (!fti_isDeflated(decoder)) return readByLibTIFF(decoder, number, to, wanted);
  const size_t rowSize = (size_t)(decoder->isTiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff));
  return fti_inflateUnit(decoder, number, to, wanted, spareBytes(decoder, rows)) ||
         fti_undoPrediction(decoder, to, wanted, rowSize);
}

static int readUnit(FTIDecoder *decoder, uint32_t x, uint32_t y, uint32_t rows) {
  if (!decoder->isSeparate) return readPlane(decoder, x, y, rows, 0, decoder->unit);
  const size_t size = unitBytes(decoder, decoder->unitHeight);
  for (int index = 0; index < keptSamples(decoder); index++)
    if (readPlane(decoder, x, y, rows, stored(decoder, index), decoder->unit + (size_t)index * size)) return 1;
  return 0;
}

// MARK: Rows

// The kept samples of a row, one byte each, in a row's own memory or where libtiff has put them.
static const uint8_t *rowOfPlanes(FTIDecoder *decoder, uint32_t row, uint32_t width) {
  const size_t size = unitBytes(decoder, decoder->unitHeight), offset = row * rowBytes(decoder);
  const int kept = keptSamples(decoder);
  for (int index = 0; index < kept; index++) {
    fti_unpack(decoder, decoder->unit + (size_t)index * size + offset, width,
               decoder->colors == COLORS_PALETTE && index == 0, decoder->pixels);
    for (size_t i = 0; i < width; i++) decoder->row[i * (size_t)kept + (size_t)index] = decoder->pixels[i];
  }
  return decoder->row;
}

static const uint8_t *rowOfSamples(FTIDecoder *decoder, uint32_t row, uint32_t width) {
  const int kept = keptSamples(decoder);
  const size_t all = decoder->samples;
  const uint8_t *samples = fti_isSubsampled(decoder) ? decoder->expanded + (size_t)row * decoder->unitWidth * 3
                                                     : decoder->unit + row * rowBytes(decoder);
  // In a picture with a palette, the opacity is no index.
  const int isMixed = decoder->colors == COLORS_PALETTE && decoder->alpha >= 0 && decoder->bits < 8;
  if (decoder->bits != 8 || decoder->format == SAMPLEFORMAT_INT) {
    fti_unpack(decoder, samples, width * all, decoder->colors == COLORS_PALETTE, decoder->row);
    samples = decoder->row;
  }
  if ((size_t)kept == all && !isMixed) return samples;
  const unsigned most = (1u << (decoder->bits < 8 ? decoder->bits : 8)) - 1;
  for (size_t i = 0; i < width; i++)
    for (int index = 0; index < kept; index++) {
      const unsigned sample = samples[i * all + stored(decoder, index)];
      decoder->row[i * (size_t)kept + (size_t)index] =
          (uint8_t)(isMixed && index > 0 ? (sample * 255 + most / 2) / most : sample);
    }
  return decoder->row;
}

// Whether samples, once they are bytes, are pixels.
static int isPlain(const FTIDecoder *decoder) {
  return (decoder->colors == COLORS_RGB || (decoder->colors == COLORS_GRAY && !decoder->isInverted)) &&
         (decoder->alpha < 0 || !decoder->isAssociated);
}

// Whether libtiff delivers just what was asked for.
static int isDirect(const FTIDecoder *decoder, int32_t channels) {
  return !decoder->isTiled && !decoder->isSeparate && isPlain(decoder) && decoder->bits == 8 &&
         decoder->format != SAMPLEFORMAT_INT && decoder->samples == channels && keptSamples(decoder) == channels;
}

static void writeRow(FTIDecoder *decoder, uint32_t row, uint32_t width, int32_t channels, uint8_t *to) {
  const uint8_t *samples =
      decoder->isSeparate ? rowOfPlanes(decoder, row, width) : rowOfSamples(decoder, row, width);
  if (isPlain(decoder)) {
    fpx_convert(samples, keptSamples(decoder), to, channels, width);
  } else {
    const int32_t count = fti_convert(decoder, samples, width, channels == 4, decoder->pixels);
    fpx_convert(decoder->pixels, count, to, channels, width);
  }
}

// MARK: The picture

static int isReserved(FTIDecoder *decoder, int32_t channels, size_t stored) {
  const size_t planes = decoder->isSeparate ? (size_t)keptSamples(decoder) : 1;
  const size_t width = decoder->unitWidth;
  const size_t size = fti_readsByRow(decoder) ? rowBytes(decoder) : planes * unitBytes(decoder, decoder->unitHeight);
  decoder->unit = calloc(isDirect(decoder, channels) ? 1 : size, 1);
  decoder->row = malloc(width * (decoder->samples > 5 ? decoder->samples : 5));
  decoder->pixels = malloc(width * 4);
  if (fti_isSubsampled(decoder)) decoder->expanded = malloc(width * decoder->unitHeight * 3);
  if (decoder->orientation != 1) decoder->stored = malloc(stored);
  return decoder->unit != NULL && decoder->row != NULL && decoder->pixels != NULL &&
         (decoder->expanded != NULL || !fti_isSubsampled(decoder)) &&
         (decoder->stored != NULL || decoder->orientation == 1);
}

static int inflateRow(FTIDecoder *decoder, uint32_t y) {
  const size_t size = rowBytes(decoder);
  const uint32_t row = y % decoder->unitHeight;
  if (row == 0 && fti_beginInflating(decoder, TIFFComputeStrip(decoder->tiff, y, 0))) return 1;
  if (fti_inflate(decoder, decoder->unit, size) || fti_undoPrediction(decoder, decoder->unit, size, size)) return 1;
  const int isLast = row + 1 == decoder->unitHeight || y + 1 == decoder->height;
  return isLast && fti_endInflating(decoder, spareBytes(decoder, row + 1));
}

static int readByRow(FTIDecoder *decoder, int32_t channels, uint8_t *to) {
  for (uint32_t y = 0; y < decoder->height; y++, to += (size_t)decoder->width * (size_t)channels) {
    const int isRead = fti_isDeflated(decoder) ? inflateRow(decoder, y) == 0
                                               : TIFFReadScanline(decoder->tiff, decoder->unit, y, 0) >= 0;
    if (!isRead) fti_fail(decoder, "row %u cannot be read", y);
    if (decoder->failure[0] != 0) return 1;
    writeRow(decoder, 0, decoder->width, channels, to);
  }
  return 0;
}

static int readPixels(FTIDecoder *decoder, int32_t channels, uint8_t *to) {
  if (fti_readsByRow(decoder) && !isDirect(decoder, channels)) return readByRow(decoder, channels, to);
  for (uint32_t y = 0; y < decoder->height; y += decoder->unitHeight) {
    const uint32_t below = decoder->height - y, rows = below < decoder->unitHeight ? below : decoder->unitHeight;
    if (isDirect(decoder, channels)) {
      if (readPlane(decoder, 0, y, rows, 0, to + (size_t)y * decoder->width * (size_t)channels)) return 1;
      continue;
    }
    for (uint32_t x = 0; x < decoder->width; x += decoder->unitWidth) {
      const uint32_t right = decoder->width - x, width = right < decoder->unitWidth ? right : decoder->unitWidth;
      if (readUnit(decoder, x, y, rows)) return 1;
      if (fti_isSubsampled(decoder)) fti_expand(decoder, decoder->unit, rows, decoder->expanded);
      for (uint32_t row = 0; row < rows; row++)
        writeRow(decoder, row, width, channels,
                 to + ((size_t)(y + row) * decoder->width + x) * (size_t)channels);
    }
  }
  return 0;
}

int32_t fti_read(FTIDecoder *decoder, int32_t channels, uint8_t *pixels, size_t count, FTIError *error) {
  if (channels != 1 && channels != 3 && channels != 4) return fti_say(error, "an option is out of range"), 1;
  if (count != (size_t)decoder->width * decoder->height * (size_t)channels)
    return fti_say(error, "the buffer has the wrong size"), 1;
  if (!isReserved(decoder, channels, count)) return fti_say(error, "out of memory"), 1;
  // What was wrong with the directory, and yet let it be read, is no damage of the pixels.
  decoder->failure[0] = 0;
  decoder->isReading = 1;
  const int left = decoder->samples - keptSamples(decoder);
  if (left > 0)
    fti_warn(decoder, "%d of its %d samples a pixel %s neither color nor opacity", left, decoder->samples,
             left == 1 ? "is" : "are");
  fti_work(decoder);
  const int isDamaged = readPixels(decoder, channels, decoder->stored != NULL ? decoder->stored : pixels);
  fti_work(NULL);
  if (isDamaged || decoder->failure[0] != 0) return fti_sayOf(decoder, error, ""), 1;
  if (decoder->differsBelow && !decoder->differsAbove)
    fti_warn(decoder, "its samples of %d bits differ in their lower bytes only, so that all pixels look alike",
             decoder->bits);
  if (decoder->stored != NULL)
    fpx_turn(decoder->stored, decoder->width, decoder->height, channels, decoder->orientation, pixels);
  return 0;
}
