// What the files of the shim share: OpenCV's headers, and the fence that no exception gets past.
#pragma once

#if !__has_include(<opencv2/core.hpp>)
#error "OpenCV's headers were not found. Install OpenCV 4 (Debian and Ubuntu: apt-get install libopencv-dev), or, where it lies in an unusual place, build with FOVEA_OPENCV=pkg-config."
#endif

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#pragma clang diagnostic pop

#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "COpenCV.h"

namespace fovea {

// A refusal with a status, thrown and caught inside the shim.
struct Refusal {
  FCVStatus status;
  std::string message;
};

[[noreturn]] inline void refuse(FCVStatus status, std::string message) { throw Refusal{status, std::move(message)}; }

inline void require(bool condition, const char *message) {
  if (!condition) refuse(FCV_BAD_ARGUMENT, message);
}

inline void write(FCVError *error, const char *message) noexcept {
  if (error != nullptr) std::snprintf(error->message, sizeof error->message, "%s", message);
}

// OpenCV logs failures on standard error by default; here they are returned instead.
inline void silence() {
  static std::once_flag once;
  std::call_once(once, [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
  });
}

template <typename Body>
FCVStatus guarded(FCVError *error, Body body) noexcept {
  try {
    silence();
    body();
    return FCV_OK;
  } catch (const Refusal &refusal) {
    write(error, refusal.message.c_str());
    return refusal.status;
  } catch (const cv::Exception &exception) {
    write(error, exception.err.empty() ? exception.what() : exception.err.c_str());
    return exception.code == cv::Error::StsNoMem ? FCV_OUT_OF_MEMORY : FCV_FAILED;
  } catch (const std::bad_alloc &) {
    write(error, "out of memory");
    return FCV_OUT_OF_MEMORY;
  } catch (const std::exception &exception) {
    write(error, exception.what());
    return FCV_FAILED;
  } catch (...) {
    write(error, "unknown failure in OpenCV");
    return FCV_FAILED;
  }
}

// A matrix header over the caller's memory; nothing is copied.
inline cv::Mat matrix(const FCVView &view) {
  require(view.data != nullptr, "no pixels");
  require(view.width > 0 && view.height > 0, "width and height must be at least 1");
  require(view.channels >= 1 && view.channels <= 4, "1 to 4 channels are supported");
  require(view.depth == FCV_UINT8 || view.depth == FCV_FLOAT32, "pixels must be bytes or floats");
  const int depth = view.depth == FCV_UINT8 ? CV_8U : CV_32F;
  return cv::Mat(view.height, view.width, CV_MAKETYPE(depth, view.channels), view.data);
}

// OpenCV silently reallocates a result of the wrong size or type; the caller's memory would then stay unwritten.
inline void requireWritten(const cv::Mat &result, const FCVView &view) {
  if (result.data != view.data) refuse(FCV_FAILED, "OpenCV did not write into the buffer given");
}

inline cv::Scalar scalar(const uint8_t *color, int channels) {
  require(color != nullptr, "no color");
  cv::Scalar result;
  for (int channel = 0; channel < channels; channel++) result[channel] = color[channel];
  return result;
}

}  // namespace fovea
