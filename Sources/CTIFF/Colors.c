// From color samples, one byte each, to gray and RGB.
#include "Decoder.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// MARK: What the samples mean

static const char *readPalette(FTIDecoder *decoder) {
  uint16_t *maps[3];
  if (decoder->bits > 8) return fti_unread(decoder, "its palette has more than 256 colors, which is not read");
  if (decoder->format == SAMPLEFORMAT_IEEEFP) return "its palette has floating-point numbers";
  if (!TIFFGetField(decoder->tiff, TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2])) return "its palette is missing";
  const size_t count = (size_t)1 << decoder->bits;
  // Entries have 16 bits, but some writers fill only 8.
  int isWide = 0;
  for (int channel = 0; channel < 3; channel++)
    for (size_t i = 0; i < count; i++) isWide |= maps[channel][i] > 255;
  for (size_t i = 0; i < count; i++)
    for (int channel = 0; channel < 3; channel++)
      decoder->palette[3 * i + (size_t)channel] = (uint8_t)(isWide ? maps[channel][i] >> 8 : maps[channel][i]);
  return NULL;
}

static const char *prepareYCbCr(FTIDecoder *decoder) {
  float *luma = NULL, *reference = NULL;
  if (decoder->bits != 8 || decoder->format == SAMPLEFORMAT_IEEEFP)
    return fti_unread(decoder, "its colors are YCbCr of other than 8 bits, which is not read");
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_YCBCRCOEFFICIENTS, &luma);
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_REFERENCEBLACKWHITE, &reference);
  TIFFGetFieldDefaulted(
      decoder->tiff, TIFFTAG_YCBCRSUBSAMPLING, &decoder->subsamplingX, &decoder->subsamplingY);
  const unsigned across = decoder->subsamplingX, down = decoder->subsamplingY;
  if ((across != 1 && across != 2 && across != 4) || (down != 1 && down != 2 && down != 4))
    return "its colors are subsampled by a factor other than 1, 2 and 4";
  if (decoder->isSeparate && across * down > 1) return fti_unread(decoder, "its colors are subsampled in planes, which is not read");
  if (luma == NULL || reference == NULL || luma[1] == 0) return "its YCbCr coefficients are damaged";
  // libtiff's own arrangement: the structure, and its tables after it.
  const size_t size = (sizeof(TIFFYCbCrToRGB) + sizeof(long) - 1) / sizeof(long) * sizeof(long) +
                      4 * 256 * sizeof(TIFFRGBValue) + 2 * 256 * sizeof(int) + 3 * 256 * sizeof(int32_t);
  decoder->ycbcr = malloc(size);
  if (decoder->ycbcr == NULL) return "there is not enough memory";
  if (TIFFYCbCrToRGBInit(decoder->ycbcr, luma, reference) < 0) return "its YCbCr coefficients are damaged";
  return NULL;
}

static void chooseAlpha(FTIDecoder *decoder) {
  uint16_t count = 0, *kinds = NULL;
  decoder->alpha = -1;
  // Four samples of which nothing is said are RGBA to everybody.
  if (decoder->lacksExtras && decoder->colors == COLORS_RGB && decoder->samples == 4) {
    decoder->alpha = 3;
    return;
  }
  TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
  for (int i = 0; i < count && decoder->colorCount + i < decoder->samples; i++) {
    // 999 is what CorelDRAW writes for opacity.
    if (kinds[i] != EXTRASAMPLE_ASSOCALPHA && kinds[i] != EXTRASAMPLE_UNASSALPHA && kinds[i] != 999) continue;
    decoder->alpha = decoder->colorCount + i;
    decoder->isAssociated = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
    return;
  }
}

static const char *chooseKind(FTIDecoder *decoder) {
  uint16_t inks = INKSET_CMYK;
  decoder->colorCount = 3;
  switch (decoder->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_LOGL:
      decoder->colors = COLORS_GRAY;
      decoder->colorCount = 1;
      decoder->isInverted = decoder->photometric == PHOTOMETRIC_MINISWHITE;
      return NULL;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_LOGLUV: decoder->colors = COLORS_RGB; return NULL;
    case PHOTOMETRIC_PALETTE:
      decoder->colors = COLORS_PALETTE;
      decoder->colorCount = 1;
      return readPalette(decoder);
    case PHOTOMETRIC_SEPARATED:
      decoder->colors = COLORS_CMYK;
      decoder->colorCount = 4;
      TIFFGetFieldDefaulted(decoder->tiff, TIFFTAG_INKSET, &inks);
      return inks == INKSET_CMYK ? NULL : fti_unread(decoder, "its inks are not cyan, magenta, yellow and black");
    case PHOTOMETRIC_YCBCR:
      // libjpeg makes RGB of them.
      decoder->colors = decoder->compression == COMPRESSION_JPEG && !decoder->isSeparate ? COLORS_RGB : COLORS_YCBCR;
      return decoder->colors == COLORS_RGB ? NULL : prepareYCbCr(decoder);
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
      decoder->colors = COLORS_LAB;
      decoder->isLabOffset = decoder->photometric == PHOTOMETRIC_ICCLAB;
      if (decoder->format == SAMPLEFORMAT_IEEEFP || (decoder->bits != 8 && decoder->bits != 16))
        return fti_unread(decoder, "its colors are CIELAB of other than 8 or 16 bits, which is not read");
      // Signed or not, the bytes are the same, and taken as the color space says.
      decoder->format = SAMPLEFORMAT_UINT;
      return NULL;
    case PHOTOMETRIC_CFA: return fti_unread(decoder, "it holds a camera's raw data (a color filter array), which is not read");
    case PHOTOMETRIC_MASK: return fti_unread(decoder, "it is a mask of transparency and no picture");
    case PHOTOMETRIC_ITULAB: return fti_unread(decoder, "its colors are ITU's CIELAB, which is not read");
    default: return "its kind of colors is unknown";
  }
}

const char *fti_chooseColors(FTIDecoder *decoder) {
  const char *problem = chooseKind(decoder);
  if (problem != NULL) return problem;
  if (decoder->samples < decoder->colorCount) return "it has fewer samples than its kind of colors needs";
  chooseAlpha(decoder);
  return NULL;
}

// MARK: CIELAB

// From linear light to sRGB's bytes (IEC 61966-2-1), in steps that are finer than the bytes' own.
enum { lightSteps = 1 << 14 };
static uint8_t bytesOfLight[lightSteps + 1];
static pthread_once_t lightOnce = PTHREAD_ONCE_INIT;

static void fillLight(void) {
  for (int i = 0; i <= lightSteps; i++) {
    const double light = (double)i / lightSteps;
    const double value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    bytesOfLight[i] = (uint8_t)(value * 255 + 0.5);
  }
}

static uint8_t byteOfLight(float light) {
  return light <= 0 ? 0 : light >= 1 ? 255 : bytesOfLight[(int)(light * lightSteps + 0.5F)];
}

static float labInverse(float t) { return t > 6.0F / 29 ? t * t * t : (t - 4.0F / 29) * (108.0F / 841); }

// The white is D50, as in ICC profiles; the matrix takes it to sRGB's D65 by Bradford's adaptation (Lindbloom).
static void fromLab(const FTIDecoder *decoder, const uint8_t *lab, uint8_t *rgb) {
  const float lightness = (float)lab[0] * (100.0F / 255);
  const float a = decoder->isLabOffset ? (float)lab[1] - 128 : (float)(int8_t)lab[1];
  const float b = decoder->isLabOffset ? (float)lab[2] - 128 : (float)(int8_t)lab[2];
  const float middle = (lightness + 16) / 116;
  const float x = 0.96422F * labInverse(middle + a / 500);
  const float y = labInverse(middle);
  const float z = 0.82521F * labInverse(middle - b / 200);
  rgb[0] = byteOfLight(3.1338561F * x - 1.6168667F * y - 0.4906146F * z);
  rgb[1] = byteOfLight(-0.9787684F * x + 1.9161415F * y + 0.0334540F * z);
  rgb[2] = byteOfLight(0.0719453F * x - 0.2289914F * y + 1.4052427F * z);
}

// MARK: Pixels

static void color(const FTIDecoder *decoder, const uint8_t *from, uint8_t *to) {
  uint32_t red, green, blue;
  switch (decoder->colors) {
    case COLORS_GRAY: to[0] = (uint8_t)(decoder->isInverted ? 255 - from[0] : from[0]); break;
    case COLORS_RGB: memcpy(to, from, 3); break;
    case COLORS_PALETTE: memcpy(to, decoder->palette + 3 * (size_t)from[0], 3); break;
    case COLORS_CMYK:
      for (int channel = 0; channel < 3; channel++)
        to[channel] = (uint8_t)(((255 - from[channel]) * (255 - from[3]) + 127) / 255);
      break;
    case COLORS_YCBCR:
      TIFFYCbCrtoRGB(decoder->ycbcr, from[0], from[1], from[2], &red, &green, &blue);
      to[0] = (uint8_t)red;
      to[1] = (uint8_t)green;
      to[2] = (uint8_t)blue;
      break;
    case COLORS_LAB: fromLab(decoder, from, to); break;
  }
}

static uint8_t divided(unsigned value, unsigned alpha) {
  const unsigned whole = alpha == 0 ? 0 : (value * 255 + alpha / 2) / alpha;
  return (uint8_t)(whole > 255 ? 255 : whole);
}

int32_t fti_convert(const FTIDecoder *decoder, const uint8_t *samples, size_t count, int keepsAlpha, uint8_t *pixels) {
  const int hasAlpha = decoder->alpha >= 0;
  const int step = decoder->colorCount + hasAlpha, colors = decoder->colors == COLORS_GRAY ? 1 : 3;
  const int isFlattened = hasAlpha && decoder->isAssociated && !keepsAlpha;
  const int channels = colors + (hasAlpha && !isFlattened);
  if (decoder->colors == COLORS_LAB) pthread_once(&lightOnce, fillLight);
  for (size_t i = 0; i < count; i++, samples += step, pixels += channels) {
    color(decoder, samples, pixels);
    if (!hasAlpha) continue;
    const unsigned alpha = samples[step - 1];
    for (int channel = 0; channel < colors && decoder->isAssociated; channel++) {
      const unsigned value = pixels[channel], white = value + 255 - alpha;
      pixels[channel] = isFlattened ? (uint8_t)(white > 255 ? 255 : white) : divided(value, alpha);
    }
    if (!isFlattened) pixels[colors] = (uint8_t)alpha;
  }
  return channels;
}
