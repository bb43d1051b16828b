// Resizing, blurring and color conversion between the caller's buffers.
#include "Support.hpp"

#include <cmath>

namespace {

using namespace fovea;

void requireSameKind(const FCVView &from, const FCVView &to) {
  require(from.channels == to.channels, "the two views differ in channels");
  require(from.depth == to.depth, "the two views differ in depth");
  require(from.data != to.data, "the result needs a buffer of its own");
}

}  // namespace

const char *fcv_version(void) {
  static const std::string version = cv::getVersionString();
  return version.c_str();
}

void fcv_set_thread_count(int32_t count) {
  guarded(nullptr, [&] { cv::setNumThreads(count < 1 ? 1 : count); });
}

int32_t fcv_thread_count(void) {
  int32_t count = 1;
  guarded(nullptr, [&] { count = cv::getNumThreads(); });
  return count;
}

FCVStatus fcv_resize(FCVView from, FCVView to, FCVInterpolation interpolation, FCVError *error) {
  return guarded(error, [&] {
    requireSameKind(from, to);
    const cv::Mat source = matrix(from);
    cv::Mat result = matrix(to);
    // The exact form samples at pixel centers; plain INTER_NEAREST is biased to the upper left.
    const int method = interpolation == FCV_NEAREST ? cv::INTER_NEAREST_EXACT : cv::INTER_LINEAR;
    cv::resize(source, result, result.size(), 0, 0, method);
    requireWritten(result, to);
  });
}

FCVStatus fcv_blur(FCVView from, FCVView to, double deviation, FCVError *error) {
  return guarded(error, [&] {
    requireSameKind(from, to);
    require(deviation > 0 && deviation < 1000, "the deviation must be above 0 and below 1000 pixels");
    const cv::Mat source = matrix(from);
    cv::Mat result = matrix(to);
    const int radius = static_cast<int>(std::ceil(3 * deviation));
    cv::GaussianBlur(source, result, cv::Size(2 * radius + 1, 2 * radius + 1), deviation, deviation,
                     cv::BORDER_REFLECT_101);
    requireWritten(result, to);
  });
}

FCVStatus fcv_convert_color(FCVView from, FCVView to, FCVError *error) {
  return guarded(error, [&] {
    require(from.depth == to.depth, "the two views differ in depth");
    require(from.width == to.width && from.height == to.height, "the two views differ in size");
    require(from.data != to.data, "the result needs a buffer of its own");
    const cv::Mat source = matrix(from);
    cv::Mat result = matrix(to);
    int code = -1;
    switch (from.channels * 10 + to.channels) {
      case 13: code = cv::COLOR_GRAY2RGB; break;
      case 14: code = cv::COLOR_GRAY2RGBA; break;
      case 31: code = cv::COLOR_RGB2GRAY; break;
      case 34: code = cv::COLOR_RGB2RGBA; break;
      case 41: code = cv::COLOR_RGBA2GRAY; break;
      case 43: code = cv::COLOR_RGBA2RGB; break;
      default: refuse(FCV_BAD_ARGUMENT, "colors convert between 1, 3 and 4 channels");
    }
    cv::cvtColor(source, result, code);
    requireWritten(result, to);
  });
}
