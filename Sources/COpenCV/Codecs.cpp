#include "Codecs.hpp"

#if defined(__linux__)

#include <dlfcn.h>

namespace fovea {

std::string libraryPath(const std::string &library) {
  Dl_info core;
  const std::string word = "opencv_core", plain = "lib" + library + ".so";
  // Any function of the core would do.
  if (dladdr(reinterpret_cast<const void *>(&cv::getBuildInformation), &core) == 0 || core.dli_fname == nullptr) {
    return plain;
  }
  std::string name = core.dli_fname;
  const size_t place = name.rfind(word);
  return place == std::string::npos ? plain : name.replace(place, word.size(), library);
}

namespace {

template <class Function>
void find(void *library, const char *symbol, Function &function) {
  function = reinterpret_cast<Function>(dlsym(library, symbol));
  if (function == nullptr) refuse(FCV_FAILED, std::string("OpenCV's codecs have no function ") + symbol);
}

Codecs loaded() {
  const std::string name = libraryPath("opencv_imgcodecs");
  void *const library = dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    refuse(FCV_FAILED, std::string("OpenCV's codecs cannot be loaded: ") + dlerror() +
                           "; on Debian they are in the package libopencv-dev");
  }
  Codecs codecs;
  find(library, "_ZN2cv8imdecodeERKNS_11_InputArrayEi", codecs.decode);
  find(library,
       "_ZN2cv8imencodeERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS_11_InputArrayERSt6vectorIhSaIhEE"
       "RKSB_IiSaIiEE",
       codecs.encode);
  return codecs;
}

}  // namespace

const Codecs &Codecs::shared() {
  static const Codecs codecs = loaded();
  return codecs;
}

}  // namespace fovea

#else

namespace fovea {

const Codecs &Codecs::shared() {
  static const Codecs codecs{[](cv::InputArray bytes, int flags) { return cv::imdecode(bytes, flags); },
                             [](const cv::String &format, cv::InputArray image, std::vector<uchar> &bytes,
                                const std::vector<int> &parameters) {
                               return cv::imencode(format, image, bytes, parameters);
                             }};
  return codecs;
}

}  // namespace fovea

#endif
