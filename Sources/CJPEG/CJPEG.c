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

struct FJPDecoder {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  FJPError *error;
  FJPOptions options;
  uint8_t *stored;  // the picture before it is turned
  uint8_t *row;     // one row as libjpeg delivers it, where that is not what was asked for
};

static void say(FJPError *error, const char *message) {
  if (error != NULL) snprintf(error->message, sizeof error->message, "%s", message);
}

// MARK: libjpeg's callbacks. It must not return from an error, and prints warnings unless told otherwise.

static void fail(j_common_ptr common) {
  FJPDecoder *decoder = common->client_data;
  char message[JMSG_LENGTH_MAX];
  common->err->format_message(common, message);
  say(decoder->error, message);
  longjmp(decoder->escape, 1);
}

static void heed(j_common_ptr common, int level) {
  if (level >= 0) return;  // tracing
  switch (common->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_JPEG_EOF:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC: fail(common); break;
    default: break;  // superfluous bytes and odd markers are frequent, and harm nothing
  }
}

static void keepQuiet(j_common_ptr common) { (void)common; }

static void nothing(j_decompress_ptr jpeg) { (void)jpeg; }

// All bytes are there from the start, so being asked for more means that they end too early.
static boolean fill(j_decompress_ptr jpeg) {
  ERREXIT(jpeg, JERR_INPUT_EOF);
  return FALSE;
}

static void skip(j_decompress_ptr jpeg, long count) {
  if (count <= 0) return;
  struct jpeg_source_mgr *source = jpeg->src;
  if ((size_t)count > source->bytes_in_buffer) ERREXIT(jpeg, JERR_INPUT_EOF);
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
  if (decoder == NULL) return say(error, "out of memory"), NULL;
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

// Adobe stores ink inverted, 255 for none, and says so by its marker.
static void fromInk(const uint8_t *ink, uint8_t *rgb, size_t width, int isInverted) {
  for (size_t x = 0; x < width; x++, ink += 4, rgb += 3) {
    const unsigned flip = isInverted ? 0 : 255;
    for (int channel = 0; channel < 3; channel++)
      rgb[channel] = (uint8_t)(((ink[channel] ^ flip) * (ink[3] ^ flip) + 127) / 255);
  }
}

// Takes a row as libjpeg delivered it (gray, RGB or ink) to the channels that were asked for.
static void convert(const FJPDecoder *decoder, uint8_t *from, uint8_t *to) {
  const size_t width = decoder->jpeg.output_width;
  if (decoder->jpeg.out_color_space == JCS_CMYK) fromInk(from, from, width, decoder->jpeg.saw_Adobe_marker);
  for (size_t x = 0; x < width; x++, from += 3) {
    if (decoder->options.channels == 1) {
      // ITU-R BT.601 with 14 fractional bits, as OpenCV computes it.
      *to++ = (uint8_t)((4899 * from[0] + 9617 * from[1] + 1868 * from[2] + 8192) >> 14);
    } else {
      memcpy(to, from, 3);
      to += 3;
      if (decoder->options.channels == 4) *to++ = 255;
    }
  }
}

// EXIF 2.32, section 4.6.4: which row and column of the picture as it is seen a stored pixel belongs to.
static void turn(const FJPDecoder *decoder, uint8_t *pixels) {
  const size_t width = decoder->jpeg.output_width, height = decoder->jpeg.output_height;
  const size_t channels = (size_t)decoder->options.channels;
  const uint8_t *from = decoder->stored;
  for (size_t y = 0; y < height; y++) {
    for (size_t x = 0; x < width; x++, from += channels) {
      const size_t right = width - 1 - x, below = height - 1 - y;
      size_t place = 0;
      switch (decoder->options.orientation) {
        case 2: place = y * width + right; break;
        case 3: place = below * width + right; break;
        case 4: place = below * width + x; break;
        case 5: place = x * height + y; break;
        case 6: place = x * height + below; break;
        case 7: place = right * height + below; break;
        case 8: place = right * height + y; break;
      }
      memcpy(pixels + place * channels, from, channels);
    }
  }
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
    return say(error, "out of memory"), 1;
  if (decoder->options.orientation != 1 && (decoder->stored = malloc(count)) == NULL)
    return say(error, "out of memory"), 1;
  uint8_t *target = decoder->stored != NULL ? decoder->stored : pixels;
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *place = target + jpeg->output_scanline * stride;
    JSAMPROW row = isDirect ? place : decoder->row;
    jpeg_read_scanlines(jpeg, &row, 1);
    if (!isDirect) convert(decoder, row, place);
  }
  jpeg_finish_decompress(jpeg);
  if (decoder->stored != NULL) turn(decoder, pixels);
  return 0;
}
