// What every decoder does alike with rows of 8-bit pixels: transparency over white, gray, turning. One rule for all formats.
//
// Pixels have 1 (gray), 2 (gray, opacity), 3 (RGB) or 4 channels (RGBA), interleaved, rows packed.
#ifndef FOVEA_CPIXELS_H
#define FOVEA_CPIXELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Takes pixels from 1 to 4 channels to 1, 3 or 4. Opacity that is not asked for is laid over white,
// c·α + 255·(1 − α), rounded; gray is 0.299 R + 0.587 G + 0.114 B of the result, as OpenCV rounds it.
// `from` and `to` may be the same where the channels are.
void fpx_convert(const uint8_t *from, int32_t fromChannels, uint8_t *to, int32_t toChannels, size_t count);

// Writes the picture as it is meant to be seen: `orientation` is EXIF's, 1 to 8 (EXIF 2.32, section 4.6.4). Sides are
// those of `from`; orientations 5 to 8 exchange them.
void fpx_turn(const uint8_t *from, size_t width, size_t height, int32_t channels, int32_t orientation, uint8_t *to);

#ifdef __cplusplus
}
#endif

#endif
