public import FoveaCore

/// All elements in one row: `[channels, height, width]` to `[channels · height · width]`, the channel slowest.
public struct Flatten: SecondDerivativeLayer {
  public static let kind = "flatten"
  public static let summary = "all elements in one row"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let inputShape: Shape

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    try Check(kind: Self.kind).anything(input)
    self.configuration = configuration
    inputShape = input
    outputShape = [input.count]
  }
}

extension Flatten {
  /// Nothing is remembered.
  public struct Cache: Sendable {}

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    return (input.reshaped(outputShape.batched(batch)), Cache())
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    outputGradient.reshaped(inputShape.batched(outputGradient.shape[0]))
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    outputCurvature.reshaped(inputShape.batched(outputCurvature.shape[0]))
  }
}
