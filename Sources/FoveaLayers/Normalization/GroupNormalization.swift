public import FoveaCore

/// Groups of channels of each example brought to mean 0 and variance 1, then each channel scaled and shifted:
/// y = (x − mean) / √(variance + epsilon) · scale[c] + shift[c].
///
/// Input and output `[channels, …]`. Parameters, both `[channels]`: `scale`, `shift`.
///
/// Source: Wu, He 2018, "Group Normalization".
public struct GroupNormalization: RowNormalizationLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["groups"]
    public static let explanations = [
      "groups": "of channels, each of which has a mean and a variance",
      "epsilon": "added to the variance",
      "scale": "whether each channel is scaled and shifted",
    ]

    public var groups: Int
    /// Added to the variance.
    public var epsilon: Float
    public var scale: Bool

    public static var prototype: Self { Self(groups: 1) }

    public init(groups: Int, epsilon: Float = 1e-5, scale: Bool = true) {
      self.groups = groups
      self.epsilon = epsilon
      self.scale = scale
    }
  }

  public static let kind = "groupNormalization"
  public static let summary = "groups of channels of each example at mean 0 and variance 1"

  public let configuration: Configuration
  public let passes: RowNormalizationPasses

  /// - Throws: ``LayerError`` where epsilon is not positive, or the groups do not divide the channels.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.anything(input)
    try check.range(configuration.groups, "groups")
    try check.that(
      input[0].isMultiple(of: configuration.groups), "groups",
      "a divisor of the \(input[0].counted("input channel"))", configuration.groups)
    self.configuration = configuration
    passes = try RowNormalizationPasses(
      check, shape: input, rows: configuration.groups, epsilon: configuration.epsilon, scales: [input[0]],
      repeats: input.count / input[0], hasScale: configuration.scale)
  }
}
