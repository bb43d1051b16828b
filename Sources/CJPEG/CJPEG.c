#include "CJPEG.h"

#if !__has_include(<jpeglib.h>)
#error "libjpeg's headers were not found. Debian and Ubuntu: apt-get install libjpeg-dev"
#endif

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "CPixels.h"

struct FJPDecoder {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  FJPError *error;
  FJPOptions options;
  uint8_t *stored;  // the picture before it is turned
  uint8_t *row;     // one row as libjpeg delivers it, where that is not what was asked for
  int lacksEnd;     // the bytes ended, and an end marker was put behind them
  char warning[JMSG_LENGTH_MAX];  // the first one that harms nothing
};

static void say(FJPError *error, const char *message) {
  if (error != NULL) snprintf(error->message, sizeof error->message, "%s", message);
}

static void sayOutOfMemory(FJPError *error) {
  say(error, "out of memory");
  if (error != NULL) error->isOutOfMemory = 1;
}

// MARK: libjpeg's callbacks. It must not return from an error, and prints warnings unless told otherwise.

static void fail(j_common_ptr common) {
  FJPDecoder *decoder = common->client_data;
  char message[JMSG_LENGTH_MAX];
  common->err->format_message(common, message);
  say(decoder->error, message);
  if (decoder->error != NULL) {
    decoder->error->isCutShort = decoder->lacksEnd;
    decoder->error->isOutOfMemory = common->err->msg_code == JERR_OUT_OF_MEMORY;
  }
  longjmp(decoder->escape, 1);
}

// Whatever libjpeg would only warn of is damage, since it goes on with pixels that it has made up, but for these: they
// are about words of the header that do not matter to it.
static void heed(j_common_ptr common, int level) {
  if (level >= 0) return;  // tracing
  FJPDecoder *decoder = common->client_data;
  switch (common->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
      if (decoder->warning[0] == 0) common->err->format_message(common, decoder->warning);
      break;
    default: fail(common);
  }
}

static void keepQuiet(j_common_ptr common) { (void)common; }

static void nothing(j_decompress_ptr jpeg) { (void)jpeg; }

// All bytes are there from the start, so being asked for more means that they end too early. Where the end marker alone
// is missing, it is all that libjpeg still needs; where more is missing, it will warn, or ask again.
static boolean fill(j_decompress_ptr jpeg) {
  static const JOCTET end[] = {0xFF, JPEG_EOI};
  FJPDecoder *decoder = jpeg->client_data;
  if (decoder->lacksEnd) ERREXIT(jpeg, JERR_INPUT_EOF);
  decoder->lacksEnd = 1;
  jpeg->src->next_input_byte = end;
  jpeg->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

static void skip(j_decompress_ptr jpeg, long count) {
  if (count <= 0) return;
  struct jpeg_source_mgr *source = jpeg->src;
  if ((size_t)count > source->bytes_in_buffer) {
    ((FJPDecoder *)jpeg->client_data)->lacksEnd = 1;
    ERREXIT(jpeg, JERR_INPUT_EOF);
  }
  source->next_input_byte += count;
  source->bytes_in_buffer -= (size_t)count;
}

// MARK: Opening

static int turnsSides(int32_t orientation) { return orientation >= 5; }

static void chooseColors(FJPDecoder *decoder) {
  struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
  if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK) {
    jpeg->out_color_space = JCS_CMYK;
  } else if (decoder->options.channels == 1 && jpeg->jpeg_color_space != JCS_RGB) {
    jpeg->out_color_space = JCS_GRAYSCALE;
  } else {
    jpeg->out_color_space = JCS_RGB;
  }
}

FJPDecoder *fjp_open(const uint8_t *bytes, size_t count, FJPOptions options, FJPError *error) {
  const int isValid = bytes != NULL && (options.channels == 1 || options.channels == 3 || options.channels == 4) &&
                      (options.reduction == 1 || options.reduction == 2 || options.reduction == 4 ||
                       options.reduction == 8) && options.orientation >= 1 && options.orientation <= 8;
  if (!isValid) return say(error, "an option is out of range"), NULL;
  FJPDecoder *decoder = calloc(1, sizeof *decoder);
  struct jpeg_source_mgr *source;
  if (decoder == NULL) return sayOutOfMemory(error), NULL;
  decoder->options = options;
  decoder->error = error;
  decoder->jpeg.err = jpeg_std_error(&decoder->manager);
  decoder->manager.error_exit = fail;
  decoder->manager.emit_message = heed;
  decoder->manager.output_message = keepQuiet;
  if (setjmp(decoder->escape)) {
    fjp_close(decoder);
    return NULL;
  }
  decoder->jpeg.client_data = decoder;
  jpeg_create_decompress(&decoder->jpeg);
  source = decoder->jpeg.mem->alloc_small((j_common_ptr)&decoder->jpeg, JPOOL_PERMANENT, sizeof *source);
  source->init_source = nothing;
  source->fill_input_buffer = fill;
  source->skip_input_data = skip;
  source->resync_to_restart = jpeg_resync_to_restart;
  source->term_source = nothing;
  source->next_input_byte = bytes;
  source->bytes_in_buffer = count;
  decoder->jpeg.src = source;
  jpeg_read_header(&decoder->jpeg, TRUE);
  decoder->jpeg.scale_num = 1;
  decoder->jpeg.scale_denom = (unsigned)options.reduction;
  chooseColors(decoder);
  jpeg_calc_output_dimensions(&decoder->jpeg);
  return decoder;
}

int32_t fjp_width(const FJPDecoder *decoder) {
  return (int32_t)(turnsSides(decoder->options.orientation) ? decoder->jpeg.output_height : decoder->jpeg.output_width);
}

int32_t fjp_height(const FJPDecoder *decoder) {
  return (int32_t)(turnsSides(decoder->options.orientation) ? decoder->jpeg.output_width : decoder->jpeg.output_height);
}

void fjp_close(FJPDecoder *decoder) {
  if (decoder == NULL) return;
  jpeg_destroy_decompress(&decoder->jpeg);
  free(decoder->stored);
  free(decoder->row);
  free(decoder);
}

// MARK: Reading

// Ink is stored inverted, 255 for none: that is Adobe's way, and everybody else's since, with its marker or without.
static void fromInk(const uint8_t *ink, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++, ink += 4, rgb += 3)
    for (int channel = 0; channel < 3; channel++) rgb[channel] = (uint8_t)((ink[channel] * ink[3] + 127) / 255);
}

// Takes a row as libjpeg delivered it (RGB or ink) to the channels that were asked for.
static void convert(const FJPDecoder *decoder, uint8_t *from, uint8_t *to) {
  const size_t width = decoder->jpeg.output_width;
  if (decoder->jpeg.out_color_space == JCS_CMYK) fromInk(from, from, width);
  fpx_convert(from, 3, to, decoder->options.channels, width);
}

// Whether every component has been in a scan: libjpeg shows gray for what has not.
static int hasAllComponents(const struct jpeg_decompress_struct *jpeg) {
  for (int index = 0; index < jpeg->num_components; index++)
    if (jpeg->comp_info[index].quant_table == NULL) return 0;
  return 1;
}

// Whether nothing can be missing from a file without an end marker, all of whose scans are whole. A progressive one may
// have been cut between two; arithmetic codes do not tell where they end.
static int isWholeWithoutEnd(const struct jpeg_decompress_struct *jpeg) {
  if (jpeg->arith_code) return 0;
  if (!jpeg->progressive_mode) return 1;
  for (int component = 0; component < jpeg->num_components; component++)
    for (int index = 0; index < DCTSIZE2; index++)
      if (jpeg->coef_bits[component][index] != 0) return 0;
  return 1;
}

int32_t fjp_read(FJPDecoder *decoder, uint8_t *pixels, size_t count, FJPError *error) {
  struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
  const size_t channels = (size_t)decoder->options.channels;
  const size_t stride = jpeg->output_width * channels;
  decoder->error = error;
  if (count != stride * jpeg->output_height) return say(error, "the buffer has the wrong size"), 1;
  if (setjmp(decoder->escape)) return 1;
  jpeg_start_decompress(jpeg);
  const int isDirect = (size_t)jpeg->output_components == channels && jpeg->out_color_space != JCS_CMYK;
  if (!isDirect && (decoder->row = malloc((size_t)jpeg->output_width * (size_t)jpeg->output_components)) == NULL)
    return sayOutOfMemory(error), 1;
  if (decoder->options.orientation != 1 && (decoder->stored = malloc(count)) == NULL)
    return sayOutOfMemory(error), 1;
  uint8_t *target = decoder->stored != NULL ? decoder->stored : pixels;
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *place = target + jpeg->output_scanline * stride;
    JSAMPROW row = isDirect ? place : decoder->row;
    jpeg_read_scanlines(jpeg, &row, 1);
    if (!isDirect) convert(decoder, row, place);
  }
  if (!hasAllComponents(jpeg)) return say(error, "one of its color components has no data"), 1;
  const int isWhole = isWholeWithoutEnd(jpeg);
  jpeg_finish_decompress(jpeg);
  if (decoder->lacksEnd && !isWhole) {
    if (error != NULL) error->isCutShort = 1;
    return say(error, "the last scans are missing"), 1;
  }
  if (decoder->stored != NULL)
    fpx_turn(decoder->stored, jpeg->output_width, jpeg->output_height, decoder->options.channels,
             decoder->options.orientation, pixels);
  return 0;
}

int32_t fjp_lacks_end(const FJPDecoder *decoder) { return decoder->lacksEnd; }

const char *fjp_warning(const FJPDecoder *decoder) { return decoder->warning[0] == 0 ? NULL : decoder->warning; }
