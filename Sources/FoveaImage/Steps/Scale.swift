public import FoveaCore

/// Brings values from one range to another: x' = lower + (x − fromLower) · (upper − lower) / (fromUpper − fromLower).
///
/// In and out: `[C, H, W]`. A `lower` above `upper` turns dark and light around.
public struct Scale: PreprocessingStep, Configurable {
  public static let kind = "scale"
  public static let summary = "brings values from 0…255 to 0…1 or any other range"
  public static let explanations = [
    "lower": "what 'fromLower' becomes",
    "upper": "what 'fromUpper' becomes",
    "fromLower": "in the units that come in",
    "fromUpper": "in the units that come in",
  ]

  /// What `fromLower` becomes.
  public var lower: Float = 0
  /// What `fromUpper` becomes.
  public var upper: Float = 1
  public var fromLower: Float = 0
  public var fromUpper: Float = 255

  public init() {}

  public init(lower: Float = 0, upper: Float = 1, fromLower: Float = 0, fromUpper: Float = 255) {
    self.lower = lower
    self.upper = upper
    self.fromLower = fromLower
    self.fromUpper = fromUpper
  }

  public func validate() throws(ImageError) {
    try require(finite: lower, "lower")
    try require(finite: upper, "upper")
    try require(finite: fromLower, "fromLower")
    try require(finite: fromUpper, "fromUpper")
    guard fromUpper != fromLower, (fromUpper - fromLower).isFinite else {
      throw invalid("fromUpper", "other than 'fromLower'", "\(fromUpper)")
    }
    guard upper != lower, (upper - lower).isFinite else { throw invalid("upper", "other than 'lower'", "\(upper)") }
  }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    let factor = (upper - lower) / (fromUpper - fromLower)
    return try image.mapped(by: Self.kind) { [lower, fromLower] in lower + ($0 - fromLower) * factor }
  }

  public func isPointwise(on shape: Shape) -> Bool { true }
}
