/// Points in memory, row by row.
public struct Points: PointSource, Equatable {
  public let dimensions: Int
  /// `[count, dimensions]`, row by row.
  public internal(set) var values: [Float]

  public var count: Int { values.count / max(dimensions, 1) }

  /// - Parameter values: whole rows; what is over is dropped.
  public init(_ values: [Float], dimensions: Int) {
    self.dimensions = max(dimensions, 1)
    let over = values.count % self.dimensions
    self.values = over == 0 ? values : Array(values.dropLast(over))
  }

  public subscript(row: Int) -> ArraySlice<Float> { values[row * dimensions..<(row + 1) * dimensions] }

  public func read(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws(ProjectionError) {
    values.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      to.update(from: from + rows.lowerBound * dimensions, count: min(rows.count * dimensions, target.count))
    }
  }

  public func points() throws(ProjectionError) -> Points {
    try checkNumbers()
    return self
  }

  /// - Throws: ``ProjectionError/notFinite(point:)``
  func checkNumbers() throws(ProjectionError) {
    // One sum over all tells in most cases that there is nothing to look for.
    let sum = values.withUnsafeBufferPointer { $0.reduce(Float(0)) { $0 + $1 * 0 } }
    guard sum.isNaN, let place = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(point: place / dimensions)
  }

  /// The same around another origin, so that what all have in common costs no digits.
  func centered() -> Points {
    var means = [Double](repeating: 0, count: dimensions)
    for row in 0..<count {
      let start = row * dimensions
      for axis in 0..<dimensions { means[axis] += Double(values[start + axis]) }
    }
    let origin = means.map { Float($0 / Double(max(count, 1))) }
    var result = self
    result.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<values.count / dimensions {
        for axis in 0..<dimensions { values[row * dimensions + axis] -= origin[axis] }
      }
    }
    return result
  }

  /// The same with length 1 each, so that only directions count; what lies at the origin stays there.
  func normalized() -> Points {
    var result = self
    result.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<values.count / dimensions {
        let own = UnsafeMutableBufferPointer(rebasing: values[row * dimensions..<(row + 1) * dimensions])
        let length = own.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0 else { continue }
        for axis in own.indices { own[axis] = Float(Double(own[axis]) / length) }
      }
    }
    return result
  }

  /// The squared distance of two, exactly.
  static func squaredDistance(_ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>, _ dimensions: Int) -> Float {
    var sums = SIMD8<Float>.zero
    var axis = 0
    let (left, right) = (UnsafeRawPointer(one), UnsafeRawPointer(other))
    while axis + 8 <= dimensions {
      let difference =
        left.loadUnaligned(fromByteOffset: axis * 4, as: SIMD8<Float>.self)
        - right.loadUnaligned(fromByteOffset: axis * 4, as: SIMD8<Float>.self)
      sums += difference * difference
      axis += 8
    }
    var sum = sums.sum()
    while axis < dimensions {
      let difference = one[axis] - other[axis]
      sum += difference * difference
      axis += 1
    }
    return sum
  }

  /// Σ vᵢ²
  static func squaredLength(_ point: UnsafePointer<Float>, _ dimensions: Int) -> Float {
    var sums = SIMD8<Float>.zero
    var axis = 0
    let raw = UnsafeRawPointer(point)
    while axis + 8 <= dimensions {
      let part = raw.loadUnaligned(fromByteOffset: axis * 4, as: SIMD8<Float>.self)
      sums += part * part
      axis += 8
    }
    var sum = sums.sum()
    while axis < dimensions {
      sum += point[axis] * point[axis]
      axis += 1
    }
    return sum
  }
}
