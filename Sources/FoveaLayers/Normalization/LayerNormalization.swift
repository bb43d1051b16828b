public import FoveaCore

/// The numbers of the last axes of each example brought to mean 0 and variance 1, then scaled and shifted:
/// y = (x − mean) / √(variance + epsilon) · scale + shift.
///
/// Input and output of any shape; with `axis: -1`, as at first, each vector of features of `[tokens, features]` is one that is
/// normalized. Parameters, of the shape of the normalized axes: `scale`, `shift`.
///
/// Source: Ba, Kiros, Hinton 2016, "Layer Normalization".
public struct LayerNormalization: RowNormalizationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "axis": "the first of those that are normalized together, from 0, or counted from the end, -1 for the last",
      "epsilon": "added to the variance",
      "scale": "whether what is normalized is scaled and shifted",
    ]

    public var axis: Int
    /// Added to the variance.
    public var epsilon: Float
    public var scale: Bool

    public init() { self.init(axis: -1) }

    public init(axis: Int = -1, epsilon: Float = 1e-5, scale: Bool = true) {
      self.axis = axis
      self.epsilon = epsilon
      self.scale = scale
    }
  }

  public static let kind = "layerNormalization"
  public static let summary = "the last axes of each example at mean 0 and variance 1"

  public let configuration: Configuration
  public let passes: RowNormalizationPasses

  /// - Throws: ``LayerError`` where epsilon is not positive, or there is no such axis.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.anything(input)
    try check.that(
      (-input.rank..<input.rank).contains(configuration.axis), "axis",
      "from \(-input.rank) to \(input.rank - 1), as the input has \(input.rank.counted("axis", "axes"))",
      configuration.axis)
    let first = configuration.axis < 0 ? input.rank + configuration.axis : configuration.axis
    let scales = Shape(Array(input.dimensions[first...]))
    self.configuration = configuration
    passes = try RowNormalizationPasses(
      check, shape: input, rows: input.count / scales.count, epsilon: configuration.epsilon, scales: scales,
      repeats: 1, hasScale: configuration.scale)
  }
}
