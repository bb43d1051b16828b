import FoveaCore

// Add, Sub, Mul, Div, Pow, Mod and what takes several inputs: element by element, with broadcasting.
extension ONNXOperators {
  static let arithmetic: [ONNXOperator] = [
    .one("Add") { try $0.combined(float: { $0 + $1 }, number: { $0 + $1 }) { a, b, _ in a &+ b } },
    .one("Sub") { try $0.combined(float: { $0 - $1 }, number: { $0 - $1 }) { a, b, _ in a &- b } },
    .one("Mul") { try $0.combined(float: { $0 * $1 }, number: { $0 * $1 }) { a, b, _ in a &* b } },
    .one("Div") { try $0.combined(float: { $0 / $1 }, number: { $0 / $1 }, whole: Wholes.quotient) },
    .one("Pow", power),
    .one("Mod", modulo),
    .one("Max") { try $0.folded(Numbers.larger) { a, b, u in u ? Wholes.unsigned(a, b, max) : max(a, b) } },
    .one("Min") { try $0.folded(Numbers.smaller) { a, b, u in u ? Wholes.unsigned(a, b, min) : min(a, b) } },
    .one("Sum") { try $0.folded(+) { a, b, _ in a &+ b } },
    .one("Mean") { call in
      let count = Double(call.inputs.count)
      let sum = try call.folded(+) { a, b, _ in a &+ b }
      return .make(sum.type, numbers: sum.numbers.map { $0 / count }, sum.dimensions)
    },
    .one("PRelu") { call in
      let input = try call.tensor(0)
      var slope = try call.tensor(1)
      // Early versions have one for each channel.
      if slope.rank == 1, input.rank > 2, slope.dimensions[0] == input.dimensions[1], slope.dimensions[0] != 1,
        call.version < 7
      {
        slope = slope.reshaped(slope.dimensions + Array(repeating: 1, count: input.rank - 2))
      }
      guard try Strides.broadcast([input.dimensions, slope.dimensions]) == input.dimensions else {
        throw Problem("a slope of \(slope.dimensions) does not go with an input of \(input.dimensions)")
      }
      let slopes = slope.broadcast(to: input.dimensions).numbers
      return .make(
        input.type, numbers: zip(input.numbers, slopes).map { $0 < 0 ? $0 * $1 : $0 }, input.dimensions)
    },
  ]

  private static func power(_ call: ONNXCall) throws -> ONNXTensor {
    let (base, exponent, dimensions) = try call.pair()
    guard base.type.isInteger else {
      let numbers = zip(base.numbers, exponent.numbers).map { Numbers.power($0, $1) }
      return .make(base.type, numbers: numbers, dimensions)
    }
    guard exponent.type.isInteger else {
      return .make(
        base.type, numbers: zip(base.numbers, exponent.numbers).map { Numbers.power($0, $1) }, dimensions)
    }
    let wholes = zip(base.wholes, exponent.wholes).map { base, exponent -> Int64 in
      guard exponent >= 0 else { return base == 1 ? 1 : base == -1 ? (exponent & 1 == 0 ? 1 : -1) : 0 }
      var (result, factor, rest) = (1 as Int64, base, exponent)
      while rest > 0 {
        if rest & 1 == 1 { result = result &* factor }
        factor = factor &* factor
        rest >>= 1
      }
      return result
    }
    return .make(base.type, wholes: wholes, dimensions)
  }

  private static func modulo(_ call: ONNXCall) throws -> ONNXTensor {
    let asC = try call.flag("fmod")
    return try call.combined(float: nil) { a, b in
      let rest = a.truncatingRemainder(dividingBy: b)
      return asC || rest == 0 || (rest < 0) == (b < 0) ? rest : rest + b
    } whole: { a, b, isUnsigned in
      guard b != 0 else { throw Problem("a whole number is divided by 0") }
      if isUnsigned { return Wholes.unsigned(a, b, %) }
      let rest = b == -1 ? 0 : a % b
      return asC || rest == 0 || (rest < 0) == (b < 0) ? rest : rest + b
    }
  }
}

/// Whole numbers of all widths, in 64 bits.
enum Wholes {
  static func unsigned(_ a: Int64, _ b: Int64, _ body: (UInt64, UInt64) -> UInt64) -> Int64 {
    Int64(bitPattern: body(UInt64(bitPattern: a), UInt64(bitPattern: b)))
  }

  static func quotient(_ a: Int64, _ b: Int64, isUnsigned: Bool) throws -> Int64 {
    guard b != 0 else { throw Problem("a whole number is divided by 0") }
    if isUnsigned { return unsigned(a, b, /) }
    return b == -1 ? 0 &- a : a / b
  }
}

enum Numbers {
  // As NumPy does: what is no number goes through.
  static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
  static func smaller(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : min(a, b) }
}

extension ONNXCall {
  /// Two inputs, element by element.
  ///
  /// - Parameters:
  ///   - float: for float32, where it is quick.
  ///   - whole: for whole numbers, and whether these have no sign and 64 bits.
  func combined(
    float: ((Float, Float) -> Float)? = nil, number: (Double, Double) -> Double,
    whole: (Int64, Int64, Bool) throws -> Int64
  ) throws -> ONNXTensor {
    if let float, let quick = try quick(float) { return quick }
    let (a, b, dimensions) = try pair()
    guard a.type != .string, a.type != .bool else { throw Problem("it does not take elements of type \(a.type.name)") }
    if a.type.isInteger {
      let isUnsigned = a.type == .uint64
      return .make(a.type, wholes: try zip(a.wholes, b.wholes).map { try whole($0, $1, isUnsigned) }, dimensions)
    }
    return .make(a.type, numbers: zip(a.numbers, b.numbers).map(number), dimensions)
  }

  /// Of floats of the same dimensions, or where one is a scalar.
  private func quick(_ body: (Float, Float) -> Float) throws -> ONNXTensor? {
    let (a, b) = (try tensor(0), try tensor(1))
    guard a.type == .float32, b.type == .float32 else { return nil }
    if a.dimensions == b.dimensions {
      return ONNXTensor(zip(a.elements(of: Float.self), b.elements(of: Float.self)).map(body), a.dimensions)
    }
    if b.count == 1, b.rank <= a.rank, let value = b.floats.first {
      return ONNXTensor(a.elements(of: Float.self).map { body($0, value) }, a.dimensions)
    }
    return nil
  }

  /// All inputs, one after the other.
  func folded(
    _ number: (Double, Double) -> Double, whole: (Int64, Int64, Bool) -> Int64
  ) throws -> ONNXTensor {
    let (all, dimensions) = try broadcast(try tensors())
    let type = all[0].type
    guard all.allSatisfy({ $0.type == type }), type != .string, type != .bool else {
      throw Problem("its inputs must be numbers of one type")
    }
    if type.isInteger {
      var result = all[0].wholes
      for next in all.dropFirst() {
        result = zip(result, next.wholes).map { whole($0, $1, type == .uint64) }
      }
      return .make(type, wholes: result, dimensions)
    }
    var result = all[0].numbers
    for next in all.dropFirst() { result = zip(result, next.numbers).map(number) }
    return .make(type, numbers: result, dimensions)
  }
}
