public import FoveaCore

/// Gradient descent in which each weight has a step of its own: w ← w − η/(µ + h)·g, h being the diagonal Gauss-Newton
/// estimate of the loss's second derivative by that weight.
///
/// The estimates are made anew before each pass over the data, on some of its patterns, and stay as they are during
/// the pass; see ``CurvatureOptimizer``.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section III-A and appendix C.
public struct DiagonalLevenbergMarquardt: CurvatureOptimizer, MeasuringOptimizer {
  public static let kind = "diagonalLevenbergMarquardt"
  public static let summary = "a step of its own for each weight, by second derivatives (LeCun et al. 1998)"
  public static let explanations = [
    "learningRate": "the global rate",
    "damping": "keeps steps finite where the second derivative vanishes",
    "patterns": "images on which second derivatives are estimated before each pass",
  ]

  /// η, the global rate.
  public var learningRate: Float = 0.0005
  /// µ, which keeps the steps finite where the estimate vanishes.
  public var damping: Float = 0.02
  /// On how many patterns the second derivatives are estimated.
  public var patterns = 500

  public init() {}

  public init(learningRate: Float, damping: Float = 0.02, patterns: Int = 500) {
    self.learningRate = learningRate
    self.damping = damping
    self.patterns = patterns
  }

  public var memories: Int { 1 }

  public func validate() throws(ConfigurationError) {
    try require(positive: ["damping": damping])
    try require("patterns", Float(patterns), "1 or more", patterns > 0)
  }

  public func memory(curvature: Float) -> Float { 1 / (damping + curvature) }

  public func update(_ block: WeightBlock, step: Int) { _ = measuredUpdate(block, step: step) }

  func measuredUpdate(_ block: WeightBlock, step: Int) -> UpdateKernels.Magnitudes {
    UpdateKernels.descendScaled(block, rate: learningRate)
  }
}
