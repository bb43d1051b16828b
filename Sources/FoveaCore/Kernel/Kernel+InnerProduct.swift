import COneDNN

/// output[n, o] = Σ weights[o, k]·input[n, k] + bias[o], for ``Kernel/innerProduct(_:pass:)``.
public struct InnerProductOperation: Sendable, Hashable {
  public var batch: Int
  public var inputs: Int
  public var outputs: Int
  public var hasBias: Bool
  /// Applied to the output of the forward passes; the backward passes know nothing of it.
  public var activation: ActivationFunction?

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
      activation: activation.raw)
  }
}

extension Kernel {
  /// An inner product, with arguments as in a convolution, all of them plain: the weights of a dense layer are large,
  /// so that bringing them into another order would cost as much as using them.
  public static func innerProduct(_ operation: InnerProductOperation, pass: Pass) throws(KernelError) -> Kernel {
    let source = try Layout.plain.handle([operation.batch, operation.inputs])
    let weights = try Layout.plain.handle([operation.outputs, operation.inputs])
    let destination = try Layout.plain.handle([operation.batch, operation.outputs])
    return try Kernel { result in
      withUnsafePointer(to: operation.raw) {
        fovea_dnn_inner_product_create($0, pass.raw, source, weights, destination, result)
      }
    }
  }
}
