#include "Support.hpp"

using namespace fovea::dnn;

namespace {

dnnl::prop_kind forwardKind(fovea_dnn_pass pass) {
  return pass == FOVEA_DNN_INFERENCE ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
}

void checkPass(fovea_dnn_pass pass) {
  if (pass == FOVEA_DNN_INFERENCE || pass == FOVEA_DNN_TRAINING || pass == FOVEA_DNN_BACKWARD_DATA) return;
  invalid("all gradients come from the pass BACKWARD_DATA");
}

}  // namespace

fovea_dnn_status fovea_dnn_local_response_normalization_create(fovea_dnn_layout layout, int64_t size, float alpha,
                                                               float beta, float k, fovea_dnn_pass pass,
                                                               fovea_dnn_primitive *result) {
  return create("local response normalization", result, [&](fovea_dnn_primitive_object &primitive) {
    checkPass(pass);
    if (layout->dimensions.size() != 4) invalid("four dimensions are needed, not " + layout->description);
    if (size < 1) invalid("the size must be at least 1, not " + std::to_string(size));
    const auto forward = compatibility::lrnForward(engine(), attributes(), forwardKind(pass), layout->descriptor,
                                                   size, alpha, beta, k);
    if (pass != FOVEA_DNN_BACKWARD_DATA) {
      primitive.append(forward, dnnl::lrn_forward(forward), {DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_WORKSPACE});
      return;
    }
    const auto backward = compatibility::lrnBackward(engine(), attributes(), forward, layout->descriptor, size, alpha,
                                                     beta, k);
    primitive.append(backward, dnnl::lrn_backward(backward),
                     {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_WORKSPACE, DNNL_ARG_DIFF_SRC});
  });
}

fovea_dnn_status fovea_dnn_softmax_create(fovea_dnn_layout layout, int32_t axis, bool logarithm, fovea_dnn_pass pass,
                                          fovea_dnn_primitive *result) {
  return create("softmax", result, [&](fovea_dnn_primitive_object &primitive) {
    checkPass(pass);
    if (axis < 0 || static_cast<size_t>(axis) >= layout->dimensions.size()) {
      invalid(layout->description + " has no dimension " + std::to_string(axis));
    }
    const Descriptor &data = layout->descriptor;
    const auto algorithm = logarithm ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate;
    const auto forward = compatibility::forward<compatibility::SoftmaxForward>(
        engine(), attributes(), forwardKind(pass), algorithm, data, data, axis);
    if (pass != FOVEA_DNN_BACKWARD_DATA) {
      primitive.append(forward, compatibility::SoftmaxForward(forward), {DNNL_ARG_SRC, DNNL_ARG_DST});
      return;
    }
    const auto backward = compatibility::backward<compatibility::SoftmaxBackward>(engine(), attributes(), forward,
                                                                                  algorithm, data, data, data, axis);
    primitive.append(backward, compatibility::SoftmaxBackward(backward),
                     {DNNL_ARG_DST, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC});
  });
}
