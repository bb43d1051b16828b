import Foundation

// Several elements to one, along axes.
extension ONNXOperators {
  static let reductions: [ONNXOperator] = [
    reducing("ReduceSum") { $0.reduce(0, +) },
    reducing("ReduceMean") { $0.isEmpty ? .nan : $0.reduce(0, +) / Double($0.count) },
    reducing("ReduceProd") { $0.reduce(1, *) },
    reducing("ReduceMax") { $0.reduce(-.infinity, Numbers.larger) },
    reducing("ReduceMin") { $0.reduce(.infinity, Numbers.smaller) },
    reducing("ReduceL1") { $0.reduce(0) { $0 + $1.magnitude } },
    reducing("ReduceL2") { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
    reducing("ReduceLogSum") { log($0.reduce(0, +)) },
    reducing("ReduceSumSquare") { $0.reduce(0) { $0 + $1 * $1 } },
    reducing("ReduceLogSumExp") { row in
      guard let largest = row.max() else { return -.infinity }
      guard largest.isFinite else { return largest }
      return largest + log(row.reduce(0) { $0 + exp($1 - largest) })
    },
    .one("ArgMax") { try $0.extreme { $0 > $1 } },
    .one("ArgMin") { try $0.extreme { $0 < $1 } },
    .one("CumSum") { try cumulated($0, 0, +) },
    .one("CumProd") { try cumulated($0, 1, *) },
  ]

  private static func reducing(
    _ name: String, _ body: @escaping @Sendable ([Double]) -> Double
  ) -> ONNXOperator {
    .one(name) { call in
      let input = try call.tensor(0)
      guard input.type != .string else { throw Problem("it does not take text") }
      let given = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("axes") ?? []
      if given.isEmpty, try call.flag("noop_with_empty_axes") {
        // Nothing is put together, but what is done to each element stays.
        return .make(input.type, numbers: input.numbers.map { body([$0]) }, input.dimensions)
      }
      let axes = given.isEmpty ? Array(0..<input.rank) : try call.axes(given, rank: input.rank).sorted()
      let groups = Groups(input.dimensions, axes: axes)
      let keeps = try call.flag("keepdims", default: true)
      let target = groups.target(keeps: keeps)
      _ = try call.count(target)
      if input.type.isInteger || input.type == .bool, let exact = Self.exact[name] {
        let wholes = input.wholes
        let isUnsigned = input.type == .uint64
        return .make(input.type, wholes: groups.map { exact($0.map { wholes[$0] }, isUnsigned) }, target)
      }
      let numbers = input.numbers
      var results = groups.map { body($0.map { numbers[$0] }) }
      if input.type.isInteger { results = results.map { $0.isFinite ? $0.rounded(.towardZero) : $0 } }
      return .make(input.type, numbers: results, target)
    }
  }

  /// Where doubles would not do for whole numbers.
  private static let exact: [String: @Sendable ([Int64], Bool) -> Int64] = [
    "ReduceSum": { row, _ in row.reduce(0, &+) },
    "ReduceProd": { row, _ in row.reduce(1, &*) },
    "ReduceMax": { row, u in row.max { u ? UInt64(bitPattern: $0) < UInt64(bitPattern: $1) : $0 < $1 } ?? 0 },
    "ReduceMin": { row, u in row.min { u ? UInt64(bitPattern: $0) < UInt64(bitPattern: $1) : $0 < $1 } ?? 0 },
    "ReduceSumSquare": { row, _ in row.reduce(0) { $0 &+ $1 &* $1 } },
    "ReduceL1": { row, _ in row.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) } },
  ]

  private static func cumulated(
    _ call: ONNXCall, _ start: Double, _ body: (Double, Double) -> Double
  ) throws -> ONNXTensor {
    let input = try call.tensor(0)
    let axis = try call.axis(call.int(at: 1), rank: input.rank)
    let (isExclusive, isReverse) = (try call.flag("exclusive"), try call.flag("reverse"))
    let groups = Groups(input.dimensions, axes: [axis])
    var result = input.numbers
    let numbers = result
    groups.each { places in
      var sum = start
      for place in isReverse ? places.reversed() : places {
        if isExclusive { result[place] = sum }
        sum = body(sum, numbers[place])
        if !isExclusive { result[place] = sum }
      }
    }
    return .make(input.type, numbers: result, input.dimensions)
  }
}

/// The places of a tensor's elements, in groups that differ along some axes only.
struct Groups {
  let dimensions: [Int]
  let axes: [Int]
  private let starts: [Int]
  private let steps: [Int]

  /// - Parameter axes: in their order, each once.
  init(_ dimensions: [Int], axes: [Int]) {
    (self.dimensions, self.axes) = (dimensions, axes)
    let strides = Strides.plain(dimensions)
    let others = dimensions.indices.filter { !axes.contains($0) }
    starts = Strides.places(others.map { dimensions[$0] }, others.map { strides[$0] })
    steps = Strides.places(axes.map { dimensions[$0] }, axes.map { strides[$0] })
  }

  func target(keeps: Bool) -> [Int] {
    dimensions.enumerated().compactMap { axes.contains($0) ? (keeps ? 1 : nil) : $1 }
  }

  func each(_ body: ([Int]) -> Void) { for start in starts { body(steps.map { start + $0 }) } }

  func map<Result>(_ body: ([Int]) -> Result) -> [Result] { starts.map { start in body(steps.map { start + $0 }) } }
}

extension ONNXCall {
  fileprivate func extreme(_ isBetter: (Double, Double) -> Bool) throws -> ONNXTensor {
    let input = try tensor(0)
    let axis = try axis(int("axis", default: 0), rank: input.rank)
    let takesLast = try flag("select_last_index")
    guard input.dimensions[axis] > 0 else { throw Problem("axis \(axis) of \(input.dimensions) has no elements") }
    let groups = Groups(input.dimensions, axes: [axis])
    let numbers = input.numbers
    let winners = groups.map { places -> Int64 in
      var best = 0
      for index in places.indices.dropFirst() {
        let (value, leader) = (numbers[places[index]], numbers[places[best]])
        if isBetter(value, leader) || (takesLast && value == leader) { best = index }
      }
      return Int64(best)
    }
    return ONNXTensor(winners, groups.target(keeps: try flag("keepdims", default: true)))
  }
}
