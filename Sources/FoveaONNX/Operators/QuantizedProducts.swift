// Convolutions and products of whole numbers.
extension ONNXOperators {
  static let quantizedProducts: [ONNXOperator] = [
    .one("ConvInteger") { call in
      let (input, weights) = (try call.tensor(0), try call.tensor(1))
      let convolution = try Convolution(call, input: input.dimensions, weights: weights.dimensions)
      let result = convolution.forward(
        try centered(input, zero: call.optionalTensor(2), axis: nil),
        try centered(weights, zero: call.optionalTensor(3), axis: 0), bias: nil)
      return .make(.int32, numbers: result, convolution.target)
    },
    .one("QLinearConv") { call in
      let (input, weights) = (try call.tensor(0), try call.tensor(3))
      let convolution = try Convolution(call, input: input.dimensions, weights: weights.dimensions)
      let bias = try call.optionalTensor(8)?.numbers
      guard bias.map({ $0.count == convolution.outputChannels }) ?? true else {
        throw Problem("a bias of \(bias?.count ?? 0) for \(convolution.outputChannels) channels")
      }
      let result = convolution.forward(
        try centered(input, zero: try call.tensor(2), axis: nil),
        try centered(weights, zero: try call.tensor(5), axis: 0), bias: bias)
      let (inputScale, scales) = (try number(call, 1), try call.tensor(4).numbers)
      let (outputScale, zero) = (try number(call, 6), try call.tensor(7))
      guard scales.count == 1 || scales.count == convolution.outputChannels else {
        throw Problem("\(scales.count) scales for \(convolution.outputChannels) channels")
      }
      let size = convolution.window.output.reduce(1, *)
      let offset = zero.numbers.first ?? 0
      return .make(
        zero.type,
        numbers: result.indices.map { place in
          let scale = scales[scales.count == 1 ? 0 : place / size % convolution.outputChannels]
          return (result[place] * (inputScale * scale / outputScale)).rounded(.toNearestOrEven) + offset
        }, convolution.target)
    },
    .one("MatMulInteger") { call in
      let (a, b) = (try call.tensor(0), try call.tensor(1))
      let product = try MatrixProduct(a.dimensions, b.dimensions, call)
      let result = product.floats(
        try centered(a, zero: call.optionalTensor(2), axis: max(a.rank - 2, 0)),
        try centered(b, zero: call.optionalTensor(3), axis: max(b.rank - 1, 0)))
      return .make(.int32, numbers: result, product.target)
    },
    .one("QLinearMatMul") { call in
      let (a, b) = (try call.tensor(0), try call.tensor(3))
      let product = try MatrixProduct(a.dimensions, b.dimensions, call)
      let (rows, columns) = (max(a.rank - 2, 0), max(b.rank - 1, 0))
      let scaledA = try scaled(
        try centered(a, zero: try call.tensor(2), axis: rows), a.dimensions, by: try call.tensor(1), axis: rows)
      let scaledB = try scaled(
        try centered(b, zero: try call.tensor(5), axis: columns), b.dimensions, by: try call.tensor(4), axis: columns)
      let result = product.floats(scaledA, scaledB)
      let (scale, zero) = (try number(call, 6), try call.tensor(7))
      let offset = zero.numbers.first ?? 0
      return .make(
        zero.type, numbers: result.map { ($0 / scale).rounded(.toNearestOrEven) + offset }, product.target)
    },
  ]

  private static func number(_ call: ONNXCall, _ index: Int) throws -> Double {
    guard let first = try call.tensor(index).numbers.first else { throw Problem("input \(index) has no element") }
    return first
  }

  /// Less the zero, of which there is one, or one along an axis.
  private static func centered(_ tensor: ONNXTensor, zero: ONNXTensor?, axis: Int?) throws -> [Double] {
    guard let zero else { return tensor.numbers }
    return try combined(tensor.numbers, tensor.dimensions, zero, axis: axis, -)
  }

  private static func scaled(
    _ numbers: [Double], _ dimensions: [Int], by scale: ONNXTensor, axis: Int
  ) throws -> [Double] {
    try combined(numbers, dimensions, scale, axis: axis, *)
  }

  private static func combined(
    _ numbers: [Double], _ dimensions: [Int], _ factors: ONNXTensor, axis: Int?, _ body: (Double, Double) -> Double
  ) throws -> [Double] {
    let values = factors.numbers
    if values.count == 1 { return numbers.map { body($0, values[0]) } }
    guard let axis, axis < dimensions.count, values.count == dimensions[axis] else {
      throw Problem("\(values.count) zeros or scales for \(dimensions)")
    }
    let inner = dimensions[(axis + 1)...].reduce(1, *)
    return numbers.indices.map { body(numbers[$0], values[$0 / inner % dimensions[axis]]) }
  }
}
