#pragma once

#include "Support.hpp"

namespace fovea {

/// Where one of OpenCV's libraries is: beside the core, whose file name differs in one word: libopencv_core.so.406.
std::string libraryPath(const std::string &library);

/// OpenCV's functions that decode and encode, loaded when they are first needed.
///
/// Their library brings a hundred others with it, for formats that hardly anybody uses: linked, it would cost every
/// program 40 MB and a tenth of a second, and most runs read JPEG or IDX files, which need none of it.
struct Codecs {
  cv::Mat (*decode)(cv::InputArray bytes, int flags);
  bool (*encode)(const cv::String &format, cv::InputArray image, std::vector<uchar> &bytes,
                 const std::vector<int> &parameters);

  /// Throws FCV_FAILED, with the reason, where the library cannot be loaded.
  static const Codecs &shared();
};

}  // namespace fovea
