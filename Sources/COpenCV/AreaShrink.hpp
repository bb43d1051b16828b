// Shrinking by area: each new pixel is the mean of all that it covers, parts of pixels included.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace fovea {

// What a new pixel covers along one side: old pixels from `first` on, with weights that sum to 1.
struct Coverage {
  int first;
  std::vector<float> weights;
};

inline std::vector<Coverage> coverage(int from, int to) {
  std::vector<Coverage> result(to);
  for (int index = 0; index < to; index++) {
    const double start = static_cast<double>(index) * from / to, end = static_cast<double>(index + 1) * from / to;
    const int first = static_cast<int>(start), last = std::min(static_cast<int>(std::ceil(end)), from);
    result[index].first = first;
    for (int pixel = first; pixel < last; pixel++) {
      const double part = std::min(end, pixel + 1.0) - std::max(start, static_cast<double>(pixel));
      result[index].weights.push_back(static_cast<float>(part * to / from));
    }
  }
  return result;
}

inline void store(float value, float *pixel) { *pixel = value; }
inline void store(float value, uint8_t *pixel) { *pixel = static_cast<uint8_t>(std::min(value, 255.0f) + 0.5f); }

// Whole rows are added up first, in a loop that the compiler vectorizes; only the few sums are then added up along the
// rows. OpenCV goes along the rows first, which takes more than twice as long for sizes that do not divide.
template <typename Pixel>
void shrinkByArea(const Pixel *from, int width, int height, int channels, Pixel *to, int newWidth, int newHeight) {
  const std::vector<Coverage> columns = coverage(width, newWidth), rows = coverage(height, newHeight);
  const int count = width * channels;
  std::vector<float> sums(count);
  float *const sum = sums.data();
  for (const Coverage &row : rows) {
    for (size_t part = 0; part < row.weights.size(); part++) {
      const Pixel *const values = from + static_cast<size_t>(row.first + part) * count;
      const float weight = row.weights[part];
      if (part == 0) {
        for (int index = 0; index < count; index++) sum[index] = weight * static_cast<float>(values[index]);
      } else {
        for (int index = 0; index < count; index++) sum[index] += weight * static_cast<float>(values[index]);
      }
    }
    for (const Coverage &column : columns) {
      const float *const start = sum + column.first * channels;
      float pixel[4] = {0, 0, 0, 0};
      for (size_t part = 0; part < column.weights.size(); part++)
        for (int channel = 0; channel < channels; channel++)
          pixel[channel] += column.weights[part] * start[part * channels + channel];
      for (int channel = 0; channel < channels; channel++) store(pixel[channel], to++);
    }
  }
}

}  // namespace fovea
