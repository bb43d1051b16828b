import COneDNN

/// The geometry of a two-dimensional pooling over a batch, for ``Kernel/pooling(_:pass:source:)``.
public struct PoolingOperation: Sendable, Hashable {
  public enum Reduction: Sendable, Hashable {
    case maximum
    case minimum
    /// Divides by the size of the window, padding included.
    case average
    /// Divides by the number of elements of the window that lie in the image.
    case averageWithin
  }

  public var reduction: Reduction
  public var batch: Int
  public var channels, inputHeight, inputWidth: Int
  public var windowHeight, windowWidth: Int
  public var strideHeight, strideWidth: Int
  public var top = 0
  public var left = 0
  public var bottom = 0
  public var right = 0

  public init(
    _ reduction: Reduction, batch: Int, input: (channels: Int, height: Int, width: Int),
    window: (height: Int, width: Int), stride: (height: Int, width: Int)
  ) {
    self.reduction = reduction
    self.batch = batch
    (channels, inputHeight, inputWidth) = input
    (windowHeight, windowWidth) = window
    (strideHeight, strideWidth) = stride
  }

  fileprivate var raw: fovea_dnn_pooling {
    let kind =
      switch reduction {
      case .maximum: FOVEA_DNN_POOL_MAX
      case .minimum: FOVEA_DNN_POOL_MIN
      case .average: FOVEA_DNN_POOL_AVERAGE
      case .averageWithin: FOVEA_DNN_POOL_AVERAGE_WITHIN
      }
    return fovea_dnn_pooling(
      kind: kind, batch: Int64(batch), channels: Int64(channels), input_height: Int64(inputHeight),
      input_width: Int64(inputWidth), kernel_height: Int64(windowHeight), kernel_width: Int64(windowWidth),
      stride_height: Int64(strideHeight), stride_width: Int64(strideWidth), dilation_height: 1, dilation_width: 1,
      pad_top: Int64(top), pad_left: Int64(left), pad_bottom: Int64(bottom), pad_right: Int64(right))
  }
}

extension Kernel {
  /// A pooling. Forward takes `source`, `destination` and, in training, for maximum and minimum, `workspace`; backward
  /// takes `destinationGradient`, `workspace`, `sourceGradient`, and must be made with the same `source` layout.
  public static func pooling(
    _ operation: PoolingOperation, pass: Pass, source: Layout
  ) throws(KernelError) -> Kernel {
    let source = try source.shaped(
      Shape(of: [operation.batch, operation.channels, operation.inputHeight, operation.inputWidth]))
    return try Kernel([source]) { result in
      withUnsafePointer(to: operation.raw) { fovea_dnn_pooling_create($0, pass.raw, source.handle, result) }
    }
  }

  /// Memory for what a forward pass in training leaves to the backward pass; nil where it leaves nothing.
  public func makeWorkspace() -> Tensor? {
    let width = MemoryLayout<Float>.stride
    return workspaceByteCount > 0 ? Tensor(uninitialized: [(workspaceByteCount + width - 1) / width]) : nil
  }
}
