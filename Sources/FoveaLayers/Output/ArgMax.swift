public import FoveaCore

/// The number of the channel with the largest value, from 0: `[channels, height, width]` to `[1, height, width]`, a vector
/// to a single number. Of several that are equal, the first; what is not a number is passed over.
///
/// It computes forward only: a decision has no gradient.
public struct ArgMax: Operator {
  public static let kind = "argMax"
  public static let summary = "which channel is the largest, from 0, at each place; it cannot be trained through"

  public let configuration: NoConfiguration
  public let outputShapes: [Shape]
  private let inputShape: Shape

  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
    try Check(kind: Self.kind).anything(inputs[0])
    self.configuration = configuration
    inputShape = inputs[0]
    outputShapes = [Shape([1] + inputShape.dimensions.dropFirst())]
  }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    let batch = try Check(kind: Self.kind).batch(of: inputs[0], inputShape)
    let (channels, area) = (inputShape[0], outputShapes[0].count)
    return [
      Tensor(outputShapes[0].batched(batch)) { output in
        inputs[0].withUnsafeFloats { input in
          for i in output.indices {
            let first = i / area * inputShape.count + i % area
            var (best, largest) = (0, -Float.infinity)
            for channel in 0..<channels where input[first + channel * area] > largest {
              (best, largest) = (channel, input[first + channel * area])
            }
            output[i] = Float(best)
          }
        }
      }
    ]
  }
}
