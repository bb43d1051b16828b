// The geometry that convolution and pooling share.
#pragma once

#include "Support.hpp"

namespace fovea::dnn {

/// One axis of a sliding window, in pixels; checked on construction.
struct WindowAxis {
  int64_t input, kernel, stride, dilation, before, after;
  int64_t output;

  WindowAxis(const char *name, int64_t input, int64_t kernel, int64_t stride, int64_t dilation, int64_t before,
             int64_t after);
};

/// A sliding window, taken from any description with the fields of `fovea_dnn_convolution`.
struct Window {
  WindowAxis vertical, horizontal;

  template <class Description>
  explicit Window(const Description &description)
      : vertical("height", description.input_height, description.kernel_height, description.stride_height,
                 description.dilation_height, description.pad_top, description.pad_bottom),
        horizontal("width", description.input_width, description.kernel_width, description.stride_width,
                   description.dilation_width, description.pad_left, description.pad_right) {}

  Dimensions kernel() const { return {vertical.kernel, horizontal.kernel}; }
  Dimensions strides() const { return {vertical.stride, horizontal.stride}; }
  /// oneDNN counts the gaps between two taps, and calls a dense kernel 0.
  Dimensions dilations() const { return {vertical.dilation - 1, horizontal.dilation - 1}; }
  Dimensions before() const { return {vertical.before, horizontal.before}; }
  Dimensions after() const { return {vertical.after, horizontal.after}; }
};

}  // namespace fovea::dnn
