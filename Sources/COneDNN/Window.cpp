#include "Window.hpp"

namespace fovea::dnn {

namespace {

void checkRange(const char *axis, const char *name, int64_t value, int64_t least) {
  // Far above any image, and far below where the sums of `WindowAxis` overflow.
  constexpr int64_t most = 1 << 24;
  if (value >= least && value <= most) return;
  invalid(std::string(name) + " (" + axis + ") must be between " + std::to_string(least) + " and " +
          std::to_string(most) + ", not " + std::to_string(value));
}

}  // namespace

WindowAxis::WindowAxis(const char *name, int64_t input, int64_t kernel, int64_t stride, int64_t dilation,
                       int64_t before, int64_t after)
    : input(input), kernel(kernel), stride(stride), dilation(dilation), before(before), after(after) {
  checkRange(name, "input", input, 1);
  checkRange(name, "kernel", kernel, 1);
  checkRange(name, "stride", stride, 1);
  checkRange(name, "dilation", dilation, 1);
  checkRange(name, "padding before", before, 0);
  checkRange(name, "padding after", after, 0);
  const int64_t extent = dilation * (kernel - 1) + 1;
  const int64_t padded = input + before + after;
  if (extent > padded) {
    invalid("the kernel is larger than the padded input (" + std::string(name) + ": " + std::to_string(extent) +
            " > " + std::to_string(padded) + ")");
  }
  output = (padded - extent) / stride + 1;
}

}  // namespace fovea::dnn
