// The bits of whole numbers.
extension ONNXOperators {
  static let bits: [ONNXOperator] = [
    .one("BitwiseAnd") { try $0.combinedBits(&) },
    .one("BitwiseOr") { try $0.combinedBits(|) },
    .one("BitwiseXor") { try $0.combinedBits(^) },
    .one("BitwiseNot") { call in
      let input = try call.tensor(0)
      guard input.type.isInteger else { throw Problem("it takes whole numbers, but gets \(input.type.name)") }
      return .make(input.type, wholes: input.wholes.map { ~$0 }, input.dimensions)
    },
    .one("BitShift") { call in
      let direction = try call.text("direction", default: "")
      guard direction == "LEFT" || direction == "RIGHT" else {
        throw Problem("attribute 'direction' must be LEFT or RIGHT, but is '\(direction)'")
      }
      let (a, b, dimensions) = try call.pair()
      guard a.type.isInteger, b.type.isInteger, let width = a.type.bitCount else {
        throw Problem("it takes whole numbers, but gets \(a.type.name) and \(b.type.name)")
      }
      let wholes = zip(a.wholes, b.wholes).map { value, by -> Int64 in
        guard by >= 0, by < width else { return 0 }
        return Int64(
          bitPattern: direction == "LEFT" ? UInt64(bitPattern: value) << by : UInt64(bitPattern: value) >> by)
      }
      return .make(a.type, wholes: wholes, dimensions)
    },
  ]
}

extension ONNXCall {
  fileprivate func combinedBits(_ body: (Int64, Int64) -> Int64) throws -> ONNXTensor {
    let (a, b, dimensions) = try pair()
    guard a.type.isInteger else { throw Problem("it takes whole numbers, but gets \(a.type.name)") }
    return .make(a.type, wholes: zip(a.wholes, b.wholes).map(body), dimensions)
  }
}
