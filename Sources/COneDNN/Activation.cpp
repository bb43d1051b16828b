#include "Support.hpp"

using namespace fovea::dnn;

namespace {

/// One element-wise function of oneDNN. All keep a padded block's zeros out of the results.
struct Function {
  dnnl::algorithm forward;
  /// Where there is one, that which takes the gradient from the forward pass's output, so that forward may run in place.
  dnnl::algorithm backward;
  float alpha, beta;
  /// Whether the gradient is taken from the output.
  bool usesOutput = true;
};

Function function(const fovea_dnn_activation &activation) {
  using Algorithm = dnnl::algorithm;
  const auto [kind, alpha, beta] = activation;
  switch (kind) {
    case FOVEA_DNN_RELU: return {Algorithm::eltwise_relu, Algorithm::eltwise_relu_use_dst_for_bwd, 0, 0};
    case FOVEA_DNN_LEAKY_RELU: return {Algorithm::eltwise_relu, Algorithm::eltwise_relu_use_dst_for_bwd, alpha, 0};
    case FOVEA_DNN_TANH: return {Algorithm::eltwise_tanh, Algorithm::eltwise_tanh_use_dst_for_bwd, 0, 0};
    case FOVEA_DNN_LOGISTIC: return {Algorithm::eltwise_logistic, Algorithm::eltwise_logistic_use_dst_for_bwd, 0, 0};
    case FOVEA_DNN_CLIP: return {Algorithm::eltwise_clip_v2, Algorithm::eltwise_clip_v2_use_dst_for_bwd, alpha, beta};
    case FOVEA_DNN_ELU: return {Algorithm::eltwise_elu, Algorithm::eltwise_elu_use_dst_for_bwd, alpha, 0};
    case FOVEA_DNN_SWISH: return {Algorithm::eltwise_swish, Algorithm::eltwise_swish, alpha, 0, false};
    // 2.x knows these two numbers itself.
    case FOVEA_DNN_HARD_SWISH:
      return {Algorithm::eltwise_hardswish, Algorithm::eltwise_hardswish, 1.0F / 6, 0.5F, false};
    case FOVEA_DNN_GELU: return {Algorithm::eltwise_gelu_erf, Algorithm::eltwise_gelu_erf, 0, 0, false};
    case FOVEA_DNN_GELU_TANH: return {Algorithm::eltwise_gelu_tanh, Algorithm::eltwise_gelu_tanh, 0, 0, false};
    case FOVEA_DNN_IDENTITY:
    case FOVEA_DNN_LINEAR: break;
  }
  invalid("there is no activation number " + std::to_string(static_cast<int>(kind)));
}

bool isLinear(const fovea_dnn_activation &activation) {
  return activation.kind == FOVEA_DNN_IDENTITY || activation.kind == FOVEA_DNN_LINEAR;
}

/// `slope` and `offset` of the kinds that are linear.
fovea_dnn_activation linear(const fovea_dnn_activation &activation) {
  return activation.kind == FOVEA_DNN_IDENTITY ? fovea_dnn_activation{FOVEA_DNN_LINEAR, 1, 0} : activation;
}

void checkScales(const fovea_dnn_activation &activation) {
  if (activation.kind == FOVEA_DNN_TANH && (activation.alpha == 0 || activation.beta == 0)) {
    invalid("alpha·tanh(beta·x) needs alpha ≠ 0 and beta ≠ 0");
  }
  if (activation.kind == FOVEA_DNN_CLIP && !(activation.alpha <= 0 && activation.beta >= 0)) {
    invalid("min(max(x, alpha), beta) needs alpha ≤ 0 ≤ beta, so that 0 stays 0");
  }
}

void appendForward(fovea_dnn_primitive_object &primitive, const fovea_dnn_activation &activation,
                   const Descriptor &data, dnnl::prop_kind propagation) {
  Place from{FOVEA_DNN_SRC};
  const Place to{FOVEA_DNN_DST};
  if (isLinear(activation)) {
    const fovea_dnn_activation straight = linear(activation);
    primitive.appendLinear(data, straight.alpha, straight.beta, from, to);
    return;
  }
  const bool isTanh = activation.kind == FOVEA_DNN_TANH;
  if (isTanh && activation.beta != 1) {
    primitive.appendLinear(data, activation.beta, 0, from, to);
    from = to;
  }
  const Function function = ::function(activation);
  const auto description = compatibility::eltwiseForward(engine(), attributes(), propagation, function.forward, data,
                                                         function.alpha, function.beta);
  primitive.append(description, dnnl::eltwise_forward(description), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
  if (isTanh && activation.alpha != 1) primitive.appendLinear(data, activation.alpha, 0, to, to);
}

void appendBackward(fovea_dnn_primitive_object &primitive, const fovea_dnn_activation &activation,
                    const Descriptor &data) {
  const Place gradient{FOVEA_DNN_DIFF_SRC};
  if (isLinear(activation)) {
    // The gradient of a line is a line, and needs neither input nor output.
    primitive.appendLinear(data, linear(activation).alpha, 0, {FOVEA_DNN_DIFF_DST}, gradient);
    return;
  }
  const bool isLeaky = activation.kind == FOVEA_DNN_LEAKY_RELU;
  if ((isLeaky || activation.kind == FOVEA_DNN_ELU) && !(activation.alpha >= 0)) {
    invalid(std::string("the backward pass of ") + (isLeaky ? "a leaky ReLU" : "an ELU") + " needs alpha ≥ 0, not " +
            std::to_string(activation.alpha));
  }
  // With y = alpha·tanh(beta·x): dy/dx = alpha·beta·(1 − (y/alpha)²).
  Place output{FOVEA_DNN_DST};
  const bool isTanh = activation.kind == FOVEA_DNN_TANH;
  if (isTanh && activation.alpha != 1) {
    const Place scaled = primitive.reserve(data);
    primitive.appendLinear(data, 1 / activation.alpha, 0, output, scaled);
    output = scaled;
  }
  const Function function = ::function(activation);
  const auto hint = compatibility::eltwiseForward(engine(), attributes(), dnnl::prop_kind::forward_training,
                                                  function.backward, data, function.alpha, function.beta);
  const auto description = compatibility::eltwiseBackward(engine(), attributes(), hint, function.backward, data,
                                                          function.alpha, function.beta);
  using Argument = fovea_dnn_primitive_object::Argument;
  primitive.append(description, dnnl::eltwise_backward(description),
                   {function.usesOutput ? Argument{DNNL_ARG_DST, output} : Argument{DNNL_ARG_SRC}, DNNL_ARG_DIFF_DST,
                    {DNNL_ARG_DIFF_SRC, gradient}});
  const float slope = activation.alpha * activation.beta;
  if (isTanh && slope != 1) primitive.appendLinear(data, slope, 0, gradient, gradient);
}

}  // namespace

namespace fovea::dnn {

dnnl::primitive_attr attributes(const fovea_dnn_activation &activation, bool accumulates) {
  dnnl::primitive_attr result = attributes();
  checkScales(activation);
  dnnl::post_ops operations;
  if (accumulates) operations.append_sum(1);
  if (activation.kind == FOVEA_DNN_IDENTITY) {
    if (!accumulates) return result;
  } else if (activation.kind == FOVEA_DNN_LINEAR) {
    compatibility::appendEltwise(operations, dnnl::algorithm::eltwise_linear, activation.alpha, activation.beta);
  } else if (activation.kind == FOVEA_DNN_TANH && (activation.alpha != 1 || activation.beta != 1)) {
    compatibility::appendScaledTanh(operations, activation.alpha, activation.beta);
  } else {
    const Function function = ::function(activation);
    compatibility::appendEltwise(operations, function.forward, function.alpha, function.beta);
  }
  result.set_post_ops(operations);
  return result;
}

}  // namespace fovea::dnn

fovea_dnn_status fovea_dnn_activation_create(const fovea_dnn_activation *activation, fovea_dnn_pass pass,
                                             fovea_dnn_layout layout, fovea_dnn_primitive *result) {
  return create("activation", result, [&](fovea_dnn_primitive_object &primitive) {
    checkScales(*activation);
    switch (pass) {
      case FOVEA_DNN_INFERENCE:
        return appendForward(primitive, *activation, layout->descriptor, dnnl::prop_kind::forward_inference);
      case FOVEA_DNN_TRAINING:
        return appendForward(primitive, *activation, layout->descriptor, dnnl::prop_kind::forward_training);
      case FOVEA_DNN_BACKWARD_DATA: return appendBackward(primitive, *activation, layout->descriptor);
      case FOVEA_DNN_BACKWARD_WEIGHTS: break;
    }
    invalid("an activation has no weights");
  });
}
