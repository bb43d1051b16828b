import FoveaCore
import FoveaTraining

// How far numbers are off.
extension ReportPage {
  private typealias Point = LearningCurve.Series.Point

  /// More charts than of these numbers are not looked at.
  private static let mostNumbers = 12
  /// More dots than these can't be told apart.
  private static let mostDots = 2000
  private static let mostBars = 24

  /// What the model says over what is right, and how its errors are spread, number by number.
  func errors(_ numbers: NumberEvaluation, _ judged: JudgedExamples<JudgedNumbers>) -> String? {
    guard !judged.judged.isEmpty else { return nil }
    let order = numbers.numbers.indices.sorted {
      (numbers.numbers[$0].r2 ?? 2) < (numbers.numbers[$1].r2 ?? 2)
    }
    let shown = numbers.numbers.count > Self.mostNumbers ? Array(order.prefix(Self.mostNumbers)) : order.sorted()
    let charts = shown.flatMap { place -> [String] in
      let figures = numbers.numbers[place]
      let pairs = judged.judged.map { (value: $0.values[place], target: $0.targets[place]) }
        .filter { $0.value.isFinite && $0.target.isFinite }
      guard !pairs.isEmpty else { return [] }
      let facts =
        "R² \(figures.r2.map { NumberText.short($0) } ?? "–"), mean absolute error "
        + NumberText.short(figures.meanAbsoluteError)
      return [
        "<h3>\(Self.escape(figures.name)) <small class=\"facts\">\(facts)</small></h3>",
        Self.charts([
          Self.figure("Predicted over right", scatter(pairs, figures.name)),
          Self.figure("Errors", histogram(pairs.map { $0.value - $0.target }, figures.name)),
        ]),
      ]
    }
    let some =
      shown.count < numbers.numbers.count
      ? " Shown are the \(shown.count) of \(numbers.numbers.count) numbers with the lowest R²." : ""
    return """
      <p>On the dashed line, a number is what is right; an error is what is predicted less what is right.\(some)</p>
      \(charts.joined(separator: "\n"))
      """
  }

  private func scatter(_ pairs: [(value: Double, target: Double)], _ name: String) -> String {
    let every = (pairs.count + Self.mostDots - 1) / Self.mostDots
    let all = pairs.flatMap { [$0.value, $0.target] }
    // The same on both axes, so that the line is the diagonal.
    let range = Ticks((all.min() ?? 0)...(all.max() ?? 1), count: 5).range
    return LineChart(
      title: "\(name), predicted over right", xLabel: "right", yLabel: "predicted",
      dots: stride(from: 0, to: pairs.count, by: every).map { Point(x: pairs[$0].target, y: pairs[$0].value) },
      reference: LearningCurve.Series(
        "right", [Point(x: range.lowerBound, y: range.lowerBound), Point(x: range.upperBound, y: range.upperBound)]),
      frame: .inset, xRange: range, yRange: range
    ).svg
  }

  private func histogram(_ errors: [Double], _ name: String) -> String {
    let ticks = Ticks(min(errors.min() ?? 0, 0)...max(errors.max() ?? 0, 0), count: Self.mostBars)
    let (low, count) = (ticks.range.lowerBound, max(ticks.values.count - 1, 1))
    let width = (ticks.range.upperBound - low) / Double(count)
    var counts = Array(repeating: 0, count: count)
    for error in errors { counts[min(max(Int(((error - low) / width).rounded(.down)), 0), count - 1)] += 1 }
    return LineChart(
      title: "Errors of \(name)", xLabel: "predicted − right", yLabel: "images",
      bars: counts.enumerated().map { place, count in
        let (from, to) = (ticks.values[place], place + 1 < ticks.values.count ? ticks.values[place + 1] : low + width)
        return LineChart.Bar(range: from...to, count: count, of: "image")
      },
      reference: LearningCurve.Series(
        "no error", [Point(x: 0, y: 0), Point(x: 0, y: Double(counts.max() ?? 1))]), frame: .inset,
      xRange: ticks.range, startsAtZero: true
    ).svg
  }
}
