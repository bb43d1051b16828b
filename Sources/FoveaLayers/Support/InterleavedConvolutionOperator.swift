import FoveaCore

/// A convolution of few maps with few filters, which for whole groups of examples works on interleaved tensors. Other
/// batches it takes as they are where there is a connection table, and else leaves to `fallback`.
struct InterleavedConvolutionOperator: AffineOperator {
  private let kernel: ConnectedConvolution
  private let activation: ActivationOperator?
  private let fallback: (any AffineOperator)?
  /// Whether it pays to interleave an input that comes in another order.
  private let interleaves: Bool

  /// The operator for a convolution's shape.
  ///
  /// - Parameters:
  ///   - operation: for a batch of 1.
  ///   - connections: the maps that each filter sees; nil for all.
  static func preferred(_ operation: ConvolutionOperation, _ connections: [[Int]]?) -> any AffineOperator {
    let plane = PlaneConvolutionOperator(operation)
    let fallback: any AffineOperator = plane ?? ConvolutionOperator(operation)
    guard let kernel = ConnectedConvolution(operation, connections: connections) else { return fallback }
    return InterleavedConvolutionOperator(
      kernel: kernel, activation: operation.activation.map(ActivationOperator.init),
      fallback: connections == nil || plane != nil ? fallback : nil, interleaves: plane != nil || connections != nil)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let isInterleaved = (interleaves || input.layout == .interleaved) && Layout.fillsGroups(batch)
    if !isInterleaved, let fallback {
      return try fallback.apply(input, weights, bias, batch: batch, pass: pass)
    }
    let source = input.converted(to: isInterleaved ? .interleaved : .plain)
    let output = kernel.forward(source, weights, bias)
    return (try activation?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    if outputGradient.layout == .interleaved { return kernel.inputGradient(outputGradient, weights) }
    return try fallback?.inputGradient(outputGradient, weights, batch: batch)
      ?? kernel.inputGradient(outputGradient.plain(), weights)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    if input.layout != .interleaved, let fallback {
      return try fallback.weightGradients(input, outputGradient, batch: batch)
    }
    return kernel.weightGradients(input, outputGradient)
  }
}
