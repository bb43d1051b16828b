import FoveaCore

/// The checks that the settings of several steps share.
extension PreprocessingStep {
  func require(side: Int, _ key: String, atLeast least: Int = 1) throws(ImageError) {
    guard (least...Image.longestSide).contains(side) else {
      throw invalid(key, "\(least) to \(Image.longestSide) pixels", "\(side)")
    }
  }

  func require(finite value: Float, _ key: String) throws(ImageError) {
    guard value.isFinite else { throw invalid(key, "a finite number", "\(value)") }
  }

  func invalid(_ key: String, _ expected: String, _ got: String) -> ImageError {
    .invalidConfiguration(kind: Self.kind, key: key, expected: expected, got: got)
  }
}
