// Opening: libtiff's words, the directory, what of it is read.
#include "Decoder.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fti_say(FTIError *error, const char *message) {
  if (error == NULL) return;
  snprintf(error->message, sizeof error->message, "%s", message);
  // libtiff has nothing but words for that.
  error->isOutOfMemory = strstr(message, "emory") != NULL;
}

void fti_sayOf(const FTIDecoder *decoder, FTIError *error, const char *message) {
  fti_say(error, decoder->failure[0] != 0 ? decoder->failure : message);
  if (error == NULL) return;
  error->isCutShort = decoder->isCutShort;
  error->isUnread = decoder->isUnread;
}

const char *fti_unread(FTIDecoder *decoder, const char *message) {
  decoder->isUnread = 1;
  return message;
}

int fti_fail(FTIDecoder *decoder, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (decoder->failure[0] == 0) vsnprintf(decoder->failure, sizeof decoder->failure, format, arguments);
  va_end(arguments);
  return 1;
}

void fti_warn(FTIDecoder *decoder, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (decoder->warning[0] == 0) vsnprintf(decoder->warning, sizeof decoder->warning, format, arguments);
  va_end(arguments);
}

// MARK: libtiff's words. Its handlers are the process's, so each thread says whom it is working for; what libtiff says
// to anybody else goes to whoever listened before.

static _Thread_local FTIDecoder *current;
static TIFFErrorHandler strangersErrors, strangersWarnings;
static pthread_once_t handlersOnce = PTHREAD_ONCE_INIT;
static const char ownName[] = "TIFF";

void fti_work(FTIDecoder *decoder) { current = decoder; }

static void record(char *place, size_t size, const char *module, const char *format, va_list arguments) {
  if (place[0] != 0) return;
  const int hasModule = module != NULL && module[0] != 0 && strcmp(module, ownName) != 0;
  const int length = hasModule ? snprintf(place, size, "%s: ", module) : 0;
  if (length >= 0 && (size_t)length < size) vsnprintf(place + length, size - (size_t)length, format, arguments);
}

static void hearError(const char *module, const char *format, va_list arguments) {
  if (current != NULL) {
    record(current->failure, sizeof current->failure, module, format, arguments);
  } else if (strangersErrors != NULL) {
    strangersErrors(module, format, arguments);
  }
}

// Of the directory, unknown tags and odd counts, which harm nothing and are frequent. Of the pixels, libjpeg's complaints
// and the facsimile decoders' are damage, and so is a JPEG that is smaller than its strip or tile; others are worth a word.
static void hearWarning(const char *module, const char *format, va_list arguments) {
  if (current == NULL) {
    if (strangersWarnings != NULL) strangersWarnings(module, format, arguments);
  } else if (current->isReading) {
    const int isDamage = strstr(format, "Improper JPEG strip/tile size") != NULL ||
                         (module != NULL && (strncmp(module, "JPEGLib", 7) == 0 || strncmp(module, "Fax", 3) == 0));
    char *place = isDamage ? current->failure : current->warning;
    record(place, sizeof current->failure, module, format, arguments);
  } else if (strstr(format, "Defining non-color channels as ExtraSamples") != NULL) {
    current->lacksExtras = 1;
  } else if (strstr(format, "calculating from imagelength") != NULL) {
    snprintf(current->warning, sizeof current->warning,
             "the sizes of its strips are wrong or missing, and were calculated");
  }
}

static void listen(void) {
  strangersErrors = TIFFSetErrorHandler(hearError);
  strangersWarnings = TIFFSetWarningHandler(hearWarning);
}

// MARK: The bytes, which libtiff reads in place

static tmsize_t readBytes(thandle_t handle, void *buffer, tmsize_t size) {
  FTIDecoder *decoder = handle;
  const size_t left = decoder->offset < decoder->count ? decoder->count - decoder->offset : 0;
  const size_t taken = size < 0 ? 0 : (size_t)size < left ? (size_t)size : left;
  memcpy(buffer, decoder->bytes + (taken > 0 ? decoder->offset : 0), taken);
  decoder->offset += taken;
  return (tmsize_t)taken;
}

static tmsize_t writeBytes(thandle_t handle, void *buffer, tmsize_t size) {
  (void)handle, (void)buffer, (void)size;
  return 0;
}

static toff_t seekBytes(thandle_t handle, toff_t offset, int origin) {
  FTIDecoder *decoder = handle;
  const toff_t base = origin == SEEK_CUR ? decoder->offset : origin == SEEK_END ? decoder->count : 0;
  decoder->offset = base + offset;
  return decoder->offset;
}

static int closeBytes(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t sizeOfBytes(thandle_t handle) { return ((FTIDecoder *)handle)->count; }

static int mapBytes(thandle_t handle, void **base, toff_t *size) {
  FTIDecoder *decoder = handle;
  // libtiff promises to leave what is mapped for reading as it is.
  *base = (void *)(uintptr_t)decoder->bytes;
  *size = decoder->count;
  return 1;
}

static void unmapBytes(thandle_t handle, void *base, toff_t size) { (void)handle, (void)base, (void)size; }

// MARK: The directory

static uint16_t number(FTIDecoder *decoder, uint32_t tag, uint16_t otherwise) {
  uint16_t value = otherwise;
  TIFFGetFieldDefaulted(decoder->tiff, tag, &value);
  return value;
}

// What libtiff's own viewer takes for granted where the tag is missing.
static uint16_t kindOfColors(FTIDecoder *decoder) {
  uint16_t kind;
  if (TIFFGetField(decoder->tiff, TIFFTAG_PHOTOMETRIC, &kind)) return kind;
  if (decoder->samples >= 3) return PHOTOMETRIC_RGB;
  const uint16_t compression = decoder->compression;
  const int isFacsimile = compression == COMPRESSION_CCITTRLE || compression == COMPRESSION_CCITTFAX3 ||
                          compression == COMPRESSION_CCITTFAX4 || compression == COMPRESSION_CCITTRLEW;
  return isFacsimile ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
}

static const char *readShape(FTIDecoder *decoder) {
  TIFF *tiff = decoder->tiff;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &decoder->width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &decoder->height))
    return "its size is missing";
  decoder->isTiled = TIFFIsTiled(tiff);
  decoder->unitWidth = decoder->width;
  if (decoder->isTiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &decoder->unitWidth);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &decoder->unitHeight);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &decoder->unitHeight);
    if (decoder->unitHeight > decoder->height) decoder->unitHeight = decoder->height;
  }
  if (decoder->width > 0 && decoder->height > 0 && (decoder->unitWidth == 0 || decoder->unitHeight == 0))
    return "its strips or tiles are empty";
  if (decoder->unitWidth > decoder->width + ROOM || decoder->unitHeight > decoder->height + ROOM)
    return "its tiles are much larger than its picture";
  return NULL;
}

static const char *checkSamples(FTIDecoder *decoder) {
  const unsigned bits = decoder->bits;
  switch (decoder->format) {
    case SAMPLEFORMAT_IEEEFP:
      if (bits == 16 || bits == 32 || bits == 64) return NULL;
      return fti_unread(decoder, "its samples are floating-point numbers of other than 16, 32 or 64 bits, which is not read");
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_INT:
    case SAMPLEFORMAT_VOID:
      if ((bits >= 1 && bits <= 16) || bits == 24 || bits == 32 || bits == 64) return NULL;
      return fti_unread(decoder, "its samples have other than 1 to 16, 24, 32 or 64 bits, which is not read");
    default: return fti_unread(decoder, "its samples are complex numbers, which is not read");
  }
}

static const char *readDirectory(FTIDecoder *decoder) {
  decoder->compression = number(decoder, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (!TIFFIsCODECConfigured(decoder->compression)) {
    snprintf(decoder->failure, sizeof decoder->failure, "its compression (number %u) is not read", decoder->compression);
    return fti_unread(decoder, decoder->failure);
  }
  decoder->samples = number(decoder, TIFFTAG_SAMPLESPERPIXEL, 1);
  decoder->isSeparate = number(decoder, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE && decoder->samples > 1;
  decoder->photometric = kindOfColors(decoder);
  // Decoders that can deliver bytes of RGB by themselves are told to.
  if (decoder->compression == COMPRESSION_JPEG && decoder->photometric == PHOTOMETRIC_YCBCR && !decoder->isSeparate)
    TIFFSetField(decoder->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  if (decoder->photometric == PHOTOMETRIC_LOGL || decoder->photometric == PHOTOMETRIC_LOGLUV)
    TIFFSetField(decoder->tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_8BIT);
  decoder->bits = number(decoder, TIFFTAG_BITSPERSAMPLE, 1);
  decoder->format = number(decoder, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  decoder->orientation = number(decoder, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (decoder->orientation < 1 || decoder->orientation > 8) decoder->orientation = ORIENTATION_TOPLEFT;
  const char *problem = readShape(decoder);
  if (problem == NULL) problem = checkSamples(decoder);
  if (problem == NULL) problem = fti_choosePrediction(decoder);
  if (problem == NULL) problem = fti_chooseColors(decoder);
  return problem;
}

// Whether the place where the header says that the directory lies is one in the file. Writers put it at the end.
static int hasDirectory(const FTIDecoder *decoder) {
  if (decoder->count < 16) return 0;
  const int isBig = decoder->bytes[0] == 'M';
  const int isLarge = decoder->bytes[isBig ? 3 : 2] == 43;  // BigTIFF
  const int start = isLarge ? 8 : 4, length = isLarge ? 8 : 4;
  uint64_t offset = 0;
  for (int i = 0; i < length; i++) offset |= (uint64_t)decoder->bytes[start + i] << (8 * (isBig ? length - 1 - i : i));
  return offset < decoder->count - 2;
}

FTIDecoder *fti_open(const uint8_t *bytes, size_t count, FTIError *error) {
  pthread_once(&handlersOnce, listen);
  FTIDecoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return fti_say(error, "out of memory"), NULL;
  decoder->bytes = bytes;
  decoder->count = count;
  fti_work(decoder);
  decoder->tiff = TIFFClientOpen(ownName, "r", decoder, readBytes, writeBytes, seekBytes, closeBytes, sizeOfBytes,
                                 mapBytes, unmapBytes);
  if (decoder->tiff == NULL) decoder->isCutShort = !hasDirectory(decoder);
  const char *problem = decoder->tiff == NULL ? "its TIFF directory is damaged or cut short" : readDirectory(decoder);
  fti_work(NULL);
  if (problem == NULL) return decoder;
  fti_sayOf(decoder, error, problem);
  fti_close(decoder);
  return NULL;
}

// The bytes that the compression at best makes of one; 0 where there is no bound.
static double bestRatio(uint16_t compression) {
  switch (compression) {
    case COMPRESSION_NONE: return 1;
    case COMPRESSION_PACKBITS:
    case COMPRESSION_THUNDERSCAN:
    case COMPRESSION_NEXT: return 64;
    case COMPRESSION_LZW: return 2560;  // a code of 12 bits for each of the longest strings
    case COMPRESSION_DEFLATE:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_PIXARLOG: return 1032;
    // At least one bit for 64 samples, of which up to 16 pixels share one; and 3 bytes a pixel.
    case COMPRESSION_JPEG: return 3.0 * 8 * 64 * 16;
    default: return 0;
  }
}

FTIHeader fti_header(const FTIDecoder *decoder) {
  const double ratio = bestRatio(decoder->compression);
  const int planes = decoder->isSeparate ? decoder->colorCount + (decoder->alpha >= 0) : 1;
  const double rows = fti_readsByRow(decoder) ? 1 : decoder->unitHeight;
  const double unit = (double)decoder->unitWidth * rows * (decoder->isSeparate ? planes : decoder->samples);
  FTIHeader header = {decoder->width, decoder->height, decoder->orientation, 0, 0};
  const double block = (double)decoder->subsamplingX * decoder->subsamplingY;
  const double samples = fti_isSubsampled(decoder) ? 1 + 2 / block : decoder->samples;
  if (ratio > 0) header.fewestBitsPerPixel = samples * decoder->bits / ratio;
  header.workingBytes = unit * decoder->bits / 8 + (fti_isSubsampled(decoder) ? 2 * unit : 0) +
                        (double)decoder->unitWidth * (decoder->samples + 8);
  return header;
}

const char *fti_warning(const FTIDecoder *decoder) { return decoder->warning; }

void fti_close(FTIDecoder *decoder) {
  if (decoder == NULL) return;
  fti_work(decoder);
  if (decoder->tiff != NULL) TIFFClose(decoder->tiff);
  fti_work(NULL);
  fti_closeInflater(decoder);
  free(decoder->ycbcr);
  free(decoder->unit);
  free(decoder->expanded);
  free(decoder->row);
  free(decoder->pixels);
  free(decoder->stored);
  free(decoder->copy);
  free(decoder);
}
