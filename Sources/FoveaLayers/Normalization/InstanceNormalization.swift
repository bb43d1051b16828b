public import FoveaCore

/// Each map of each example brought to mean 0 and variance 1, and where wanted scaled and shifted:
/// y = (x − mean) / √(variance + epsilon) · scale[c] + shift[c].
///
/// Input and output `[channels, height, width]`. Parameters with `scale`, both `[channels]`: `scale`, `shift`.
///
/// Source: Ulyanov, Vedaldi, Lempitsky 2016, "Instance Normalization: The Missing Ingredient for Fast Stylization".
public struct InstanceNormalization: RowNormalizationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "epsilon": "added to the variance",
      "scale": "whether each channel is scaled and shifted",
    ]

    /// Added to the variance.
    public var epsilon: Float
    public var scale: Bool

    public init() { self.init(epsilon: 1e-5) }

    public init(epsilon: Float = 1e-5, scale: Bool = true) {
      self.epsilon = epsilon
      self.scale = scale
    }
  }

  public static let kind = "instanceNormalization"
  public static let summary = "each map of each example at mean 0 and variance 1"

  public let configuration: Configuration
  public let passes: RowNormalizationPasses

  /// - Throws: ``LayerError`` where epsilon is not positive, or the input is no image.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.image(input)
    self.configuration = configuration
    passes = try RowNormalizationPasses(
      check, shape: input, rows: input[0], epsilon: configuration.epsilon, scales: [input[0]],
      repeats: input[1] * input[2], hasScale: configuration.scale)
  }
}
