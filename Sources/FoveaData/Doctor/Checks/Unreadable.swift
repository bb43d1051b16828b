import FoveaCore

/// Pictures that cannot be decoded: cut short, damaged, of a kind that is not read, or not to be opened.
struct Unreadable: DataCheck {
  static let kind = "unreadable"
  static let summary = "cannot be read: cut short, damaged, empty, or no image"

  func report(on survey: DataSurvey) -> CheckReport {
    CheckReport(
      self,
      survey.pictures.enumerated().compactMap { number, picture in
        picture.failure.map { failure in
          Finding(
            weight: .defect, text: failure, advice: "get the file again, or remove it; 'fovea train' leaves it out",
            pictures: [number])
        }
      })
  }
}
