// Elements as others.
extension ONNXOperators {
  static let casts: [ONNXOperator] = [
    .one("Cast") { call in
      guard let type = try call.elementType("to") else { throw Problem("attribute 'to' is missing") }
      return try cast(try call.tensor(0), to: type, call)
    },
    .one("CastLike") { try cast(try $0.tensor(0), to: try $0.tensor(1).type, $0) },
    .one("BitCast") { call in
      guard let type = try call.elementType("to") else { throw Problem("attribute 'to' is missing") }
      let input = try call.tensor(0)
      guard let width = input.type.bitCount, width == type.bitCount else {
        throw Problem("\(input.type.name) and \(type.name) are not of one width")
      }
      let bits = input.bits
      func made<T: ONNXElement>(_ type: T.Type) -> ONNXTensor { ONNXTensor(bits.map(T.init(bits:)), input.dimensions) }
      return made(type.swiftType)
    },
  ]

  static func cast(_ input: ONNXTensor, to type: ONNXElementType, _ call: ONNXCall) throws -> ONNXTensor {
    if input.type == .string, type != .string {
      let numbers = try input.strings.map { text -> Double in
        guard let number = number(text) else { throw Problem("'\(text)' is no number") }
        return number
      }
      if type.isInteger {
        // Large ones are more exact than doubles are.
        return .make(
          type, wholes: zip(input.strings, numbers).map { Int64($0) ?? $1.whole }, input.dimensions)
      }
      return .make(type, numbers: numbers, input.dimensions)
    }
    if type == .float8e8m0 {
      let mode = try call.text("round_mode", default: "up")
      return ONNXTensor(try input.numbers.map { try Float8E8M0($0, mode: mode) }, input.dimensions)
    }
    // As NumPy does: a whole number first, of which the lower bits stay.
    if type == .int4 || type == .uint4 { return .make(type, wholes: input.wholes, input.dimensions) }
    guard type.isSmallFloat, !(try call.flag("saturate", default: true)) else { return input.converted(to: type) }
    func made<T: SmallFloat>(_ type: T.Type) -> ONNXTensor {
      ONNXTensor(input.numbers.map { T($0, isSaturating: false) }, input.dimensions)
    }
    guard let small = type.swiftType as? any SmallFloat.Type else { return input.converted(to: type) }
    return made(small)
  }

  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "inf", "+inf", "infinity": .infinity
    case "-inf", "-infinity": -.infinity
    case "nan": .nan
    default: Double(text)
    }
  }
}

extension Float8E8M0 {
  init(_ number: Double, mode: String) throws {
    guard mode != "up", number.isFinite, number != 0 else {
      self.init(number: number)
      return
    }
    let (exponent, significand) = (Int(number.magnitude.exponent), number.magnitude.significand)
    let isUp: Bool
    switch mode {
    case "down": isUp = false
    case "nearest": isUp = significand >= 1.5
    default: throw Problem("attribute 'round_mode' must be up, down or nearest, but is '\(mode)'")
    }
    self.init(code: UInt8(max(0, min(254, exponent + (isUp ? 1 : 0) + 127))))
  }
}
