public import FoveaCore

/// The same numbers for every example, which are learned: where a token stands, or a token of its own. Of its input, only how many
/// examples there are counts.
///
/// Output: of the shape that is given. Parameters: `value`, of that shape.
public struct LearnedConstant: UnaryLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["shape"]
    public static let explanations = [
      "shape": "of one example",
      "deviation": "of the numbers at first, which are drawn from a normal distribution",
    ]

    /// Without the batch.
    public var shape: [Int]
    public var deviation: Float

    public static var prototype: Self { Self(shape: [1]) }

    public init(shape: [Int], deviation: Float = 0.02) {
      self.shape = shape
      self.deviation = deviation
    }
  }

  /// What came in looked like.
  public struct Cache: Sendable {
    let shape: Shape
  }

  public static let kind = "learnedConstant"
  public static let summary = "the same numbers for every example, which are learned"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  private let inputShape: Shape

  /// - Throws: ``LayerError`` where the shape is none, or the deviation is negative.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.anything(input)
    try check.that(
      !configuration.shape.isEmpty && configuration.shape.count < Shape.mostAxes, "shape",
      "one to \(Shape.mostAxes - 1) extents", configuration.shape)
    for extent in configuration.shape { try check.range(extent, "shape") }
    try check.size(configuration.shape, "shape", "outputs")
    let deviation = configuration.deviation
    try check.that(deviation >= 0 && deviation.isFinite, "deviation", "a number of 0 or more", deviation)
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(configuration.shape)
    parameters = [Parameter("value", outputShape, .normal(deviation: deviation))]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    let output = parameters[0].withUnsafeFloats { value in
      Tensor(outputShape.batched(batch)) { output in
        for i in output.indices { output[i] = value[i % value.count] }
      }
    }
    return (output, Cache(shape: input.shape))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    gradients.add(to: 0) { sums in
      outputGradient.withUnsafeFloats { gradient in
        for i in gradient.indices { sums[i % sums.count] += gradient[i] }
      }
    }
    return context.needsInputGradients ? Tensor(zeros: cache.shape) : nil
  }
}
