// What is done with rows of pixels: what every decoder does alike (transparency over white, gray, turning), resizing with
// antialiasing, and changes of color.
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

typedef enum FPXFilter { FPX_TRIANGLE = 0, FPX_CUBIC = 1, FPX_LANCZOS = 2 } FPXFilter;

// Bytes, or floats of any range.
typedef struct FPXPicture {
  void *data;
  size_t width, height;
  int32_t channels;
  int32_t isFloat;
} FPXPicture;

// Fills `to`, whose channels and sort of values are those of `from`, with the same picture at its size. The filter is as
// wide as what a new pixel covers, so that nothing flickers where the picture shrinks. Not 0: there is no memory.
int32_t fpx_resample(FPXPicture from, FPXPicture to, FPXFilter filter);

// The same for sides that do not grow: each new pixel is the mean of all that it covers.
int32_t fpx_shrink(FPXPicture from, FPXPicture to);

// What lies beyond the edge of a b c: one value; a a a; c b a in front and c b a behind; a b c again.
typedef enum FPXBorder {
  FPX_BORDER_CONSTANT = 0, FPX_BORDER_REPLICATE = 1, FPX_BORDER_REFLECT = 2, FPX_BORDER_WRAP = 3
} FPXBorder;

// Moves the points of `from`. `back` is 3×3, by rows, in pixels, and says where a pixel of `to` was:
// (x, y, 1) ~ B · (x', y', 1). The center of the first pixel is (0, 0). Between pixels, what comes is bilinear, or the
// nearest one. `fill` has a value for each channel, of which there are 4 at most. Not 0: there is no memory.
int32_t fpx_warp(
    FPXPicture from, FPXPicture to, const double *back, int32_t isNearest, FPXBorder border, const float *fill);

// Channel by channel, `count` floats each: value · scale + offset, each of the two rounded.
void fpx_scale(
    const uint8_t *from, float *to, size_t count, int32_t channels, const float *scales, const float *offsets);

// MARK: Colors. `from` and `to` may be the same, but for fpx_sharpen; `count` is that of the pixels.

// Each value by its channel's table of 256.
void fpx_look_up(const uint8_t *from, uint8_t *to, size_t count, int32_t channels, const uint8_t *tables);
// Each RGB pixel by a matrix of 3×4, by rows: the fourth column is added. Rounded and clamped.
void fpx_mix(const uint8_t *from, uint8_t *to, size_t count, const float *matrix);
// Turns the hue of each RGB pixel by parts of a full turn; value and saturation (of HSV) stay.
void fpx_turn_hue(const uint8_t *from, uint8_t *to, size_t count, float turn);
// What differs from the mean of 3×3 pixels, the middle one five times, by `factor`; pixels on the edge stay.
void fpx_sharpen(const uint8_t *from, uint8_t *to, size_t width, size_t height, int32_t channels, float factor);
// 256 counts for each channel.
void fpx_histogram(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *counts);

#ifdef __cplusplus
}
#endif

#endif
