public import FoveaCore

/// Zeros around each map: `[channels, height, width]` to `[channels, height + top + bottom, width + left + right]`.
public struct ZeroPadding: SecondDerivativeLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["padding"]
    public static let explanations = [
      "padding": "rows and columns of zeros, in pixels"
    ]

    /// In pixels.
    public var padding: Sides

    public static var prototype: Self { Self(padding: .none) }

    public init(padding: Sides) {
      self.padding = padding
    }
  }

  /// Nothing is remembered.
  public struct Cache: Sendable {}

  public static let kind = "zeroPadding"
  public static let summary = "zeros around each map"

  public let configuration: Configuration
  public let outputShape: Shape
  private let inputShape: Shape

  /// - Throws: ``LayerError`` where a side is negative, or the output would be too large.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let padding = configuration.padding
    try check.range(padding, "padding")
    try check.image(input)
    let dimensions = [
      input[0], input[1] + padding.top + padding.bottom, input[2] + padding.left + padding.right,
    ]
    try check.size(dimensions, "padding", "outputs")
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(dimensions)
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    let output = Tensor(outputShape.batched(batch)) { padded in
      input.withUnsafeFloats { image in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { padded[outer + i] = image[inner + i] }
        }
      }
    }
    return (output, Cache())
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    crop(outputGradient)
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    crop(outputCurvature)
  }

  private func crop(_ output: Tensor) -> Tensor {
    let batch = output.shape[0]
    return Tensor(inputShape.batched(batch)) { image in
      output.withUnsafeFloats { padded in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { image[inner + i] = padded[outer + i] }
        }
      }
    }
  }

  /// Calls `body` with where each row starts in the image and in the padded one.
  private func forEachRow(_ batch: Int, _ body: (_ inner: Int, _ outer: Int, _ width: Int) -> Void) {
    let (height, width) = (inputShape[1], inputShape[2])
    let (outerHeight, outerWidth) = (outputShape[1], outputShape[2])
    for map in 0..<batch * inputShape[0] {
      for row in 0..<height {
        let outer = (map * outerHeight + row + configuration.padding.top) * outerWidth + configuration.padding.left
        body((map * height + row) * width, outer, width)
      }
    }
  }
}
