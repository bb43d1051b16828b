import FoveaCore

/// Pictures that are nearly one gray.
///
/// Source: C. Shannon, "A mathematical theory of communication", 1948, section 6, of the histogram of gray levels.
struct LowInformation: MeasureCheck {
  static let kind = "lowInformation"
  static let summary = "nearly one gray: the entropy of its gray levels is small"
  static let explanations = ["threshold": "the least entropy, in bits"]

  var threshold = 3.0

  static let findsAbove = false
  static let measure = "entropy"
  static let unit = "bits"
  static let advice = "remove it, unless an empty image is an example of its class"

  static func figure(of picture: ExaminedPicture) -> Double? { picture.measures?.entropy }
}
