// Colors of pixels, each by itself or with its neighbors.
#include "CPixels.h"

#include <math.h>
#include <string.h>

static inline uint8_t rounded(float value) { return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5f); }

void fpx_look_up(const uint8_t *from, uint8_t *to, size_t count, int32_t channels, const uint8_t *tables) {
  if (channels == 3) {
    for (size_t i = 0; i < count; i++, from += 3, to += 3)
      to[0] = tables[from[0]], to[1] = tables[256 + from[1]], to[2] = tables[512 + from[2]];
    return;
  }
  for (size_t i = 0; i < count; i++)
    for (int channel = 0; channel < channels; channel++, from++, to++) *to = tables[256 * channel + *from];
}

void fpx_mix(const uint8_t *from, uint8_t *to, size_t count, const float *m) {
  for (size_t i = 0; i < count; i++, from += 3, to += 3) {
    const float red = from[0], green = from[1], blue = from[2];
    to[0] = rounded(m[0] * red + m[1] * green + m[2] * blue + m[3]);
    to[1] = rounded(m[4] * red + m[5] * green + m[6] * blue + m[7]);
    to[2] = rounded(m[8] * red + m[9] * green + m[10] * blue + m[11]);
  }
}

// Hue in sixths of a turn, 0 up to 6; what is gray has none, and stays. Value and saturation stay too.
void fpx_turn_hue(const uint8_t *from, uint8_t *to, size_t count, float turn) {
  const float sixths = 6 * (turn - floorf(turn));
  for (size_t i = 0; i < count; i++, from += 3, to += 3) {
    const float red = from[0], green = from[1], blue = from[2];
    const float most = fmaxf(red, fmaxf(green, blue)), least = fminf(red, fminf(green, blue));
    const float chroma = most - least;
    if (chroma == 0) {
      to[0] = from[0], to[1] = from[1], to[2] = from[2];
      continue;
    }
    float hue = most == red ? (green - blue) / chroma : most == green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
    hue += sixths;
    hue = hue < 0 ? hue + 6 : hue >= 6 ? hue - 6 : hue;
    // How far each of the three is from its own color, on a circle of six.
    for (int channel = 0; channel < 3; channel++) {
      float distance = fabsf(hue - 2 * channel);
      distance = distance > 3 ? 6 - distance : distance;
      const float share = distance <= 1 ? 1 : distance >= 2 ? 0 : 2 - distance;
      to[channel] = rounded(least + chroma * share);
    }
  }
}

void fpx_sharpen(const uint8_t *from, uint8_t *to, size_t width, size_t height, int32_t channels, float factor) {
  const size_t stride = width * (size_t)channels;
  memcpy(to, from, stride * height);
  if (width < 3 || height < 3) return;
  for (size_t y = 1; y + 1 < height; y++)
    for (size_t index = (size_t)channels; index < stride - (size_t)channels; index++) {
      const uint8_t *place = from + y * stride + index;
      int sum = 4 * place[0];
      for (int row = -1; row <= 1; row++)
        for (int column = -1; column <= 1; column++) sum += place[row * (long)stride + column * channels];
      // The smooth picture is rounded to bytes, as Pillow's is.
      const float smooth = floorf((float)sum / 13 + 0.5f);
      to[y * stride + index] = rounded(smooth + factor * (place[0] - smooth));
    }
}

void fpx_histogram(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *counts) {
  memset(counts, 0, 256 * (size_t)channels * sizeof *counts);
  for (size_t i = 0; i < count; i++)
    for (int channel = 0; channel < channels; channel++) counts[256 * channel + *pixels++]++;
}
