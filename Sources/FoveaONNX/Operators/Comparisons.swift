// Equal, Less, And, Where and the like, with broadcasting.
extension ONNXOperators {
  static let comparisons: [ONNXOperator] = [
    .one("Equal") { call in
      let (a, b, dimensions) = try call.pair()
      if a.type == .string { return ONNXTensor(zip(a.strings, b.strings).map { $0 == $1 }, dimensions) }
      return try call.compared {
        $0 == $1
      } whole: { a, b, _ in
        a == b
      }
    },
    .one("Less") { try $0.compared(<) { a, b, u in u ? UInt64(bitPattern: a) < UInt64(bitPattern: b) : a < b } },
    .one("LessOrEqual") {
      try $0.compared(<=) { a, b, u in u ? UInt64(bitPattern: a) <= UInt64(bitPattern: b) : a <= b }
    },
    .one("Greater") { try $0.compared(>) { a, b, u in u ? UInt64(bitPattern: a) > UInt64(bitPattern: b) : a > b } },
    .one("GreaterOrEqual") {
      try $0.compared(>=) { a, b, u in u ? UInt64(bitPattern: a) >= UInt64(bitPattern: b) : a >= b }
    },
    .one("And") { try $0.logic { $0 && $1 } },
    .one("Or") { try $0.logic { $0 || $1 } },
    .one("Xor") { try $0.logic { $0 != $1 } },
    .one("Not") { call in
      let input = try call.tensor(0)
      guard input.type == .bool else { throw Problem("it takes bools, but gets \(input.type.name)") }
      return ONNXTensor(input.elements(of: Bool.self).map { !$0 }, input.dimensions)
    },
    .one("Where") { call in
      let (condition, a, b) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
      guard condition.type == .bool, a.type == b.type else {
        throw Problem(
          "it takes bools and two tensors of one type, but gets \(condition.type.name), \(a.type.name), \(b.type.name)")
      }
      let (all, dimensions) = try call.broadcast([condition, a, b])
      // One after the other, so that each element is picked from one or the other.
      let joined = ONNXTensor.joining([all[1].reshaped([all[1].count]), all[2].reshaped([all[2].count])], axis: 0)
      let count = all[1].count
      let places = all[0].elements(of: Bool.self).enumerated().map { $1 ? $0 : count + $0 }
      return joined.picking(places, dimensions)
    },
    .one("IsNaN") { call in
      let input = try call.tensor(0)
      return ONNXTensor(input.numbers.map(\.isNaN), input.dimensions)
    },
    .one("IsInf") { call in
      let input = try call.tensor(0)
      let (negative, positive) = (
        try call.flag("detect_negative", default: true), try call.flag("detect_positive", default: true)
      )
      return ONNXTensor(
        input.numbers.map { $0.isInfinite && ($0 < 0 ? negative : positive) }, input.dimensions)
    },
  ]
}

extension ONNXCall {
  func compared(
    _ number: (Double, Double) -> Bool, whole: (Int64, Int64, Bool) -> Bool
  ) throws -> ONNXTensor {
    let (a, b, dimensions) = try pair()
    guard a.type != .string else { throw Problem("it does not take text") }
    if a.type.isFloat { return ONNXTensor(zip(a.numbers, b.numbers).map(number), dimensions) }
    return ONNXTensor(zip(a.wholes, b.wholes).map { whole($0, $1, a.type == .uint64) }, dimensions)
  }

  func logic(_ body: (Bool, Bool) -> Bool) throws -> ONNXTensor {
    let (a, b, dimensions) = try pair()
    guard a.type == .bool, b.type == .bool else {
      throw Problem("it takes bools, but gets \(a.type.name) and \(b.type.name)")
    }
    return ONNXTensor(zip(a.elements(of: Bool.self), b.elements(of: Bool.self)).map(body), dimensions)
  }
}
