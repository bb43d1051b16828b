import Foundation

// The largest, the mean or another norm under a window, or over all of space.
extension ONNXOperators {
  static let poolings: [ONNXOperator] = [
    .several("MaxPool", maximum),
    .one("AveragePool") { call in
      let countsPadding = try call.flag("count_include_pad")
      return try pooled(call) { numbers, counted in
        numbers.reduce(0, +) / Double(countsPadding ? counted : max(numbers.count, 1))
      }
    },
    .one("LpPool") { call in
      let p = try call.float("p", int: "p", default: 2)
      return try pooled(call) { numbers, _ in pow(numbers.reduce(0) { $0 + pow($1.magnitude, p) }, 1 / p) }
    },
    global("GlobalAveragePool") { _ in { $0.reduce(0, +) / Double($0.count) } },
    global("GlobalMaxPool") { _ in { $0.reduce(-.infinity, Numbers.larger) } },
    global("GlobalLpPool") { call in
      let p = try call.float("p", int: "p", default: 2)
      return { row in pow(row.reduce(0) { $0 + pow($1.magnitude, p) }, 1 / p) }
    },
    .one("MaxUnpool") { call in
      let (input, indices) = (try call.tensor(0), try call.tensor(1))
      guard input.rank >= 3, input.dimensions == indices.dimensions else {
        throw Problem("\(input.dimensions) does not go with indices of \(indices.dimensions)")
      }
      let rank = input.rank - 2
      let kernel = try call.extents("kernel_shape", rank, default: 1, least: 1)
      let strides = try call.extents("strides", rank, default: 1, least: 1)
      let pads = try call.extents("pads", 2 * rank, default: 0, least: 0)
      let space = (0..<rank).map {
        (input.dimensions[2 + $0] - 1) * strides[$0] + kernel[$0] - pads[$0] - pads[rank + $0]
      }
      let natural = Array(input.dimensions[..<2]) + space
      let target = call.isGiven(2) ? try call.ints(at: 2) : natural
      let count = try call.count(target)
      _ = try call.count(natural)
      guard target.count == natural.count else { throw Problem("an output of \(target) for \(input.dimensions)") }
      let strides1 = Strides.plain(natural)
      let targetStrides = Strides.plain(target)
      let places = try indices.wholes.map { index -> Int in
        guard index >= 0, index < natural.reduce(1, *) else { throw Problem("an index of \(index) in \(natural)") }
        // Indices count in the output's natural dimensions, whatever is asked for.
        let place = natural.indices.reduce(0) {
          $0 + Int(index) / strides1[$1] % natural[$1] * targetStrides[$1]
        }
        guard place < count else { throw Problem("an index of \(index) in \(target)") }
        return place
      }
      return ONNXTensor.make(input.type, repeating: 0, target).replacing(places, with: input)
    },
  ]

  private static func pooled(
    _ call: ONNXCall, _ body: ([Double], Int) -> Double
  ) throws -> ONNXTensor {
    let input = try call.tensor(0)
    guard input.rank >= 3 else { throw Problem("it goes over axes in space, but gets \(input.dimensions)") }
    let window = try Window(call, input: Array(input.dimensions[2...]), isPooling: true)
    let target = Array(input.dimensions[..<2]) + window.output
    try call.work(try call.count(target), window.kernel.reduce(1, *))
    let numbers = input.numbers
    let size = window.input.reduce(1, *)
    let planes = input.dimensions[0] * input.dimensions[1]
    let outputSize = window.output.reduce(1, *)
    var result = Array(repeating: 0.0, count: planes * outputSize)
    var place = 0
    Strides.eachCoordinate(window.output) { at in
      let (places, counted) = window.places(at: at)
      for plane in 0..<planes {
        result[plane * outputSize + place] = body(places.map { numbers[plane * size + $0] }, counted)
      }
      place += 1
    }
    return .make(input.type, numbers: result, target)
  }

  private static func maximum(_ call: ONNXCall) throws -> [ONNXTensor] {
    let input = try call.tensor(0)
    guard input.rank >= 3 else { throw Problem("it goes over axes in space, but gets \(input.dimensions)") }
    let window = try Window(call, input: Array(input.dimensions[2...]), isPooling: true)
    let target = Array(input.dimensions[..<2]) + window.output
    try call.work(try call.count(target), window.kernel.reduce(1, *))
    let numbers = input.numbers
    let size = window.input.reduce(1, *)
    let planes = input.dimensions[0] * input.dimensions[1]
    let outputSize = window.output.reduce(1, *)
    let byColumns = try call.int("storage_order", default: 0) == 1
    let strides = Strides.plain(window.input)
    var result = Array(repeating: -Double.infinity, count: planes * outputSize)
    var indices = Array(repeating: 0 as Int64, count: planes * outputSize)
    var place = 0
    Strides.eachCoordinate(window.output) { at in
      let places = window.places(at: at).places
      for plane in 0..<planes {
        var (best, winner) = (-Double.infinity, places.first ?? 0)
        for candidate in places {
          let value = numbers[plane * size + candidate]
          if value > best || value.isNaN { (best, winner) = (value, candidate) }
          if value.isNaN { break }
        }
        if byColumns, !places.isEmpty {
          var (index, step) = (0, 1)
          for axis in window.input.indices {
            index += winner / strides[axis] % window.input[axis] * step
            step *= window.input[axis]
          }
          winner = index
        }
        result[plane * outputSize + place] = best
        indices[plane * outputSize + place] = Int64(plane * size + winner)
      }
      place += 1
    }
    return [.make(input.type, numbers: result, target), ONNXTensor(indices, target)]
  }

  private static func global(
    _ name: String, _ body: @escaping @Sendable (ONNXCall) throws -> ([Double]) -> Double
  ) -> ONNXOperator {
    .one(name) { call in
      let input = try call.tensor(0)
      guard input.rank >= 2, input.count > 0 else { throw Problem("it goes over space, but gets \(input.dimensions)") }
      let size = input.dimensions[2...].reduce(1, *)
      let numbers = input.numbers
      let body = try body(call)
      let results = (0..<input.dimensions[0] * input.dimensions[1]).map {
        body(Array(numbers[$0 * size..<($0 + 1) * size]))
      }
      return .make(
        input.type, numbers: results, Array(input.dimensions[..<2]) + Array(repeating: 1, count: input.rank - 2))
    }
  }
}

extension ONNXCall {
  /// A number that early versions wrote as a float, and later ones as a whole number.
  func float(_ name: String, int: String, default value: Double) throws -> Double {
    if case .integer(let whole)? = attributes[int] { return Double(whole) }
    return try float(name, default: value)
  }
}
