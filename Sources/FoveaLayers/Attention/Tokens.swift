public import FoveaCore

/// What is at each pixel as a vector, one after the other: `[channels, height, width]` to `[height · width, channels]`.
///
/// Source: Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1.
public struct Tokens: UnaryLayer {
  /// How many examples there were.
  public struct Cache: Sendable {
    let batch: Int
  }

  public static let kind = "tokens"
  public static let summary = "a vector for each pixel, one after the other"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let inputShape: Shape

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    try Check(kind: Self.kind).image(input)
    self.configuration = configuration
    inputShape = input
    outputShape = [input[1] * input[2], input[0]]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    return (transposed(input, rows: outputShape[1], outputShape.batched(batch)), Cache(batch: batch))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    transposed(outputGradient, rows: outputShape[0], inputShape.batched(cache.batch))
  }

  private func transposed(_ tensor: Tensor, rows: Int, _ shape: Shape) -> Tensor {
    let size = shape.withoutBatch.count
    let columns = size / rows
    return tensor.withUnsafeFloats { source in
      Tensor(shape) { result in
        for start in stride(from: 0, to: result.count, by: size) {
          for row in 0..<rows {
            for column in 0..<columns { result[start + column * rows + row] = source[start + row * columns + column] }
          }
        }
      }
    }
  }
}
