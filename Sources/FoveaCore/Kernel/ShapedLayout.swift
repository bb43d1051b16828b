import COneDNN

/// A layout for one shape, as oneDNN describes its arguments. Kernels keep their own, so that this one lives until they are made.
final class ShapedLayout {
  let handle: fovea_dnn_layout

  convenience init(_ layout: Layout, _ shape: Shape) throws(KernelError) {
    if layout == .interleaved { throw KernelError("oneDNN has no layout with interleaved examples") }
    try self.init(shape) { rank, dimensions in
      switch layout {
      case .plain: fovea_dnn_layout_plain(rank, dimensions)
      case .blocked(let blocked): fovea_dnn_order_layout(blocked.order, rank, dimensions)
      }
    }
  }

  init(
    _ shape: Shape, _ make: (_ rank: Int32, _ dimensions: UnsafePointer<Int64>) -> fovea_dnn_layout?
  ) throws(KernelError) {
    guard let handle = shape.withRawDimensions(make) else { throw KernelError.last() }
    self.handle = handle
  }

  deinit { fovea_dnn_layout_release(handle) }
}

extension Layout {
  /// How many of them, each for one shape, kernels hold in this process.
  package static var shapedCount: Int { Int(fovea_dnn_layout_count()) }

  func shaped(_ shape: Shape) throws(KernelError) -> ShapedLayout { try ShapedLayout(self, shape) }
}

extension Shape {
  /// The shape of an operation's argument, whose extents are whatever somebody has set.
  init(of dimensions: [Int]) throws(KernelError) {
    do { try self.init(checking: dimensions) } catch { throw KernelError(error.description) }
  }

  /// The dimensions as oneDNN counts them; a scalar is one of one element.
  func withRawDimensions<Result>(_ body: (_ rank: Int32, _ dimensions: UnsafePointer<Int64>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: Self.mostAxes) { dimensions in
      dimensions[0] = 1
      for axis in 0..<rank { dimensions[axis] = Int64(self[axis]) }
      return body(Int32(max(rank, 1)), dimensions.baseAddress!)
    }
  }
}
