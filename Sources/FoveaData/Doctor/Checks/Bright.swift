import FoveaCore

/// Pictures of which even the darkest pixels are bright.
struct Bright: MeasureCheck {
  static let kind = "bright"
  static let summary = "overexposed: even the darkest pixels are bright"
  static let explanations = ["threshold": "the greatest 5th percentile of brightness, 0 to 1"]

  var threshold = 0.7

  static let findsAbove = true
  static let measure = "5th percentile of brightness"
  static let unit = ""
  static let advice = "look whether what it shows can be told; if not, remove it"

  static func figure(of picture: ExaminedPicture) -> Double? { picture.measures?.darkest }
}
