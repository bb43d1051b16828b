import FoveaCore

/// Functions of one value that Keras 3 saves as layers, such as `-x`, `x ** 2` and `keras.ops.relu(x)`.
enum KerasOperations {
  static let all: [KerasLayerRule] =
    unary.map { className, operation in
      KerasLayerRule(className) { conversion, node in
        let input = try plainInput(node)
        return try conversion.onnx(operation, version: 13, input, shape: input.shape)
      }
    } + [
      activation("Relu", "relu"), activation("Relu6", "relu6"), activation("Sigmoid", "sigmoid"),
      activation("Tanh", "tanh"), activation("Silu", "silu"), activation("Softplus", "softplus"),
      activation("Softsign", "softsign"), activation("HardSigmoid", "hard_sigmoid"),
      activation("HardSilu", "hard_silu"),
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
  ]

  private static func plainInput(_ node: KerasNode) throws -> KerasValue {
    guard node.constants.isEmpty else { throw KerasProblem.unsupported("it is told more than its input") }
    return try node.input()
  }

  private static func activation(_ className: String, _ name: String) -> KerasLayerRule {
    KerasLayerRule(className) { conversion, node in
      try conversion.activated(plainInput(node), .string(name), part: "")
    }
  }
}
