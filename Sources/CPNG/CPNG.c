#include "CPNG.h"

#if !__has_include(<png.h>)
#error "libpng's headers were not found. Debian and Ubuntu: apt-get install libpng-dev"
#endif

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

#include "CPixels.h"

struct FPNDecoder {
  png_structp png;
  png_infop info;
  FPNError *error;
  char warning[256];
  const uint8_t *bytes;
  size_t count, offset;
  int isInterlaced;
  int32_t stored;    // channels that libpng delivers
  int colorCount;    // of its palette; 0 where it has none
  int32_t colorChannels;
  uint8_t palette[4 * 256];
  uint8_t *colors;   // one row of the palette's colors
  uint8_t *row;      // one row as libpng delivers it, where that is not what was asked for
  uint8_t *whole;    // all of them, where the picture is interlaced
  uint8_t *unturned;
};

static void say(FPNError *error, const char *message, int isOutOfMemory) {
  if (error == NULL) return;
  snprintf(error->message, sizeof error->message, "%s", message);
  error->isOutOfMemory = isOutOfMemory;
}

// MARK: libpng's callbacks

static void fail(png_structp png, png_const_charp message) {
  FPNDecoder *decoder = png_get_error_ptr(png);
  // What is wrong with a header was said before, as a warning.
  if (strcmp(message, "Invalid IHDR data") == 0 && decoder->warning[0] != 0) message = decoder->warning;
  say(decoder->error, message, decoder->error != NULL && decoder->error->isOutOfMemory);
  longjmp(png_jmpbuf(png), 1);
}

static int beginsWith(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

// Warnings of chunks that say nothing of the pixels are frequent and harm nothing. Superfluous data behind the last row
// are worth a word; data that do not add up to their checksum are damage.
static void heed(png_structp png, png_const_charp message) {
  FPNDecoder *decoder = png_get_error_ptr(png);
  const int isData = beginsWith(message, "IDAT");
  const int isSuperfluous = strstr(message, "Too much") != NULL || strstr(message, "Extra") != NULL;
  if (isData && !isSuperfluous) fail(png, message);
  const int isAboutPixels = isData || strstr(message, "IHDR") != NULL || beginsWith(message, "tRNS") || strstr(message, "palette") != NULL;
  if (isAboutPixels && decoder->warning[0] == 0) snprintf(decoder->warning, sizeof decoder->warning, "%s", message);
}

static void take(png_structp png, png_bytep to, size_t count) {
  FPNDecoder *decoder = png_get_io_ptr(png);
  if (count > decoder->count - decoder->offset) {
    char message[96];
    if (decoder->error != NULL) decoder->error->isCutShort = 1;
    snprintf(message, sizeof message, "it is cut short: its end is missing after %zu bytes", decoder->count);
    png_error(png, message);
  }
  memcpy(to, decoder->bytes + decoder->offset, count);
  decoder->offset += count;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size) {
  FPNDecoder *decoder = png_get_mem_ptr(png);
  void *memory = malloc(size);
  if (memory == NULL && decoder->error != NULL) decoder->error->isOutOfMemory = 1;
  return memory;
}

static void release(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

// MARK: Opening

// libpng would take an index that the palette has not for black, without a word: so it delivers indices.
static void choosePalette(FPNDecoder *decoder) {
  png_colorp colors = NULL;
  png_bytep opacities = NULL;
  int opacityCount = 0;
  png_get_PLTE(decoder->png, decoder->info, &colors, &decoder->colorCount);
  png_get_tRNS(decoder->png, decoder->info, &opacities, &opacityCount, NULL);
  decoder->colorChannels = opacityCount > 0 ? 4 : 3;
  for (int i = 0; i < decoder->colorCount; i++) {
    uint8_t *color = decoder->palette + i * decoder->colorChannels;
    color[0] = colors[i].red;
    color[1] = colors[i].green;
    color[2] = colors[i].blue;
    if (opacityCount > 0) color[3] = i < opacityCount ? opacities[i] : 255;
  }
  png_set_packing(decoder->png);
}

// Bytes of gray, gray and opacity, RGB or RGBA, whatever is stored; or of indices.
static void chooseLayout(FPNDecoder *decoder) {
  const png_structp png = decoder->png;
  const png_infop info = decoder->info;
  const int kind = png_get_color_type(png, info);
  if (kind == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
  if (kind == PNG_COLOR_TYPE_PALETTE) {
    choosePalette(decoder);
  } else if (png_get_valid(png, info, PNG_INFO_tRNS)) {
    png_set_tRNS_to_alpha(png);
  }
  png_set_strip_16(png);
  decoder->isInterlaced = png_set_interlace_handling(png) > 1;
  png_read_update_info(png, info);
  decoder->stored = png_get_channels(png, info);
}

FPNDecoder *fpn_open(const uint8_t *bytes, size_t count, FPNError *error) {
  FPNDecoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return say(error, "out of memory", 1), NULL;
  decoder->bytes = bytes;
  decoder->count = count;
  decoder->error = error;
  decoder->png =
      png_create_read_struct_2(PNG_LIBPNG_VER_STRING, decoder, fail, heed, decoder, allocate, release);
  if (decoder->png == NULL || setjmp(png_jmpbuf(decoder->png))) {
    if (decoder->png == NULL) say(error, "libpng does not fit its headers, or there is no memory", 0);
    fpn_close(decoder);
    return NULL;
  }
  decoder->info = png_create_info_struct(decoder->png);
  if (decoder->info == NULL) png_error(decoder->png, "out of memory");
  png_set_read_fn(decoder->png, decoder, take);
  // Of what is not critical only transparency matters here: no profile and no text is unpacked.
  png_set_keep_unknown_chunks(decoder->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(decoder->png, decoder->info);
  chooseLayout(decoder);
  return decoder;
}

uint32_t fpn_width(const FPNDecoder *decoder) { return png_get_image_width(decoder->png, decoder->info); }

uint32_t fpn_height(const FPNDecoder *decoder) { return png_get_image_height(decoder->png, decoder->info); }

const char *fpn_warning(const FPNDecoder *decoder) { return decoder->warning; }

void fpn_close(FPNDecoder *decoder) {
  if (decoder == NULL) return;
  if (decoder->png != NULL) png_destroy_read_struct(&decoder->png, &decoder->info, NULL);
  free(decoder->colors);
  free(decoder->row);
  free(decoder->whole);
  free(decoder->unturned);
  free(decoder);
}

// MARK: Reading

// Whether libpng delivers just what was asked for.
static int isDirect(const FPNDecoder *decoder, int32_t channels) {
  return decoder->stored == channels && decoder->colorCount == 0;
}

static void lookUp(FPNDecoder *decoder, const uint8_t *indices, size_t count, uint8_t *to) {
  const size_t channels = (size_t)decoder->colorChannels;
  for (size_t i = 0; i < count; i++, to += channels) {
    if (indices[i] >= decoder->colorCount) {
      char message[96];
      snprintf(message, sizeof message, "it uses color %d of a palette of %d", indices[i], decoder->colorCount);
      png_error(decoder->png, message);
    }
    memcpy(to, decoder->palette + indices[i] * channels, channels);
  }
}

// Takes a row as libpng delivers it to the channels that were asked for.
static void convertRow(FPNDecoder *decoder, const uint8_t *row, int32_t channels, uint8_t *to) {
  const size_t width = fpn_width(decoder);
  if (decoder->colorCount == 0) {
    fpx_convert(row, decoder->stored, to, channels, width);
  } else if (decoder->colorChannels == channels) {
    lookUp(decoder, row, width, to);
  } else {
    lookUp(decoder, row, width, decoder->colors);
    fpx_convert(decoder->colors, decoder->colorChannels, to, channels, width);
  }
}

static void readRows(FPNDecoder *decoder, int32_t channels, uint8_t *to) {
  const size_t width = fpn_width(decoder), height = fpn_height(decoder);
  const int goesThere = isDirect(decoder, channels);
  for (size_t y = 0; y < height; y++) {
    uint8_t *place = to + y * width * (size_t)channels;
    png_read_row(decoder->png, goesThere ? place : decoder->row, NULL);
    if (!goesThere) convertRow(decoder, decoder->row, channels, place);
  }
}

static void readInterlaced(FPNDecoder *decoder, int32_t channels, uint8_t *to) {
  const size_t width = fpn_width(decoder), height = fpn_height(decoder);
  const size_t stride = width * (size_t)decoder->stored;
  uint8_t *whole = decoder->whole != NULL ? decoder->whole : to;
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(decoder->png, whole + y * stride, NULL);
  if (decoder->whole == NULL) return;
  for (size_t y = 0; y < height; y++) convertRow(decoder, whole + y * stride, channels, to + y * width * (size_t)channels);
}

static int isReserved(FPNDecoder *decoder, int32_t channels, int32_t orientation, size_t count) {
  const size_t width = fpn_width(decoder), stride = width * (size_t)decoder->stored;
  const int goesThere = isDirect(decoder, channels);
  if (!goesThere && decoder->isInterlaced) decoder->whole = malloc(stride * fpn_height(decoder));
  if (!goesThere && !decoder->isInterlaced) decoder->row = malloc(stride);
  if (decoder->colorCount > 0) decoder->colors = malloc(4 * width);
  if (orientation != 1) decoder->unturned = malloc(count);
  return (goesThere || decoder->whole != NULL || decoder->row != NULL) &&
         (decoder->colorCount == 0 || decoder->colors != NULL) &&
         (orientation == 1 || decoder->unturned != NULL);
}

int32_t fpn_read(FPNDecoder *decoder, int32_t channels, int32_t orientation, uint8_t *pixels, size_t count,
                 FPNError *error) {
  const size_t width = fpn_width(decoder), height = fpn_height(decoder);
  const int isValid = (channels == 1 || channels == 3 || channels == 4) && orientation >= 1 && orientation <= 8;
  if (!isValid) return say(error, "an option is out of range", 0), 1;
  if (count != width * height * (size_t)channels) return say(error, "the buffer has the wrong size", 0), 1;
  if (!isReserved(decoder, channels, orientation, count)) return say(error, "out of memory", 1), 1;
  decoder->error = error;
  if (setjmp(png_jmpbuf(decoder->png))) return 1;
  uint8_t *to = decoder->unturned != NULL ? decoder->unturned : pixels;
  if (decoder->isInterlaced) {
    readInterlaced(decoder, channels, to);
  } else {
    readRows(decoder, channels, to);
  }
  png_read_end(decoder->png, NULL);
  if (decoder->unturned != NULL) fpx_turn(decoder->unturned, width, height, channels, orientation, pixels);
  return 0;
}

// MARK: Chunks

size_t fpn_inflate(const uint8_t *bytes, size_t count, uint8_t *to, size_t capacity) {
  uLongf size = capacity;
  return uncompress(to, &size, bytes, count) == Z_OK ? size : 0;
}

size_t fpn_deflate(const uint8_t *bytes, size_t count, int32_t level, uint8_t *to, size_t capacity) {
  uLongf size = capacity;
  return compress2(to, &size, bytes, count, level) == Z_OK ? size : 0;
}

size_t fpn_deflate_bound(size_t count) { return compressBound(count); }

uint32_t fpn_checksum(const uint8_t *bytes, size_t count) { return (uint32_t)crc32(0, bytes, (uInt)count); }
