import FoveaCore

/// Checks the settings and the input of one layer, and says what is wrong in one way.
struct Check {
  let kind: String

  func range(_ value: Int, _ key: String, from least: Int = 1) throws(LayerError) {
    guard value >= least else { throw invalid(key, "at least \(least)", "\(value)") }
    guard value <= Limit.extent else { throw invalid(key, "at most \(Limit.extent)", "\(value)") }
  }

  func range(_ extent: Extent, _ key: String) throws(LayerError) {
    guard extent.height >= 1, extent.width >= 1 else { throw invalid(key, "at least 1", "\(extent)") }
    guard extent.height <= Limit.extent, extent.width <= Limit.extent else {
      throw invalid(key, "at most \(Limit.extent)", "\(extent)")
    }
  }

  func range(_ sides: Sides, _ key: String) throws(LayerError) {
    for side in sides.named { try range(side.count, "\(key).\(side.name)", from: 0) }
  }

  func that(_ condition: Bool, _ key: String, _ expected: String, _ got: some Any) throws(LayerError) {
    guard condition else { throw invalid(key, expected, "\(got)") }
  }

  /// - Throws: where a parameter of that shape would be larger than any network needs.
  func size(_ dimensions: [Int], _ key: String, _ what: String) throws(LayerError) {
    guard fits(dimensions) else {
      throw invalid(key, "so small that \(what) have at most \(Limit.elements) elements", "\(dimensions)")
    }
  }

  /// - Throws: where `shape` is no image `[channels, height, width]`.
  func image(_ shape: Shape) throws(LayerError) {
    guard shape.rank == 3 else { throw input("images [channels, height, width]", shape) }
    try anything(shape)
  }

  /// - Throws: where `shape` is no vector `[features]`.
  func vector(_ shape: Shape) throws(LayerError) {
    guard shape.rank == 1 else { throw input("vectors [features]; put 'flatten' before it", shape) }
    try anything(shape)
  }

  /// - Throws: where `shape` holds nothing, or more than any network needs.
  func anything(_ shape: Shape) throws(LayerError) {
    guard shape.rank >= 1, shape.dimensions.allSatisfy({ $0 >= 1 }) else {
      throw input("extents of at least 1", shape)
    }
    guard shape.dimensions.allSatisfy({ $0 <= Limit.extent }), fits(shape.dimensions) else {
      throw input("at most \(Limit.elements) elements", shape)
    }
  }

  /// The number of examples in `tensor`.
  ///
  /// - Throws: where its shape is not the batch of `shape`, with which the kernels would leave the memory behind it.
  func batch(of tensor: Tensor, _ shape: Shape) throws(LayerError) -> Int {
    guard tensor.shape.isBatch(of: shape) else { throw input("a batch of \(shape)", tensor.shape) }
    return tensor.shape[0]
  }

  func input(_ expected: String, _ got: Shape) -> LayerError {
    .invalidInput(kind: kind, expected: expected, got: got)
  }

  func invalid(_ key: String, _ expected: String, _ got: String) -> LayerError {
    .invalidConfiguration(kind: kind, key: key, expected: expected, got: got)
  }

  /// Runs kernels, whose failures get the layer's kind.
  func kernels<Result>(_ body: () throws(KernelError) -> Result) throws(LayerError) -> Result {
    do {
      return try body()
    } catch {
      throw LayerError(error, in: kind)
    }
  }

  private func fits(_ dimensions: [Int]) -> Bool {
    guard let shape = try? Shape(checking: dimensions) else { return false }
    return shape.count <= Limit.elements
  }
}
