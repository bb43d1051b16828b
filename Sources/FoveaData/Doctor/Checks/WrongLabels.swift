import FoveaCore

/// Labels that a model disagrees with, while it is as sure of another class as it is of that class's own pictures.
///
/// Source: C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70, 2021,
/// section 3.1: the threshold of a class is the mean confidence in it of the examples labelled with it. Deviates: only the
/// most probable class is looked at, and no threshold is above `enough`, as half of the examples of a class are below its mean,
/// however sure the model is of all of them.
struct WrongLabels: DataCheck {
  static let kind = "wrongLabels"
  static let summary = "a model is sure that the label is wrong (with --model)"
  static let explanations = [
    "least": "how sure the model must be of the other class at least, 0 to 1",
    "enough": "how sure it need not be more than, even where it is surer of that class's own images, 0 to 1",
  ]

  var least = 0.5
  var enough = 0.9

  func report(on survey: DataSurvey) -> CheckReport {
    var sums = Array(repeating: (sum: 0.0, count: 0), count: survey.labels.count)
    for picture in survey.pictures {
      guard let opinion = picture.opinion, let label = picture.label else { continue }
      sums[label].sum += Double(opinion.ownConfidence)
      sums[label].count += 1
    }
    guard sums.contains(where: { $0.count > 0 }) else { return CheckReport(self, remark: "no model was asked", []) }
    let thresholds = Dictionary(
      uniqueKeysWithValues: zip(survey.labels, sums.map { max(min($0.sum / Double(max($0.count, 1)), enough), least) }))
    let found = survey.pictures.enumerated().compactMap { number, picture -> (margin: Float, finding: Finding)? in
      guard let opinion = picture.opinion, let label = picture.label, opinion.label != survey.labels[label],
        let threshold = thresholds[opinion.label], Double(opinion.confidence) >= threshold
      else { return nil }
      let finding = Finding(
        text:
          "labelled \(survey.labels[label]), taken for \(opinion.label) with \(NumberText.percent(opinion.confidence))",
        figure: Double(opinion.confidence), threshold: threshold,
        advice: "look which of the two it is; move it where the label is wrong", pictures: [number])
      return (opinion.confidence - opinion.ownConfidence, finding)
    }
    return CheckReport(
      self,
      bound: "as sure as of that class's own images, within \(NumberText.short(least)) to \(NumberText.short(enough))",
      found.sorted { $0.margin > $1.margin }.map(\.finding))
  }
}
