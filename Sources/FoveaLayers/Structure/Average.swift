public import FoveaCore

/// The mean of two or more inputs of one shape, element by element.
public struct Average: Layer {
  /// How many inputs there were.
  public struct Cache: Sendable {
    let inputs: Int
  }

  public static let kind = "average"
  public static let summary = "the mean of its inputs"

  public let configuration: NoConfiguration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where there are fewer than two inputs, or their shapes differ.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    self.configuration = configuration
    outputShape = try Check(kind: Self.kind).one(inputs)
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let inputs = try Check(kind: Self.kind).together(inputs, outputShape)
    let sum = inputs.dropFirst().reduce(inputs[0]) { $0.adding($1) }
    return (share(sum, inputs.count), Cache(inputs: inputs.count))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    Array(repeating: share(outputGradient.inChannelBlocks(), cache.inputs), count: cache.inputs)
  }

  private func share(_ tensor: Tensor, _ count: Int) -> Tensor {
    let (tensor, factor) = (tensor.inChannelBlocks(), 1 / Float(count))
    let result = Tensor(uninitialized: tensor.shape, layout: tensor.layout)
    result.combine(tensor, tensor) { x, _ in x * factor }
    return result
  }
}
