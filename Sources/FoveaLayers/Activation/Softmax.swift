public import FoveaCore

/// Positive numbers with the sum 1: y[c] = exp(x[c]) / Σ exp(x[k]), over the features of `[features]` or, at each pixel,
/// over the channels of `[channels, height, width]`.
public struct Softmax: UnaryLayer {
  /// The output, from which the gradient follows.
  public struct Cache: Sendable {
    let output: Tensor
  }

  public static let kind = "softmax"
  public static let summary = "positive numbers with the sum 1"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let kernels = KernelCache<PassKey>()

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    try Check(kind: Self.kind).anything(input)
    self.configuration = configuration
    outputShape = input
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let output = try apply(input, .training)
    return (output, Cache(output: output))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try apply(input, .inference)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try Check(kind: Self.kind).kernels { () throws(KernelError) in
      let result = Tensor(uninitialized: cache.output.shape)
      try kernel(.backwardData, cache.output.shape[0]).run([
        .destination: cache.output, .destinationGradient: outputGradient.plain(), .sourceGradient: result,
      ])
      return result
    }
  }

  private func apply(_ input: Tensor, _ pass: Kernel.Pass) throws(LayerError) -> Tensor {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: input, outputShape)
    return try check.kernels { () throws(KernelError) in
      let output = Tensor(uninitialized: input.shape)
      try kernel(pass, batch).run([.source: input.plain(), .destination: output])
      return output
    }
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      try .softmax(pass: key.pass, shape: outputShape.batched(key.batch), layout: .plain, axis: 1)
    }
  }
}
