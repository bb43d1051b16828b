public import FoveaCore

/// An input repeated along axes of which it has one element, so that it goes with inputs that are larger there: `[1, height, width]`
/// to `[channels, height, width]`, or `[channels, 1, 1]` to `[channels, height, width]`.
///
/// The gradient of an element is the sum of those of all places that it goes to.
///
/// Source: NumPy's broadcasting, and ONNX's `Expand`, of inputs with as many axes as the output.
public struct Broadcast: RearrangingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["shape"]
    public static let explanations = [
      "shape": "of the output; an extent differs from the input's only where that has 1"
    ]

    public var shape: [Int]

    public static var prototype: Self { Self(shape: [1]) }

    public init(shape: [Int]) {
      self.shape = shape
    }
  }

  /// Neighboring axes that are repeated together.
  private struct Repetition {
    let count: Int
    /// Elements of the output that lie within one of them.
    let inner: Int
  }

  public static let kind = "broadcast"
  public static let summary = "the input repeated along axes of one element"

  public let configuration: Configuration
  public let outputShape: Shape
  public let inputShape: Shape
  /// From the last axis to the first.
  private let repetitions: [Repetition]

  /// - Throws: ``LayerError`` where the shape is none, or differs from the input's where that has several elements.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let shape = configuration.shape
    try check.anything(input)
    for extent in shape { try check.range(extent, "shape") }
    try check.that(
      shape.count == input.rank && zip(shape, input.dimensions).allSatisfy { $0 == $1 || $1 == 1 }, "shape",
      "the input's, \(input), with other extents in the place of 1 alone", shape)
    try check.size(shape, "shape", "outputs")
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(shape)
    var repetitions: [Repetition] = []
    var inner = 1
    for axis in shape.indices.reversed() {
      if input[axis] != shape[axis] {
        if let last = repetitions.last, last.inner * last.count == inner {
          repetitions[repetitions.count - 1] = Repetition(count: last.count * shape[axis], inner: last.inner)
        } else {
          repetitions.append(Repetition(count: shape[axis], inner: inner))
        }
      }
      inner *= shape[axis]
    }
    self.repetitions = repetitions
  }

  public func rearrange(_ input: Tensor) -> Tensor {
    var result = input
    for repetition in repetitions {
      let (inner, count) = (repetition.inner, repetition.count)
      let parts = result.shape.count / inner
      result = Tensor([parts, count * inner]) { target in
        result.withUnsafeFloats { source in
          for part in 0..<parts {
            for copy in 0..<count {
              let (from, to) = (part * inner, (part * count + copy) * inner)
              for i in 0..<inner { target[to + i] = source[from + i] }
            }
          }
        }
      }
    }
    return result.reshaped(outputShape.batched(input.shape[0]))
  }

  public func restore(_ output: Tensor) -> Tensor {
    var result = output
    for repetition in repetitions.reversed() {
      let (inner, count) = (repetition.inner, repetition.count)
      let parts = result.shape.count / (inner * count)
      result = Tensor([parts, inner]) { target in
        result.withUnsafeFloats { source in
          for part in 0..<parts {
            for copy in 0..<count {
              let (to, from) = (part * inner, (part * count + copy) * inner)
              for i in 0..<inner { target[to + i] += source[from + i] }
            }
          }
        }
      }
    }
    return result.reshaped(inputShape.batched(output.shape[0]))
  }
}
