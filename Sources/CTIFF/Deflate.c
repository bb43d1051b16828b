// Strips and tiles by deflate. libtiff takes what libdeflate has made of one that holds more than it should for the whole
// of it, although much may be unwritten memory then, and looks at no checksum of one that it inflates by zlib. So both are
// used here, and nothing is believed but a stream that comes to its end.
#include "Decoder.h"

#if !__has_include(<libdeflate.h>)
#error "libdeflate's headers were not found. Debian and Ubuntu: apt-get install libdeflate-dev"
#endif

#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct FTIInflater {
  struct libdeflate_decompressor *whole;  // for units at once, twice as fast as zlib
  z_stream stream;                        // for rows, and for units that are not what they should be
  int isOpen;
  uint32_t number;
  uint8_t *reversed;  // a copy of the unit whose bits are in the other order
};

int fti_isDeflated(const FTIDecoder *decoder) {
  return decoder->compression == COMPRESSION_DEFLATE || decoder->compression == COMPRESSION_ADOBE_DEFLATE;
}

// The stored bytes of a strip or tile, or NULL.
static const uint8_t *stored(FTIDecoder *decoder, uint32_t number, size_t *count) {
  if (!fti_isInFile(decoder, number)) return NULL;
  const uint8_t *from = decoder->bytes + TIFFGetStrileOffset(decoder->tiff, number);
  *count = TIFFGetStrileByteCount(decoder->tiff, number);
  uint16_t order = FILLORDER_MSB2LSB;
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_FILLORDER, &order);
  if (order != FILLORDER_LSB2MSB || *count == 0) return from;
  free(decoder->inflater->reversed);
  decoder->inflater->reversed = malloc(*count);
  if (decoder->inflater->reversed == NULL) return fti_fail(decoder, "out of memory"), NULL;
  memcpy(decoder->inflater->reversed, from, *count);
  TIFFReverseBits(decoder->inflater->reversed, (tmsize_t)*count);
  return decoder->inflater->reversed;
}

static int isReady(FTIDecoder *decoder) {
  if (decoder->inflater == NULL) decoder->inflater = calloc(1, sizeof *decoder->inflater);
  if (decoder->inflater == NULL) fti_fail(decoder, "out of memory");
  return decoder->inflater != NULL;
}

void fti_closeInflater(FTIDecoder *decoder) {
  struct FTIInflater *inflater = decoder->inflater;
  if (inflater == NULL) return;
  if (inflater->whole != NULL) libdeflate_free_decompressor(inflater->whole);
  if (inflater->isOpen) inflateEnd(&inflater->stream);
  free(inflater->reversed);
  free(inflater);
}

// MARK: Piece by piece, by zlib

static int begin(FTIDecoder *decoder, uint32_t number, const uint8_t *from, size_t count) {
  struct FTIInflater *inflater = decoder->inflater;
  z_stream *stream = &inflater->stream;
  if ((inflater->isOpen ? inflateReset(stream) : inflateInit(stream)) != Z_OK) return fti_fail(decoder, "out of memory");
  inflater->isOpen = 1;
  inflater->number = number;
  // A file has 2 GiB at most.
  stream->next_in = (Bytef *)(uintptr_t)from;
  stream->avail_in = count < UINT_MAX ? (uInt)count : UINT_MAX;
  return 0;
}

int fti_beginInflating(FTIDecoder *decoder, uint32_t number) {
  size_t count;
  if (!isReady(decoder)) return 1;
  const uint8_t *from = stored(decoder, number, &count);
  return from == NULL || begin(decoder, number, from, count);
}

static int failOnStream(FTIDecoder *decoder, int status) {
  if (status == Z_MEM_ERROR) return fti_fail(decoder, "out of memory");
  const char *reason = decoder->inflater->stream.msg;
  return fti_fail(decoder, "%s %u: %s", fti_unitName(decoder), decoder->inflater->number,
                  reason != NULL ? reason : status == Z_NEED_DICT ? "it needs a dictionary" : "its data end too early");
}

int fti_inflate(FTIDecoder *decoder, uint8_t *to, size_t count) {
  z_stream *stream = &decoder->inflater->stream;
  while (count > 0) {
    const uInt room = count < UINT_MAX ? (uInt)count : UINT_MAX;
    stream->next_out = to;
    stream->avail_out = room;
    const int status = inflate(stream, Z_NO_FLUSH);
    const size_t got = room - stream->avail_out;
    to += got;
    count -= got;
    if (count > 0 && status != Z_OK) return failOnStream(decoder, status);
  }
  return 0;
}

// All that was asked for is there; what comes behind it must be sound too, or what was read may be as wrong.
int fti_endInflating(FTIDecoder *decoder, size_t spare) {
  z_stream *stream = &decoder->inflater->stream;
  const char *kind = fti_unitName(decoder);
  const uint32_t number = decoder->inflater->number;
  uint8_t superfluous[4096], checksum[4];
  size_t count = 0;
  int status = Z_OK, isChecked = 1;
  while (status == Z_OK || (status == Z_BUF_ERROR && isChecked)) {
    if (status == Z_BUF_ERROR) {
      // Some writers leave the checksum out, and what is missing is no pixel if this is all that zlib still needs.
      for (int i = 0; i < 4; i++) checksum[i] = (uint8_t)(stream->adler >> (24 - 8 * i));
      stream->next_in = checksum;
      stream->avail_in = sizeof checksum;
      isChecked = 0;
    }
    stream->next_out = superfluous;
    stream->avail_out = sizeof superfluous;
    status = inflate(stream, Z_NO_FLUSH);
    count += sizeof superfluous - stream->avail_out;
    if (count > 2 * spare + 65536) return fti_fail(decoder, "%s %u holds far more than its pixels", kind, number);
  }
  if (status != Z_STREAM_END) return failOnStream(decoder, status);
  if (!isChecked) {
    fti_warn(decoder, "the checksum of %s %u is missing, though every pixel is there", kind, number);
  } else if (count > spare) {
    fti_warn(decoder, "%s %u holds more than its pixels", kind, number);
  }
  return 0;
}

// MARK: At once, by libdeflate

int fti_inflateUnit(FTIDecoder *decoder, uint32_t number, uint8_t *to, size_t wanted, size_t spare) {
  size_t count;
  if (!isReady(decoder)) return 1;
  const uint8_t *from = stored(decoder, number, &count);
  if (from == NULL) return 1;
  struct FTIInflater *inflater = decoder->inflater;
  if (inflater->whole == NULL) inflater->whole = libdeflate_alloc_decompressor();
  // Success means that the stream has just so many bytes, and that its checksum is theirs.
  if (inflater->whole != NULL &&
      libdeflate_zlib_decompress(inflater->whole, from, count, to, wanted, NULL) == LIBDEFLATE_SUCCESS)
    return 0;
  return begin(decoder, number, from, count) || fti_inflate(decoder, to, wanted) || fti_endInflating(decoder, spare);
}
