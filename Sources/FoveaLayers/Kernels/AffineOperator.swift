import FoveaCore

/// output = weights ∗ input + bias as kernels: what convolutions, dense layers and trainable subsampling share.
protocol AffineOperator: Sendable {
  /// - Returns: the output, and the input in the layout that the kernels like, for ``weightGradients(_:_:batch:)``.
  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor)

  /// The output of a network in use.
  ///
  /// - Parameter addend: what is added to the sums, by kernels that are made for it; nil afterwards.
  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor

  /// - Returns: the gradients of weights and bias, in plain order; the second only where there is a bias.
  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?)

  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts?
}

extension AffineOperator {
  /// With kernels that take the weights as they are.
  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    try apply(input, weights.plain, weights.bias, batch: batch, pass: .inference).output
  }

  /// The gradient of the weights as outer products, where that takes less time and memory than the whole; else nil.
  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts? { nil }
}

/// Kernels of one layer are told apart by pass and batch.
struct PassKey: Hashable, Sendable {
  let pass: Kernel.Pass
  let batch: Int
}
