// What the files of this module share.
#ifndef FOVEA_CTIFF_DECODER_H
#define FOVEA_CTIFF_DECODER_H

#include "CTIFF.h"

#if !__has_include(<tiffio.h>)
#error "libtiff's headers were not found. Debian and Ubuntu: apt-get install libtiff-dev"
#endif

#include <tiffio.h>

typedef enum Colors { COLORS_GRAY, COLORS_RGB, COLORS_PALETTE, COLORS_CMYK, COLORS_YCBCR, COLORS_LAB } Colors;

struct FTIDecoder {
  TIFF *tiff;
  const uint8_t *bytes;
  size_t count;
  size_t offset;

  // What libtiff said: the first error, which is the cause of all others, and the first warning while pixels were read.
  char failure[256];
  char warning[256];
  int isReading;
  int lacksExtras;  // samples beside the colors, of which the directory says nothing

  // The directory.
  uint32_t width, height;
  uint16_t bits, samples, format, photometric, compression, orientation;
  int isSeparate;  // a plane for each sample
  int isTiled;
  uint32_t unitWidth, unitHeight;  // of a tile, or of a strip
  uint16_t subsamplingX, subsamplingY;

  // What becomes of it.
  Colors colors;
  int colorCount;    // samples that make a color
  int alpha;         // the sample that is the opacity, or −1
  int isAssociated;  // colors are multiplied by the opacity
  int isInverted;    // 0 is white
  int isLabOffset;   // a and b are stored with an offset, not signed
  uint8_t palette[3 * 256];
  TIFFYCbCrToRGB *ycbcr;

  // Of numbers of more than 16 bits: whether the upper bytes differ, and whether the others do.
  int isSeen, differsAbove, differsBelow;
  uint8_t firstSample[8];

  // Memory while pixels are read.
  uint8_t *unit;      // one strip or tile as libtiff delivers it, all its planes
  uint8_t *expanded;  // the same with full chroma
  uint8_t *row;       // a row of samples as bytes
  uint8_t *pixels;    // a row of pixels
  uint8_t *stored;    // the picture before it is turned
};

void fti_say(FTIError *error, const char *message);

// What libtiff says on this thread is said to this decoder, or to nobody.
void fti_work(FTIDecoder *decoder);
// Whether the colors are subsampled in what libtiff delivers.
int fti_isSubsampled(const FTIDecoder *decoder);
// Whether strips are so large that rows are read one by one.
int fti_readsByRow(const FTIDecoder *decoder);

// Samples.c. Takes `count` samples of `from`, which begins a row, to bytes; `isIndex`: to numbers of a palette.
void fti_unpack(FTIDecoder *decoder, const uint8_t *from, size_t count, int isIndex, uint8_t *to);
// From data units of `subsamplingX` × `subsamplingY` brightnesses and two colors to three samples a pixel.
void fti_expand(const FTIDecoder *decoder, const uint8_t *from, uint32_t rows, uint8_t *to);

// Colors.c. Nothing, or what is wrong with the colors.
const char *fti_chooseColors(FTIDecoder *decoder);
// Takes color samples (and the opacity after them) to pixels of 1 to 4 channels, and returns how many. With
// `keepsAlpha` 0, associated opacity has been laid over white.
int32_t fti_convert(const FTIDecoder *decoder, const uint8_t *samples, size_t count, int keepsAlpha, uint8_t *pixels);

#endif
