import FoveaCore

/// Classes with too few pictures to learn from.
struct SmallClasses: DataCheck {
  static let kind = "smallClasses"
  static let summary = "a class with hardly an image to learn from"
  static let explanations = ["least": "how many images a class must have in the part that is learned from"]

  var least = 20

  func report(on survey: DataSurvey) -> CheckReport {
    let counts = survey.classCounts(part: 0)
    guard counts.count > 1 else { return CheckReport(self, remark: "there are no classes", []) }
    let small = counts.indices.filter { counts[$0] < least }.sorted { counts[$0] < counts[$1] }
    return CheckReport(
      self, bound: "below \(least.counted("image"))",
      small.map { label in
        Finding(
          weight: counts[label] == 0 ? .defect : .taste,
          text: "\(survey.labels[label]): \(counts[label].counted("image"))", figure: Double(counts[label]),
          threshold: Double(least),
          advice: counts[label] == 0 ? "add images, or remove the class" : "add images, or join the class to another",
          pictures: [])
      })
  }
}
