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

  /// The picture as an SVG document.
  public var svg: String {
    LineChart(title: title, xLabel: xLabel, yLabel: yLabel, series: series, startsAtZero: true).svg
  }
}
