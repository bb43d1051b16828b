// C ABI over libjpeg: decoding, with what libjpeg only warns of (data that is cut short, damaged or superfluous) as an error.
//
// OpenCV decodes JPEG by the same library, but drops the warnings and fills what is missing with gray; and OpenCV 4.6
// spends as much time on exchanging red and blue, one byte at a time, as on the decoding.
#ifndef FOVEA_CJPEG_H
#define FOVEA_CJPEG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct FJPError {
  char message[256];   // UTF-8, always terminated
  int32_t isCutShort;  // not 0: the bytes ended before the picture did
  int32_t isOutOfMemory;
} FJPError;

typedef struct FJPOptions {
  int32_t channels;     // 1 gray, 3 RGB, 4 RGBA with opacity 255
  int32_t reduction;    // 1, 2, 4 or 8: the decoder's own scaling
  int32_t orientation;  // EXIF's 1 to 8; the caller reads it from the file
} FJPOptions;

typedef struct FJPDecoder FJPDecoder;

// Reads the header. `bytes` must live until fjp_close. Returns NULL with a message where it fails.
FJPDecoder *fjp_open(const uint8_t *bytes, size_t count, FJPOptions options, FJPError *error);
// Of the result: scaled down and turned.
int32_t fjp_width(const FJPDecoder *decoder);
int32_t fjp_height(const FJPDecoder *decoder);
// Writes width × height × channels bytes, rows packed, channels interleaved. Once per decoder. 0: well.
int32_t fjp_read(FJPDecoder *decoder, uint8_t *pixels, size_t count, FJPError *error);
// Once the picture has been read. Not 0: its end marker is missing, though every pixel is there.
int32_t fjp_lacks_end(const FJPDecoder *decoder);
// What libjpeg found odd and does no harm; NULL: nothing. Lives as long as the decoder.
const char *fjp_warning(const FJPDecoder *decoder);
void fjp_close(FJPDecoder *decoder);

#ifdef __cplusplus
}
#endif

#endif
