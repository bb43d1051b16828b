#include "Support.hpp"

using namespace fovea::dnn;

namespace {

dnnl::algorithm algorithm(fovea_dnn_binary_kind kind) {
  switch (kind) {
    case FOVEA_DNN_ADD: return dnnl::algorithm::binary_add;
    case FOVEA_DNN_SUBTRACT: return dnnl::algorithm::binary_sub;
    case FOVEA_DNN_MULTIPLY: return dnnl::algorithm::binary_mul;
    case FOVEA_DNN_DIVIDE: return dnnl::algorithm::binary_div;
    case FOVEA_DNN_MAXIMUM: return dnnl::algorithm::binary_max;
    case FOVEA_DNN_MINIMUM: return dnnl::algorithm::binary_min;
  }
  invalid("there is no operation number " + std::to_string(static_cast<int>(kind)));
}

std::vector<Descriptor> descriptors(int32_t count, const fovea_dnn_layout *layouts) {
  if (count < 1) invalid("at least one source is needed");
  std::vector<Descriptor> result;
  for (int32_t index = 0; index < count; ++index) result.push_back(layouts[index]->descriptor);
  return result;
}

std::vector<fovea_dnn_primitive_object::Argument> sourcesAndDestination(int32_t count) {
  std::vector<fovea_dnn_primitive_object::Argument> result;
  for (int32_t index = 0; index < count; ++index) result.push_back(DNNL_ARG_MULTIPLE_SRC + index);
  result.push_back(DNNL_ARG_DST);
  return result;
}

void checkDestination(fovea_dnn_layout destination, const Dimensions &expected) {
  if (destination != nullptr && destination->dimensions != expected) {
    invalid("DST must have the dimensions " + text(expected) + ", not " + text(destination->dimensions));
  }
}

}  // namespace

fovea_dnn_status fovea_dnn_reorder_create(fovea_dnn_layout from, fovea_dnn_layout to, bool accumulate,
                                          fovea_dnn_primitive *result) {
  return create("reorder", result, [&](fovea_dnn_primitive_object &primitive) {
    if (from->dimensions != to->dimensions) {
      invalid(from->description + " cannot be copied to " + to->description + ": the dimensions differ");
    }
    dnnl::primitive_attr attributes = fovea::dnn::attributes();
    if (accumulate) {
      dnnl::post_ops operations;
      operations.append_sum(1);
      attributes.set_post_ops(operations);
    }
    const dnnl::reorder::primitive_desc description(engine(), from->descriptor, engine(), to->descriptor, attributes);
    primitive.append(description, dnnl::reorder(description), {DNNL_ARG_FROM, DNNL_ARG_TO});
  });
}

fovea_dnn_status fovea_dnn_binary_create(fovea_dnn_binary_kind kind, fovea_dnn_layout first, fovea_dnn_layout second,
                                         fovea_dnn_primitive *result) {
  return create("element-wise operation", result, [&](fovea_dnn_primitive_object &primitive) {
    bool fits = first->dimensions.size() == second->dimensions.size();
    for (size_t axis = 0; fits && axis < first->dimensions.size(); ++axis) {
      fits = second->dimensions[axis] == 1 || second->dimensions[axis] == first->dimensions[axis];
    }
    if (!fits) invalid(second->description + " cannot be repeated over " + first->description);
    const auto description =
        compatibility::forward<dnnl::binary>(engine(), attributes(), algorithm(kind), first->descriptor,
                                             second->descriptor, first->descriptor);
    primitive.append(description, dnnl::binary(description), {DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_DST});
  });
}

fovea_dnn_status fovea_dnn_sum_create(int32_t count, const float *scales, const fovea_dnn_layout *sources,
                                      fovea_dnn_layout destination, fovea_dnn_primitive *result) {
  return create("sum", result, [&](fovea_dnn_primitive_object &primitive) {
    const std::vector<Descriptor> from = descriptors(count, sources);
    for (int32_t index = 1; index < count; ++index) {
      if (sources[index]->dimensions != sources[0]->dimensions) {
        invalid(sources[index]->description + " cannot be added to " + sources[0]->description);
      }
    }
    checkDestination(destination, sources[0]->dimensions);
    const auto description =
        compatibility::sum(engine(), attributes(), destination == nullptr ? nullptr : &destination->descriptor,
                           std::vector<float>(scales, scales + count), from);
    primitive.append(description, dnnl::sum(description), sourcesAndDestination(count));
  });
}

fovea_dnn_status fovea_dnn_concatenation_create(int32_t count, const fovea_dnn_layout *sources, int32_t axis,
                                                fovea_dnn_layout destination, fovea_dnn_primitive *result) {
  return create("concatenation", result, [&](fovea_dnn_primitive_object &primitive) {
    const std::vector<Descriptor> from = descriptors(count, sources);
    Dimensions expected = sources[0]->dimensions;
    if (axis < 0 || static_cast<size_t>(axis) >= expected.size()) {
      invalid(sources[0]->description + " has no dimension " + std::to_string(axis));
    }
    const auto along = static_cast<size_t>(axis);
    for (int32_t index = 1; index < count; ++index) {
      Dimensions other = sources[index]->dimensions;
      const bool sameRank = other.size() == expected.size();
      const dnnl::memory::dim length = sameRank ? other[along] : 0;
      if (sameRank) other[along] = expected[along];
      if (other != expected) {
        invalid(sources[index]->description + " does not fit beside " + sources[0]->description);
      }
      expected[along] += length;
    }
    checkDimensions(expected, "DST");
    checkDestination(destination, expected);
    const auto description = compatibility::concatenation(
        engine(), attributes(), destination == nullptr ? nullptr : &destination->descriptor, axis, from);
    primitive.append(description, dnnl::concat(description), sourcesAndDestination(count));
  });
}
