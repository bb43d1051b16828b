import Foundation

// Activations, most with settings, element by element; Softmax and its like along an axis.
extension ONNXOperators {
  static let activations: [ONNXOperator] = [
    .one("Relu") { call in
      let input = try call.tensor(0)
      if input.type.isInteger { return .make(input.type, wholes: input.wholes.map { max($0, 0) }, input.dimensions) }
      return try call.mapped { $0 < 0 ? 0 : $0 }
    },
    .one("Sigmoid") { try $0.mapped(Squash.sigmoid) },
    .one("Softplus") { try $0.mapped(Squash.softplus) },
    .one("Softsign") { try $0.mapped { $0 / (1 + $0.magnitude) } },
    .one("Mish") { try $0.mapped { $0 * tanh(Squash.softplus($0)) } },
    .one("HardSwish") { try $0.mapped { $0 * max(0, min(1, $0 / 6 + 0.5)) } },
    .one("Swish") { call in
      let alpha = try call.float("alpha", default: 1)
      return try call.mapped { $0 * Squash.sigmoid(alpha * $0) }
    },
    .one("LeakyRelu") { call in
      let alpha = try call.float("alpha", default: 0.01)
      return try call.mapped { $0 < 0 ? alpha * $0 : $0 }
    },
    .one("ThresholdedRelu") { call in
      let alpha = try call.float("alpha", default: 1)
      return try call.mapped { $0 > alpha ? $0 : 0 }
    },
    .one("Elu") { call in
      let alpha = try call.float("alpha", default: 1)
      return try call.mapped { $0 < 0 ? alpha * expm1($0) : $0 }
    },
    .one("Celu") { call in
      let alpha = try call.float("alpha", default: 1)
      return try call.mapped { max(0, $0) + min(0, alpha * expm1($0 / alpha)) }
    },
    .one("Selu") { call in
      let alpha = try call.float("alpha", default: 1.67326319217681884765625)
      let gamma = try call.float("gamma", default: 1.05070102214813232421875)
      return try call.mapped { $0 > 0 ? gamma * $0 : gamma * alpha * expm1($0) }
    },
    .one("HardSigmoid") { call in
      let (alpha, beta) = (try call.float("alpha", default: 0.2), try call.float("beta", default: 0.5))
      return try call.mapped { max(0, min(1, alpha * $0 + beta)) }
    },
    .one("Gelu") { call in
      switch try call.text("approximate", default: "none") {
      case "none": return try call.mapped { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
      case "tanh":
        let scale = (2 / Double.pi).squareRoot()
        return try call.mapped { 0.5 * $0 * (1 + tanh(scale * ($0 + 0.044715 * $0 * $0 * $0))) }
      case let other: throw Problem("attribute 'approximate' must be none or tanh, but is '\(other)'")
      }
    },
    .one("Shrink") { call in
      let (bias, lambda) = (try call.float("bias", default: 0), try call.float("lambd", default: 0.5))
      let input = try call.tensor(0)
      let numbers = input.numbers.map { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 }
      return .make(input.type, numbers: numbers, input.dimensions)
    },
    .one("Clip", clip),
    .one("Softmax") { call in
      try alongAxis(call) { row in
        let largest = row.max() ?? 0
        let powers = row.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
    },
    .one("LogSoftmax") { call in
      try alongAxis(call) { row in
        let largest = row.max() ?? 0
        let rest = log(row.reduce(0) { $0 + exp($1 - largest) })
        return row.map { $0 - largest - rest }
      }
    },
    .one("Hardmax") { call in
      try alongAxis(call) { row in
        let winner = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }
        return row.indices.map { $0 == winner ? 1 : 0 }
      }
    },
  ]

  /// Since operator set 13 along one axis; before, over all from one on.
  private static func alongAxis(_ call: ONNXCall, _ body: ([Double]) -> [Double]) throws -> ONNXTensor {
    let input = try call.tensor(0)
    guard input.rank > 0 else { return .make(input.type, numbers: body(input.numbers), []) }
    let isNew = call.version >= 13
    let axis = try call.axis(call.int("axis", default: isNew ? -1 : 1), rank: max(input.rank, isNew ? 0 : 2))
    let extent = isNew ? input.dimensions[axis] : input.dimensions[axis...].reduce(1, *)
    let inner = isNew ? input.dimensions[(axis + 1)...].reduce(1, *) : 1
    let outer = input.dimensions[..<axis].reduce(1, *)
    var numbers = input.numbers
    guard extent > 0 else { return input }
    for row in 0..<outer {
      for column in 0..<inner {
        let start = row * extent * inner + column
        let result = body((0..<extent).map { numbers[start + $0 * inner] })
        for index in 0..<extent { numbers[start + index * inner] = result[index] }
      }
    }
    return .make(input.type, numbers: numbers, input.dimensions)
  }

  private static func clip(_ call: ONNXCall) throws -> ONNXTensor {
    let input = try call.tensor(0)
    if input.type.isInteger {
      let low = try call.optionalTensor(1)?.wholes.first
      let high = try call.optionalTensor(2)?.wholes.first
      let isUnsigned = input.type == .uint64
      let wholes = input.wholes.map { value -> Int64 in
        var value = value
        if let low { value = isUnsigned ? Wholes.unsigned(value, low, max) : max(value, low) }
        if let high { value = isUnsigned ? Wholes.unsigned(value, high, min) : min(value, high) }
        return value
      }
      return .make(input.type, wholes: wholes, input.dimensions)
    }
    let isNew = call.version >= 11
    let low = isNew ? try call.optionalTensor(1)?.numbers.first : try call.float("min")
    let high = isNew ? try call.optionalTensor(2)?.numbers.first : try call.float("max")
    return try call.mapped { value in
      var value = value
      if let low, value < low { value = low }
      if let high, value > high { value = high }
      return value
    }
  }
}

enum Squash {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-x.magnitude)) }
}
