public import FoveaCore

/// The product of two inputs, element by element; the second one may have a number for each channel of the first, by which the
/// whole channel is multiplied, as squeeze-and-excitation does.
///
/// Inputs `[channels, height, width]` and the same, `[channels]` or `[channels, 1, 1]`; vectors `[features]` and the same.
///
/// Source: Hu, Shen, Sun 2018, "Squeeze-and-Excitation Networks", equation 4.
public struct Multiply: Layer {
  public struct Cache: Sendable {
    let first, second: Tensor
  }

  public static let kind = "multiply"
  public static let summary = "the product of two inputs, the second of which may have one number a channel"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let secondShape: Shape
  /// Whether the second input has one number for each channel of the first.
  private let isByChannel: Bool

  /// - Throws: ``LayerError`` where there are not two inputs, or the second has another shape than those above.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    let check = Check(kind: Self.kind)
    guard inputs.count == 2 else {
      throw .inputCount(kind: Self.kind, expected: "two inputs", got: inputs.count)
    }
    for input in inputs { try check.anything(input) }
    let (first, second) = (inputs[0], inputs[1])
    isByChannel = first != second
    guard !isByChannel || second[0] == first[0] && second.count == first[0] else {
      let channels = first.rank > 1 ? ", or a number for each of its \(first[0].counted("channel"))" : ""
      throw check.input("\(first), as the first input has\(channels)", second)
    }
    self.configuration = configuration
    outputShape = first
    secondShape = second
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: inputs[0], outputShape)
    guard try check.batch(of: inputs[1], secondShape) == batch else {
      throw check.input("a batch of \(batch), as the first input has", inputs[1].shape)
    }
    let first = inputs[0].inChannelBlocks()
    let second = isByChannel ? inputs[1].plain() : inputs[1].converted(to: first.layout)
    return (product(first, second), Cache(first: first, second: second))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard context.needsInputGradients else { return [] }
    let gradient = outputGradient.converted(to: cache.first.layout)
    let bySecond =
      isByChannel
      ? ChannelBlocks(of: gradient).sums(cache.first, gradient) { $0 * $1 }.reshaped(cache.second.shape)
      : product(gradient, cache.first)
    return [product(gradient, cache.second), bySecond]
  }

  /// - Parameter second: in the same order as the first, or with a number for each channel.
  private func product(_ first: Tensor, _ second: Tensor) -> Tensor {
    let output = Tensor(uninitialized: first.shape, layout: first.layout)
    if second.shape == first.shape {
      output.combine(first, second) { $0 * $1 }
    } else {
      let blocks = ChannelBlocks(of: first)
      blocks.map(first, blocks.padded(second.elements, rows: blocks.batch), to: output) { x, factor, _ in x * factor }
    }
    return output
  }
}
