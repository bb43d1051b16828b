import FoveaCore

/// Functions of one value that Keras 3 saves as layers, such as `-x`, `x ** 2` and `keras.ops.relu(x)`.
enum KerasOperations {
  static let all: [KerasLayerRule] =
    unary.map { className, operation in
      KerasLayerRule(className) { conversion, node in
        let input = try plainInput(node)
        return try conversion.onnx(operation, version: 13, input, shape: input.shape)
      }
    }
    + activations.map { className, name in
      KerasLayerRule(className) { conversion, node in
        try conversion.activated(plainInput(node), .string(name), part: "")
      }
    }
    + reductions.map { className, operation in
      KerasLayerRule(className) { try reduced(&$0, $1, operation) }
    } + [
      .plain("Gelu", kind: "gelu") { ["approximate": .bool(try $0.flag("approximate", default: true))] },
      .plain("LeakyRelu", kind: "leakyRelu") { ["slope": .number(try $0.number("negative_slope", default: 0.2))] },
      .plain("Elu", kind: "elu") { ["alpha": .number(try $0.number("alpha", default: 1))] },
      KerasLayerRule("Celu") { conversion, node in
        let (input, alpha) = (try plainInput(node), try node.settings.number("alpha", default: 1))
        return try conversion.onnx(
          "Celu", version: 12, input, attributes: ["alpha": .number(alpha)], shape: input.shape)
      },
      KerasLayerRule("HardShrink") { try shrunk(&$0, $1, isSoft: false) },
      KerasLayerRule("SoftShrink") { try shrunk(&$0, $1, isSoft: true) },
      KerasLayerRule("Clip") { conversion, node in
        let (input, settings) = (try plainInput(node), node.settings)
        return try conversion.onnx(
          "Clip", version: 6, input,
          attributes: ["min": .number(try settings.number("x_min")), "max": .number(try settings.number("x_max"))],
          shape: input.shape)
      },
      KerasLayerRule("Rsqrt") { conversion, node in
        let input = try plainInput(node)
        let root = try conversion.onnx("Sqrt", part: "root", version: 13, input, shape: input.shape)
        return try conversion.onnx("Reciprocal", version: 13, root, shape: input.shape)
      },
      KerasLayerRule("Transpose") { conversion, node in
        let input = try conversion.value(plainInput(node), in: .plain)
        guard let axes = try node.settings.integers("axes"), axes.first == 0,
          axes.sorted() == Array(0...input.shape.count)
        else { throw KerasProblem.unsupported("it moves the batch") }
        return try conversion.permuted(input, axes.dropFirst().map { $0 - 1 })
      },
      KerasLayerRule("ExpandDims") { conversion, node in
        let input = try conversion.value(plainInput(node), in: .plain)
        let given = try node.settings.integers("axis") ?? []
        let rank = input.shape.count + 1 + given.count
        let axes = given.map { $0 < 0 ? $0 + rank : $0 }.sorted()
        guard axes.allSatisfy((1..<rank).contains), Set(axes).count == axes.count, rank <= Shape.mostAxes else {
          throw KerasProblem.unsupported("its axes \(given) are the batch's, or none of its input's")
        }
        var shape = input.shape
        for axis in axes { shape.insert(1, at: axis - 1) }
        return try conversion.reshaped(input, shape, .plain)
      },
      KerasLayerRule("Square") { conversion, node in
        let input = try plainInput(node)
        let (source, shape) = try conversion.add(
          "multiply", [input.source, input.source], shapes: [input.shape, input.shape])
        return KerasValue(source, shape: shape, order: input.order)
      },
      KerasLayerRule("Power") { conversion, node in
        guard node.inputs.count == 1, node.constantPlaces == [1], let power = node.constants.first?.anyNumber else {
          throw KerasProblem.unsupported("its exponent is no number")
        }
        let input = try node.input()
        return try conversion.onnx(
          "Pow", version: 15, input, arguments: ["input", "constant"], constants: [Tensor([Float(power)], [1])],
          shape: input.shape)
      },
    ]

  /// Operators of ONNX of the same function.
  private static let unary = [
    "Negative": "Neg", "Absolute": "Abs", "Sqrt": "Sqrt", "Exp": "Exp", "Log": "Log", "Sin": "Sin", "Cos": "Cos",
    "Reciprocal": "Reciprocal", "Sign": "Sign", "Floor": "Floor", "Ceil": "Ceil",
  ]

  /// What the setting `activation` of layers calls the same.
  private static let activations = [
    "Relu": "relu", "Relu6": "relu6", "Sigmoid": "sigmoid", "Tanh": "tanh", "Silu": "silu", "Softplus": "softplus",
    "Softsign": "softsign", "HardSigmoid": "hard_sigmoid", "HardSilu": "hard_silu", "HardTanh": "hard_tanh",
    "Selu": "selu", "LogSigmoid": "log_sigmoid", "TanhShrink": "tanh_shrink", "SparseSigmoid": "sparse_sigmoid",
  ]

  /// Over axes that they are told.
  private static let reductions = ["Mean": "ReduceMean", "Max": "ReduceMax", "Min": "ReduceMin", "Sum": "ReduceSum"]

  private static func reduced(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ operation: String
  ) throws -> KerasValue {
    let input = try conversion.value(plainInput(node), in: .plain)
    let rank = input.shape.count + 1
    let given = try node.settings.integers("axis") ?? []
    let axes = given.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    guard !axes.isEmpty, axes.allSatisfy((1..<rank).contains), Set(axes).count == axes.count else {
      throw KerasProblem.unsupported("its axes \(given) are not its input's, without the batch")
    }
    let keeps = try node.settings.flag("keepdims", default: false)
    let kept = input.shape.indices.compactMap { axis in
      axes.contains(axis + 1) ? (keeps ? 1 : nil) : input.shape[axis]
    }
    guard !kept.isEmpty else {
      throw KerasProblem.unsupported(
        "it leaves one number of each example, without axes; let it keep them by 'keepdims'")
    }
    return try conversion.onnx(
      operation, version: 11, input,
      attributes: ["axes": .array(axes.map { .integer($0) }), "keepdims": .integer(keeps ? 1 : 0)], shape: kept)
  }

  private static func shrunk(
    _ conversion: inout KerasConversion, _ node: KerasNode, isSoft: Bool
  ) throws -> KerasValue {
    let (input, threshold) = (try plainInput(node), try node.settings.number("threshold", default: 0.5))
    return try conversion.onnx(
      "Shrink", version: 9, input,
      attributes: ["lambd": .number(threshold), "bias": .number(isSoft ? threshold : 0)], shape: input.shape)
  }

  private static func plainInput(_ node: KerasNode) throws -> KerasValue {
    guard node.constants.isEmpty else { throw KerasProblem.unsupported("it is told more than its input") }
    return try node.input()
  }
}
