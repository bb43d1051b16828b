import FoveaCore

/// Pictures without a sharp edge.
///
/// Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", ICPR 2000. Deviates: a
/// picture of little contrast is taken as if it had that of a usual one, so that what is dark is not blurry for it; and one
/// that is all but one gray has no edge to be sharp, and is left to ``LowInformation``.
struct Blurry: MeasureCheck {
  static let kind = "blurry"
  static let summary = "no sharp edge: the variance of the Laplacian is small, whatever the contrast"
  static let explanations = ["threshold": "the least variance of the Laplacian, in squared gray levels"]

  var threshold = 50.0

  static let findsAbove = false
  static let measure = "sharpness"
  static let unit = ""
  static let advice = "look whether what it shows can be told; if not, remove it"

  // The standard deviation of gray levels that nine of ten photographs exceed.
  private static let usualContrast = 40.0

  static func figure(of picture: ExaminedPicture) -> Double? {
    picture.measures.flatMap { measures in
      guard measures.contrast >= 5 else { return nil }
      let stretch = max(1, usualContrast / measures.contrast)
      return measures.sharpness * stretch * stretch
    }
  }
}
