public import FoveaCore

/// The number of the channel with the largest value, from 0: `[channels, height, width]` to `[1, height, width]`, a vector
/// to a single number. Of several that are equal, the first; what is not a number is passed over.
///
/// It computes forward only: a decision has no gradient.
public struct ArgMax: Operator {
  /// What the numbers are, as ``ElementType`` has it.
  public enum Number: String, Sendable, Codable, CaseIterable {
    case float32, int32, int64
  }

  public struct Configuration: Configurable {
    public static let explanations = ["element": "what the numbers are"]

    public var element = Number.float32

    public init() {}
  }

  public static let kind = "argMax"
  public static let summary = "which channel is the largest, from 0, at each place; it cannot be trained through"

  public let configuration: Configuration
  public let outputShapes: [Shape]
  private let inputShape: Shape

  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
    try Check(kind: Self.kind).anything(inputs[0])
    self.configuration = configuration
    inputShape = inputs[0]
    outputShapes = [Shape([1] + inputShape.dimensions.dropFirst())]
  }

  public func outputElements(of inputs: [ElementType]) throws(LayerError) -> [ElementType] {
    try Self.expect(.float32, of: inputs)
    return switch configuration.element {
    case .float32: [.float32]
    case .int32: [.int32]
    case .int64: [.int64]
    }
  }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    let batch = try Check(kind: Self.kind).batch(of: inputs[0], inputShape)
    return switch configuration.element {
    case .float32: [numbers(inputs[0], batch, of: Float.self)]
    case .int32: [numbers(inputs[0], batch, of: Int32.self)]
    case .int64: [numbers(inputs[0], batch, of: Int64.self)]
    }
  }

  private func numbers<Number: TensorElement>(_ input: Tensor, _ batch: Int, of type: Number.Type) -> Tensor {
    let (channels, area) = (inputShape[0], outputShapes[0].count)
    var output = Tensor(uninitialized: outputShapes[0].batched(batch), of: Number.elementType)
    output.withUnsafeMutableElements(of: type) { output in
      input.withUnsafeFloats { input in
        for i in output.indices {
          let first = i / area * inputShape.count + i % area
          var (best, largest) = (0, -Float.infinity)
          for channel in 0..<channels where input[first + channel * area] > largest {
            (best, largest) = (channel, input[first + channel * area])
          }
          output[i] = Number(saturating: Int64(best))
        }
      }
    }
    return output
  }
}
