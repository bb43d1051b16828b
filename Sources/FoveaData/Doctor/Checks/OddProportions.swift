import FoveaCore

/// Pictures that are far longer than wide.
struct OddProportions: MeasureCheck {
  static let kind = "oddProportions"
  static let summary = "far longer than wide: resizing to a square distorts it"
  static let explanations = ["threshold": "the least ratio of the shorter side to the longer one"]

  var threshold = 0.35

  static let findsAbove = false
  static let measure = "shorter to longer side"
  static let unit = ""
  static let advice = "crop it, or prepare images with 'letterbox' or 'centerCrop' in place of 'resize'"

  static func figure(of picture: ExaminedPicture) -> Double? {
    picture.size.map { Double(min($0.width, $0.height)) / Double(max($0.width, $0.height)) }
  }
}
