package import FoveaCore

/// The steps between a picture and a network's input, cut in two.
///
/// The first part, up to the last step that changes more than values, is the expensive one: what it makes may be kept. An
/// augmentation comes between the two. The second part only changes values.
package struct PreparationSteps: Sendable {
  package let all: [any PreprocessingStep]
  package let shaping: ArraySlice<any PreprocessingStep>
  package let values: ArraySlice<any PreprocessingStep>
  /// The decoder that goes with the steps.
  package let decoder: ImageDecoder

  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  package init(_ steps: [any PreprocessingStep], limits: DecodingLimits) throws(ImageError) {
    for step in steps { try step.validate() }
    // A step that changes more than values shows it on shapes that no network has.
    let cut = (steps.lastIndex { !$0.isPointwise(on: [1, 61, 37]) || !$0.isPointwise(on: [3, 41, 67]) } ?? -1) + 1
    (all, shaping, values) = (steps, steps[..<cut], steps[cut...])
    decoder = ImageDecoder(for: steps, limits: limits)
  }

  /// The picture behind the first part.
  package func shaped(_ picture: DecodedImage) throws(ImageError) -> DecodedImage {
    try shaping.apply(to: picture)
  }
}

extension Collection where Element == any PreprocessingStep {
  /// The picture behind these steps, and where its points have gone.
  func apply(to picture: DecodedImage) throws(ImageError) -> DecodedImage {
    var picture = picture
    for step in self {
      let image = try step.apply(picture.image)
      picture.geometry.append(step.transform(from: picture.image, to: image), to: image.size, by: type(of: step).kind)
      picture.image = image
    }
    return picture
  }
}
