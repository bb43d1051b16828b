public import FoveaCore

/// Each map without some of its rows and columns: `[channels, height, width]` to
/// `[channels, height − top − bottom, width − left − right]`.
public struct Cropping: SecondDerivativeLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["sides"]
    public static let explanations = [
      "sides": "rows and columns that are cut off, in pixels"
    ]

    /// In pixels.
    public var sides: Sides

    public static var prototype: Self { Self(sides: .none) }

    public init(sides: Sides) {
      self.sides = sides
    }
  }

  /// Nothing is remembered.
  public struct Cache: Sendable {}

  public static let kind = "cropping"
  public static let summary = "maps without some rows and columns at their sides"

  public let configuration: Configuration
  public let outputShape: Shape
  private let inputShape: Shape

  /// - Throws: ``LayerError`` where a side is negative, or nothing is left.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let sides = configuration.sides
    try check.range(sides, "sides")
    try check.image(input)
    let dimensions = [input[0], input[1] - sides.top - sides.bottom, input[2] - sides.left - sides.right]
    try check.that(
      dimensions[1] > 0 && dimensions[2] > 0, "sides",
      "so small that something is left of \(input[1])×\(input[2]) pixels",
      "\(sides.named.map(\.count))")
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(dimensions)
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    let output = Tensor(outputShape.batched(batch)) { cropped in
      input.withUnsafeFloats { image in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { cropped[inner + i] = image[outer + i] }
        }
      }
    }
    return (output, Cache())
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    pad(outputGradient)
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    pad(outputCurvature)
  }

  private func pad(_ output: Tensor) -> Tensor {
    let batch = output.shape[0]
    return Tensor(inputShape.batched(batch)) { image in
      output.withUnsafeFloats { cropped in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { image[outer + i] = cropped[inner + i] }
        }
      }
    }
  }

  /// Calls `body` with where each row starts in the cropped image and in the whole one.
  private func forEachRow(_ batch: Int, _ body: (_ inner: Int, _ outer: Int, _ width: Int) -> Void) {
    let (height, width) = (outputShape[1], outputShape[2])
    let (outerHeight, outerWidth) = (inputShape[1], inputShape[2])
    for map in 0..<batch * inputShape[0] {
      for row in 0..<height {
        let outer = (map * outerHeight + row + configuration.sides.top) * outerWidth + configuration.sides.left
        body((map * height + row) * width, outer, width)
      }
    }
  }
}
