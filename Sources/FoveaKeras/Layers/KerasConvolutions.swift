import FoveaCore

/// Convolutions over one, two and three axes.
enum KerasConvolutions {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Conv1D", "Convolution1D", weights: checked, convert: { try convolution(&$0, $1, axes: 1) }),
    KerasLayerRule("Conv2D", "Convolution2D", weights: checked, convert: { try convolution(&$0, $1, axes: 2) }),
    KerasLayerRule("AtrousConvolution2D", weights: checked, convert: { try convolution(&$0, $1, axes: 2) }),
    KerasLayerRule("Conv3D", "Convolution3D", weights: checked, convert: volume),
    KerasLayerRule(
      "DepthwiseConv1D", weights: { try checked($0, kernels: ["depthwise_kernel"]) },
      convert: { try depthwise(&$0, $1, axes: 1) }),
    KerasLayerRule(
      "DepthwiseConv2D", weights: { try checked($0, kernels: ["depthwise_kernel"]) },
      convert: { try depthwise(&$0, $1, axes: 2) }),
    KerasLayerRule(
      "SeparableConv1D", "SeparableConvolution1D",
      weights: { try checked($0, kernels: ["depthwise_kernel", "pointwise_kernel"]) },
      convert: { try separable(&$0, $1, axes: 1) }),
    KerasLayerRule(
      "SeparableConv2D", "SeparableConvolution2D",
      weights: { try checked($0, kernels: ["depthwise_kernel", "pointwise_kernel"]) },
      convert: { try separable(&$0, $1, axes: 2) }),
    KerasLayerRule("Conv1DTranspose", weights: checked, convert: { try transposed(&$0, $1, axes: 1) }),
    KerasLayerRule(
      "Conv2DTranspose", "Deconvolution2D", weights: checked, convert: { try transposed(&$0, $1, axes: 2) }),
  ]

  static func hasBias(_ settings: KerasSettings) throws -> Bool {
    try settings.flag("use_bias", "bias", default: true)
  }

  static func kernelAndBias(_ settings: KerasSettings) throws -> [KerasLayerRule.Weight] {
    try hasBias(settings) ? [.init("kernel"), .init("bias")] : [.init("kernel")]
  }

  @Sendable private static func checked(_ settings: KerasSettings) throws -> [KerasLayerRule.Weight] {
    try checked(settings, kernels: ["kernel"])
  }

  private static func checked(
    _ settings: KerasSettings, kernels: [String]
  ) throws -> [KerasLayerRule.Weight] {
    _ = try KerasActivations.check(settings)
    if settings["quantization_config"] != nil || settings["lora_rank"] != nil {
      throw KerasProblem.unsupported("its weights are quantized, or of low rank")
    }
    return kernels.map { .init($0) } + (try hasBias(settings) ? [.init("bias")] : [])
  }

  // MARK: - Windows

  static func pair(_ extents: [Int]) -> ConfigurationValue { .array(extents.map { .integer($0) }) }

  /// Of an image; of a row where there is one axis.
  static func image(_ extents: [Int], axes: Int) -> ConfigurationValue { pair(axes == 1 ? [1] + extents : extents) }

  static func sides(_ before: [Int], _ after: [Int]) -> ConfigurationValue {
    .object([
      "top": .integer(before[0]), "left": .integer(before[1]), "bottom": .integer(after[0]),
      "right": .integer(after[1]),
    ])
  }

  /// In the order in which layers with maps take their input.
  static func maps(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let input = try node.input()
    guard input.kerasShape.count == axes + 1 else {
      throw KerasProblem("its input, \(input.kerasShape), has not \(axes + 1) axes")
    }
    guard try node.settings.hasChannelsLast else {
      let plain = try conversion.value(input, in: .plain)
      return try axes == 1 ? conversion.reshaped(plain, [plain.shape[0], 1, plain.shape[1]], .plain) : plain
    }
    return try conversion.value(input, in: axes == 1 ? .row : .channelsFirst)
  }

  /// What comes out, in the order of Keras where that has the channels first.
  static func result(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ source: String, _ shape: [Int], axes: Int
  ) throws -> KerasValue {
    guard try node.settings.hasChannelsLast else {
      let value = KerasValue(source, shape: shape, order: .plain)
      return try axes == 1 && shape.count == 3 ? conversion.reshaped(value, [shape[0], shape[2]], .plain) : value
    }
    return KerasValue(source, shape: shape, order: axes == 1 ? .row : .channelsFirst)
  }

  private static func padding(
    _ settings: KerasSettings, kernel: [Int], dilation: [Int]
  ) throws -> ConfigurationValue {
    switch try settings.text("padding", "border_mode", default: "valid") {
    case "valid": return "valid"
    case "same": return "same"
    case "causal" where kernel.count == 1:
      return sides([0, (kernel[0] - 1) * dilation[0]], [0, 0])
    case let other: throw KerasProblem.unsupported("its padding is '\(other)'")
    }
  }

  private static func window(
    _ settings: KerasSettings, kernel: [Int], axes: Int
  ) throws -> KerasConfiguration {
    guard kernel.allSatisfy({ $0 > 0 }) else { throw KerasProblem("its kernel has no elements") }
    let stride = try settings.extents("strides", "subsample", "subsample_length", count: axes, default: 1)
    let dilation = try settings.extents("dilation_rate", "atrous_rate", count: axes, default: 1)
    return [
      "kernel": image(kernel, axes: axes), "stride": image(stride, axes: axes),
      "dilation": image(dilation, axes: axes),
      "padding": try padding(settings, kernel: kernel, dilation: dilation),
    ]
  }

  /// A kernel as Keras 2 has it, `[…window, in, out]`, of which one that Keras 1 kept for channels in front is another order.
  private static func kernel(_ conversion: KerasConversion, _ node: KerasNode, axes: Int) throws -> Tensor {
    var kernel = try node.weight("kernel")
    if conversion.version == 1, kernel.shape.rank == 4 {
      let isFirst = try !node.settings.hasChannelsLast
      // Convolution1D was one over an image of one column then.
      if axes == 1, kernel.shape[1] == 1 {
        kernel = try kernel.reshaped(Shape(checking: [kernel.shape[0], kernel.shape[2], kernel.shape[3]]))
      } else if isFirst {
        kernel = try kernel.ordered([2, 3, 1, 0])
      }
    }
    guard kernel.shape.rank == axes + 2 else {
      throw KerasProblem("its kernel has the shape \(kernel.shape)")
    }
    return conversion.flipsKernels ? kernel.reversed(alongFirst: axes) : kernel
  }

  private static func withBias(_ node: KerasNode, _ tensors: [String: Tensor]) throws -> [String: Tensor] {
    guard try hasBias(node.settings) else { return tensors }
    var tensors = tensors
    tensors["bias"] = try node.weight("bias")
    return tensors
  }

  // MARK: - Layers

  private static func convolution(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let kernel = try kernel(conversion, node, axes: axes)
    let size = Array(kernel.shape.dimensions.prefix(axes))
    let input = try maps(&conversion, node, axes: axes)
    var configuration = try window(node.settings, kernel: size, axes: axes)
    configuration["filters"] = .integer(kernel.shape[axes + 1])
    configuration["groups"] = .integer(try node.settings.integer("groups", default: 1))
    configuration["bias"] = .bool(try hasBias(node.settings))
    let ordered = try kernel.ordered([axes + 1, axes] + Array(0..<axes))
    let full = axes == 1 ? [ordered.shape[0], ordered.shape[1], 1, ordered.shape[2]] : ordered.shape.dimensions
    let tensors = try withBias(node, ["kernel": ordered.reshaped(Shape(checking: full))])
    let (source, shape) = try conversion.add(
      "convolution", [input.source], configuration, tensors: tensors, shapes: [input.shape])
    return try conversion.activated(
      result(&conversion, node, source, shape, axes: axes), node.settings["activation"])
  }

  private static func depthwise(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let kernel = try node.weight("depthwise_kernel")
    guard kernel.shape.rank == axes + 2 else { throw KerasProblem("its kernel has the shape \(kernel.shape)") }
    let size = Array(kernel.shape.dimensions.prefix(axes))
    let input = try maps(&conversion, node, axes: axes)
    let (channels, multiplier) = (kernel.shape[axes], kernel.shape[axes + 1])
    var configuration = try window(node.settings, kernel: size, axes: axes)
    configuration["filters"] = .integer(channels * multiplier)
    configuration["groups"] = .integer(channels)
    configuration["bias"] = .bool(try hasBias(node.settings))
    let ordered = try kernel.ordered([axes, axes + 1] + Array(0..<axes))
      .reshaped(Shape(checking: [channels * multiplier, 1] + (axes == 1 ? [1] : []) + size))
    let (source, shape) = try conversion.add(
      "convolution", [input.source], configuration, tensors: try withBias(node, ["kernel": ordered]),
      shapes: [input.shape])
    return try conversion.activated(
      result(&conversion, node, source, shape, axes: axes), node.settings["activation"])
  }

  private static func separable(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let (depthwise, pointwise) = (try node.weight("depthwise_kernel"), try node.weight("pointwise_kernel"))
    guard depthwise.shape.rank == axes + 2, pointwise.shape.rank == axes + 2 else {
      throw KerasProblem("its kernels have the shapes \(depthwise.shape) and \(pointwise.shape)")
    }
    let size = Array(depthwise.shape.dimensions.prefix(axes))
    let input = try maps(&conversion, node, axes: axes)
    let (channels, multiplier, filters) = (depthwise.shape[axes], depthwise.shape[axes + 1], pointwise.shape[axes + 1])
    guard pointwise.shape.count == channels * multiplier * filters else {
      throw KerasProblem("its kernels, \(depthwise.shape) and \(pointwise.shape), do not go together")
    }
    var configuration = try window(node.settings, kernel: size, axes: axes)
    configuration["filters"] = .integer(filters)
    configuration["multiplier"] = .integer(multiplier)
    configuration["bias"] = .bool(try hasBias(node.settings))
    let one = axes == 1 ? [1] : []
    let tensors = try withBias(
      node,
      [
        "depthwise": depthwise.ordered([axes, axes + 1] + Array(0..<axes))
          .reshaped(Shape(checking: [channels * multiplier, 1] + one + size)),
        "pointwise": pointwise.reshaped(Shape(checking: [channels * multiplier, filters])).ordered([1, 0])
          .reshaped(Shape(checking: [filters, channels * multiplier, 1, 1])),
      ])
    let (source, shape) = try conversion.add(
      "separableConvolution", [input.source], configuration, tensors: tensors, shapes: [input.shape])
    return try conversion.activated(
      result(&conversion, node, source, shape, axes: axes), node.settings["activation"])
  }

  private static func transposed(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let settings = node.settings
    let kernel = try node.weight("kernel")
    guard kernel.shape.rank == axes + 2 else { throw KerasProblem("its kernel has the shape \(kernel.shape)") }
    let size = Array(kernel.shape.dimensions.prefix(axes))
    let input = try maps(&conversion, node, axes: axes)
    let stride = try settings.extents("strides", "subsample", count: axes, default: 1)
    let dilation = try settings.extents("dilation_rate", count: axes, default: 1)
    let extra = try settings["output_padding"] == nil ? nil : settings.extents("output_padding", count: axes)
    let isSame = try settings.text("padding", "border_mode", default: "valid") == "same"
    let offset = input.shape.count - axes
    var (before, after, more) = ([Int](), [Int](), [Int]())
    for axis in 0..<axes {
      let reach = (size[axis] - 1) * dilation[axis] + 1
      let full = (input.shape[offset + axis] - 1) * stride[axis] + reach
      // As many as a convolution of that padding would have needed to put out the input.
      let output: Int
      if let extra {
        output = full - (isSame ? 2 * (reach / 2) : 0) + extra[axis]
      } else {
        output =
          isSame
          ? input.shape[offset + axis] * stride[axis] : full + max(stride[axis] - reach, 0)
      }
      let missing = full - output
      before.append(isSame ? max(missing, 0) / 2 : 0)
      after.append(max(missing, 0) - before[axis])
      more.append(max(-missing, 0))
    }
    let zero = axes == 1 ? [0] : []
    let configuration: KerasConfiguration = [
      "filters": .integer(kernel.shape[axes]), "kernel": image(size, axes: axes), "stride": image(stride, axes: axes),
      "dilation": image(dilation, axes: axes), "padding": sides(zero + before, zero + after),
      "outputPadding": sides([0, 0], zero + more), "bias": .bool(try hasBias(settings)),
    ]
    let ordered = try kernel.ordered([axes + 1, axes] + Array(0..<axes))
    let full = axes == 1 ? [ordered.shape[0], ordered.shape[1], 1, ordered.shape[2]] : ordered.shape.dimensions
    let tensors = try withBias(node, ["kernel": ordered.reshaped(Shape(checking: full))])
    let (source, shape) = try conversion.add(
      "transposedConvolution", [input.source], configuration, tensors: tensors, shapes: [input.shape])
    return try conversion.activated(result(&conversion, node, source, shape, axes: axes), settings["activation"])
  }

  /// Over three axes, there is no layer of the toolkit: a node of ONNX.
  private static func volume(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let kernel = try kernel(conversion, node, axes: 3)
    let input = try maps(&conversion, node, axes: 3)
    let size = Array(kernel.shape.dimensions.prefix(3))
    let window = try KerasWindow(node.settings, size: size, input: Array(input.shape.dropFirst()))
    let attributes: KerasConfiguration = [
      "strides": pair(window.stride), "dilations": pair(window.dilation), "pads": pair(window.before + window.after),
      "group": .integer(try node.settings.integer("groups", default: 1)),
    ]
    let hasBias = try hasBias(node.settings)
    let constants = try [kernel.ordered([4, 3, 0, 1, 2])] + (hasBias ? [node.weight("bias")] : [])
    let output = try conversion.onnx(
      "Conv", version: 11, input, attributes: attributes,
      arguments: ["input"] + constants.map { _ in "constant" }, constants: constants,
      shape: [kernel.shape[4]] + window.output)
    return try conversion.activated(output, node.settings["activation"])
  }
}
