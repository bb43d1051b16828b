// C ABI over libpng: decoding to 8-bit pixels, with libpng's own words as the error. OpenCV reads PNG by the same library,
// but lets it print what it has to say, and drops the transparency of a gray picture.
#ifndef FOVEA_CPNG_H
#define FOVEA_CPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct FPNError {
  char message[256];  // UTF-8, always terminated
  int32_t isCutShort;  // not 0: the bytes ended before the picture did
  int32_t isOutOfMemory;
} FPNError;

typedef struct FPNDecoder FPNDecoder;

// Reads what comes before the pixels. `bytes` must live until fpn_close. Returns NULL with a message where it fails.
FPNDecoder *fpn_open(const uint8_t *bytes, size_t count, FPNError *error);
// As stored.
uint32_t fpn_width(const FPNDecoder *decoder);
uint32_t fpn_height(const FPNDecoder *decoder);
// Writes width × height × channels bytes (1 gray, 3 RGB or 4 RGBA), rows packed, channels interleaved, turned as
// `orientation`, EXIF's 1 to 8, says; and reads the file to its end. Of 16 bits, the upper byte is kept. Once per
// decoder. 0: well.
int32_t fpn_read(FPNDecoder *decoder, int32_t channels, int32_t orientation, uint8_t *pixels, size_t count,
                 FPNError *error);
// What is odd about the picture, or an empty text.
const char *fpn_warning(const FPNDecoder *decoder);
void fpn_close(FPNDecoder *decoder);

// For text that a file keeps compressed (zlib's format): how many bytes came out, 0 where it is damaged or longer.
size_t fpn_inflate(const uint8_t *bytes, size_t count, uint8_t *to, size_t capacity);
// The other way, by levels 0 (fast) to 9 (small): how many bytes came out, 0 where there is no memory. `capacity` must be
// what fpn_deflate_bound says.
size_t fpn_deflate(const uint8_t *bytes, size_t count, int32_t level, uint8_t *to, size_t capacity);
size_t fpn_deflate_bound(size_t count);
// The check that ends a chunk.
uint32_t fpn_checksum(const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif

#endif
