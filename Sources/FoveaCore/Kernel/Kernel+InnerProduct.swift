import COneDNN

/// output[n, o] = Σ weights[o, k]·input[n, k] + bias[o], for ``Kernel/innerProduct(_:pass:)``.
public struct InnerProductOperation: Sendable, Hashable {
  public var batch: Int
  public var inputs: Int
  public var outputs: Int
  public var hasBias: Bool
  /// Applied to the output of the forward passes; the backward passes know nothing of it.
  public var activation: ActivationFunction?
  /// Of the factors.
  public var precision = Precision.float32

  public init(batch: Int, inputs: Int, outputs: Int, hasBias: Bool, activation: ActivationFunction? = nil) {
    self.batch = batch
    self.inputs = inputs
    self.outputs = outputs
    self.hasBias = hasBias
    self.activation = activation
  }

  fileprivate var raw: fovea_dnn_inner_product {
    fovea_dnn_inner_product(
      batch: Int64(batch), inputs: Int64(inputs), outputs: Int64(outputs), has_bias: hasBias,
      activation: activation.raw, precision: precision.raw)
  }
}

extension Kernel {
  /// An inner product, with arguments as in a convolution, all of them plain: the weights of a dense layer are large,
  /// so that bringing them into another order would cost as much as using them. In bfloat16 the factors are plain too,
  /// in half the memory.
  ///
  /// - Parameter arrangesWeights: leaves their order to the kernel, for weights that are used more than once.
  public static func innerProduct(
    _ operation: InnerProductOperation, pass: Pass, arrangesWeights: Bool = false
  ) throws(KernelError) -> Kernel {
    func layout(_ dimensions: [Int], isFactor: Bool) throws(KernelError) -> ShapedLayout {
      let shape = try Shape(of: dimensions)
      guard isFactor, operation.precision == .bfloat16 else { return try Layout.plain.shaped(shape) }
      return try ShapedLayout(shape, fovea_dnn_layout_plain_bfloat16)
    }
    let isForward = pass == .inference || pass == .training
    let source = try layout([operation.batch, operation.inputs], isFactor: pass != .backwardData)
    let weights =
      try arrangesWeights ? nil : layout([operation.outputs, operation.inputs], isFactor: pass != .backwardWeights)
    let destination = try layout([operation.batch, operation.outputs], isFactor: !isForward)
    return try Kernel([source, weights, destination]) { result in
      withUnsafePointer(to: operation.raw) {
        fovea_dnn_inner_product_create($0, pass.raw, source.handle, weights?.handle, destination.handle, result)
      }
    }
  }
}
