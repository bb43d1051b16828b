import FoveaCore

/// The checks that the settings of several augmentations share.
extension Augmentation {
  /// - Parameter limits: in which both ends must lie.
  func require(_ range: ParameterRange?, _ key: String, in limits: ClosedRange<Double>) throws(ImageError) {
    guard let range else { return }
    guard limits.contains(range.lower), limits.contains(range.upper), range.lower <= range.upper else {
      throw invalid(
        key, "two numbers from \(text(limits.lowerBound)) to \(text(limits.upperBound)), the lower one first",
        "[\(text(range.lower)), \(text(range.upper))]")
    }
  }

  func require(probability: Double, _ key: String = "probability") throws(ImageError) {
    try require(probability, key, in: 0...1, "a probability, 0 to 1")
  }

  func require(_ value: Double, _ key: String, in limits: ClosedRange<Double>, _ expected: String) throws(ImageError) {
    guard limits.contains(value) else { throw invalid(key, expected, text(value)) }
  }

  func invalid(_ key: String, _ expected: String, _ got: String) -> ImageError {
    .invalidConfiguration(kind: Self.kind, key: key, expected: expected, got: got)
  }

  private func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(clamping: value))" : "\(value)" }
}

extension Int {
  fileprivate init(clamping value: Double) { self = Int(exactly: value) ?? (value < 0 ? .min : .max) }
}

extension SeededRandom {
  /// Whether something of this probability happens. Always draws one number.
  mutating func happens(_ probability: Double) -> Bool {
    ParameterRange(0, 1).draw(using: &self) < probability
  }
}
