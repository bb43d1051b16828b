#include "Support.hpp"

using namespace fovea::dnn;

namespace {

/// The descriptors of an inner product's arguments.
struct Arguments {
  Descriptor source, weights, bias, destination;

  Arguments(const fovea_dnn_inner_product &description, fovea_dnn_pass pass, fovea_dnn_layout sourceLayout,
            fovea_dnn_layout weightsLayout, fovea_dnn_layout destinationLayout) {
    const DataTypes types(description.precision, pass);
    const Dimensions sourceDimensions{description.batch, description.inputs};
    const Dimensions weightsDimensions{description.outputs, description.inputs};
    const Dimensions destinationDimensions{description.batch, description.outputs};
    checkDimensions(sourceDimensions, "SRC");
    checkDimensions(weightsDimensions, "WEIGHTS");
    checkDimensions(destinationDimensions, "DST");
    source = resolve(sourceLayout, sourceDimensions, "SRC", types.source);
    weights = resolve(weightsLayout, weightsDimensions, "WEIGHTS", types.weights);
    destination = resolve(destinationLayout, destinationDimensions, "DST", types.destination);
    if (description.has_bias) bias = plain({description.outputs});
  }
};

// Which layout for weights? Measured on one AVX-512 core, batch 64, microseconds for forward + backward data + backward
// weights: 256 → 120: plain 119, oneDNN's choice 117 plus 57 of reorders; 3136 → 1024: plain 13,200, its choice 12,800
// plus 7,500. So training keeps weights plain: they change at every step, and the gradient is added to plain memory.
// Inference, whose weights are reordered once, is better off with oneDNN's choice (3136 → 1024: 3,800 against 5,700).
// That is the caller's to say: a layout, or NULL.
dnnl::inner_product_forward::primitive_desc describeForward(const Arguments &arguments, dnnl::prop_kind propagation,
                                                            const dnnl::primitive_attr &attributes) {
  return compatibility::forward<dnnl::inner_product_forward>(engine(), attributes, propagation, arguments.source,
                                                             arguments.weights, arguments.bias,
                                                             arguments.destination);
}

void appendForward(fovea_dnn_primitive_object &primitive, const Arguments &arguments, dnnl::prop_kind propagation,
                   const fovea_dnn_activation &activation) {
  const auto description = describeForward(arguments, propagation, attributes(activation));
  primitive.append(description, dnnl::inner_product_forward(description),
                   {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DST});
}

// The backward passes must be told of the forward pass that they belong to, whose factors are other ones.
dnnl::inner_product_forward::primitive_desc hintFor(Arguments arguments, const fovea_dnn_inner_product &description) {
  if (description.precision != FOVEA_DNN_FLOAT32) {
    arguments = Arguments(description, FOVEA_DNN_TRAINING, nullptr, nullptr, nullptr);
  }
  return describeForward(arguments, dnnl::prop_kind::forward_training, attributes());
}

void appendBackwardData(fovea_dnn_primitive_object &primitive, const Arguments &arguments,
                        const dnnl::inner_product_forward::primitive_desc &hint) {
  const auto description = compatibility::backward<dnnl::inner_product_backward_data>(
      engine(), attributes(), hint, arguments.source, arguments.weights, arguments.destination);
  primitive.append(description, dnnl::inner_product_backward_data(description),
                   {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC});
}

void appendBackwardWeights(fovea_dnn_primitive_object &primitive, const Arguments &arguments,
                           const dnnl::inner_product_forward::primitive_desc &hint) {
  const auto description = compatibility::backward<dnnl::inner_product_backward_weights>(
      engine(), attributes(), hint, arguments.source, arguments.weights, arguments.bias, arguments.destination);
  primitive.append(description, dnnl::inner_product_backward_weights(description),
                   {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS});
}

}  // namespace

fovea_dnn_status fovea_dnn_inner_product_create(const fovea_dnn_inner_product *inner_product, fovea_dnn_pass pass,
                                                fovea_dnn_layout source, fovea_dnn_layout weights,
                                                fovea_dnn_layout destination, fovea_dnn_primitive *result) {
  return create("inner product", result, [&](fovea_dnn_primitive_object &primitive) {
    const Arguments arguments(*inner_product, pass, source, weights, destination);
    switch (pass) {
      case FOVEA_DNN_INFERENCE:
        return appendForward(primitive, arguments, dnnl::prop_kind::forward_inference, inner_product->activation);
      case FOVEA_DNN_TRAINING:
        return appendForward(primitive, arguments, dnnl::prop_kind::forward_training, inner_product->activation);
      case FOVEA_DNN_BACKWARD_DATA: 
        return appendBackwardData(primitive, arguments, hintFor(arguments, *inner_product));
      case FOVEA_DNN_BACKWARD_WEIGHTS: 
        return appendBackwardWeights(primitive, arguments, hintFor(arguments, *inner_product));
    }
    invalid("there is no pass number " + std::to_string(static_cast<int>(pass)));
  });
}
