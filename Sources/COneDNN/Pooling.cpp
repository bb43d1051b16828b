#include "Window.hpp"

using namespace fovea::dnn;

namespace {

/// oneDNN has no minimum: it is −max(−x). Its gradient is that of the maximum, since the two signs cancel.
dnnl::algorithm algorithm(fovea_dnn_pooling_kind kind) {
  switch (kind) {
    case FOVEA_DNN_POOL_MAX:
    case FOVEA_DNN_POOL_MIN: return dnnl::algorithm::pooling_max;
    case FOVEA_DNN_POOL_AVERAGE: return dnnl::algorithm::pooling_avg_include_padding;
    case FOVEA_DNN_POOL_AVERAGE_WITHIN: return dnnl::algorithm::pooling_avg_exclude_padding;
  }
  invalid("there is no pooling number " + std::to_string(static_cast<int>(kind)));
}

/// A window that lies in the padding alone has no maximum and no average.
void checkOverlap(const char *name, const WindowAxis &axis) {
  const int64_t extent = axis.dilation * (axis.kernel - 1) + 1;
  const int64_t lastStart = (axis.output - 1) * axis.stride - axis.before;
  if (extent <= axis.before || lastStart >= axis.input) {
    invalid(std::string("a pooling window lies in the padding alone (") + name + ": kernel " +
            std::to_string(axis.kernel) + ", padding " + std::to_string(axis.before) + " and " +
            std::to_string(axis.after) + ")");
  }
}

dnnl::algorithm checkedAlgorithm(const fovea_dnn_pooling &description, const Window &window) {
  checkOverlap("height", window.vertical);
  checkOverlap("width", window.horizontal);
  return algorithm(description.kind);
}

compatibility::PoolingForward::primitive_desc describeForward(const fovea_dnn_pooling &description,
                                                              dnnl::prop_kind propagation, const Window &window,
                                                              const Descriptor &source) {
  const Dimensions dimensions{description.batch, description.channels, window.vertical.output,
                              window.horizontal.output};
  return compatibility::forward<compatibility::PoolingForward>(
      engine(), attributes(), propagation, checkedAlgorithm(description, window), source,
      resolve(nullptr, dimensions, "DST"), window.strides(), window.kernel(), window.dilations(), window.before(),
      window.after());
}

void appendForward(fovea_dnn_primitive_object &primitive, const fovea_dnn_pooling &description,
                   dnnl::prop_kind propagation, const Window &window, const Descriptor &source) {
  const bool isMinimum = description.kind == FOVEA_DNN_POOL_MIN;
  const auto pooling = describeForward(description, propagation, window, source);
  Place from{FOVEA_DNN_SRC};
  if (isMinimum) {
    const Place negated = primitive.reserve(source);
    primitive.appendLinear(source, -1, 0, from, negated);
    from = negated;
  }
  primitive.append(pooling, compatibility::PoolingForward(pooling),
                   {{DNNL_ARG_SRC, from}, DNNL_ARG_DST, DNNL_ARG_WORKSPACE});
  if (isMinimum) primitive.appendLinear(pooling.dst_desc(), -1, 0, {FOVEA_DNN_DST}, {FOVEA_DNN_DST});
}

void appendBackward(fovea_dnn_primitive_object &primitive, const fovea_dnn_pooling &description,
                    const Window &window, const Descriptor &source) {
  const auto hint = describeForward(description, dnnl::prop_kind::forward_training, window, source);
  const auto pooling = compatibility::backward<compatibility::PoolingBackward>(
      engine(), attributes(), hint, algorithm(description.kind), source, hint.dst_desc(), window.strides(),
      window.kernel(), window.dilations(), window.before(), window.after());
  primitive.append(pooling, compatibility::PoolingBackward(pooling),
                   {DNNL_ARG_DIFF_DST, DNNL_ARG_WORKSPACE, DNNL_ARG_DIFF_SRC});
}

}  // namespace

fovea_dnn_status fovea_dnn_pooling_create(const fovea_dnn_pooling *pooling, fovea_dnn_pass pass,
                                          fovea_dnn_layout source, fovea_dnn_primitive *result) {
  return create("pooling", result, [&](fovea_dnn_primitive_object &primitive) {
    const Window window(*pooling);
    const Dimensions dimensions{pooling->batch, pooling->channels, pooling->input_height, pooling->input_width};
    checkDimensions(dimensions, "SRC");
    const Descriptor descriptor = resolve(source, dimensions, "SRC");
    switch (pass) {
      case FOVEA_DNN_INFERENCE:
        return appendForward(primitive, *pooling, dnnl::prop_kind::forward_inference, window, descriptor);
      case FOVEA_DNN_TRAINING:
        return appendForward(primitive, *pooling, dnnl::prop_kind::forward_training, window, descriptor);
      case FOVEA_DNN_BACKWARD_DATA: return appendBackward(primitive, *pooling, window, descriptor);
      case FOVEA_DNN_BACKWARD_WEIGHTS: break;
    }
    invalid("pooling has no weights");
  });
}
