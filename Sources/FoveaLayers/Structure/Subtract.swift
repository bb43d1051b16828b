public import FoveaCore

/// The first input less the second, element by element.
public struct Subtract: Layer {
  /// Nothing is remembered.
  public struct Cache: Sendable {}

  public static let kind = "subtract"
  public static let summary = "the first input less the second"

  public let configuration: NoConfiguration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where there are not two inputs, or their shapes differ.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    guard inputs.count == 2 else { throw .inputCount(kind: Self.kind, expected: "two inputs", got: inputs.count) }
    self.configuration = configuration
    outputShape = try Check(kind: Self.kind).one(inputs)
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let inputs = try Check(kind: Self.kind).together(inputs, outputShape)
    let output = Tensor(uninitialized: inputs[0].shape, layout: inputs[0].layout)
    output.combine(inputs[0], inputs[1]) { $0 - $1 }
    return (output, Cache())
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    let gradient = outputGradient.inChannelBlocks()
    let second = Tensor(uninitialized: gradient.shape, layout: gradient.layout)
    second.combine(gradient, gradient) { gradient, _ in -gradient }
    return [gradient, second]
  }
}
