package import FoveaCore

extension Collection where Element == any PreprocessingStep {
  /// Looks at what the steps have written for a picture.
  ///
  /// - Throws: ``ImageError/failed(kind:message:)`` that names the step which made what is no finite number.
  package func checkNumbers(
    _ values: UnsafeMutableBufferPointer<Float>, of picture: Image
  ) throws(ImageError) {
    guard let start = values.baseAddress, !Tensor.largestMagnitude(start, values.count).isFinite else { return }
    guard picture.isFinite else { throw Self.fault("the picture", "has") }
    var image = picture
    for step in self {
      image = try step.apply(image)
      guard image.isFinite else { throw Self.fault(type(of: step).kind, "gives") }
    }
    throw Self.fault("preprocessing", "gives")
  }

  private static func fault(_ kind: String, _ verb: String) -> ImageError {
    .failed(kind: kind, message: "\(verb) what is no finite number (NaN or infinity)")
  }
}

extension Image {
  fileprivate var isFinite: Bool {
    guard case .floats(let floats) = pixels else { return true }
    return floats.allSatisfy(\.isFinite)
  }
}
