import FoveaCore

/// One look at all points, block by block, on all workers: what a basis says of them, and they of the basis.
struct SubspacePass<Source: PointSource> {
  private let source: Source
  private let mean: [Float]
  private let width: Int
  private let block: Int
  private let pool: WorkerPool
  private let products: BlockProducts
  private let sums: BlockSums

  init(_ source: Source, mean: [Float], width: Int, block: Int, on pool: WorkerPool) throws(ProjectionError) {
    (self.source, self.mean, self.width, self.pool) = (source, mean, width, pool)
    self.block = min(block, max(source.count, 1))
    products = try BlockProducts(rows: self.block, columns: width, dimensions: source.dimensions)
    sums = try BlockSums(points: self.block, factors: width, dimensions: source.dimensions)
  }

  private var blocks: Int { (source.count + block - 1) / block }
  private func range(_ part: Int) -> Range<Int> { part * block..<min((part + 1) * block, source.count) }

  /// The points of a block around the mean; those that are missing are zero, which adds nothing.
  private func centered(_ part: Int) throws(ProjectionError) -> Tensor {
    let range = range(part)
    var tensor = try Tensor(source, range, rows: block)
    let dimensions = source.dimensions
    tensor.withUnsafeMutableFloats { values in
      mean.withUnsafeBufferPointer { mean in
        for row in 0..<range.count {
          let start = row * dimensions
          for axis in 0..<dimensions { values[start + axis] -= mean[axis] }
        }
      }
    }
    return tensor
  }

  /// basis · Σ (x − mean)(x − mean)ᵀ: `[width, dimensions]`.
  func image(of basis: [Double]) throws(ProjectionError) -> [Double] {
    let factors = Tensor(basis.map { Float($0) }, [width, source.dimensions])
    var total = [Double](repeating: 0, count: basis.count)
    // Few at a time, so that memory does not grow with the points.
    let round = pool.count * 2
    for first in stride(from: 0, to: blocks, by: round) {
      let parts = try pool.tryMap(min(round, blocks - first)) { part throws(ProjectionError) in
        let points = try centered(first + part)
        let coordinates = Tensor(uninitialized: [block, width])
        try products.run(points, factors, into: coordinates)
        let result = Tensor(uninitialized: [width, source.dimensions])
        try sums.run(coordinates, points, into: result)
        return result
      }
      for part in parts {
        part.withUnsafeFloats { values in
          for place in total.indices { total[place] += Double(values[place]) }
        }
      }
    }
    return total
  }

  /// `[count, width]`
  func coordinates(_ axes: [Float]) throws(ProjectionError) -> [Float] {
    let factors = Tensor(axes, [width, source.dimensions])
    var result: [Float] = []
    result.reserveCapacity(source.count * width)
    let round = pool.count * 2
    for first in stride(from: 0, to: blocks, by: round) {
      let parts = try pool.tryMap(min(round, blocks - first)) { part throws(ProjectionError) in
        let coordinates = Tensor(uninitialized: [block, width])
        try products.run(try centered(first + part), factors, into: coordinates)
        return coordinates
      }
      for (part, coordinates) in parts.enumerated() {
        coordinates.withUnsafeFloats { result += $0.prefix(range(first + part).count * width) }
      }
    }
    return result
  }
}
