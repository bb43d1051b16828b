public import FoveaCore

/// The sum of two or more inputs of one shape, element by element.
public struct Add: Layer {
  /// How many inputs there were.
  public struct Cache: Sendable {
    let inputs: Int
  }

  public static let kind = "add"
  public static let summary = "the sum of its inputs"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  let inputCount: Int

  /// - Throws: ``LayerError`` where there are fewer than two inputs, or their shapes differ.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    let check = Check(kind: Self.kind)
    guard inputs.count >= 2 else {
      throw .inputCount(kind: Self.kind, expected: "two or more inputs", got: inputs.count)
    }
    try check.anything(inputs[0])
    for input in inputs where input != inputs[0] { throw check.input("\(inputs[0]), as the first input has", input) }
    self.configuration = configuration
    outputShape = inputs[0]
    inputCount = inputs.count
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    (try infer(inputs, parameters), Cache(inputs: inputs.count))
  }

  public func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let check = Check(kind: Self.kind)
    _ = try check.batch(of: inputs[0], outputShape)
    for input in inputs where input.shape != inputs[0].shape {
      throw check.input("a batch as large as the first input's, \(inputs[0].shape)", input.shape)
    }
    return inputs.dropFirst().reduce(inputs[0]) { $0.adding($1) }
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    Array(repeating: outputGradient, count: cache.inputs)
  }
}
