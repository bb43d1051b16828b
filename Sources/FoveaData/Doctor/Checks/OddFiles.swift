import FoveaCore

/// Files that are read although something is odd about them.
struct OddFiles: DataCheck {
  static let kind = "oddFiles"
  static let summary = "its file is not as its format or its name says, though every pixel is there"

  func report(on survey: DataSurvey) -> CheckReport {
    CheckReport(
      self,
      survey.pictures.enumerated().compactMap { number, picture in
        picture.warnings.isEmpty
          ? nil
          : Finding(
            text: picture.warnings.joined(separator: "; "),
            advice: "save it anew where other programs stumble over it", pictures: [number])
      })
  }
}
