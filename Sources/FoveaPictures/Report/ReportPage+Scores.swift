import FoveaCore
import FoveaTraining

// What confidences are worth.
extension ReportPage {
  private typealias Point = LearningCurve.Series.Point

  /// More lines than these can't be told apart.
  private static let mostLines = 6

  /// Of two classes the second one; of more each against the rest, those that are told apart worst.
  func thresholds(_ scores: ScoredExamples) -> String {
    let chosen = scores.labels.count == 2 ? [1] : Array(scores.labels.indices)
    let curves = chosen.map { (label: scores.labels[$0], curve: scores.curve(of: $0)) }
      .filter { $0.curve.areaUnderROC != nil }
    guard !curves.isEmpty else {
      return "<p>There are no two classes with images, between which a threshold could lie.</p>"
    }
    let shown = Array(
      curves.sorted { ($0.curve.areaUnderROC ?? 1) < ($1.curve.areaUnderROC ?? 1) }.prefix(Self.mostLines))
    let decided = scores.labels.count == 2 ? Self.decided(scores) : nil
    func chart(_ x: String, _ y: String, isROC: Bool) -> String {
      func point(_ point: ThresholdCurve.Point, _ curve: ThresholdCurve) -> Point {
        let recall = Double(point.hits) / Double(curve.positives)
        return isROC
          ? Point(x: Double(point.falseAlarms) / Double(curve.negatives), y: recall)
          : Point(x: recall, y: Double(point.hits) / Double(max(point.hits + point.falseAlarms, 1)))
      }
      var lines = shown.map { label, curve in
        let start = isROC ? [Point(x: 0, y: 0)] : []
        return LearningCurve.Series(label, Self.thinned(start + curve.points.map { point($0, curve) }))
      }
      if let decided { lines.append(LearningCurve.Series("as decided", [point(decided, shown[0].curve)])) }
      return LineChart(
        title: "\(y) over \(x)", xLabel: x, yLabel: y, series: lines,
        reference: isROC ? LearningCurve.Series("chance", [Point(x: 0, y: 0), Point(x: 1, y: 1)]) : nil,
        frame: .inset, xRange: 0...1, yRange: 0...1, mostMarks: 1
      ).svg
    }
    let note =
      curves.count > shown.count ? "the \(shown.count) of \(curves.count) classes that are told apart worst" : ""
    func legend(_ figure: (ThresholdCurve) -> Double?) -> [String] {
      shown.map { "\($0.label) \(figure($0.curve).map(Self.fixed) ?? "–")" } + (decided == nil ? [] : ["as decided"])
    }
    return (scores.labels.count > 2 ? "<p class=\"facts\">Each class against the rest.</p>" : "")
      + Self.charts([
        Self.figure(
          "Receiver operating characteristic, with the area",
          chart("false alarms, share of all others", "recall", isROC: true), legend: legend(\.areaUnderROC), note: note),
        Self.figure(
          "Precision and recall, with the average", chart("recall", "precision", isROC: false),
          legend: legend(\.averagePrecision), note: note),
      ])
  }

  /// What the decisions amount to, with the threshold that they were made by.
  private static func decided(_ scores: ScoredExamples) -> ThresholdCurve.Point {
    let taken = scores.classes.indices.filter { scores.decisions[$0] == 1 }
    let hits = taken.count { scores.classes[$0] == 1 }
    return ThresholdCurve.Point(threshold: .nan, hits: hits, falseAlarms: taken.count - hits)
  }

  /// As many points as a chart can show: those at which the line turns, and of these at most a few hundred.
  private static func thinned(_ points: [Point]) -> [Point] {
    let corners = points.indices.filter { index in
      guard index > 0, index + 1 < points.count else { return true }
      let (a, b, c) = (points[index - 1], points[index], points[index + 1])
      return (b.x - a.x) * (c.y - b.y) != (c.x - b.x) * (b.y - a.y)
    }
    let stride = max(1, (corners.count + 299) / 300)
    return corners.enumerated().filter { $0.offset.isMultiple(of: stride) || $0.offset == corners.count - 1 }
      .map { points[$0.element] }
  }

  /// Nil where scores are no confidences.
  func calibration(_ scores: ScoredExamples) -> String? {
    guard scores.areConfidences, scores.count > 0 else { return nil }
    let reliability = scores.reliability
    let raw = scores.reliability(temperature: 1)
    let isTempered = raw != reliability && abs(raw.logLoss - reliability.logLoss) > 1e-6
    func line(_ name: String, _ reliability: Reliability) -> LearningCurve.Series {
      LearningCurve.Series(
        name,
        reliability.bins.compactMap { bin -> Point? in
          guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
          return Point(x: confidence, y: accuracy)
        })
    }
    let lines =
      isTempered
      ? [line("with the temperature", reliability), line("without", raw)] : [line("right decisions", reliability)]
    let chart = LineChart(
      title: "Share of right decisions over confidence", xLabel: "confidence", yLabel: "share that is right",
      series: lines,
      reference: LearningCurve.Series("as sure as right", [Point(x: 0, y: 0), Point(x: 1, y: 1)]), frame: .inset,
      xRange: 0...1, yRange: 0...1)
    let counts = LineChart(
      title: "Images by confidence", xLabel: "confidence", yLabel: "images",
      bars: reliability.bins.map { bin in
        LineChart.Bar(
          range: bin.range, value: Double(bin.count),
          note:
            "\(NumberText.short(bin.range.lowerBound)) to \(NumberText.short(bin.range.upperBound)): \(bin.count.counted("image"))"
        )
      }, frame: .inset, xRange: 0...1, startsAtZero: true)
    func row(_ name: String, _ figures: Reliability) -> String {
      "<tr><th scope=\"row\">\(name)</th><td>\(Self.percent(figures.expectedError))</td>"
        + "<td>\(Self.fixed(figures.brierScore))</td><td>\(Self.fixed(figures.logLoss))</td></tr>"
    }
    let rows =
      isTempered ? row("with the temperature", reliability) + row("without", raw) : row("as it is", reliability)
    let charts = Self.charts([
      Self.figure("Reliability", chart.svg, legend: lines.map(\.name)), Self.figure("How sure it is", counts.svg),
    ])
    let head = ["confidences", "calibration error", "Brier score", "log loss"].map { "<th scope=\"col\">\($0)</th>" }
    let table = Self.wide(
      "<table><thead><tr>\(head.joined())</tr></thead><tbody>\(rows)</tbody></table>", label: "calibration")
    return """
      <p>On the dashed line, confidences are what they promise: of the images with 80 %, 80 % are right. Below it, the model
      is too sure.</p>
      \(charts)
      \(table)
      <p class="facts">The expected calibration error is the mean gap between confidence and share of right decisions over
      \(reliability.bins.count) bins of equal width, weighted by images; looked at is the most probable class of each
      image.</p>
      """
  }
}
