// The frames of video files, by OpenCV's videoio with FFmpeg. The library is loaded when the first video is opened, since it
// brings a hundred others with it.
#include "Support.hpp"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <opencv2/videoio.hpp>
#pragma clang diagnostic pop

#include <cstdarg>

#include "Codecs.hpp"

#if defined(__linux__)
#include <dlfcn.h>
#endif

struct FCVVideo {
  std::unique_ptr<cv::VideoCapture> capture;
  double rate = 0;
  int64_t grabbed = 0;
};

namespace {

using namespace fovea;

std::mutex wordsLock;
std::string words;

#if defined(__linux__)

// FFmpeg says on standard error what is wrong with a file; it is kept for whoever asks.
void listen(void *, int level, const char *format, va_list arguments) {
  constexpr int error = 16;
  if (level > error || format == nullptr) return;
  char line[200];
  std::vsnprintf(line, sizeof line, format, arguments);
  std::string text = line;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::lock_guard<std::mutex> guard(wordsLock);
  if (words.empty() && !text.empty()) words = text;
}

using Constructor = void (*)(void *, const cv::String &, int);

Constructor constructor() {
  static const Constructor found = [] {
    void *const library = dlopen(libraryPath("opencv_videoio").c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
      refuse(FCV_FAILED, std::string("videos cannot be read, since OpenCV's videoio cannot be loaded: ") + dlerror() +
                             "; on Debian it is in the package libopencv-dev");
    }
    using Listener = void (*)(void *, int, const char *, va_list);
    using SetListener = void (*)(Listener);
    if (const auto set = reinterpret_cast<SetListener>(dlsym(library, "av_log_set_callback"))) set(listen);
    const auto make = reinterpret_cast<Constructor>(
        dlsym(library, "_ZN2cv12VideoCaptureC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEi"));
    if (make == nullptr) refuse(FCV_FAILED, "OpenCV's videoio has no constructor of cv::VideoCapture");
    return make;
  }();
  return found;
}

// Everything else of a capture is virtual, so that only its constructor has to be found.
std::unique_ptr<cv::VideoCapture> opened(const cv::String &path) {
  const Constructor make = constructor();
  void *const memory = ::operator new(sizeof(cv::VideoCapture));
  try {
    make(memory, path, cv::CAP_FFMPEG);
  } catch (...) {
    ::operator delete(memory);
    throw;
  }
  return std::unique_ptr<cv::VideoCapture>(static_cast<cv::VideoCapture *>(memory));
}

#else

std::unique_ptr<cv::VideoCapture> opened(const cv::String &path) {
  return std::make_unique<cv::VideoCapture>(path, cv::CAP_ANY);
}

#endif

std::string said() {
  const std::lock_guard<std::mutex> guard(wordsLock);
  return words;
}

}  // namespace

FCVStatus fcv_video_open(const char *path, FCVVideo **video, FCVError *error) {
  return guarded(error, [&] {
    require(path != nullptr && video != nullptr, "no path, or nowhere to write to");
    {
      const std::lock_guard<std::mutex> guard(wordsLock);
      words.clear();
    }
    auto result = std::make_unique<FCVVideo>();
    // Whatever the name is, it is a file's and no address of a network.
    result->capture = opened(std::string("file:") + path);
    if (!result->capture->isOpened()) {
      const std::string reason = said();
      refuse(FCV_UNDECODABLE, "it is no video that FFmpeg can read" + (reason.empty() ? "" : ": " + reason));
    }
    result->rate = result->capture->get(cv::CAP_PROP_FPS);
    *video = result.release();
  });
}

int32_t fcv_video_width(const FCVVideo *video) {
  return static_cast<int32_t>(video->capture->get(cv::CAP_PROP_FRAME_WIDTH));
}

int32_t fcv_video_height(const FCVVideo *video) {
  return static_cast<int32_t>(video->capture->get(cv::CAP_PROP_FRAME_HEIGHT));
}

int64_t fcv_video_frames(const FCVVideo *video) {
  const double count = video->capture->get(cv::CAP_PROP_FRAME_COUNT);
  return count > 0 && count < 1e12 ? static_cast<int64_t>(count) : 0;
}

FCVStatus fcv_video_grab(FCVVideo *video, int32_t *hasFrame, FCVError *error) {
  return guarded(error, [&] {
    require(video != nullptr && hasFrame != nullptr, "no video, or nowhere to write to");
    *hasFrame = video->capture->grab() ? 1 : 0;
    video->grabbed += *hasFrame;
  });
}

double fcv_video_seconds(const FCVVideo *video) {
  const double time = video->capture->get(cv::CAP_PROP_POS_MSEC) / 1000;
  if (time > 0 || video->grabbed < 2) return time > 0 ? time : 0;
  // Some files have no times.
  return video->rate > 0 ? static_cast<double>(video->grabbed - 1) / video->rate : 0;
}

FCVStatus fcv_video_frame(FCVVideo *video, uint8_t *destination, size_t count, FCVError *error) {
  return guarded(error, [&] {
    require(video != nullptr && destination != nullptr, "no video, or nowhere to write to");
    cv::Mat frame;
    if (!video->capture->retrieve(frame) || frame.empty()) refuse(FCV_UNDECODABLE, "its frame cannot be decoded");
    if (frame.type() != CV_8UC3 || frame.total() * 3 != count) {
      refuse(FCV_UNDECODABLE, "its frames change their size or are no pictures with colors");
    }
    cv::Mat result(frame.rows, frame.cols, CV_8UC3, destination);
    cv::cvtColor(frame, result, cv::COLOR_BGR2RGB);
    if (result.data != destination) refuse(FCV_FAILED, "OpenCV did not write into the buffer given");
  });
}

void fcv_video_words(FCVError *error) { write(error, said().c_str()); }

void fcv_video_free(FCVVideo *video) { delete video; }
