import FoveaCore
import FoveaTraining

// What confidences are worth.
extension ReportPage {
  private typealias Point = LearningCurve.Series.Point

  /// More lines than these can't be told apart.
  private static let mostLines = 6
  private static let mostCurves = 60

  /// How well one class or label is told apart, and what the decisions for it amount to where a threshold makes them.
  private struct Told {
    let label: String
    let curve: ThresholdCurve
    var decided: ThresholdCurve.Point?
  }

  /// Of two classes the second one; of more each against the rest.
  func thresholds(_ scores: ScoredExamples) -> String {
    let isOne = scores.labels.count == 2
    let told = (isOne ? [1] : Array(scores.labels.indices)).map { label in
      Told(
        label: scores.labels[label], curve: scores.curve(of: label),
        decided: isOne
          ? Self.decided(scores.decisions.map { $0 == label }, scores.classes.map { $0 == label }) : nil)
    }
    return (isOne ? "" : "<p class=\"facts\">Each class against the rest.</p>") + thresholds(told, "classes")
  }

  func thresholds(_ labels: JudgedExamples<JudgedLabels>) -> String {
    let told = labels.labels.indices.map { label in
      Told(
        label: labels.labels[label], curve: labels.curve(of: label),
        decided: Self.decided(labels.judged.map { $0.decisions[label] }, labels.judged.map { $0.truths[label] }))
    }
    return thresholds(told, "labels")
  }

  /// What the decisions amount to, with the threshold that they were made by.
  private static func decided(_ decisions: [Bool], _ truths: [Bool]) -> ThresholdCurve.Point {
    let hits = zip(decisions, truths).count { $0 && $1 }
    return ThresholdCurve.Point(threshold: .nan, hits: hits, falseAlarms: decisions.count { $0 } - hits)
  }

  /// Those first that are told apart worst; as many as there is room for without being asked.
  private func thresholds(_ told: [Told], _ noun: String) -> String {
    let told = told.filter { $0.curve.areaUnderROC != nil }
      .sorted { ($0.curve.areaUnderROC ?? 1) < ($1.curve.areaUnderROC ?? 1) }
    guard !told.isEmpty else {
      return "<p>There are no two \(noun) with images, between which a threshold could lie.</p>"
    }
    let note =
      told.count > Self.mostLines ? "the \(Self.mostLines) of \(told.count) \(noun) that are told apart worst" : ""
    let charts = Self.charts(thresholdCharts(Array(told.prefix(Self.mostLines)), note: note))
    guard told.count > Self.mostLines else { return charts }
    let rest = stride(from: Self.mostLines, to: min(told.count, Self.mostCurves), by: Self.mostLines).flatMap { first in
      thresholdCharts(Array(told[first..<min(first + Self.mostLines, told.count)]))
    }
    return charts + "<details><summary>The others, up to \(Self.mostCurves)</summary>\(Self.charts(rest))</details>"
  }

  private func thresholdCharts(_ shown: [Told], note: String = "") -> [String] {
    func chart(_ title: String, _ x: String, _ y: String, isROC: Bool, _ figure: (ThresholdCurve) -> Double?) -> String
    {
      func point(_ point: ThresholdCurve.Point, _ curve: ThresholdCurve) -> Point {
        let recall = Double(point.hits) / Double(curve.positives)
        return isROC
          ? Point(x: Double(point.falseAlarms) / Double(curve.negatives), y: recall)
          : Point(x: recall, y: Double(point.hits) / Double(max(point.hits + point.falseAlarms, 1)))
      }
      let lines = shown.map { told in
        let start = isROC ? [Point(x: 0, y: 0)] : []
        return LearningCurve.Series(
          told.label, Self.thinned(start + told.curve.points.map { point($0, told.curve) }))
      }
      let svg = LineChart(
        title: "\(y) over \(x)", xLabel: x, yLabel: y, series: lines,
        places: shown.map { told in
          // Where nothing was decided for, there is no precision.
          told.decided.flatMap { isROC || $0.hits + $0.falseAlarms > 0 ? point($0, told.curve) : nil }
        },
        reference: isROC ? LearningCurve.Series("chance", [Point(x: 0, y: 0), Point(x: 1, y: 1)]) : nil,
        frame: .inset, xRange: 0...1, yRange: 0...1, mostMarks: 1
      ).svg
      let dots = shown.contains { $0.decided != nil } ? "the dots: as decided" : ""
      return Self.figure(
        title, svg, legend: shown.map { "\($0.label) \(figure($0.curve).map(Self.fixed) ?? "–")" },
        note: [note, dots].filter { !$0.isEmpty }.joined(separator: "; "))
    }
    return [
      chart(
        "Receiver operating characteristic, with the area", "false alarms, share of all others", "recall", isROC: true,
        \.areaUnderROC),
      chart("Precision and recall, with the average", "recall", "precision", isROC: false, \.averagePrecision),
    ]
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
    return calibration(
      isTempered
        ? [("with the temperature", reliability), ("without", raw)] : [("right decisions", reliability)],
      of: reliability, axis: "share that is right", unit: "image",
      """
      <p>On the dashed line, confidences are what they promise: of the images with 80 %, 80 % are right. Below it, the model
      is too sure.</p>
      """, "looked at is the most probable class of each image")
  }

  /// Of the labels that are least what they promise, and of all together.
  func calibration(_ labels: JudgedExamples<JudgedLabels>) -> String? {
    guard !labels.judged.isEmpty, labels.judged.allSatisfy(\.areConfidences) else { return nil }
    let all = labels.reliability()
    let worst = labels.labels.indices.map { (labels.labels[$0], labels.reliability(of: $0)) }
      .sorted { $0.1.expectedError > $1.1.expectedError }.prefix(Self.mostLines - 1)
    return calibration(
      [("all labels", all)] + (labels.labels.count > 1 ? Array(worst) : []), of: all, axis: "share that has the label",
      unit: "confidence",
      """
      <p>On the dashed line, confidences are what they promise: of the images with 80 % for a label, 80 % have it. Below it,
      the model is too sure.</p>
      """,
      labels.labels.count >= Self.mostLines
        ? "shown are the \(Self.mostLines - 1) of \(labels.labels.count) labels whose error is largest" : "")
  }

  private func calibration(
    _ lines: [(name: String, figures: Reliability)], of counted: Reliability, axis: String, unit: String,
    _ words: String, _ note: String
  ) -> String {
    let chart = LineChart(
      title: "\(axis) over confidence", xLabel: "confidence", yLabel: axis,
      series: lines.map { line in
        LearningCurve.Series(
          line.name,
          line.figures.bins.compactMap { bin -> Point? in
            guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
            return Point(x: confidence, y: accuracy)
          })
      },
      reference: LearningCurve.Series("as sure as right", [Point(x: 0, y: 0), Point(x: 1, y: 1)]), frame: .inset,
      xRange: 0...1, yRange: 0...1)
    let counts = LineChart(
      title: "\(unit)s by confidence", xLabel: "confidence", yLabel: "\(unit)s",
      bars: counted.bins.map { LineChart.Bar(range: $0.range, count: $0.count, of: unit) }, frame: .inset,
      xRange: 0...1,
      startsAtZero: true)
    let charts = Self.charts([
      Self.figure("Reliability", chart.svg, legend: lines.map(\.name)), Self.figure("How sure it is", counts.svg),
    ])
    let rows = lines.map { name, figures in
      (
        name: name,
        cells: [Self.percent(figures.expectedError), Self.fixed(figures.brierScore), Self.fixed(figures.logLoss)].map(
          plain)
      )
    }
    return """
      \(words)
      \(charts)
      \(table(["confidences", "calibration error", "Brier score", "log loss"], rows))
      <p class="facts">The expected calibration error is the mean gap between confidence and \(axis) over
      \(counted.bins.count) bins of equal width, weighted by \(unit)s\(note.isEmpty ? "" : "; " + note).</p>
      """
  }
}
