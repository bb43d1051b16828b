#include "Support.hpp"

#include <map>
#include <mutex>

namespace fovea::dnn {

namespace {

/// All layouts there are, by dimensions: few share the same ones, so they are compared one by one.
struct Layouts {
  std::mutex mutex;
  std::map<Dimensions, std::vector<std::unique_ptr<const fovea_dnn_layout_object>>> byDimensions;

  static Layouts &shared() {
    static Layouts &instance = *new Layouts;
    return instance;
  }
};

Dimensions dimensions(int32_t rank, const int64_t *values) {
  if (rank < 1 || rank > FOVEA_DNN_MAX_RANK) {
    invalid("a layout has 1 to " + std::to_string(FOVEA_DNN_MAX_RANK) + " dimensions, not " + std::to_string(rank));
  }
  Dimensions result(values, values + rank);
  checkDimensions(result, "a layout");
  return result;
}

template <class Body>
fovea_dnn_layout layoutOrNull(Body &&body) noexcept {
  fovea_dnn_layout result = nullptr;
  guarded("memory layout", [&] { result = body(); });
  return result;
}

}  // namespace

std::string text(const Dimensions &dimensions) {
  std::string result;
  for (const auto dimension : dimensions) {
    if (!result.empty()) result += "×";
    result += std::to_string(dimension);
  }
  return result;
}

void checkDimensions(const Dimensions &dimensions, const char *name) {
  // oneDNN's kernels count in 32 bits along one dimension, and in 64 bits over an array.
  constexpr dnnl::memory::dim largest = INT32_MAX;
  constexpr dnnl::memory::dim most = INT64_MAX / 64;
  dnnl::memory::dim count = 1;
  for (const auto dimension : dimensions) {
    if (dimension < 1 || dimension > largest || count > most / dimension) {
      invalid(std::string(name) + " cannot have the dimensions " + text(dimensions) +
              ": each must be at least 1, and all together must fit in memory");
    }
    count *= dimension;
  }
}

Descriptor plain(const Dimensions &dimensions, DataType type) {
  Dimensions strides(dimensions.size());
  dnnl::memory::dim stride = 1;
  for (size_t axis = dimensions.size(); axis > 0; --axis) {
    strides[axis - 1] = stride;
    stride *= dimensions[axis - 1];
  }
  return {dimensions, type, strides};
}

Descriptor channelsLast(const Dimensions &dimensions, DataType type) {
  Dimensions strides(dimensions.size());
  strides[1] = 1;
  dnnl::memory::dim stride = dimensions[1];
  for (size_t axis = dimensions.size() - 1; axis > 1; --axis) {
    strides[axis] = stride;
    stride *= dimensions[axis];
  }
  strides[0] = stride;
  return {dimensions, type, strides};
}

fovea_dnn_layout intern(const Descriptor &descriptor) {
  Layouts &layouts = Layouts::shared();
  Dimensions dimensions = compatibility::dimensions(descriptor);
  const std::lock_guard<std::mutex> lock(layouts.mutex);
  auto &alike = layouts.byDimensions[dimensions];
  for (const auto &layout : alike) {
    if (layout->descriptor == descriptor) return layout.get();
  }
  const DataType type = compatibility::dataType(descriptor);
  const bool isPlain = descriptor == plain(dimensions);
  auto layout = std::make_unique<fovea_dnn_layout_object>();
  layout->descriptor = descriptor;
  layout->byteCount = descriptor.get_size();
  layout->isPlain = isPlain;
  layout->description = text(dimensions);
  if (descriptor == plain(dimensions, type)) {
    layout->description += " plain";
  } else if (dimensions.size() >= 3 && descriptor == channelsLast(dimensions, type)) {
    layout->description += " channels last";
  } else {
    layout->description += " blocked";
  }
  if (type == DataType::bf16) layout->description += " bfloat16";
  layout->dimensions = std::move(dimensions);
  alike.push_back(std::move(layout));
  return alike.back().get();
}

Descriptor resolve(fovea_dnn_layout layout, const Dimensions &dimensions, const char *argument, DataType type) {
  if (layout == nullptr) return {dimensions, type, dnnl::memory::format_tag::any};
  if (layout->dimensions != dimensions) {
    invalid(std::string("the layout of ") + argument + " must have the dimensions " + text(dimensions) + ", not " +
            text(layout->dimensions));
  }
  if (compatibility::dataType(layout->descriptor) != type) {
    invalid(std::string("the layout of ") + argument + " is for numbers of another type: " + layout->description);
  }
  return layout->descriptor;
}

}  // namespace fovea::dnn

using namespace fovea::dnn;

fovea_dnn_layout fovea_dnn_layout_plain(int32_t rank, const int64_t *values) {
  return layoutOrNull([&] { return intern(plain(dimensions(rank, values))); });
}

fovea_dnn_layout fovea_dnn_layout_plain_bfloat16(int32_t rank, const int64_t *values) {
  return layoutOrNull([&] { return intern(plain(dimensions(rank, values), DataType::bf16)); });
}

fovea_dnn_layout fovea_dnn_layout_channels_last(int32_t rank, const int64_t *values) {
  return layoutOrNull([&] {
    const Dimensions checked = dimensions(rank, values);
    if (rank < 3) invalid("channels last needs at least 3 dimensions, not " + text(checked));
    return intern(channelsLast(checked));
  });
}

fovea_dnn_layout fovea_dnn_layout_reshape(fovea_dnn_layout layout, int32_t rank, const int64_t *values) {
  return layoutOrNull([&] {
    if (!layout->isPlain) invalid("only a plain layout can be reshaped, not " + layout->description);
    const Descriptor descriptor = plain(dimensions(rank, values));
    if (descriptor.get_size() != layout->byteCount) {
      invalid(layout->description + " cannot be reshaped to " + text(Dimensions(values, values + rank)) +
              ": the number of elements differs");
    }
    return intern(descriptor);
  });
}

size_t fovea_dnn_layout_byte_count(fovea_dnn_layout layout) { return layout->byteCount; }

bool fovea_dnn_layout_is_plain(fovea_dnn_layout layout) { return layout->isPlain; }

bool fovea_dnn_layout_is_float32(fovea_dnn_layout layout) {
  return compatibility::dataType(layout->descriptor) == DataType::f32;
}

int32_t fovea_dnn_layout_rank(fovea_dnn_layout layout) { return static_cast<int32_t>(layout->dimensions.size()); }

const int64_t *fovea_dnn_layout_dimensions(fovea_dnn_layout layout) { return layout->dimensions.data(); }

const char *fovea_dnn_layout_description(fovea_dnn_layout layout) { return layout->description.c_str(); }
