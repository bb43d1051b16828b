public import FoveaCore

/// The directions in which points differ most, and how much of all variance lies in each.
///
/// The points are read block by block, as often as the subspace needs to settle, and are never all in memory. Where as many
/// directions are asked for as there are dimensions, once is enough and the result is exact.
///
/// Source: N. Halko, P. Martinsson, J. Tropp, "Finding Structure with Randomness", SIAM Review 53(2), 2011, algorithm 4.4.
public struct PrincipalComponents: Sendable, Equatable {
  /// `[dimensions]`
  public let mean: [Float]
  /// `[components, dimensions]`: directions of length 1, at right angles. The largest number of each is positive.
  public let axes: [Float]
  /// Of the points along each axis, divided by count − 1; largest first.
  public let variances: [Double]
  /// Of all dimensions together.
  public let totalVariance: Double

  public var components: Int { variances.count }
  public var dimensions: Int { mean.count }
  /// Which part of all variance lies along each axis, 0…1.
  public var explained: [Double] { variances.map { totalVariance > 0 ? $0 / totalVariance : 0 } }

  private static let block = 1024
  private static let oversampling = 10
  private static let mostPasses = 60

  /// - Parameters:
  ///   - components: at most as many as dimensions and points.
  ///   - seed: of the directions that the search begins with.
  /// - Throws: ``ProjectionError/tooFewPoints(expected:got:)`` for fewer than two, ``ProjectionError/notFinite(point:)``, and
  ///   where points cannot be read.
  public init(
    of source: some PointSource, components wanted: Int, seed: UInt64 = 0, on pool: WorkerPool
  ) throws(ProjectionError) {
    let (count, dimensions) = (source.count, source.dimensions)
    guard count > 1 else { throw .tooFewPoints(expected: 2, got: count) }
    let components = min(max(wanted, 1), dimensions, count)
    let width = min(components + Self.oversampling, dimensions)
    let moments = try Self.moments(of: source, on: pool)
    (mean, totalVariance) = (moments.mean, moments.variance)
    let passes = try SubspacePass(source, mean: mean, width: width, block: Self.block, on: pool)
    var basis = Self.start(width, dimensions, seed)
    var known: [Double] = []
    var eigen = SymmetricEigen([], order: 0)
    var isSettled = false
    var pass = 0
    while !isSettled {
      let image = try passes.image(of: basis)
      eigen = SymmetricEigen(Self.products(image, basis, width, dimensions), order: width)
      let values = Array(eigen.values.prefix(components))
      let bound = 1e-7 * max(eigen.values[0], .leastNormalMagnitude)
      isSettled =
        width == dimensions || pass == Self.mostPasses
        || pass > 1 && zip(values, known).allSatisfy { abs($0 - $1) <= bound }
      known = values
      pass += 1
      // A whole space needs no search; else what the points make of the basis is nearer to what is looked for.
      basis = Self.orthonormal(
        Self.rotated(width == dimensions ? basis : image, by: eigen.vectors, width, dimensions), width, dimensions)
    }
    let settled = basis
    axes = (0..<components).flatMap { row in
      let axis = settled[row * dimensions..<(row + 1) * dimensions]
      let largest = axis.max { abs($0) < abs($1) } ?? 1
      return axis.map { Float(largest < 0 ? -$0 : $0) }
    }
    variances = known.map { max(0, $0) / Double(count - 1) }
  }

  /// rows · othersᵀ, which is symmetric but for what rounding does.
  private static func products(
    _ rows: [Double], _ others: [Double], _ width: Int, _ dimensions: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: width * width)
    for i in 0..<width {
      for j in 0..<width {
        var sum = 0.0
        for axis in 0..<dimensions { sum += rows[i * dimensions + axis] * others[j * dimensions + axis] }
        result[i * width + j] += sum / 2
        result[j * width + i] += sum / 2
      }
    }
    return result
  }

  private static func start(_ width: Int, _ dimensions: Int, _ seed: UInt64) -> [Double] {
    var basis = [Double](repeating: 0, count: width * dimensions)
    if width == dimensions {
      for axis in 0..<width { basis[axis * dimensions + axis] = 1 }
      return basis
    }
    var random = SeededRandom(seed: seed)
    for place in basis.indices { basis[place] = Double(random.normal()) }
    return orthonormal(basis, width, dimensions)
  }

  private static func rotated(_ rows: [Double], by turn: [Double], _ width: Int, _ dimensions: Int) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count)
    for i in 0..<width {
      for j in 0..<width {
        let factor = turn[i * width + j]
        for axis in 0..<dimensions { result[i * dimensions + axis] += factor * rows[j * dimensions + axis] }
      }
    }
    return result
  }

  /// Gram and Schmidt, twice, which is enough.
  private static func orthonormal(_ rows: [Double], _ width: Int, _ dimensions: Int) -> [Double] {
    var rows = rows
    rows.withUnsafeMutableBufferPointer { rows in
      for i in 0..<width {
        let own = rows.baseAddress! + i * dimensions
        for _ in 0..<2 {
          for j in 0..<i {
            let other = rows.baseAddress! + j * dimensions
            var product = 0.0
            for axis in 0..<dimensions { product += own[axis] * other[axis] }
            for axis in 0..<dimensions { own[axis] -= product * other[axis] }
          }
          var length = 0.0
          for axis in 0..<dimensions { length += own[axis] * own[axis] }
          length = length.squareRoot()
          // A direction in which nothing differs is left empty.
          let scale = length > 1e-200 ? 1 / length : 0
          for axis in 0..<dimensions { own[axis] *= scale }
        }
      }
    }
    return rows
  }

  private static func moments(
    of source: some PointSource, on pool: WorkerPool
  ) throws(ProjectionError) -> (mean: [Float], variance: Double) {
    let (count, dimensions) = (source.count, source.dimensions)
    let blocks = (count + block - 1) / block
    func sums(_ range: Range<Int>, around mean: [Float]?) throws(ProjectionError) -> [Double] {
      var values = [Float](repeating: 0, count: range.count * dimensions)
      var failure: ProjectionError?
      values.withUnsafeMutableBufferPointer { target in
        do throws(ProjectionError) { try source.read(range, into: target) } catch { failure = error }
      }
      if let failure { throw failure }
      var sums = [Double](repeating: 0, count: mean == nil ? dimensions : 1)
      for row in 0..<range.count {
        var total = 0.0
        for axis in 0..<dimensions {
          let value = values[row * dimensions + axis]
          guard let mean else {
            sums[axis] += Double(value)
            total += Double(value)
            continue
          }
          let difference = Double(value) - Double(mean[axis])
          sums[0] += difference * difference
        }
        guard total.isFinite else { throw .notFinite(point: range.lowerBound + row) }
      }
      return sums
    }
    func all(around mean: [Float]?) throws(ProjectionError) -> [Double] {
      let parts = try pool.tryMap(blocks) { part throws(ProjectionError) in
        try sums(part * block..<min((part + 1) * block, count), around: mean)
      }
      return parts.reduce(into: [Double](repeating: 0, count: parts[0].count)) { total, part in
        for place in part.indices { total[place] += part[place] }
      }
    }
    let mean = try all(around: nil).map { Float($0 / Double(count)) }
    return (mean, try all(around: mean)[0] / Double(count - 1))
  }

  /// The points along the axes: `[count, components]`.
  public func project(_ source: some PointSource, on pool: WorkerPool) throws(ProjectionError) -> Points {
    guard source.dimensions == dimensions else { throw .dimensions(expected: dimensions, got: source.dimensions) }
    let passes = try SubspacePass(source, mean: mean, width: components, block: Self.block, on: pool)
    return Points(try passes.coordinates(axes), dimensions: components)
  }
}
