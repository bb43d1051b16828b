// What the files of this module share.
#ifndef FOVEA_CTIFF_DECODER_H
#define FOVEA_CTIFF_DECODER_H

#include "CTIFF.h"

#if !__has_include(<tiffio.h>)
#error "libtiff's headers were not found. Debian and Ubuntu: apt-get install libtiff-dev"
#endif

#include <tiffio.h>

// Pixels by which tiles and strips may be larger than their picture.
#define ROOM 4096

struct FTIInflater;

typedef enum Colors { COLORS_GRAY, COLORS_RGB, COLORS_PALETTE, COLORS_CMYK, COLORS_YCBCR, COLORS_LAB } Colors;

struct FTIDecoder {
  TIFF *tiff;
  const uint8_t *bytes;
  size_t count;
  size_t offset;

  // What libtiff said: the first error, which is the cause of all others, and the first warning while pixels were read.
  char failure[256];
  char warning[256];
  int isCutShort, isUnread;  // why the failure is one, unless the file is damaged
  int isReading;
  int lacksExtras;  // samples beside the colors, of which the directory says nothing

  // The directory.
  uint32_t width, height;
  uint16_t bits, samples, format, photometric, compression, orientation;
  int isSeparate;  // a plane for each sample
  int isTiled;
  uint16_t predictor;  // what the samples are differences to, where libtiff does not undo it
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
  uint8_t *copy;      // a row of differences of floating-point numbers
  struct FTIInflater *inflater;
};

void fti_say(FTIError *error, const char *message);
// What is wrong with the decoder's file: its failure, or the message where it has none.
void fti_sayOf(const FTIDecoder *decoder, FTIError *error, const char *message);

// For a kind that is not read: notes that it is that, and returns the message.
const char *fti_unread(FTIDecoder *decoder, const char *message);
// Notes what is wrong with the pixels, unless something was before, and returns 1; and what is odd about them.
int fti_fail(FTIDecoder *decoder, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fti_warn(FTIDecoder *decoder, const char *format, ...) __attribute__((format(printf, 2, 3)));

// What libtiff says on this thread is said to this decoder, or to nobody.
void fti_work(FTIDecoder *decoder);
// Whether the colors are subsampled in what libtiff delivers.
int fti_isSubsampled(const FTIDecoder *decoder);
// Whether strips are so large that rows are read one by one.
int fti_readsByRow(const FTIDecoder *decoder);
// "strip" or "tile".
const char *fti_unitName(const FTIDecoder *decoder);
// Whether the file has all of the bytes of this strip or tile; where not, that is noted.
int fti_isInFile(FTIDecoder *decoder, uint32_t number);

// Deflate.c. Whether libtiff is kept away from the strips and tiles.
int fti_isDeflated(const FTIDecoder *decoder);
// A whole strip or tile of `wanted` bytes, or piece by piece from its beginning to its end. Behind its pixels may be
// `spare` bytes: the last strip of some writers is as long as the others. 0: well.
int fti_inflateUnit(FTIDecoder *decoder, uint32_t number, uint8_t *to, size_t wanted, size_t spare);
int fti_beginInflating(FTIDecoder *decoder, uint32_t number);
int fti_inflate(FTIDecoder *decoder, uint8_t *to, size_t count);
int fti_endInflating(FTIDecoder *decoder, size_t spare);
void fti_closeInflater(FTIDecoder *decoder);

// Prediction.c. Nothing, or why the samples cannot be had from their differences.
const char *fti_choosePrediction(FTIDecoder *decoder);
// Takes rows as they are stored to samples in the machine's order. 0: well.
int fti_undoPrediction(FTIDecoder *decoder, uint8_t *rows, size_t count, size_t rowSize);

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
