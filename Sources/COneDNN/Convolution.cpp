#include "Window.hpp"

using namespace fovea::dnn;

namespace {

/// The descriptors of a convolution's arguments.
struct Arguments {
  Window window;
  Descriptor source, weights, bias, destination;

  Arguments(const fovea_dnn_convolution &description, fovea_dnn_layout sourceLayout, fovea_dnn_layout weightsLayout,
            fovea_dnn_layout destinationLayout)
      : window(description) {
    const int64_t groups = description.groups;
    const int64_t inputs = description.input_channels;
    const int64_t outputs = description.output_channels;
    if (groups < 1 || inputs < 1 || outputs < 1 || inputs % groups != 0 || outputs % groups != 0) {
      invalid("groups (" + std::to_string(groups) + ") must divide the input channels (" + std::to_string(inputs) +
              ") and the output channels (" + std::to_string(outputs) + ")");
    }
    const Dimensions sourceDimensions{description.batch, inputs, description.input_height, description.input_width};
    const Dimensions destinationDimensions{description.batch, outputs, window.vertical.output,
                                           window.horizontal.output};
    Dimensions weightsDimensions{outputs / groups, inputs / groups, description.kernel_height,
                                 description.kernel_width};
    if (groups > 1) weightsDimensions.insert(weightsDimensions.begin(), groups);
    checkDimensions(sourceDimensions, "SRC");
    checkDimensions(weightsDimensions, "WEIGHTS");
    checkDimensions(destinationDimensions, "DST");
    source = resolve(sourceLayout, sourceDimensions, "SRC");
    weights = resolve(weightsLayout, weightsDimensions, "WEIGHTS");
    destination = resolve(destinationLayout, destinationDimensions, "DST");
    if (description.has_bias) bias = plain({outputs});
  }
};

// The algorithm is always `convolution_direct`: left to itself, oneDNN 2.6 takes Winograd's for 3×3 kernels over few
// channels, five times slower there and less exact everywhere.
dnnl::convolution_forward::primitive_desc describeForward(const Arguments &arguments, dnnl::prop_kind propagation,
                                                          const dnnl::primitive_attr &attributes) {
  return compatibility::forward<dnnl::convolution_forward>(
      engine(), attributes, propagation, dnnl::algorithm::convolution_direct, arguments.source, arguments.weights,
      arguments.bias, arguments.destination, arguments.window.strides(), arguments.window.dilations(),
      arguments.window.before(), arguments.window.after());
}

void appendForward(fovea_dnn_primitive_object &primitive, const Arguments &arguments, dnnl::prop_kind propagation,
                   const fovea_dnn_activation &activation) {
  const auto description = describeForward(arguments, propagation, attributes(activation));
  primitive.append(description, dnnl::convolution_forward(description),
                   {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DST});
}

void appendBackwardData(fovea_dnn_primitive_object &primitive, const Arguments &arguments) {
  const auto hint = describeForward(arguments, dnnl::prop_kind::forward_training, attributes());
  const auto description = compatibility::backward<dnnl::convolution_backward_data>(
      engine(), attributes(), hint, dnnl::algorithm::convolution_direct, arguments.source, arguments.weights,
      arguments.destination, arguments.window.strides(), arguments.window.dilations(), arguments.window.before(),
      arguments.window.after());
  primitive.append(description, dnnl::convolution_backward_data(description),
                   {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC});
}

void appendBackwardWeights(fovea_dnn_primitive_object &primitive, const Arguments &arguments) {
  const auto hint = describeForward(arguments, dnnl::prop_kind::forward_training, attributes());
  const auto description = compatibility::backward<dnnl::convolution_backward_weights>(
      engine(), attributes(), hint, dnnl::algorithm::convolution_direct, arguments.source, arguments.weights,
      arguments.bias, arguments.destination, arguments.window.strides(), arguments.window.dilations(),
      arguments.window.before(), arguments.window.after());
  primitive.append(description, dnnl::convolution_backward_weights(description),
                   {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS});
}

}  // namespace

fovea_dnn_status fovea_dnn_convolution_create(const fovea_dnn_convolution *convolution, fovea_dnn_pass pass,
                                              fovea_dnn_layout source, fovea_dnn_layout weights,
                                              fovea_dnn_layout destination, fovea_dnn_primitive *result) {
  return create("convolution", result, [&](fovea_dnn_primitive_object &primitive) {
    const Arguments arguments(*convolution, source, weights, destination);
    switch (pass) {
      case FOVEA_DNN_INFERENCE:
        return appendForward(primitive, arguments, dnnl::prop_kind::forward_inference, convolution->activation);
      case FOVEA_DNN_TRAINING:
        return appendForward(primitive, arguments, dnnl::prop_kind::forward_training, convolution->activation);
      case FOVEA_DNN_BACKWARD_DATA: return appendBackwardData(primitive, arguments);
      case FOVEA_DNN_BACKWARD_WEIGHTS: return appendBackwardWeights(primitive, arguments);
    }
    invalid("there is no pass number " + std::to_string(static_cast<int>(pass)));
  });
}
