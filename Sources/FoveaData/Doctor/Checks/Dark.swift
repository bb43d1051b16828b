import FoveaCore

/// Pictures of which even the brightest pixels are dark.
struct Dark: MeasureCheck {
  static let kind = "dark"
  static let summary = "underexposed: even the brightest pixels are dark"
  static let explanations = ["threshold": "the least 99th percentile of brightness, 0 to 1"]

  var threshold = 0.32

  static let findsAbove = false
  static let measure = "99th percentile of brightness"
  static let unit = ""
  static let advice = "brighten it, or remove it where nothing is to be seen"

  static func figure(of picture: ExaminedPicture) -> Double? { picture.measures?.brightest }
}
