import FoveaCore

/// The products of every point of one block with every point of another, by oneDNN's kernel, which takes the processor's best
/// instructions: `[rows, dimensions]` and `[columns, dimensions]` to `[rows, columns]`.
struct BlockProducts: Sendable {
  private let kernel: Kernel

  /// For one thread: whoever calls it is one of several.
  init(rows: Int, columns: Int, dimensions: Int) throws(ProjectionError) {
    kernel = try Self.onOneThread { () throws(KernelError) in
      try .innerProduct(
        InnerProductOperation(batch: rows, inputs: dimensions, outputs: columns, hasBias: false), pass: .inference)
    }
  }

  func run(_ rows: Tensor, _ columns: Tensor, into products: Tensor) throws(ProjectionError) {
    do {
      try kernel.run([.source: rows, .weights: columns, .destination: products])
    } catch { throw .kernel(error.description) }
  }

  static func onOneThread(_ make: () throws(KernelError) -> Kernel) throws(ProjectionError) -> Kernel {
    let threads = KernelThreads.current
    KernelThreads.set(1)
    defer { KernelThreads.set(threads) }
    do { return try make() } catch { throw .kernel(error.description) }
  }
}

/// Sums over the points of a block: `[points, factors]` and `[points, dimensions]` to `[factors, dimensions]`.
struct BlockSums: Sendable {
  private let kernel: Kernel

  init(points: Int, factors: Int, dimensions: Int) throws(ProjectionError) {
    kernel = try BlockProducts.onOneThread { () throws(KernelError) in
      try .innerProduct(
        InnerProductOperation(batch: points, inputs: dimensions, outputs: factors, hasBias: false),
        pass: .backwardWeights)
    }
  }

  func run(_ factors: Tensor, _ points: Tensor, into sums: Tensor) throws(ProjectionError) {
    do {
      try kernel.run([.source: points, .destinationGradient: factors, .weightsGradient: sums])
    } catch { throw .kernel(error.description) }
  }
}

extension Tensor {
  /// Rows of a source, and zeros behind them up to `rows`.
  init(
    _ source: some PointSource, _ range: Range<Int>, rows: Int
  ) throws(ProjectionError) {
    var failure: ProjectionError?
    let dimensions = source.dimensions
    self.init([rows, dimensions]) { target in
      let filled = range.count * dimensions
      do throws(ProjectionError) {
        try source.read(range, into: UnsafeMutableBufferPointer(rebasing: target[..<filled]))
      } catch { failure = error }
      UnsafeMutableBufferPointer(rebasing: target[filled...]).update(repeating: 0)
    }
    if let failure { throw failure }
  }
}

extension WorkerPool {
  /// The results of `body` for 0 ..< `parts`, in order; of several errors, the first in order.
  func tryMap<T>(
    _ parts: Int, _ body: (Int) throws(ProjectionError) -> T
  ) throws(ProjectionError) -> [T] {
    var results: [T] = []
    results.reserveCapacity(parts)
    for result in map(parts, { part in Result { () throws(ProjectionError) in try body(part) } }) {
      results.append(try result.get())
    }
    return results
  }
}
