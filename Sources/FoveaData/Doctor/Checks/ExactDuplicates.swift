import FoveaCore

/// Files that are the same, byte for byte.
struct ExactDuplicates: DataCheck {
  static let kind = "exactDuplicates"
  static let summary = "the same file several times: in a class, in several classes, in several parts (a leak)"

  func report(on survey: DataSurvey) -> CheckReport {
    CheckReport(
      self,
      survey.identicalPictures().map { survey.finding(of: $0, "copies of one file", isCertain: true) }.worstFirst())
  }
}
