#include "CPixels.h"

#include <string.h>

// MARK: Channels

static inline uint8_t overWhite(unsigned value, unsigned opacity) {
  return (uint8_t)((value * opacity + 255 * (255 - opacity) + 127) / 255);
}

// ITU-R BT.601 with 15 fractional bits, as OpenCV computes it.
static inline uint8_t gray(unsigned red, unsigned green, unsigned blue) {
  return (uint8_t)((9798 * red + 19235 * green + 3735 * blue + 16384) >> 15);
}

static void toGray(const uint8_t *from, int32_t channels, uint8_t *to, size_t count) {
  switch (channels) {
    case 2:
      for (size_t i = 0; i < count; i++) to[i] = overWhite(from[2 * i], from[2 * i + 1]);
      break;
    case 3:
      for (size_t i = 0; i < count; i++) to[i] = gray(from[3 * i], from[3 * i + 1], from[3 * i + 2]);
      break;
    default:
      for (size_t i = 0; i < count; i++, from += 4)
        to[i] = gray(overWhite(from[0], from[3]), overWhite(from[1], from[3]), overWhite(from[2], from[3]));
  }
}

static void toRGB(const uint8_t *from, int32_t channels, uint8_t *to, size_t count) {
  switch (channels) {
    case 1:
      for (size_t i = 0; i < count; i++, to += 3) to[0] = to[1] = to[2] = from[i];
      break;
    case 2:
      for (size_t i = 0; i < count; i++, to += 3) to[0] = to[1] = to[2] = overWhite(from[2 * i], from[2 * i + 1]);
      break;
    default:
      for (size_t i = 0; i < count; i++, from += 4, to += 3)
        for (int channel = 0; channel < 3; channel++) to[channel] = overWhite(from[channel], from[3]);
  }
}

static void toRGBA(const uint8_t *from, int32_t channels, uint8_t *to, size_t count) {
  for (size_t i = 0; i < count; i++, from += channels, to += 4) {
    to[0] = from[0];
    to[1] = channels == 3 ? from[1] : from[0];
    to[2] = channels == 3 ? from[2] : from[0];
    to[3] = channels == 2 ? from[1] : 255;
  }
}

void fpx_convert(const uint8_t *from, int32_t fromChannels, uint8_t *to, int32_t toChannels, size_t count) {
  if (fromChannels == toChannels) {
    if (from != to) memcpy(to, from, count * (size_t)toChannels);
  } else if (toChannels == 1) {
    toGray(from, fromChannels, to, count);
  } else if (toChannels == 3) {
    toRGB(from, fromChannels, to, count);
  } else {
    toRGBA(from, fromChannels, to, count);
  }
}

// MARK: Turning

// The stored pixel that the upper left corner shows, and the steps from there to its right and lower neighbors.
typedef struct Walk {
  ptrdiff_t start, right, down;
} Walk;

static Walk walk(size_t columns, size_t rows, int32_t orientation) {
  const ptrdiff_t width = (ptrdiff_t)columns, height = (ptrdiff_t)rows, last = width * height - 1;
  switch (orientation) {
    case 2: return (Walk){width - 1, -1, width};
    case 3: return (Walk){last, -1, -width};
    case 4: return (Walk){(height - 1) * width, 1, -width};
    case 5: return (Walk){0, width, 1};
    case 6: return (Walk){(height - 1) * width, -width, 1};
    case 7: return (Walk){last, -width, -1};
    case 8: return (Walk){width - 1, width, -1};
    default: return (Walk){0, 1, width};
  }
}

// Squares of this side are turned one by one, so that both sides of the copy stay in the cache.
enum { square = 32 };

static inline __attribute__((always_inline)) void turnChannels(
    const uint8_t *from, size_t width, size_t height, Walk step, uint8_t *to, const size_t channels) {
  for (size_t top = 0; top < height; top += square)
    for (size_t left = 0; left < width; left += square) {
      const size_t bottom = top + square < height ? top + square : height;
      const size_t right = left + square < width ? left + square : width;
      for (size_t y = top; y < bottom; y++) {
        const ptrdiff_t row = step.start + (ptrdiff_t)y * step.down;
        uint8_t *place = to + (y * width + left) * channels;
        for (size_t x = left; x < right; x++, place += channels)
          memcpy(place, from + (row + (ptrdiff_t)x * step.right) * (ptrdiff_t)channels, channels);
      }
    }
}

void fpx_turn(const uint8_t *from, size_t width, size_t height, int32_t channels, int32_t orientation, uint8_t *to) {
  const Walk step = walk(width, height, orientation);
  const size_t seenWidth = orientation >= 5 ? height : width, seenHeight = orientation >= 5 ? width : height;
  switch (channels) {
    case 1: turnChannels(from, seenWidth, seenHeight, step, to, 1); break;
    case 3: turnChannels(from, seenWidth, seenHeight, step, to, 3); break;
    case 4: turnChannels(from, seenWidth, seenHeight, step, to, 4); break;
    default: turnChannels(from, seenWidth, seenHeight, step, to, (size_t)channels); break;
  }
}
