public import FoveaCore

/// The mean of each map: `[channels, height, width]` to `[channels]`.
///
/// Source: Lin, Chen, Yan 2014, "Network In Network", section 3.2.
public struct GlobalAveragePooling: SecondDerivativeLayer {
  public typealias Configuration = NoConfiguration
  public typealias Cache = PoolingCache

  public static let kind = "globalAveragePooling"
  public static let summary = "the mean of each map"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let passes: PoolingPasses

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.image(input)
    self.configuration = configuration
    outputShape = [input[0]]
    let map = Extent(height: input[1], width: input[2])
    passes = try PoolingPasses(check, .average, input: input, window: map, stride: nil, padding: .valid)
  }
}

extension GlobalAveragePooling {
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PoolingCache) {
    let (output, cache) = try passes.forward(input)
    return (output.reshaped(outputShape.batched(cache.batch)), cache)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let output = try passes.infer(input)
    return output.reshaped(outputShape.batched(output.shape[0]))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    context.needsInputGradients ? try passes.inputGradient(maps(outputGradient, cache), cache) : nil
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    context.needsInputGradients ? try passes.inputCurvature(maps(outputCurvature, cache), cache) : nil
  }

  /// As maps of one element each.
  private func maps(_ tensor: Tensor, _ cache: PoolingCache) -> Tensor {
    tensor.reshaped(passes.outputShape.batched(cache.batch))
  }
}
