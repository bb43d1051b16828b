/// How far apart elements lie along each axis, and walks over them.
enum Strides {
  /// What places and strides are bounded by, also those of a tensor that has no elements but other extents than 0.
  private static let mostPlaces = 1 << 48
  /// As numbers in attributes are, so that the product of two, and sums of these, fit an `Int`.
  private static let largestExtent = 1 << 31

  /// The number of elements.
  ///
  /// - Returns: nil where there can be no such tensor: an extent is negative, or places in it would be too large numbers.
  static func count(_ dimensions: [Int]) -> Int? {
    var (count, places) = (1, 1)
    for extent in dimensions {
      let (product, isTooMuch) = places.multipliedReportingOverflow(by: max(extent, 1))
      guard extent >= 0, extent <= largestExtent, !isTooMuch, product <= mostPlaces else { return nil }
      (count, places) = (extent == 0 ? 0 : count * extent, product)
    }
    return count
  }

  /// Of row-major order.
  static func plain(_ dimensions: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: dimensions.count)
    for axis in stride(from: dimensions.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * max(dimensions[axis + 1], 1)
    }
    return strides
  }

  /// For each element of a tensor of these dimensions, in row-major order: the place that the strides lead to.
  static func places(_ dimensions: [Int], _ strides: [Int], offset: Int = 0) -> [Int] {
    guard dimensions.allSatisfy({ $0 > 0 }) else { return [] }
    let count = dimensions.reduce(1, *)
    guard let columns = dimensions.last, let step = strides.last else { return [offset] }
    return [Int](unsafeUninitializedCapacity: count) { target, initialized in
      var coordinates = Array(repeating: 0, count: dimensions.count)
      var (row, next) = (offset, 0)
      while true {
        for column in 0..<columns { target[next + column] = row + column * step }
        next += columns
        var axis = dimensions.count - 2
        while axis >= 0 {
          coordinates[axis] += 1
          row += strides[axis]
          if coordinates[axis] < dimensions[axis] { break }
          row -= strides[axis] * dimensions[axis]
          coordinates[axis] = 0
          axis -= 1
        }
        if axis < 0 { break }
      }
      initialized = count
    }
  }

  /// The strides by which a tensor is read as if it had other dimensions to which it can be broadcast.
  static func broadcasting(_ dimensions: [Int], to target: [Int]) -> [Int] {
    let plain = plain(dimensions)
    let missing = target.count - dimensions.count
    return target.indices.map { axis in
      axis < missing || dimensions[axis - missing] == 1 ? 0 : plain[axis - missing]
    }
  }

  /// The dimensions to which all can be broadcast.
  static func broadcast(_ all: [[Int]]) throws -> [Int] {
    let rank = all.map(\.count).max() ?? 0
    var result = Array(repeating: 1, count: rank)
    for dimensions in all {
      for (axis, extent) in dimensions.enumerated() {
        let target = rank - dimensions.count + axis
        guard result[target] == extent || extent == 1 || result[target] == 1 else {
          throw Problem("dimensions \(all.map { "\($0)" }.joined(separator: " and ")) do not go together")
        }
        if extent != 1 { result[target] = extent }
      }
    }
    return result
  }

  /// Calls with each coordinate below `dimensions`, in row-major order.
  static func eachCoordinate(_ dimensions: [Int], _ body: ([Int]) throws -> Void) rethrows {
    guard dimensions.allSatisfy({ $0 > 0 }) else { return }
    var coordinates = Array(repeating: 0, count: dimensions.count)
    while true {
      try body(coordinates)
      var axis = dimensions.count - 1
      while axis >= 0 {
        coordinates[axis] += 1
        if coordinates[axis] < dimensions[axis] { break }
        coordinates[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

extension ONNXTensor {
  /// As if it had the dimensions given, to which it can be broadcast.
  func broadcast(to target: [Int]) -> ONNXTensor {
    guard target != dimensions else { return self }
    if count == 1, target.reduce(1, *) == 1 { return reshaped(target) }
    return picking(Strides.places(target, Strides.broadcasting(dimensions, to: target)), target)
  }

  /// With its axes in another order.
  func transposed(_ order: [Int]) -> ONNXTensor {
    let strides = Strides.plain(dimensions)
    let target = order.map { dimensions[$0] }
    return picking(Strides.places(target, order.map { strides[$0] }), target)
  }

  /// `count` elements from `start` along an axis.
  func slice(axis: Int, start: Int, count: Int) -> ONNXTensor {
    let strides = Strides.plain(dimensions)
    var target = dimensions
    target[axis] = count
    return picking(Strides.places(target, strides, offset: start * strides[axis]), target)
  }

  /// All, one after the other along an axis; they have the same type, and the same dimensions but for the axis.
  static func joining(_ parts: [ONNXTensor], axis: Int) -> ONNXTensor {
    func joined<T: ONNXElement>(_ type: T.Type) -> ONNXTensor {
      let first = parts[0]
      let outer = first.dimensions[..<axis].reduce(1, *)
      let blocks = parts.map { (elements: $0.elements(of: T.self), size: $0.dimensions[axis...].reduce(1, *)) }
      var result: [T] = []
      result.reserveCapacity(parts.reduce(0) { $0 + $1.count })
      for row in 0..<outer {
        for block in blocks { result += block.elements[row * block.size..<(row + 1) * block.size] }
      }
      var dimensions = first.dimensions
      dimensions[axis] = parts.reduce(0) { $0 + $1.dimensions[axis] }
      return ONNXTensor(result, dimensions)
    }
    return joined(parts[0].type.swiftType)
  }
}

extension ONNXCall {
  /// The inputs as if all had the dimensions that they can be broadcast to.
  func broadcast(_ tensors: [ONNXTensor]) throws -> (tensors: [ONNXTensor], dimensions: [Int]) {
    let target = try Strides.broadcast(tensors.map(\.dimensions))
    _ = try count(target)
    return (tensors.map { $0.broadcast(to: target) }, target)
  }

  /// Two inputs, broadcast. Before operator set 7, the second one's axes began where an attribute said.
  func pair() throws -> (ONNXTensor, ONNXTensor, dimensions: [Int]) {
    let first = try tensor(0)
    var second = try tensor(1)
    if node.domain.isEmpty, version < 7, let start = try int("axis") {
      let start = try axis(start, rank: max(first.rank, 1))
      let behind = first.rank - start - second.rank
      if behind > 0 { second = second.reshaped(second.dimensions + Array(repeating: 1, count: behind)) }
    }
    guard first.type == second.type || node.type == "Pow" || node.type == "BitShift" else {
      throw Problem("its inputs are \(first.type.name) and \(second.type.name), but must be of one type")
    }
    let (tensors, dimensions) = try broadcast([first, second])
    return (tensors[0], tensors[1], dimensions)
  }

  /// Counts what takes time.
  func work(_ factors: Int...) throws {
    var steps = 1
    for factor in factors {
      let (product, isTooMuch) = steps.multipliedReportingOverflow(by: factor)
      guard !isTooMuch, product <= evaluation.limits.mostSteps else {
        throw Problem.limit("it takes more than \(evaluation.limits.mostSteps) steps")
      }
      steps = product
    }
  }
}
