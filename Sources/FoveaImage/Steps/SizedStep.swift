public import FoveaCore

/// A step that needs only so many pixels, so that a decoder may scale down before it.
public protocol SizedStep: PreprocessingStep {
  /// Nil where the step wants every pixel of the file.
  var sufficientSize: ImageSize? { get }
}

extension ImageDecoder {
  /// The decoder that goes with these steps: with colors, and scaled down where the first step allows it.
  ///
  /// Training and prediction both decode by it, so that they see the same pixels.
  public init(for steps: [any PreprocessingStep], limits: DecodingLimits = DecodingLimits()) {
    self.init(colorModel: .rgb, sufficientSize: (steps.first as? any SizedStep)?.sufficientSize)
    maximumPixels = limits.maximumPixels
    budget = limits.budget
    isolation = limits.isolation
  }
}
