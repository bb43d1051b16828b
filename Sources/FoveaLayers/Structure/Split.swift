public import FoveaCore

/// The channels of its input, in several outputs: `[c1 + c2 + …, height, width]` to `[c1, height, width]`,
/// `[c2, height, width]`, …; vectors likewise. What ``Concatenate`` joins.
public struct Split: MultiOutputLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["sizes"]
    public static let explanations = [
      "sizes": "channels of each output"
    ]

    /// The channels of each output; their sum is the input's.
    public var sizes: [Int]

    public static var prototype: Self { Self(sizes: []) }

    public init(sizes: [Int]) {
      self.sizes = sizes
    }
  }

  /// The number of examples.
  public struct Cache: Sendable {
    let batch: Int
  }

  public static let kind = "split"
  public static let summary = "the channels of its input, in several outputs: NAME:0, NAME:1, …"

  public let configuration: Configuration
  public let outputShapes: [Shape]
  private let inputShape: Shape

  /// More outputs than anybody connects.
  private static let mostOutputs = 1_000

  /// - Throws: ``LayerError`` where the sizes are none, or their sum is not the input's number of channels.
  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    let (check, sizes) = (Check(kind: Self.kind), configuration.sizes)
    guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
    let input = inputs[0]
    try check.anything(input)
    try check.that(sizes.count <= Self.mostOutputs, "sizes", "at most \(Self.mostOutputs)", sizes.count)
    for size in sizes { try check.range(size, "sizes") }
    try check.that(
      sizes.reduce(0, +) == input[0], "sizes", "numbers whose sum is the input's \(input[0].counted("channel"))", sizes)
    self.configuration = configuration
    inputShape = input
    outputShapes = sizes.map { Shape([$0] + input.dimensions.dropFirst()) }
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (outputs: [Tensor], cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: inputs[0], inputShape)
    let outputs = inputs[0].withUnsafeFloats { whole in
      outputShapes.indices.map { index in
        Tensor(outputShapes[index].batched(batch)) { part in
          forEachExample(batch, index) { inner, outer, count in
            for i in 0..<count { part[inner + i] = whole[outer + i] }
          }
        }
      }
    }
    return (outputs, Cache(batch: batch))
  }

  public func backward(
    _ outputGradients: [Tensor?], _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    [
      Tensor(inputShape.batched(cache.batch)) { whole in
        for (index, gradient) in outputGradients.enumerated() {
          gradient?.withUnsafeFloats { part in
            forEachExample(cache.batch, index) { inner, outer, count in
              for i in 0..<count { whole[outer + i] = part[inner + i] }
            }
          }
        }
      }
    ]
  }

  /// Calls `body` with where each example of an output begins in it, and in the input.
  private func forEachExample(_ batch: Int, _ output: Int, _ body: (_ inner: Int, _ outer: Int, _ count: Int) -> Void) {
    let count = outputShapes[output].count
    let start = outputShapes[..<output].reduce(0) { $0 + $1.count }
    for example in 0..<batch { body(example * count, example * inputShape.count + start, count) }
  }
}
