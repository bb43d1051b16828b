#include "Support.hpp"

#include <exception>
#include <new>

namespace fovea::dnn {

namespace {

thread_local std::string lastError;

fovea_dnn_status statusOf(dnnl_status_t status) noexcept {
  switch (status) {
    case dnnl_success: return FOVEA_DNN_OK;
    case dnnl_out_of_memory: return FOVEA_DNN_OUT_OF_MEMORY;
    case dnnl_invalid_arguments: return FOVEA_DNN_INVALID;
    case dnnl_unimplemented: return FOVEA_DNN_UNSUPPORTED;
    default: return FOVEA_DNN_FAILURE;
  }
}

}  // namespace

void invalid(std::string message) { throw Failure{FOVEA_DNN_INVALID, std::move(message)}; }

void setLastError(std::string message) noexcept { lastError = std::move(message); }

fovea_dnn_status statusOfCurrentException(const char *context) noexcept {
  try {
    const std::string prefix = std::string(context) + ": ";
    try {
      throw;
    } catch (const Failure &failure) {
      setLastError(prefix + failure.message);
      return failure.status;
    } catch (const dnnl::error &error) {
      const fovea_dnn_status status = statusOf(error.status);
      const char *meaning = status == FOVEA_DNN_UNSUPPORTED   ? "oneDNN has no implementation of it"
                            : status == FOVEA_DNN_INVALID     ? "oneDNN rejects its arguments"
                            : status == FOVEA_DNN_OUT_OF_MEMORY ? "out of memory"
                                                              : "oneDNN failed";
      setLastError(prefix + meaning + " (" + error.what() + ")");
      return status;
    } catch (const std::bad_alloc &) {
      setLastError(prefix + "out of memory");
      return FOVEA_DNN_OUT_OF_MEMORY;
    } catch (const std::exception &error) {
      setLastError(prefix + error.what());
      return FOVEA_DNN_FAILURE;
    } catch (...) {
      setLastError(prefix + "an unknown C++ exception");
      return FOVEA_DNN_FAILURE;
    }
  } catch (...) {
    // Not even the message could be made.
    return FOVEA_DNN_OUT_OF_MEMORY;
  }
}

const dnnl::engine &engine() {
  static const dnnl::engine &instance = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return instance;
}

}  // namespace fovea::dnn

const char *fovea_dnn_last_error(void) { return fovea::dnn::lastError.c_str(); }

bool fovea_dnn_has_bfloat16(void) {
  // The values are sets of bits: what has more instructions has these bits too.
  constexpr int wanted = dnnl_cpu_isa_avx512_core_bf16;
  return (dnnl_get_effective_cpu_isa() & wanted) == wanted;
}

const char *fovea_dnn_version(void) {
  static const std::string &version = *new std::string([] {
    const dnnl_version_t *loaded = dnnl_version();
    return std::to_string(loaded->major) + "." + std::to_string(loaded->minor) + "." + std::to_string(loaded->patch);
  }());
  return version.c_str();
}
