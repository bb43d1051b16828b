#include "Support.hpp"

#include <algorithm>
#include <map>
#include <mutex>

/// Dimensions are all that a layout has besides: nearly every order has a name in oneDNN, from which the descriptor for any
/// dimensions is made. One that has none is kept with its dimensions.
struct fovea_dnn_order_object {
  size_t rank;
  fovea::dnn::DataType type;
  int tag;
  fovea::dnn::Descriptor nameless;

  /// The channels innermost, which has a name for images only.
  static constexpr int channelsLast = -1;
  static constexpr int none = 0;

  /// An empty one where the order is not for such dimensions.
  fovea::dnn::Descriptor descriptor(const fovea::dnn::Dimensions &dimensions) const {
    if (dimensions.size() != rank) return {};
    if (tag == none) return fovea::dnn::compatibility::dimensions(nameless) == dimensions ? nameless : fovea::dnn::Descriptor();
    if (tag == channelsLast) return fovea::dnn::channelsLast(dimensions, type);
    return fovea::dnn::compatibility::named(dimensions, type, tag);
  }
};

namespace fovea::dnn {

namespace {

/// All layouts that are held, by dimensions: few share the same ones, so they are compared one by one. And all orders.
struct Layouts {
  std::mutex mutex;
  std::map<Dimensions, std::vector<std::unique_ptr<const fovea_dnn_layout_object>>> byDimensions;
  size_t count = 0;
  std::vector<std::unique_ptr<const fovea_dnn_order_object>> orders;

  static Layouts &shared() {
    static Layouts &instance = *new Layouts;
    return instance;
  }

  /// The first order that fits: orders are only ever added behind the others, so that it is the same one each time.
  fovea_dnn_order order(const Descriptor &descriptor, const Dimensions &dimensions, DataType type) {
    for (const auto &order : orders) {
      if (order->type == type && order->descriptor(dimensions) == descriptor) return order.get();
    }
    fovea_dnn_order_object order{dimensions.size(), type, fovea_dnn_order_object::channelsLast, {}};
    if (dimensions.size() < 3 || order.descriptor(dimensions) != descriptor) {
      order.tag = dnnl_format_tag_any;
      do {
        order.tag += 1;
      } while (order.tag < dnnl_format_tag_last && order.descriptor(dimensions) != descriptor);
      if (order.tag == dnnl_format_tag_last) order = {dimensions.size(), type, fovea_dnn_order_object::none, descriptor};
    }
    return orders.emplace_back(std::make_unique<const fovea_dnn_order_object>(std::move(order))).get();
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

Descriptor descriptor(fovea_dnn_order order, const Dimensions &dimensions) {
  const Descriptor result = order->descriptor(dimensions);
  if (result.get_size() == 0) invalid("an order for other dimensions cannot have " + text(dimensions));
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
    if (layout->descriptor != descriptor) continue;
    layout->holders += 1;
    return layout.get();
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
  layout->order = isPlain ? nullptr : layouts.order(descriptor, dimensions, type);
  layout->holders = 1;
  layout->dimensions = std::move(dimensions);
  alike.push_back(std::move(layout));
  layouts.count += 1;
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

void fovea_dnn_layout_release(fovea_dnn_layout layout) {
  if (layout == nullptr) return;
  Layouts &layouts = Layouts::shared();
  const std::lock_guard<std::mutex> lock(layouts.mutex);
  if (--layout->holders > 0) return;
  const auto place = layouts.byDimensions.find(layout->dimensions);
  auto &alike = place->second;
  alike.erase(std::find_if(alike.begin(), alike.end(), [&](const auto &other) { return other.get() == layout; }));
  if (alike.empty()) layouts.byDimensions.erase(place);
  layouts.count -= 1;
}

fovea_dnn_order fovea_dnn_layout_order(fovea_dnn_layout layout) { return layout->order; }

fovea_dnn_layout fovea_dnn_order_layout(fovea_dnn_order order, int32_t rank, const int64_t *values) {
  return layoutOrNull([&] { return intern(descriptor(order, dimensions(rank, values))); });
}

size_t fovea_dnn_order_byte_count(fovea_dnn_order order, int32_t rank, const int64_t *values) {
  size_t result = 0;
  guarded("memory layout", [&] { result = descriptor(order, dimensions(rank, values)).get_size(); });
  return result;
}

int32_t fovea_dnn_order_lanes(fovea_dnn_order order) {
  if (order->rank != 4 || order->type != DataType::f32) return 0;
  switch (order->tag) {
    case fovea_dnn_order_object::channelsLast: return INT32_MAX;
    case dnnl_nChw16c: return 16;
    case dnnl_nChw8c: return 8;
    default: return 0;
  }
}

bool fovea_dnn_order_is_float32(fovea_dnn_order order) { return order->type == DataType::f32; }

size_t fovea_dnn_layout_count() {
  const std::lock_guard<std::mutex> lock(Layouts::shared().mutex);
  return Layouts::shared().count;
}

size_t fovea_dnn_order_count() {
  const std::lock_guard<std::mutex> lock(Layouts::shared().mutex);
  return Layouts::shared().orders.size();
}

int32_t fovea_dnn_layout_rank(fovea_dnn_layout layout) { return static_cast<int32_t>(layout->dimensions.size()); }

const int64_t *fovea_dnn_layout_dimensions(fovea_dnn_layout layout) { return layout->dimensions.data(); }

const char *fovea_dnn_layout_description(fovea_dnn_layout layout) { return layout->description.c_str(); }
