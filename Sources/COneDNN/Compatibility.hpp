// All that differs between the C++ interfaces of oneDNN 2.6 and 3.x, and nothing else: in 2.x an operation is first
// described (`::desc`) and the description then bound to an engine, in 3.x one constructor does both; some
// operations changed the order of their arguments; post-operations lost their scale.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include <string>
#include <vector>

namespace fovea::dnn::compatibility {

using Descriptor = dnnl::memory::desc;

#if DNNL_VERSION_MAJOR >= 3

using PoolingForward = dnnl::pooling_forward;
using PoolingBackward = dnnl::pooling_backward;
using SoftmaxForward = dnnl::softmax_forward;
using SoftmaxBackward = dnnl::softmax_backward;

inline dnnl::memory::dims dimensions(const Descriptor &descriptor) { return descriptor.get_dims(); }

inline dnnl::memory::data_type dataType(const Descriptor &descriptor) { return descriptor.get_data_type(); }

/// The descriptor of one of oneDNN's named orders, or an empty one where that is not for such dimensions.
inline Descriptor named(const dnnl::memory::dims &dimensions, dnnl::memory::data_type type, int tag) {
  dnnl_memory_desc_t result = nullptr;
  const dnnl_status_t status = dnnl_memory_desc_create_with_tag(
      &result, static_cast<int>(dimensions.size()), dimensions.data(), dnnl::memory::convert_to_c(type),
      static_cast<dnnl_format_tag_t>(tag));
  return status == dnnl_success ? Descriptor(result) : Descriptor();
}

inline void appendEltwise(dnnl::post_ops &operations, dnnl::algorithm algorithm, float alpha, float beta) {
  operations.append_eltwise(algorithm, alpha, beta);
}

/// alpha·tanh(beta·x)
inline void appendScaledTanh(dnnl::post_ops &operations, float alpha, float beta) {
  operations.append_eltwise(dnnl::algorithm::eltwise_linear, beta, 0);
  operations.append_eltwise(dnnl::algorithm::eltwise_tanh, 0, 0);
  operations.append_eltwise(dnnl::algorithm::eltwise_linear, alpha, 0);
}

template <class Primitive, class... Arguments>
typename Primitive::primitive_desc forward(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                           const Arguments &...arguments) {
  return {engine, arguments..., attributes};
}

/// By the first implementation whose name has `part`; by the first of all where none has, or `part` is empty.
template <class Primitive, class... Arguments>
typename Primitive::primitive_desc forwardBy(const std::string &part, const dnnl::engine &engine,
                                             const dnnl::primitive_attr &attributes, const Arguments &...arguments) {
  if (!part.empty()) {
    typename Primitive::primitive_desc result(engine, arguments..., attributes);
    do {
      if (std::string(result.impl_info_str()).find(part) != std::string::npos) return result;
    } while (result.next_impl());
  }
  return {engine, arguments..., attributes};
}

template <class Primitive, class Hint, class... Arguments>
typename Primitive::primitive_desc backward(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                            const Hint &hint, const Arguments &...arguments) {
  return {engine, arguments..., hint, attributes};
}

inline dnnl::eltwise_forward::primitive_desc eltwiseForward(const dnnl::engine &engine,
                                                            const dnnl::primitive_attr &attributes,
                                                            dnnl::prop_kind propagation, dnnl::algorithm algorithm,
                                                            const Descriptor &data, float alpha, float beta) {
  return {engine, propagation, algorithm, data, data, alpha, beta, attributes};
}

inline dnnl::eltwise_backward::primitive_desc eltwiseBackward(const dnnl::engine &engine,
                                                              const dnnl::primitive_attr &attributes,
                                                              const dnnl::eltwise_forward::primitive_desc &hint,
                                                              dnnl::algorithm algorithm, const Descriptor &data,
                                                              float alpha, float beta) {
  return {engine, algorithm, data, data, data, alpha, beta, hint, attributes};
}

inline dnnl::lrn_forward::primitive_desc lrnForward(const dnnl::engine &engine,
                                                    const dnnl::primitive_attr &attributes,
                                                    dnnl::prop_kind propagation, const Descriptor &data,
                                                    dnnl::memory::dim size, float alpha, float beta, float k) {
  return {engine, propagation, dnnl::algorithm::lrn_across_channels, data, data, size, alpha, beta, k, attributes};
}

inline dnnl::lrn_backward::primitive_desc lrnBackward(const dnnl::engine &engine,
                                                      const dnnl::primitive_attr &attributes,
                                                      const dnnl::lrn_forward::primitive_desc &hint,
                                                      const Descriptor &data, dnnl::memory::dim size, float alpha,
                                                      float beta, float k) {
  return {engine, dnnl::algorithm::lrn_across_channels, data, data, data, size, alpha, beta, k, hint, attributes};
}

inline dnnl::sum::primitive_desc sum(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                     const Descriptor *destination, const std::vector<float> &scales,
                                     const std::vector<Descriptor> &sources) {
  if (destination == nullptr) return {engine, scales, sources, attributes};
  return {engine, *destination, scales, sources, attributes};
}

inline dnnl::concat::primitive_desc concatenation(const dnnl::engine &engine,
                                                  const dnnl::primitive_attr &attributes,
                                                  const Descriptor *destination, int axis,
                                                  const std::vector<Descriptor> &sources) {
  if (destination == nullptr) return {engine, axis, sources, attributes};
  return {engine, *destination, axis, sources, attributes};
}

#else

// The first pooling and softmax of 2.x know no dilation and no logarithm.
using PoolingForward = dnnl::pooling_v2_forward;
using PoolingBackward = dnnl::pooling_v2_backward;
using SoftmaxForward = dnnl::softmax_v2_forward;
using SoftmaxBackward = dnnl::softmax_v2_backward;

inline dnnl::memory::dims dimensions(const Descriptor &descriptor) { return descriptor.dims(); }

inline dnnl::memory::data_type dataType(const Descriptor &descriptor) { return descriptor.data_type(); }

inline Descriptor named(const dnnl::memory::dims &dimensions, dnnl::memory::data_type type, int tag) {
  return {dimensions, type, static_cast<dnnl::memory::format_tag>(tag), true};
}

inline void appendEltwise(dnnl::post_ops &operations, dnnl::algorithm algorithm, float alpha, float beta) {
  operations.append_eltwise(1, algorithm, alpha, beta);
}

/// alpha·tanh(beta·x). Not with two linear operations: 2.6 gives the second one the factor of the first.
inline void appendScaledTanh(dnnl::post_ops &operations, float alpha, float beta) {
  operations.append_eltwise(1, dnnl::algorithm::eltwise_linear, beta, 0);
  operations.append_eltwise(alpha, dnnl::algorithm::eltwise_tanh, 0, 0);
}

template <class Primitive, class... Arguments>
typename Primitive::primitive_desc forward(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                           const Arguments &...arguments) {
  return {typename Primitive::desc(arguments...), attributes, engine};
}

template <class Primitive, class... Arguments>
typename Primitive::primitive_desc forwardBy(const std::string &part, const dnnl::engine &engine,
                                             const dnnl::primitive_attr &attributes, const Arguments &...arguments) {
  // The next implementation is looked for with the description itself, which must live so long.
  const typename Primitive::desc description(arguments...);
  if (!part.empty()) {
    typename Primitive::primitive_desc result(description, attributes, engine);
    do {
      if (std::string(result.impl_info_str()).find(part) != std::string::npos) return result;
    } while (result.next_impl());
  }
  return {description, attributes, engine};
}

template <class Primitive, class Hint, class... Arguments>
typename Primitive::primitive_desc backward(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                            const Hint &hint, const Arguments &...arguments) {
  return {typename Primitive::desc(arguments...), attributes, engine, hint};
}

inline dnnl::eltwise_forward::primitive_desc eltwiseForward(const dnnl::engine &engine,
                                                            const dnnl::primitive_attr &attributes,
                                                            dnnl::prop_kind propagation, dnnl::algorithm algorithm,
                                                            const Descriptor &data, float alpha, float beta) {
  return {dnnl::eltwise_forward::desc(propagation, algorithm, data, alpha, beta), attributes, engine};
}

inline dnnl::eltwise_backward::primitive_desc eltwiseBackward(const dnnl::engine &engine,
                                                              const dnnl::primitive_attr &attributes,
                                                              const dnnl::eltwise_forward::primitive_desc &hint,
                                                              dnnl::algorithm algorithm, const Descriptor &data,
                                                              float alpha, float beta) {
  return {dnnl::eltwise_backward::desc(algorithm, data, data, alpha, beta), attributes, engine, hint};
}

inline dnnl::lrn_forward::primitive_desc lrnForward(const dnnl::engine &engine,
                                                    const dnnl::primitive_attr &attributes,
                                                    dnnl::prop_kind propagation, const Descriptor &data,
                                                    dnnl::memory::dim size, float alpha, float beta, float k) {
  return {dnnl::lrn_forward::desc(propagation, dnnl::algorithm::lrn_across_channels, data, size, alpha, beta, k),
          attributes, engine};
}

inline dnnl::lrn_backward::primitive_desc lrnBackward(const dnnl::engine &engine,
                                                      const dnnl::primitive_attr &attributes,
                                                      const dnnl::lrn_forward::primitive_desc &hint,
                                                      const Descriptor &data, dnnl::memory::dim size, float alpha,
                                                      float beta, float k) {
  return {dnnl::lrn_backward::desc(dnnl::algorithm::lrn_across_channels, data, data, size, alpha, beta, k),
          attributes, engine, hint};
}

inline dnnl::sum::primitive_desc sum(const dnnl::engine &engine, const dnnl::primitive_attr &attributes,
                                     const Descriptor *destination, const std::vector<float> &scales,
                                     const std::vector<Descriptor> &sources) {
  if (destination == nullptr) return {scales, sources, engine, attributes};
  return {*destination, scales, sources, engine, attributes};
}

inline dnnl::concat::primitive_desc concatenation(const dnnl::engine &engine,
                                                  const dnnl::primitive_attr &attributes,
                                                  const Descriptor *destination, int axis,
                                                  const std::vector<Descriptor> &sources) {
  if (destination == nullptr) return {axis, sources, engine, attributes};
  return {*destination, axis, sources, engine, attributes};
}

#endif

}  // namespace fovea::dnn::compatibility
