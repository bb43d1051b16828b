// What every file of the shim shares: failures, layouts, and the assembly of a primitive out of steps.
#pragma once

#include "COneDNN.h"

#include "Compatibility.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fovea::dnn {

using Descriptor = dnnl::memory::desc;
using Dimensions = dnnl::memory::dims;

/// Thrown inside the shim, and turned into a status at its border.
struct Failure {
  fovea_dnn_status status;
  std::string message;
};

[[noreturn]] void invalid(std::string message);

/// Remembers a message for `fovea_dnn_last_error`.
void setLastError(std::string message) noexcept;

/// Called in a `catch (...)`: turns the exception in flight into a status and a message that begins with `context`.
fovea_dnn_status statusOfCurrentException(const char *context) noexcept;

/// Runs `body`; whatever it throws becomes a status and a message that begins with `context`.
template <class Body>
fovea_dnn_status guarded(const char *context, Body &&body) noexcept {
  try {
    body();
    return FOVEA_DNN_OK;
  } catch (...) {
    return statusOfCurrentException(context);
  }
}

/// How many threads a primitive created now, on this thread, would use.
int threads() noexcept;

/// Sets that number; false where it cannot be set.
bool setThreads(int count) noexcept;

/// The one CPU engine. Immortal, since other threads may still run while the process exits.
const dnnl::engine &engine();

/// "6×1×5×5"
std::string text(const Dimensions &dimensions);

/// Fails unless every dimension is at least 1 and the array's bytes can be counted.
void checkDimensions(const Dimensions &dimensions, const char *name);

/// The one layout object with this descriptor, which the caller holds then.
fovea_dnn_layout intern(const Descriptor &descriptor);

using DataType = dnnl::memory::data_type;

/// A descriptor of `dimensions`, row-major.
Descriptor plain(const Dimensions &dimensions, DataType type = DataType::f32);

/// A descriptor of `dimensions`, at least three, with the channels innermost.
Descriptor channelsLast(const Dimensions &dimensions, DataType type = DataType::f32);

/// The descriptor of a layout that the caller gave, checked against the dimensions it must have; without one, oneDNN's
/// choice for numbers of that type.
Descriptor resolve(fovea_dnn_layout layout, const Dimensions &dimensions, const char *argument,
                   DataType type = DataType::f32);

/// The types of an operation's arguments in one of its passes: those that are multiplied are the factors.
struct DataTypes {
  DataType source = DataType::f32, weights = DataType::f32, destination = DataType::f32;

  DataTypes(fovea_dnn_precision precision, fovea_dnn_pass pass) {
    if (precision == FOVEA_DNN_FLOAT32) return;
    if (pass != FOVEA_DNN_BACKWARD_DATA) source = DataType::bf16;
    if (pass != FOVEA_DNN_BACKWARD_WEIGHTS) weights = DataType::bf16;
    if (pass == FOVEA_DNN_BACKWARD_DATA || pass == FOVEA_DNN_BACKWARD_WEIGHTS) destination = DataType::bf16;
  }
};

/// Where a step's argument has its memory: with the caller, or at an offset in the scratchpad.
struct Place {
  static constexpr int scratchpad = -1;

  /// The caller's argument (fovea_dnn_argument), or `scratchpad`.
  int source;
  size_t offset = 0;
};

/// An argument of a step.
struct Binding {
  /// oneDNN's number (DNNL_ARG_…).
  int argument;
  Place place;
  Descriptor descriptor;
};

/// One oneDNN primitive, and its arguments.
struct Step {
  dnnl::primitive primitive;
  std::vector<Binding> bindings;
};

struct LayoutRelease {
  void operator()(fovea_dnn_layout layout) const { fovea_dnn_layout_release(layout); }
};

/// A caller's argument and the layout that it must have.
struct Operand {
  int argument;
  std::unique_ptr<const fovea_dnn_layout_object, LayoutRelease> layout;
};

/// Attributes under which memory for intermediate results comes from the caller.
dnnl::primitive_attr attributes();

/// As `attributes()`, with the activation appended to the operation, which adds to its destination before if `accumulates`.
dnnl::primitive_attr attributes(const fovea_dnn_activation &activation, bool accumulates = false);

/// How fast an implementation is likely to be, from its name.
int rank(const std::string &implementation);

}  // namespace fovea::dnn

struct fovea_dnn_layout_object {
  fovea::dnn::Descriptor descriptor;
  fovea::dnn::Dimensions dimensions;
  size_t byteCount;
  bool isPlain;
  std::string description;
  fovea_dnn_order order;
  /// How many hold it; counted under the lock of all layouts.
  mutable size_t holders;
};

struct fovea_dnn_primitive_object {
  /// Never used twice, so that what threads remember of a destroyed primitive is never taken for another one's.
  size_t identifier;
  /// No other primitive has it at the same time.
  size_t slot;
  /// The thread count at creation; memory for intermediate results is laid out for exactly so many.
  int threads;
  std::vector<fovea::dnn::Step> steps;
  std::vector<fovea::dnn::Operand> operands;
  size_t scratchpadByteCount = 0;
  size_t workspaceByteCount = 0;
  std::string implementation;

  fovea_dnn_primitive_object();
  ~fovea_dnn_primitive_object();
  fovea_dnn_primitive_object(const fovea_dnn_primitive_object &) = delete;
  fovea_dnn_primitive_object &operator=(const fovea_dnn_primitive_object &) = delete;

  /// Reserves memory in the scratchpad that lives through all steps.
  fovea::dnn::Place reserve(const fovea::dnn::Descriptor &descriptor);

  /// An argument of the step to append: oneDNN's number, and where its memory is.
  struct Argument {
    int number;
    fovea::dnn::Place place;

    /// The caller's argument of the same number.
    Argument(int number) : number(number), place{number} {}
    Argument(int number, fovea::dnn::Place place) : number(number), place(place) {}
  };

  /// Appends a step. Arguments that the operation turns out not to have (an empty workspace) are left out.
  void append(const dnnl::primitive_desc_base &description, const dnnl::primitive &primitive,
              const std::vector<Argument> &arguments);

  /// Appends an element-wise `alpha·x + beta`.
  void appendLinear(const fovea::dnn::Descriptor &descriptor, float alpha, float beta, fovea::dnn::Place from,
                    fovea::dnn::Place to);

  /// Places the steps' own scratchpad, which they use one after the other, behind the reserved memory. Called last.
  void complete();

 private:
  size_t reservedByteCount = 0;
};

namespace fovea::dnn {

/// Creates a primitive with `build`, which appends the steps.
template <class Build>
fovea_dnn_status create(const char *context, fovea_dnn_primitive *result, Build &&build) noexcept {
  *result = nullptr;
  return guarded(context, [&] {
    auto primitive = std::make_unique<fovea_dnn_primitive_object>();
    build(*primitive);
    primitive->complete();
    *result = primitive.release();
  });
}

}  // namespace fovea::dnn
