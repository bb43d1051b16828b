import FoveaCore

/// Dense layers.
enum KerasDense {
  static let all: [KerasLayerRule] = [
    KerasLayerRule(
      "Dense",
      weights: { settings in
        _ = try KerasActivations.check(settings)
        if settings["quantization_config", "quantized_dtype"] != nil || settings["lora_rank"] != nil {
          throw KerasProblem.unsupported("its weights are quantized, or of low rank")
        }
        return try KerasConvolutions.kernelAndBias(settings)
      }, convert: dense)
  ]

  private static func dense(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let settings = node.settings
    let kernel = try node.weight("kernel")
    guard kernel.shape.rank == 2 else { throw KerasProblem("its kernel has the shape \(kernel.shape)") }
    let units = try settings.integer("units", "output_dim")
    let hasBias = try KerasConvolutions.hasBias(settings)
    guard kernel.shape[1] == units else {
      throw KerasProblem("it has \(units) units, and a kernel for \(kernel.shape[1])")
    }
    var tensors: [String: Tensor] = [:]
    if hasBias { tensors["bias"] = try node.weight("bias") }
    var input = try node.input()
    let configuration: KerasConfiguration = ["units": .integer(units), "bias": .bool(hasBias)]
    let isImage = input.kerasShape.count == 3
    if isImage {
      // Of a picture, it mixes the channels of each pixel: a convolution of 1×1.
      input = try conversion.value(input, in: .channelsFirst)
      tensors["kernel"] = try kernel.ordered([1, 0]).reshaped([units, kernel.shape[0], 1, 1])
      let (source, shape) = try conversion.add(
        "convolution", [input.source], ["filters": .integer(units), "kernel": 1, "bias": .bool(hasBias)],
        tensors: tensors, shapes: [input.shape])
      return try conversion.activated(
        KerasValue(source, shape: shape, order: .channelsFirst), settings["activation"])
    }
    guard input.kerasShape.count <= 2 else {
      throw KerasProblem.unsupported("its input has \(input.kerasShape.count) axes")
    }
    let wanted: KerasValue.Order
    if case .flattened = input.order { wanted = input.order } else { wanted = .plain }
    let order = conversion.sharedOrder(wanted)
    input = try conversion.value(input, in: order)
    var weight = try kernel.ordered([1, 0])
    if case .flattened(let maps) = order {
      guard maps.reduce(1, *) == kernel.shape[0] else {
        throw KerasProblem("its kernel is for \(kernel.shape[0]) numbers, and \(maps.reduce(1, *)) come in")
      }
      // Its columns go by height, width, channel in Keras; here the channel is the slowest.
      let axes = [0, maps.count] + Array(1..<maps.count)
      weight = try weight.reshaped(Shape(checking: [units] + maps)).ordered(axes).reshaped(weight.shape)
    }
    tensors["weight"] = weight
    let (source, shape) = try conversion.add(
      "dense", [input.source], configuration, tensors: tensors, shapes: [input.shape])
    return try conversion.activated(KerasValue(source, shape: shape, order: .plain), settings["activation"])
  }
}
