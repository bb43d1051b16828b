/// A step that decides for something from a confidence on, which whoever runs it may choose otherwise.
public protocol ThresholdStep: PostprocessingStep {
  /// From which confidence on, for people: `0.5`.
  var thresholdText: String { get }

  /// The same step, which decides from this confidence on, 0…1.
  func deciding(from confidence: Float) -> Self
}
