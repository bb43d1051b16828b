#include "Support.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

using namespace fovea::dnn;

namespace {

constexpr size_t alignment = 64;

size_t aligned(size_t byteCount) { return (byteCount + alignment - 1) / alignment * alignment; }

/// One thread's memory objects for one primitive. Making one takes 170 ns and pointing it elsewhere 8 ns, so each
/// thread keeps its own; sharing them between threads would be a race.
struct BoundStep {
  std::vector<dnnl::memory> memories;
  std::vector<dnnl_exec_arg_t> arguments;
};

struct BoundPrimitive {
  size_t identifier;
  std::vector<BoundStep> steps;

  explicit BoundPrimitive(const fovea_dnn_primitive_object &primitive) : identifier(primitive.identifier) {
    for (const Step &step : primitive.steps) {
      BoundStep &bound = steps.emplace_back();
      for (const Binding &binding : step.bindings) {
        const dnnl::memory &memory = bound.memories.emplace_back(binding.descriptor, engine(), nullptr);
        bound.arguments.push_back({binding.argument, memory.get()});
      }
    }
  }
};

BoundPrimitive &bound(const fovea_dnn_primitive_object &primitive) {
  thread_local std::vector<std::unique_ptr<BoundPrimitive>> all;
  if (all.size() <= primitive.slot) all.resize(primitive.slot + 1);
  std::unique_ptr<BoundPrimitive> &result = all[primitive.slot];
  // The slot's last primitive may have been another one.
  if (result == nullptr || result->identifier != primitive.identifier) {
    result = std::make_unique<BoundPrimitive>(primitive);
  }
  return *result;
}

/// Where threads keep what they remember of a primitive. A destroyed one's slot is used again: threads then remember no more
/// than there were primitives at one time, however many have come and gone.
struct Slots {
  std::mutex mutex;
  std::vector<size_t> free;
  size_t count = 0;

  static Slots &shared() {
    static Slots &instance = *new Slots;
    return instance;
  }

  size_t take() {
    const std::lock_guard<std::mutex> lock(mutex);
    if (free.empty()) {
      // So that giving one back needs no memory.
      free.reserve(count + 1);
      return count++;
    }
    const size_t slot = free.back();
    free.pop_back();
    return slot;
  }

  void give(size_t slot) {
    const std::lock_guard<std::mutex> lock(mutex);
    free.push_back(slot);
  }
};

/// A primitive must run with the thread count that it was created for: with more, threads would share the memory for
/// their intermediate results. So the calling thread's count is set for the run, where it differs.
class ThreadCount {
 public:
  explicit ThreadCount(int count) : previous(threads()), differs(previous != count) {
    if (differs) setThreads(count);
  }
  ~ThreadCount() {
    if (differs) setThreads(previous);
  }
  ThreadCount(const ThreadCount &) = delete;
  ThreadCount &operator=(const ThreadCount &) = delete;

 private:
  int previous;
  bool differs;
};

std::string name(int argument) {
  switch (argument) {
    case FOVEA_DNN_SRC: return "SRC";
    case FOVEA_DNN_SRC_1: return "SRC_1";
    case FOVEA_DNN_DST: return "DST";
    case FOVEA_DNN_WEIGHTS: return "WEIGHTS";
    case FOVEA_DNN_BIAS: return "BIAS";
    case FOVEA_DNN_WORKSPACE: return "WORKSPACE";
    case FOVEA_DNN_DIFF_SRC: return "DIFF_SRC";
    case FOVEA_DNN_DIFF_DST: return "DIFF_DST";
    case FOVEA_DNN_DIFF_WEIGHTS: return "DIFF_WEIGHTS";
    case FOVEA_DNN_DIFF_BIAS: return "DIFF_BIAS";
    default: return "SRC_MANY + " + std::to_string(argument - FOVEA_DNN_SRC_MANY);
  }
}

/// A null pointer counts as missing: oneDNN would read through it.
void *pointer(int argument, const int32_t *arguments, void *const *pointers, int32_t count) {
  for (int32_t index = 0; index < count; ++index) {
    if (arguments[index] == argument && pointers[index] != nullptr) return pointers[index];
  }
  invalid("the argument " + name(argument) + " is missing");
}

void execute(const fovea_dnn_primitive_object &primitive, const int32_t *arguments, void *const *pointers,
             int32_t count, void *scratchpad) {
  thread_local dnnl::stream stream(engine());
  if (scratchpad == nullptr && primitive.scratchpadByteCount > 0) {
    invalid("a scratchpad of " + std::to_string(primitive.scratchpadByteCount) + " bytes is missing");
  }
  const ThreadCount threadCount(primitive.threads);
  BoundPrimitive &boundPrimitive = bound(primitive);
  for (size_t index = 0; index < primitive.steps.size(); ++index) {
    const Step &step = primitive.steps[index];
    BoundStep &boundStep = boundPrimitive.steps[index];
    for (size_t position = 0; position < step.bindings.size(); ++position) {
      const Place &place = step.bindings[position].place;
      void *const handle = place.source == Place::scratchpad ? static_cast<char *>(scratchpad) + place.offset
                                                             : pointer(place.source, arguments, pointers, count);
      dnnl_memory_set_data_handle(boundStep.arguments[position].memory, handle);
    }
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(step.primitive.get(), stream.get(), static_cast<int>(boundStep.arguments.size()),
                               boundStep.arguments.data()),
        "could not execute");
  }
  stream.wait();
}

std::atomic<size_t> nextIdentifier{0};

}  // namespace

namespace fovea::dnn {

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr result;
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return result;
}

int rank(const std::string &implementation) {
  const auto has = [&](const char *part) { return implementation.find(part) != std::string::npos; };
  if (has("ref") || has("simple")) return 0;
  if (has("gemm")) return 1;
  if (has("sse41")) return 2;
  if (has("wino")) return 5;
  return has("avx512") ? 4 : 3;
}

}  // namespace fovea::dnn

fovea_dnn_primitive_object::fovea_dnn_primitive_object()
    : identifier(nextIdentifier.fetch_add(1)), slot(Slots::shared().take()), threads(fovea::dnn::threads()) {}

fovea_dnn_primitive_object::~fovea_dnn_primitive_object() { Slots::shared().give(slot); }

Place fovea_dnn_primitive_object::reserve(const Descriptor &descriptor) {
  const Place place{Place::scratchpad, reservedByteCount};
  reservedByteCount += aligned(descriptor.get_size());
  return place;
}

void fovea_dnn_primitive_object::append(const dnnl::primitive_desc_base &description,
                                        const dnnl::primitive &primitive, const std::vector<Argument> &arguments) {
  Step step{primitive, {}};
  for (const Argument &argument : arguments) {
    const Descriptor descriptor = description.query_md(dnnl::query::exec_arg_md, argument.number);
    if (descriptor.get_size() == 0) continue;
    step.bindings.push_back({argument.number, argument.place, descriptor});
    if (argument.place.source == Place::scratchpad) continue;
    if (argument.place.source == FOVEA_DNN_WORKSPACE) {
      workspaceByteCount = descriptor.get_size();
      continue;
    }
    const auto isSame = [&](const Operand &operand) { return operand.argument == argument.place.source; };
    if (std::none_of(operands.begin(), operands.end(), isSame)) {
      operands.push_back({argument.place.source, decltype(Operand::layout)(intern(descriptor))});
    }
  }
  const Descriptor scratchpad = description.scratchpad_desc();
  if (scratchpad.get_size() > 0) {
    // The offset is only known when all steps are there: `complete` sets it.
    step.bindings.push_back({DNNL_ARG_SCRATCHPAD, {Place::scratchpad}, scratchpad});
  }
  if (!implementation.empty()) implementation += ", ";
  implementation += description.impl_info_str();
  steps.push_back(std::move(step));
}

void fovea_dnn_primitive_object::appendLinear(const Descriptor &descriptor, float alpha, float beta, Place from,
                                              Place to) {
  const auto description =
      compatibility::eltwiseForward(engine(), attributes(), dnnl::prop_kind::forward_inference,
                                    dnnl::algorithm::eltwise_linear, descriptor, alpha, beta);
  append(description, dnnl::eltwise_forward(description), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
}

void fovea_dnn_primitive_object::complete() {
  scratchpadByteCount = reservedByteCount;
  for (Step &step : steps) {
    for (Binding &binding : step.bindings) {
      if (binding.argument != DNNL_ARG_SCRATCHPAD) continue;
      binding.place.offset = reservedByteCount;
      scratchpadByteCount = std::max(scratchpadByteCount, reservedByteCount + binding.descriptor.get_size());
    }
  }
}

void fovea_dnn_primitive_destroy(fovea_dnn_primitive primitive) { delete primitive; }

fovea_dnn_layout fovea_dnn_primitive_layout(fovea_dnn_primitive primitive, int32_t argument) {
  for (const Operand &operand : primitive->operands) {
    if (operand.argument == argument) return operand.layout.get();
  }
  return nullptr;
}

size_t fovea_dnn_primitive_scratchpad_byte_count(fovea_dnn_primitive primitive) {
  return primitive->scratchpadByteCount;
}

size_t fovea_dnn_primitive_workspace_byte_count(fovea_dnn_primitive primitive) {
  return primitive->workspaceByteCount;
}

const char *fovea_dnn_primitive_implementation(fovea_dnn_primitive primitive) {
  return primitive->implementation.c_str();
}

int32_t fovea_dnn_primitive_rank(fovea_dnn_primitive primitive) { return rank(primitive->implementation); }

fovea_dnn_status fovea_dnn_primitive_execute(fovea_dnn_primitive primitive, const int32_t *arguments,
                                             void *const *pointers, int32_t count, void *scratchpad) {
  return guarded("execution", [&] { execute(*primitive, arguments, pointers, count, scratchpad); });
}

// The caller's numbers are passed to oneDNN as they are.
static_assert(FOVEA_DNN_SRC == DNNL_ARG_SRC && FOVEA_DNN_SRC_1 == DNNL_ARG_SRC_1 && FOVEA_DNN_DST == DNNL_ARG_DST);
static_assert(FOVEA_DNN_WEIGHTS == DNNL_ARG_WEIGHTS && FOVEA_DNN_BIAS == DNNL_ARG_BIAS);
static_assert(FOVEA_DNN_WORKSPACE == DNNL_ARG_WORKSPACE && FOVEA_DNN_DIFF_SRC == DNNL_ARG_DIFF_SRC);
static_assert(FOVEA_DNN_DIFF_DST == DNNL_ARG_DIFF_DST && FOVEA_DNN_DIFF_WEIGHTS == DNNL_ARG_DIFF_WEIGHTS);
static_assert(FOVEA_DNN_DIFF_BIAS == DNNL_ARG_DIFF_BIAS && FOVEA_DNN_SRC_MANY == DNNL_ARG_MULTIPLE_SRC);
