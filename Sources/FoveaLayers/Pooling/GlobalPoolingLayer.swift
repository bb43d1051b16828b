public import FoveaCore

/// A layer that reduces each map to one number: `[channels, height, width]` to `[channels]`.
public protocol GlobalPoolingLayer: SecondDerivativeLayer, SpatialOperator where Cache == PoolingCache {
  var passes: GlobalPoolingPasses { get }
}

/// The passes that global poolings share: one window, which covers the map.
public struct GlobalPoolingPasses: Sendable {
  let outputShape: Shape
  fileprivate let pooling: PoolingPasses

  init(_ kind: String, _ reduction: PoolingOperation.Reduction, input: Shape) throws(LayerError) {
    let check = Check(kind: kind)
    try check.image(input)
    outputShape = [input[0]]
    let map = Extent(height: input[1], width: input[2])
    pooling = try PoolingPasses(check, reduction, input: input, window: map, stride: nil, padding: .valid)
  }

  /// As maps of one element each.
  fileprivate func maps(_ tensor: Tensor, _ cache: PoolingCache) -> Tensor {
    tensor.reshaped(pooling.outputShape.batched(cache.batch))
  }
}

extension GlobalPoolingLayer {
  public var outputShape: Shape { passes.outputShape }
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { nil }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PoolingCache) {
    let (output, cache) = try passes.pooling.forward(input)
    return (output.reshaped(outputShape.batched(cache.batch)), cache)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let output = try passes.pooling.infer(input)
    return output.reshaped(outputShape.batched(output.shape[0]))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try passes.pooling.inputGradient(passes.maps(outputGradient, cache), cache)
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try passes.pooling.inputCurvature(passes.maps(outputCurvature, cache), cache)
  }
}
