#include "Window.hpp"

#include <algorithm>

using namespace fovea::dnn;

namespace {

/// The descriptors of a convolution's arguments.
struct Arguments {
  Window window;
  DataTypes types;
  Dimensions sourceDimensions, weightsDimensions, destinationDimensions;
  Descriptor source, weights, bias, destination;
  dnnl::algorithm algorithm = dnnl::algorithm::convolution_direct;

  Arguments(const fovea_dnn_convolution &description, fovea_dnn_pass pass, fovea_dnn_layout sourceLayout,
            fovea_dnn_layout weightsLayout, fovea_dnn_layout destinationLayout)
      : window(description), types(description.precision, pass) {
    const int64_t groups = description.groups;
    const int64_t inputs = description.input_channels;
    const int64_t outputs = description.output_channels;
    if (groups < 1 || inputs < 1 || outputs < 1 || inputs % groups != 0 || outputs % groups != 0) {
      invalid("groups (" + std::to_string(groups) + ") must divide the input channels (" + std::to_string(inputs) +
              ") and the output channels (" + std::to_string(outputs) + ")");
    }
    sourceDimensions = {description.batch, inputs, description.input_height, description.input_width};
    weightsDimensions = {outputs / groups, inputs / groups, description.kernel_height, description.kernel_width};
    destinationDimensions = {description.batch, outputs, window.vertical.output, window.horizontal.output};
    if (groups > 1) weightsDimensions.insert(weightsDimensions.begin(), groups);
    checkDimensions(sourceDimensions, "SRC");
    checkDimensions(weightsDimensions, "WEIGHTS");
    checkDimensions(destinationDimensions, "DST");
    source = resolve(sourceLayout, sourceDimensions, "SRC", types.source);
    weights = resolve(weightsLayout, weightsDimensions, "WEIGHTS", types.weights);
    destination = resolve(destinationLayout, destinationDimensions, "DST", types.destination);
    if (description.has_bias) bias = plain({outputs});
  }
};

/// How many tiles of four by four outputs there are.
int64_t winogradTiles(const fovea_dnn_convolution &description, const Window &window) {
  constexpr int64_t tile = 4;
  return description.batch * ((window.vertical.output + tile - 1) / tile) * ((window.horizontal.output + tile - 1) / tile);
}

/// Whether Winograd's algorithm is worth a look: four by four outputs of a 3×3 kernel take a quarter of the multiplications,
/// and their transformation a time that many channels and outputs must make up for. oneDNN 2.6 has it for AVX-512, for whole
/// blocks of 16 channels; left to itself, it takes it for few channels too, where it is five times slower.
///
/// Measured with 2 cores of AVX-512, 32 images and as many filters as channels: 32×28×28 takes half the time in all three
/// passes, 128×14×14 three fifths; 32×7×7 the same time, and 16×14×14 half as long again. Errors are two to seven times those
/// of the direct algorithm, 2e-6 of the largest output.
///
/// In use, where the weights are transformed once, it pays for fewer outputs. With one core and one image: 64×56×56 takes 36 % of
/// the direct algorithm's time, 128×28×28 31 %, 256×14×14 53 %, 512×7×7 86 %.
bool suitsWinograd(const fovea_dnn_convolution &description, const Window &window, fovea_dnn_pass pass) {
  constexpr int64_t fewestChannels = 32;
  const int64_t fewestProducts = pass == FOVEA_DNN_INFERENCE ? 2048 : 4096;
  const int64_t fewer = std::min(description.input_channels, description.output_channels);
  const int64_t tiles = winogradTiles(description, window);
  return description.precision == FOVEA_DNN_FLOAT32 && description.groups == 1 && description.kernel_height == 3 &&
         description.kernel_width == 3 && description.stride_height == 1 && description.stride_width == 1 &&
         description.dilation_height == 1 && description.dilation_width == 1 && fewer >= fewestChannels &&
         tiles * fewer >= fewestProducts;
}

/// So much memory for intermediate results Winograd's algorithm may take: with large images it would be gigabytes.
constexpr size_t mostScratchpad = size_t{1} << 28;

/// What `describe` makes of the arguments, where layouts that the caller left open are those that run fastest.
///
/// Measured on AVX-512, one core: oneDNN's own choice ("any" for source and destination) is the best one for forward
/// and for the gradient of the input: blocked by 16 channels as a rule, up to four times faster than plain layouts,
/// while a reorder between layers takes a twentieth of a convolution. Two cases are not so. Where the channels fill no
/// block (6 → 16), its gradient of the weights is an AVX2 kernel (316 µs for LeNet's second layer and 64 images), and
/// channels last has one for AVX-512 (186 µs). And where the caller fixes one of the two layouts, 2.6 may have nothing
/// but its reference loop, a thousand times slower, though channels last for the other one would do. The choice goes by
/// the implementations' names and never by the clock, so that equal runs give equal numbers.
template <class Describe>
auto fastest(const Arguments &arguments, const fovea_dnn_convolution &description, fovea_dnn_pass pass,
             fovea_dnn_layout source, fovea_dnn_layout destination, Describe &&describe) {
  if (source == nullptr && destination == nullptr && suitsWinograd(description, arguments.window, pass)) {
    Arguments winograd = arguments;
    winograd.algorithm = dnnl::algorithm::convolution_winograd;
    try {
      auto result = describe(winograd);
      if (result.scratchpad_desc().get_size() <= mostScratchpad) return result;
    } catch (const dnnl::error &) {
      // This processor, or this oneDNN, does not have it.
    }
  }
  auto best = describe(arguments);
  if (source != nullptr && destination != nullptr) return best;
  Arguments alternative = arguments;
  if (source == nullptr) alternative.source = channelsLast(arguments.sourceDimensions, arguments.types.source);
  if (destination == nullptr) alternative.destination = channelsLast(arguments.destinationDimensions, arguments.types.destination);
  try {
    auto other = describe(alternative);
    if (rank(other.impl_info_str()) > rank(best.impl_info_str())) best = std::move(other);
  } catch (const dnnl::error &) {
    // There is no such implementation, so the first one stands.
  }
  return best;
}

/// - `implementation`: a part of the name of the implementation to take where there is one; otherwise oneDNN's first.
dnnl::convolution_forward::primitive_desc describeForward(const Arguments &arguments, dnnl::prop_kind propagation,
                                                          const dnnl::primitive_attr &attributes,
                                                          const std::string &implementation = {}) {
  return compatibility::forwardBy<dnnl::convolution_forward>(
      implementation, engine(), attributes, propagation, arguments.algorithm, arguments.source, arguments.weights,
      arguments.bias, arguments.destination, arguments.window.strides(), arguments.window.dilations(),
      arguments.window.before(), arguments.window.after());
}

/// In use, oneDNN 2.6 has Winograd's algorithm for tiles of two by two outputs and of four by four, and takes the former where it
/// has both. With many tiles the latter is faster (64×56×56: 713 µs against 1005), with few it is not (256×14×14: 1214 against 973).
std::string winogradImplementation(const fovea_dnn_convolution &description, const Window &window) {
  constexpr int64_t many = 32;
  return winogradTiles(description, window) >= many ? "wino_4x3" : "";
}

// The backward passes must be told of the forward pass that they belong to, whose factors are other ones.
dnnl::convolution_forward::primitive_desc hintFor(Arguments arguments, const fovea_dnn_convolution &description) {
  if (description.precision != FOVEA_DNN_FLOAT32) {
    arguments = Arguments(description, FOVEA_DNN_TRAINING, nullptr, nullptr, nullptr);
  }
  return describeForward(arguments, dnnl::prop_kind::forward_training, attributes());
}

dnnl::convolution_backward_data::primitive_desc describeBackwardData(
    const Arguments &arguments, const dnnl::convolution_forward::primitive_desc &hint) {
  return compatibility::backward<dnnl::convolution_backward_data>(
      engine(), attributes(), hint, arguments.algorithm, arguments.source, arguments.weights, arguments.destination,
      arguments.window.strides(), arguments.window.dilations(), arguments.window.before(), arguments.window.after());
}

dnnl::convolution_backward_weights::primitive_desc describeBackwardWeights(
    const Arguments &arguments, const dnnl::convolution_forward::primitive_desc &hint) {
  return compatibility::backward<dnnl::convolution_backward_weights>(
      engine(), attributes(), hint, arguments.algorithm, arguments.source, arguments.weights, arguments.bias,
      arguments.destination, arguments.window.strides(), arguments.window.dilations(), arguments.window.before(),
      arguments.window.after());
}

}  // namespace

fovea_dnn_status fovea_dnn_convolution_create(const fovea_dnn_convolution *convolution, fovea_dnn_pass pass,
                                              fovea_dnn_layout source, fovea_dnn_layout weights,
                                              fovea_dnn_layout destination, fovea_dnn_primitive *result) {
  return create("convolution", result, [&](fovea_dnn_primitive_object &primitive) {
    const Arguments arguments(*convolution, pass, source, weights, destination);
    switch (pass) {
      case FOVEA_DNN_INFERENCE:
      case FOVEA_DNN_TRAINING: {
        const auto propagation = pass == FOVEA_DNN_INFERENCE ? dnnl::prop_kind::forward_inference
                                                             : dnnl::prop_kind::forward_training;
        const auto describe = [&](const Arguments &arguments) {
          const bool isDirect = arguments.algorithm == dnnl::algorithm::convolution_direct;
          return describeForward(arguments, propagation, attributes(convolution->activation, convolution->accumulates),
                                 isDirect || pass == FOVEA_DNN_TRAINING
                                     ? ""
                                     : winogradImplementation(*convolution, arguments.window));
        };
        const auto description = fastest(arguments, *convolution, pass, source, destination, describe);
        primitive.append(description, dnnl::convolution_forward(description),
                         {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DST});
        return;
      }
      case FOVEA_DNN_BACKWARD_DATA: {
        const auto description = fastest(arguments, *convolution, pass, source, destination, [&](const Arguments &arguments) {
          return describeBackwardData(arguments, hintFor(arguments, *convolution));
        });
        primitive.append(description, dnnl::convolution_backward_data(description),
                         {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC});
        return;
      }
      case FOVEA_DNN_BACKWARD_WEIGHTS: {
        const auto description = fastest(arguments, *convolution, pass, source, destination, [&](const Arguments &arguments) {
          return describeBackwardWeights(arguments, hintFor(arguments, *convolution));
        });
        primitive.append(description, dnnl::convolution_backward_weights(description),
                         {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS});
        return;
      }
    }
    invalid("there is no pass number " + std::to_string(static_cast<int>(pass)));
  });
}
