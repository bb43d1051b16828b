// Decoding (of all but JPEG, which CJPEG does) and encoding of 8-bit pictures, in memory.
#include "Codecs.hpp"

struct FCVPicture {
  cv::Mat pixels;  // OpenCV's order: gray, BGR or BGRA
};

struct FCVBytes {
  std::vector<uint8_t> bytes;
};

namespace {

using namespace fovea;

// The upper byte, as libpng strips 16 bits to 8, so that pictures with and without transparency agree.
cv::Mat upperBytes(const cv::Mat &wide) {
  cv::Mat narrow(wide.rows, wide.cols, CV_8UC(wide.channels()));
  const int count = wide.cols * wide.channels();
  for (int row = 0; row < wide.rows; row++) {
    const auto *from = wide.ptr<uint16_t>(row);
    auto *to = narrow.ptr<uint8_t>(row);
    for (int index = 0; index < count; index++) to[index] = static_cast<uint8_t>(from[index] >> 8);
  }
  return narrow;
}

cv::Mat withAlpha(const cv::Mat &stored) {
  if (stored.depth() != CV_8U && stored.depth() != CV_16U) refuse(FCV_UNDECODABLE, "pixels are neither 8 nor 16 bits");
  cv::Mat narrow = stored.depth() == CV_16U ? upperBytes(stored) : stored;
  cv::Mat result;
  switch (narrow.channels()) {
    case 1: cv::cvtColor(narrow, result, cv::COLOR_GRAY2BGRA); break;
    case 3: cv::cvtColor(narrow, result, cv::COLOR_BGR2BGRA); break;
    case 4: result = narrow; break;
    default: refuse(FCV_UNDECODABLE, "unexpected number of channels");
  }
  return result;
}

// c · α + 255 · (1 − α), rounded.
cv::Mat overWhite(const cv::Mat &bgra) {
  cv::Mat result(bgra.rows, bgra.cols, CV_8UC3);
  for (int row = 0; row < bgra.rows; row++) {
    const auto *from = bgra.ptr<uint8_t>(row);
    auto *to = result.ptr<uint8_t>(row);
    for (int column = 0; column < bgra.cols; column++, from += 4, to += 3) {
      const int alpha = from[3];
      for (int channel = 0; channel < 3; channel++)
        to[channel] = static_cast<uint8_t>((from[channel] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return result;
}

// EXIF 2.32, 4.6.4, tag 0x0112: where the stored first row and first column lie in the picture as it is to be seen.
cv::Mat oriented(const cv::Mat &stored, int orientation) {
  cv::Mat result;
  switch (orientation) {
    case 1: return stored;
    case 2: cv::flip(stored, result, 1); return result;
    case 3: cv::rotate(stored, result, cv::ROTATE_180); return result;
    case 4: cv::flip(stored, result, 0); return result;
    case 5: cv::transpose(stored, result); return result;
    case 6: cv::rotate(stored, result, cv::ROTATE_90_CLOCKWISE); return result;
    case 7: {
      cv::Mat turned;
      cv::transpose(stored, turned);
      cv::rotate(turned, result, cv::ROTATE_180);
      return result;
    }
    case 8: cv::rotate(stored, result, cv::ROTATE_90_COUNTERCLOCKWISE); return result;
    default: refuse(FCV_BAD_ARGUMENT, "the orientation must be 1 to 8");
  }
}

cv::Mat decoded(const uint8_t *bytes, size_t count, const FCVDecodeOptions &options) {
  require(bytes != nullptr && count > 0, "no bytes to decode");
  require(count <= static_cast<size_t>(INT32_MAX), "the file is larger than 2 GiB");
  require(options.channels == 1 || options.channels == 3 || options.channels == 4, "1, 3 or 4 channels can be decoded");
  const cv::Mat source(1, static_cast<int>(count), CV_8UC1, const_cast<uint8_t *>(bytes));
  const bool hasAlpha = options.keeps_alpha != 0;
  const int flags = hasAlpha ? cv::IMREAD_UNCHANGED : cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
  cv::Mat pixels = Codecs::shared().decode(source, flags);
  if (pixels.empty()) refuse(FCV_UNDECODABLE, "its contents are damaged or of a kind that is not supported");
  if (hasAlpha) {
    pixels = withAlpha(pixels);
    if (options.channels != 4) pixels = overWhite(pixels);
  }
  return oriented(pixels, options.orientation);
}

// The code for cvtColor, from OpenCV's order to ours; −1: a plain copy.
int conversion(int from, int to) {
  if (from == 1) return to == 1 ? -1 : to == 3 ? cv::COLOR_GRAY2RGB : cv::COLOR_GRAY2RGBA;
  if (from == 3) return to == 1 ? cv::COLOR_BGR2GRAY : to == 3 ? cv::COLOR_BGR2RGB : cv::COLOR_BGR2RGBA;
  return to == 1 ? cv::COLOR_BGRA2GRAY : to == 3 ? cv::COLOR_BGRA2RGB : cv::COLOR_BGRA2RGBA;
}

void encode(FCVView image, const char *format, const std::vector<int> &parameters, FCVBytes **result) {
  require(result != nullptr, "nowhere to write to");
  require(image.depth == FCV_UINT8, "only 8-bit pictures can be encoded");
  const cv::Mat pixels = matrix(image);
  cv::Mat reordered;
  switch (image.channels) {
    case 1: reordered = pixels; break;
    case 3: cv::cvtColor(pixels, reordered, cv::COLOR_RGB2BGR); break;
    case 4: cv::cvtColor(pixels, reordered, cv::COLOR_RGBA2BGRA); break;
    default: refuse(FCV_BAD_ARGUMENT, "1, 3 or 4 channels can be encoded");
  }
  auto bytes = std::make_unique<FCVBytes>();
  if (!Codecs::shared().encode(format, reordered, bytes->bytes, parameters)) {
    refuse(FCV_FAILED, "the encoder gave up");
  }
  *result = bytes.release();
}

}  // namespace

FCVStatus fcv_decode(const uint8_t *bytes, size_t count, const FCVDecodeOptions *options, FCVPicture **picture,
                     FCVError *error) {
  return guarded(error, [&] {
    require(options != nullptr && picture != nullptr, "no options, or nowhere to write to");
    auto result = std::make_unique<FCVPicture>();
    result->pixels = decoded(bytes, count, *options);
    *picture = result.release();
  });
}

int32_t fcv_picture_width(const FCVPicture *picture) { return picture->pixels.cols; }

int32_t fcv_picture_height(const FCVPicture *picture) { return picture->pixels.rows; }

FCVStatus fcv_picture_copy(const FCVPicture *picture, uint8_t *destination, size_t count, FCVError *error) {
  return guarded(error, [&] {
    require(picture != nullptr && destination != nullptr, "no picture, or nowhere to write to");
    const cv::Mat &pixels = picture->pixels;
    const size_t channels = count / pixels.total();
    require(channels * pixels.total() == count && (channels == 1 || channels == 3 || channels == 4),
            "the buffer has the wrong size");
    const FCVView view{destination, pixels.cols, pixels.rows, static_cast<int32_t>(channels), FCV_UINT8};
    cv::Mat result = matrix(view);
    const int code = conversion(pixels.channels(), view.channels);
    if (code < 0) {
      pixels.copyTo(result);
    } else {
      cv::cvtColor(pixels, result, code);
    }
    requireWritten(result, view);
  });
}

void fcv_picture_free(FCVPicture *picture) { delete picture; }

FCVStatus fcv_encode_png(FCVView image, int32_t compression, FCVBytes **bytes, FCVError *error) {
  return guarded(error, [&] {
    require(compression >= 0 && compression <= 9, "the compression must be 0 to 9");
    encode(image, ".png", {cv::IMWRITE_PNG_COMPRESSION, compression}, bytes);
  });
}

FCVStatus fcv_encode_jpeg(FCVView image, int32_t quality, FCVBytes **bytes, FCVError *error) {
  return guarded(error, [&] {
    require(quality >= 1 && quality <= 100, "the quality must be 1 to 100");
    require(image.channels != 4, "JPEG has no transparency: give 1 or 3 channels");
    encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality}, bytes);
  });
}

const uint8_t *fcv_bytes_data(const FCVBytes *bytes) { return bytes->bytes.data(); }

size_t fcv_bytes_count(const FCVBytes *bytes) { return bytes->bytes.size(); }

void fcv_bytes_free(FCVBytes *bytes) { delete bytes; }
