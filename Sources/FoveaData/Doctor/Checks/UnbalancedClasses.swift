import FoveaCore

/// Classes with far fewer pictures than the largest has.
///
/// Source: A. Fernández et al., "A study of the behaviour of linguistic fuzzy rule based classification systems in the framework
/// of imbalanced data-sets", Fuzzy Sets and Systems 159, 2008: above a ratio of 9, data is called highly imbalanced.
struct UnbalancedClasses: DataCheck {
  static let kind = "unbalancedClasses"
  static let summary = "a class with far fewer images than the largest"
  static let explanations = ["ratio": "how many times as many images the largest class may have"]

  var ratio = 9.0

  func report(on survey: DataSurvey) -> CheckReport {
    let counts = survey.classCounts(part: 0)
    guard counts.count > 1, let largest = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[largest] > 0
    else {
      return CheckReport(self, remark: "there are no classes", [])
    }
    let rare = counts.indices.filter { counts[$0] > 0 && Double(counts[largest]) > ratio * Double(counts[$0]) }
      .sorted { counts[$0] < counts[$1] }
    return CheckReport(
      self, bound: "more than \(NumberText.short(ratio)) to 1",
      rare.map { label in
        let times = Double(counts[largest]) / Double(counts[label])
        return Finding(
          text: "\(survey.labels[label]): \(counts[label].counted("image")), \(survey.labels[largest]): "
            + "\(counts[largest].grouped), \(NumberText.short(times)) to 1",
          figure: times, threshold: ratio, advice: "add images, give rare classes weights, or draw classes evenly",
          pictures: [])
      })
  }
}
