// Floats as whole numbers with a scale and a zero, and back.
extension ONNXOperators {
  static let quantization: [ONNXOperator] = [
    .one("QuantizeLinear") { call in
      let (input, scale) = (try call.tensor(0), try call.tensor(1))
      let zero = try call.optionalTensor(2)
      let type = try zero?.type ?? call.elementType("output_dtype") ?? .uint8
      let scales = try spread(scale, over: input, call)
      let zeros = try zero.map { try spread($0, over: input, call) }
      let numbers = input.numbers
      // In the precision of the input, since it decides what lies halfway.
      let isDouble = input.type == .float64
      let divided = numbers.indices.map {
        isDouble ? numbers[$0] / scales[$0] : Double(Float(numbers[$0]) / Float(scales[$0]))
      }
      if type.isSmallFloat {
        let shifted = zeros.map { zeros in zip(divided, zeros).map { $0 + $1 } } ?? divided
        return try cast(.make(.float32, numbers: shifted, input.dimensions), to: type, call)
      }
      guard type.isInteger else { throw Problem("it makes whole numbers, and no \(type.name)") }
      return .make(
        type,
        numbers: divided.indices.map { divided[$0].rounded(.toNearestOrEven) + (zeros?[$0] ?? 0) }, input.dimensions)
    },
    .one("DequantizeLinear") { call in
      let (input, scale) = (try call.tensor(0), try call.tensor(1))
      let scales = try spread(scale, over: input, call)
      let zeros = try call.optionalTensor(2).map { try spread($0, over: input, call) }
      let numbers = input.numbers
      return .make(
        try call.elementType("output_dtype") ?? scale.type,
        numbers: numbers.indices.map { (numbers[$0] - (zeros?[$0] ?? 0)) * scales[$0] }, input.dimensions)
    },
    .several("DynamicQuantizeLinear") { call in
      let input = try call.tensor(0)
      let numbers = input.numbers
      let (low, high) = (min(0, numbers.min() ?? 0), max(0, numbers.max() ?? 0))
      let scale = Float(high - low) / 255
      let zero = scale == 0 ? 0 : max(0, min(255, Double((Float(-low) / scale).rounded(.toNearestOrEven))))
      let result = numbers.map { scale == 0 ? zero : Double((Float($0) / scale).rounded(.toNearestOrEven)) + zero }
      return [
        .make(.uint8, numbers: result, input.dimensions), ONNXTensor(scalar: scale),
        .make(.uint8, numbers: [zero], []),
      ]
    },
  ]

  /// Scales or zeros for each element: one for all, one along an axis, or one for each block of an axis.
  private static func spread(_ factors: ONNXTensor, over input: ONNXTensor, _ call: ONNXCall) throws -> [Double] {
    let numbers = factors.numbers
    let count = input.count
    let block = try call.int("block_size", default: 0)
    if numbers.count == 1, factors.rank < 2 || block == 0 { return Array(repeating: numbers[0], count: count) }
    let axis = try call.axis(call.int("axis", default: 1), rank: input.rank)
    let inner = input.dimensions[(axis + 1)...].reduce(1, *)
    let extent = input.dimensions[axis]
    if factors.rank == 1, block == 0 {
      guard numbers.count == extent else {
        throw Problem("\(numbers.count) scales or zeros for axis \(axis) of \(input.dimensions)")
      }
      return (0..<count).map { numbers[$0 / inner % extent] }
    }
    let expected = input.dimensions.enumerated().map { $0 == axis && block > 0 ? ($1 + block - 1) / block : $1 }
    guard block > 0, factors.dimensions == expected else {
      throw Problem(
        "scales or zeros of \(factors.dimensions) for blocks of \(block) along axis \(axis) of \(input.dimensions)")
    }
    let blocks = expected[axis]
    return (0..<count).map {
      numbers[($0 / (inner * extent) * blocks + $0 / inner % extent / block) * inner + $0 % inner]
    }
  }
}
