import FoveaCore

/// Normalizations with weights.
enum KerasNormalizations {
  static let all: [KerasLayerRule] = [
    KerasLayerRule(
      "BatchNormalization", "SyncBatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2",
      weights: { settings in
        try scaleAndCenter(settings) + [
          .init("moving_mean", isTrained: false), .init("moving_variance", isTrained: false),
        ]
      }, convert: batch),
    KerasLayerRule(
      "LayerNormalization",
      weights: { settings in
        if try settings.flag("rms_scaling", default: false) { throw KerasProblem.unsupported("it has 'rms_scaling'") }
        return try scaleAndCenter(settings)
      }, convert: layer),
    KerasLayerRule("GroupNormalization", weights: scaleAndCenter, convert: group),
    KerasLayerRule(
      "RMSNormalization", weights: { try $0.flag("scale", default: true) ? [.init("scale")] : [] }, convert: meanSquare),
    KerasLayerRule("UnitNormalization") { conversion, node in
      let input = try conversion.value(node.input(), in: .plain)
      return try conversion.unit(input, part: "", axes: try axes(node.settings, input).map { $0 + 1 })
    },
  ]

  @Sendable private static func scaleAndCenter(_ settings: KerasSettings) throws -> [KerasLayerRule.Weight] {
    (try settings.flag("scale", default: true) ? [.init("gamma")] : [])
      + (try settings.flag("center", default: true) ? [.init("beta")] : [])
  }

  /// Counted from the batch, 0, or from the end, −1.
  private static func axes(_ settings: KerasSettings, _ value: KerasValue) throws -> [Int] {
    let rank = value.kerasShape.count + 1
    let given = try settings.integers("axis") ?? [-1]
    return try given.map { axis in
      let counted = axis < 0 ? axis + rank : axis
      guard (1..<rank).contains(counted) else { throw KerasProblem("its axis \(axis) is not one of its input's") }
      return counted - 1
    }.sorted()
  }

  /// In an order in which that axis of Keras comes first.
  ///
  /// - Returns: also the axes that bring the result back to where they were, where they moved.
  private static func first(
    _ conversion: inout KerasConversion, _ node: KerasNode
  ) throws -> (value: KerasValue, back: [Int]?) {
    let input = try node.input()
    let (axes, rank) = (try axes(node.settings, input), input.kerasShape.count)
    guard axes.count == 1 else { throw KerasProblem.unsupported("it has several axes, \(axes.map { $0 + 1 })") }
    if rank == 1 {
      if case .flattened = input.order {
        return (try conversion.value(input, in: conversion.sharedOrder(input.order)), nil)
      }
      return (try conversion.value(input, in: conversion.sharedOrder(.plain)), nil)
    }
    if axes[0] == rank - 1 {
      return (try conversion.value(input, in: rank == 2 ? .row : .channelsFirst), nil)
    }
    let plain = try conversion.value(input, in: .plain)
    guard axes[0] > 0 else { return (plain, nil) }
    let order = axes + (0..<rank).filter { $0 != axes[0] }
    return (try conversion.permuted(plain, order), inverse(order))
  }

  private static func inverse(_ order: [Int]) -> [Int] {
    order.indices.map { place in order.firstIndex(of: place) ?? place }
  }

  /// Gamma and beta, or what stands for them, in the order of the input's channels.
  private static func numbers(
    _ node: KerasNode, _ name: String, _ usual: Float, _ count: Int, _ order: KerasValue.Order
  ) throws -> Tensor {
    guard node.hasWeight(name) else { return Tensor(repeating: usual, [count]) }
    let tensor = try node.weight(name)
    guard tensor.shape == [count] else { throw KerasProblem("its '\(name)' has the shape \(tensor.shape)") }
    guard case .flattened(let maps) = order else { return tensor }
    return try tensor.reshaped(Shape(checking: maps)).ordered([maps.count - 1] + Array(0..<maps.count - 1))
      .reshaped([count])
  }

  private static func batch(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    if try node.settings.flag("renorm", default: false) { throw KerasProblem.unsupported("it has 'renorm'") }
    var (input, back) = try first(&conversion, node)
    let count = input.shape[0]
    let original = input
    // Of four axes, as an image of as many pixels.
    if input.shape.count == 4 || input.shape.count == 2 {
      let pixels = input.shape.dropFirst().reduce(1, *)
      input = try conversion.reshaped(input, [count, 1, pixels], input.order)
    }
    let tensors = [
      "scale": try numbers(node, "gamma", 1, count, input.order),
      "shift": try numbers(node, "beta", 0, count, input.order),
      "runningMean": try numbers(node, "moving_mean", 0, count, input.order),
      "runningVariance": try numbers(node, "moving_variance", 1, count, input.order),
    ]
    let momentum = try node.settings.number("momentum", default: 0.99)
    let output = try conversion.elementwise(
      "batchNormalization", input,
      [
        "epsilon": .number(try node.settings.number("epsilon", default: 1e-3)),
        "momentum": .number(min(max(1 - momentum, 0), 1)),
      ], tensors: tensors)
    let result = try conversion.reshaped(output, original.shape, original.order)
    return try back.map { try conversion.permuted(result, $0) } ?? result
  }

  private static func layer(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try node.input()
    let (axes, rank) = (try axes(node.settings, input), input.kerasShape.count)
    // Layers look at the last axes.
    let order = (0..<rank).filter { !axes.contains($0) } + axes
    let plain = try conversion.permuted(conversion.value(input, in: .plain), order)
    let extents = Array(plain.shape.suffix(axes.count))
    func numbers(_ name: String, _ usual: Float) throws -> Tensor {
      try node.hasWeight(name) ? node.weight(name) : Tensor(repeating: usual, Shape(checking: extents))
    }
    let result = try conversion.elementwise(
      "layerNormalization", plain,
      [
        "axis": .integer(-axes.count), "epsilon": .number(try node.settings.number("epsilon", default: 1e-3)),
      ], tensors: ["scale": numbers("gamma", 1), "shift": numbers("beta", 0)])
    return try conversion.permuted(result, inverse(order))
  }

  private static func meanSquare(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try conversion.value(node.input(), in: .plain)
    let (axes, rank) = (try axes(node.settings, input), input.shape.count)
    guard axes == Array(rank - axes.count..<rank) else {
      throw KerasProblem.unsupported("its axes \(axes.map { $0 + 1 }) are not the last ones")
    }
    let scale =
      try node.hasWeight("scale")
      ? node.weight("scale") : Tensor(repeating: 1, Shape(checking: Array(input.shape.suffix(axes.count))))
    let epsilon = Float(try node.settings.number("epsilon", default: 1e-6))
    let shape = input.shape.enumerated().map { axes.contains($0) ? 1 : $1 }
    let (squares, _) = try conversion.add(
      "multiply", part: "squares", [input.source, input.source], shapes: [input.shape, input.shape])
    let mean = try conversion.onnx(
      "ReduceMean", part: "mean", version: 11, KerasValue(squares, shape: input.shape, order: .plain),
      attributes: ["axes": .array(axes.map { .integer($0 + 1) }), "keepdims": 1], shape: shape)
    let more = try conversion.onnx(
      "Add", part: "more", version: 7, mean, arguments: ["input", "constant"], constants: [Tensor([epsilon], [1])],
      shape: shape)
    let root = try conversion.onnx("Sqrt", part: "root", version: 13, more, shape: shape)
    let normal = try conversion.onnx("Div", part: "normal", version: 7, input, root, shape: input.shape)
    return try conversion.onnx(
      "Mul", version: 7, normal, arguments: ["input", "constant"], constants: [scale], shape: input.shape)
  }

  private static func group(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let (input, back) = try first(&conversion, node)
    let channels = input.shape[0]
    let groups = try node.settings.integer("groups", default: 32)
    let result = try conversion.elementwise(
      "groupNormalization", input,
      [
        "groups": .integer(groups == -1 ? channels : groups),
        "epsilon": .number(try node.settings.number("epsilon", default: 1e-3)),
      ],
      tensors: [
        "scale": try numbers(node, "gamma", 1, channels, input.order),
        "shift": try numbers(node, "beta", 0, channels, input.order),
      ])
    return try back.map { try conversion.permuted(result, $0) } ?? result
  }
}

extension KerasConversion {
  /// Divided by the root of the squares' sum along axes, which count from the batch; of length 1, but for zeros, which stay.
  mutating func unit(_ value: KerasValue, part: String, axes: [Int]) throws -> KerasValue {
    let shape = value.shape.enumerated().map { axes.contains($0 + 1) ? 1 : $1 }
    let within = part.isEmpty ? "" : part + "/"
    let squares = try onnx(
      "ReduceSumSquare", part: within + "squares", version: 13, value,
      attributes: ["axes": .array(axes.map { .integer($0) }), "keepdims": 1], shape: shape)
    func limited(_ value: KerasValue, _ conversion: inout KerasConversion) throws -> KerasValue {
      try conversion.onnx(
        "Max", part: within + "limited", version: 13, value, arguments: ["input", "constant"],
        constants: [Tensor([1e-12], [1])], shape: shape)
    }
    // Keras 3 limits the length, and Keras 2 its square.
    let length =
      try version >= 3
      ? limited(onnx("Sqrt", part: within + "length", version: 13, squares, shape: shape), &self)
      : onnx("Sqrt", part: within + "length", version: 13, limited(squares, &self), shape: shape)
    return try onnx("Div", part: part, version: 7, value, length, shape: value.shape)
  }
}
