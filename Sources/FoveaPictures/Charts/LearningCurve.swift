import FoveaCore

/// Numbers over passes as lines, such as the errors of training and test after each: an SVG picture.
public struct LearningCurve: Sendable, Equatable {
  /// One line.
  public struct Series: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
      public var x: Double
      public var y: Double

      public init(x: Double, y: Double) {
        self.x = x
        self.y = y
      }
    }

    public var name: String
    /// From left to right; a point that is not finite leaves a gap.
    public var points: [Point]

    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }

    /// Values of pass 1, 2, 3 …
    public init(_ name: String, perPass values: [Double]) {
      self.init(name, values.enumerated().map { Point(x: Double($0.offset + 1), y: $0.element) })
    }
  }

  public var title: String
  public var xLabel: String
  /// With the unit.
  public var yLabel: String
  public var series: [Series]

  public init(
    title: String, xLabel: String = "passes through the training set", yLabel: String = "error rate (%)",
    series: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  private static let width = 760
  private static let height = 460
  private static let (left, right, top, bottom) = (76.0, 560.0, 56.0, 396.0)

  /// The picture as an SVG document.
  public var svg: String {
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let (first, last) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    // Between two whole passes there is none, so that a short curve has a tick for each and no fractions.
    let isWhole = points.allSatisfy { $0.x == $0.x.rounded() }
    let x = Ticks(
      first...last, count: isWhole ? Int(min(8, max(1, last - first))) : 8, extends: points.count < 2)
    // Zero belongs to the picture: a curve that does not start there looks steeper than it is.
    let y = Ticks(min(points.map(\.y).min() ?? 0, 0)...max(points.map(\.y).max() ?? 1, 0), count: 5)
    let xRange = (points.map(\.x).min() ?? 0)...max(points.map(\.x).max() ?? 1, x.range.lowerBound)
    let place = { (point: Series.Point) in
      (
        x: Self.left + Self.share(point.x, xRange) * (Self.right - Self.left),
        y: Self.bottom - Self.share(point.y, y.range) * (Self.bottom - Self.top)
      )
    }
    var elements = [SVGText.text(title, Self.left, 30, size: 17, more: " font-weight=\"bold\"")]
    for (value, label) in zip(y.values, y.labels) {
      let row = place(Series.Point(x: xRange.lowerBound, y: value)).y
      elements.append(SVGText.line(Self.left, row, Self.right, row, SVGText.grid))
      elements.append(SVGText.text(label, Self.left - 8, row + 4, anchor: "end", color: SVGText.quiet))
    }
    for (value, label) in zip(x.values, x.labels) {
      let column = place(Series.Point(x: value, y: 0)).x
      elements.append(SVGText.line(column, Self.bottom, column, Self.bottom + 5, SVGText.quiet))
      elements.append(SVGText.text(label, column, Self.bottom + 20, anchor: "middle", color: SVGText.quiet))
    }
    elements.append(SVGText.line(Self.left, Self.bottom, Self.right, Self.bottom, SVGText.quiet))
    elements.append(
      SVGText.text(xLabel, (Self.left + Self.right) / 2, Self.bottom + 44, anchor: "middle", color: SVGText.ink))
    let middle = (Self.top + Self.bottom) / 2
    elements.append(
      SVGText.text(
        yLabel, 22, middle, anchor: "middle", more: " transform=\"rotate(-90 22 \(SVGText.number(middle)))\""))
    for (index, line) in series.enumerated() {
      elements += draw(line, color: SVGText.series[index % SVGText.series.count], place)
    }
    elements += legend()
    return SVGText.document(width: Self.width, height: Self.height, title: title, elements)
  }

  private static func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    let span = range.upperBound - range.lowerBound
    return span > 0 ? (value - range.lowerBound) / span : 0.5
  }

  private func draw(
    _ series: Series, color: String, _ place: (Series.Point) -> (x: Double, y: Double)
  ) -> [String] {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for point in series.points {
      if point.x.isFinite && point.y.isFinite {
        runs[runs.count - 1].append(place(point))
      } else {
        runs.append([])
      }
    }
    let lines = runs.filter { $0.count > 1 }.map { run in
      let corners = run.map { "\(SVGText.number($0.x)),\(SVGText.number($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(corners)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>"
    }
    // Marks show where the measurements are, as long as they can be told apart.
    let marks =
      runs.joined().count > 60
      ? []
      : runs.joined().map { point in
        "<circle cx=\"\(SVGText.number(point.x))\" cy=\"\(SVGText.number(point.y))\" r=\"3\" fill=\"\(color)\"/>"
      }
    return lines + marks
  }

  /// Names and last values at the right.
  private func legend() -> [String] {
    series.enumerated().flatMap { index, line -> [String] in
      let color = SVGText.series[index % SVGText.series.count]
      let row = Self.top + 10 + Double(index) * 40
      let last = line.points.last { $0.y.isFinite }.map { "last: \(NumberText.short($0.y))" } ?? "no value"
      return [
        "<rect x=\"\(SVGText.number(Self.right + 18))\" y=\"\(SVGText.number(row - 9))\" width=\"14\" height=\"4\" fill=\"\(color)\"/>",
        SVGText.text(line.name, Self.right + 40, row - 2),
        SVGText.text(last, Self.right + 40, row + 14, size: 12, color: SVGText.quiet),
      ]
    }
  }
}
