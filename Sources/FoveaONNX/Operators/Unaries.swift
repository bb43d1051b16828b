import Foundation

// One number in, one number out, without settings.
extension ONNXOperators {
  static let unaries: [ONNXOperator] = [
    mapping("Abs") {
      $0.magnitude
    } whole: {
      $0 < 0 ? 0 &- $0 : $0
    },
    mapping("Neg") {
      -$0
    } whole: {
      0 &- $0
    },
    mapping("Sign") {
      $0 > 0 ? 1 : $0 < 0 ? -1 : $0
    } whole: {
      $0.signum()
    },
    mapping("Ceil") { $0.rounded(.up) },
    mapping("Floor") { $0.rounded(.down) },
    mapping("Round") { $0.rounded(.toNearestOrEven) },
    mapping("Sqrt") { $0.squareRoot() },
    mapping("Reciprocal") { 1 / $0 },
    mapping("Exp") { Foundation.exp($0) },
    mapping("Log") { Foundation.log($0) },
    mapping("Erf") { Foundation.erf($0) },
    mapping("Sin") { Foundation.sin($0) },
    mapping("Cos") { Foundation.cos($0) },
    mapping("Tan") { Foundation.tan($0) },
    mapping("Asin") { Foundation.asin($0) },
    mapping("Acos") { Foundation.acos($0) },
    mapping("Atan") { Foundation.atan($0) },
    mapping("Sinh") { Foundation.sinh($0) },
    mapping("Cosh") { Foundation.cosh($0) },
    mapping("Tanh") { Foundation.tanh($0) },
    mapping("Asinh") { Foundation.asinh($0) },
    mapping("Acosh") { Foundation.acosh($0) },
    mapping("Atanh") { Foundation.atanh($0) },
  ]

  private static func mapping(
    _ name: String, _ number: @escaping @Sendable (Double) -> Double, whole: (@Sendable (Int64) -> Int64)? = nil
  ) -> ONNXOperator {
    .one(name) { call in
      let input = try call.tensor(0)
      if input.type.isInteger, let whole {
        return .make(
          input.type, wholes: input.type == .uint64 ? input.wholes : input.wholes.map(whole), input.dimensions)
      }
      return try call.mapped(number)
    }
  }
}

extension Numbers {
  static func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }
}

extension ONNXCall {
  /// The first input, which must be floats, element by element.
  func mapped(_ body: (Double) -> Double) throws -> ONNXTensor {
    let input = try tensor(0)
    guard input.type.isFloat else { throw Problem("it takes floats, but gets \(input.type.name)") }
    if input.type == .float32 {
      return ONNXTensor(input.elements(of: Float.self).map { Float(body(Double($0))) }, input.dimensions)
    }
    return .make(input.type, numbers: input.numbers.map(body), input.dimensions)
  }
}
