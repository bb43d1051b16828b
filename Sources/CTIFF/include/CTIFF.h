// C ABI over libtiff: decoding the first picture of a file to 8-bit pixels, with what libtiff only says in passing as an
// error. OpenCV reads TIFF by the same library, but drops what it says and turns tiles one by one.
//
// Samples become bytes by one rule: of more than 8 bits, the upper byte; fewer are spread over 0…255; signed ones are
// shifted so that the least is 0; of floating-point ones, 0…1 becomes 0…255, and what is beyond is clamped.
#ifndef FOVEA_CTIFF_H
#define FOVEA_CTIFF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct FTIError {
  char message[256];  // UTF-8, always terminated
  int32_t isCutShort;  // not 0: its end is missing
  int32_t isUnread;    // not 0: it is of a kind that is not read
  int32_t isOutOfMemory;
} FTIError;

typedef struct FTIHeader {
  uint32_t width, height;     // as stored
  int32_t orientation;        // 1 to 8
  double fewestBitsPerPixel;  // that its compression can make of a pixel; 0 where it has no bound
  double workingBytes;        // what decoding holds beside the result, and a copy that is turned
} FTIHeader;

typedef struct FTIDecoder FTIDecoder;

// Reads the first directory. `bytes` must live until fti_close. Returns NULL with a message where it fails, or where the
// picture is of a kind that is not read.
FTIDecoder *fti_open(const uint8_t *bytes, size_t count, FTIError *error);
FTIHeader fti_header(const FTIDecoder *decoder);
// Writes width × height × channels bytes (1 gray, 3 RGB or 4 RGBA), turned upright, rows packed, channels interleaved.
// Once per decoder. 0: well.
int32_t fti_read(FTIDecoder *decoder, int32_t channels, uint8_t *pixels, size_t count, FTIError *error);
// What is odd about the picture, or an empty text.
const char *fti_warning(const FTIDecoder *decoder);
void fti_close(FTIDecoder *decoder);

#ifdef __cplusplus
}
#endif

#endif
