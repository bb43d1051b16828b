import Foundation
public import FoveaCore
public import FoveaImage
public import FoveaTraining

/// The loss by the learning rate, which has a logarithmic axis, with a mark where it falls the fastest.
public struct LearningRateChart: Panel {
  public let width = 720
  public let height = 300
  private let trial: LearningRateTrial
  private let ticks: Ticks

  private static let (left, right, top, bottom) = (56, 700, 8, 256)

  public init(_ trial: LearningRateTrial) {
    self.trial = trial
    // What has run away would flatten all that matters.
    let losses = trial.points.map(\.loss)
    let most = min(losses.max() ?? 1, 1.5 * (losses.first ?? 1))
    ticks = Ticks(min(losses.min() ?? 0, most)...most, count: 5)
  }

  /// The chart on a sheet that says what is to be seen.
  public static func sheet(_ trial: LearningRateTrial, title: String) throws(ImageError) -> Image {
    let suggestion = trial.suggestion.map { "suggested: \(NumberText.short($0))" } ?? "it falls nowhere"
    return try Sheet(
      title: title, facts: suggestion,
      explanation:
        "The loss, as a running mean, while the learning rate rises from step to step; the green line is where "
        + "it falls the fastest.", [LearningRateChart(trial)]
    ).image()
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    for (value, text) in zip(ticks.values, ticks.labels) {
      let row = y + self.row(value)
      try canvas.line(from: (x + Self.left, row), to: (x + Self.right, row), Palette.line)
      let label = Label(text, style: Palette.note)
      try label.draw(on: &canvas, x: x + Self.left - label.width - Palette.gap, y: row - 4)
    }
    guard let first = trial.points.first, let last = trial.points.last, last.rate > first.rate else { return }
    for power in stride(from: log10(first.rate).rounded(.up), through: log10(last.rate).rounded(.down), by: 1) {
      let column = x + self.column(pow(10, power))
      try canvas.line(from: (column, y + Self.bottom), to: (column, y + Self.bottom + 4), Palette.quiet)
      let label = Label("1e\(Int(power))", style: Palette.note)
      try label.draw(on: &canvas, x: column - label.width / 2, y: y + Self.bottom + 10)
    }
    try canvas.line(from: (x + Self.left, y + Self.bottom), to: (x + Self.right, y + Self.bottom), Palette.quiet)
    if let suggestion = trial.suggestion {
      let column = x + self.column(suggestion)
      try canvas.line(from: (column, y + Self.top), to: (column, y + Self.bottom), Palette.accent)
    }
    let places = trial.points.map { (x + column($0.rate), y + row($0.loss)) }
    for (from, to) in zip(places, places.dropFirst()) { try canvas.line(from: from, to: to, Palette.negative) }
  }

  private func row(_ loss: Double) -> Int {
    let range = ticks.range
    let share = (range.upperBound - min(loss, range.upperBound)) / (range.upperBound - range.lowerBound)
    return Self.top + Int(share * Double(Self.bottom - Self.top))
  }

  private func column(_ rate: Double) -> Int {
    guard let first = trial.points.first, let last = trial.points.last else { return Self.left }
    return Self.left + Int(log(rate / first.rate) / log(last.rate / first.rate) * Double(Self.right - Self.left))
  }
}
