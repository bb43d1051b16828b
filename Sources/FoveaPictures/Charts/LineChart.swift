import FoveaCore

/// Lines, and bars, over two axes with round numbers: what ``LearningCurve`` and the charts of a report are drawn by.
struct LineChart {
  typealias Series = LearningCurve.Series

  /// Where things lie, in pixels.
  struct Frame {
    let (width, height): (Int, Int)
    let (left, right, top, bottom): (Double, Double, Double, Double)

    /// A picture by itself, with a title above and names at the right.
    static let sheet = Frame(width: 760, height: 460, left: 76, right: 560, top: 56, bottom: 396)
    /// A part of a page that says these itself, and may be as narrow as a phone.
    static let inset = Frame(width: 380, height: 280, left: 56, right: 366, top: 12, bottom: 226)
  }

  /// From the axis up to a value.
  struct Bar {
    let range: ClosedRange<Double>
    let value: Double
    /// What it stands for, in words.
    let note: String

    /// - Parameter unit: what is counted, in words.
    init(range: ClosedRange<Double>, count: Int, of unit: String) {
      (self.range, value) = (range, Double(count))
      note =
        "\(NumberText.short(range.lowerBound)) to \(NumberText.short(range.upperBound)): \(count.counted(unit))"
    }
  }

  var title: String
  var xLabel: String
  var yLabel: String
  var series: [Series] = []
  /// Places on the lines, each in the color of its own.
  var places: [Series.Point?] = []
  /// Behind the lines.
  var bars: [Bar] = []
  /// Many single places, behind the lines.
  var dots: [Series.Point] = []
  /// What the lines are compared with, quietly.
  var reference: Series?
  var frame = Frame.sheet
  /// Those of the points where nil.
  var xRange: ClosedRange<Double>?
  var yRange: ClosedRange<Double>?
  /// A curve that does not start there looks steeper than it is.
  var startsAtZero = false
  /// More points than these can't be told apart, and have no marks.
  var mostMarks = 60

  private typealias Place = (Series.Point) -> (x: Double, y: Double)

  /// The picture as an SVG document.
  var svg: String {
    let points = (series.flatMap(\.points) + dots).filter { $0.x.isFinite && $0.y.isFinite }
    let heights = points.map(\.y) + bars.map(\.value)
    let (first, last) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    // Between two whole passes there is none, so that a short curve has a tick for each and no fractions.
    let isWhole = xRange == nil && points.allSatisfy { $0.x == $0.x.rounded() }
    let most = frame.width < 500 ? 5 : 8
    let x = Ticks(
      xRange ?? first...last, count: isWhole ? Int(min(Double(most), max(1, last - first))) : most,
      extends: xRange == nil && points.count < 2)
    let low = heights.min() ?? 0
    let y = Ticks(
      yRange ?? (startsAtZero ? min(low, 0) : low)...max(heights.max() ?? 1, startsAtZero ? 0 : low), count: 5,
      extends: yRange == nil)
    let columns = xRange ?? first...max(last, x.range.lowerBound)
    let place: Place = { point in
      (
        x: frame.left + Self.share(point.x, columns) * (frame.right - frame.left),
        y: frame.bottom - Self.share(point.y, y.range) * (frame.bottom - frame.top)
      )
    }
    var elements = axes(x, y, columns, place)
    elements += bars.map { draw($0, place) }
    elements += dots.map { circle($0, 2.5, SVGText.series[0], more: " fill-opacity=\"0.45\"", place) }
    if let reference {
      elements += draw(reference, color: SVGText.quiet, more: " stroke-dasharray=\"4 4\"", marks: 0, place)
    }
    for (index, line) in series.enumerated() {
      elements += draw(line, color: SVGText.series[index % SVGText.series.count], marks: mostMarks, place)
    }
    for case (let index, let point?) in places.enumerated() {
      elements.append(
        circle(point, 5, SVGText.series[index % SVGText.series.count], note: series[index].name + ", as decided", place)
      )
    }
    if frame.width == Frame.sheet.width { elements += legend() }
    return SVGText.document(width: frame.width, height: frame.height, title: title, elements)
  }

  private func axes(_ x: Ticks, _ y: Ticks, _ xRange: ClosedRange<Double>, _ place: Place) -> [String] {
    var elements: [String] = []
    if frame.width == Frame.sheet.width {
      elements.append(SVGText.text(title, frame.left, 30, size: 17, more: " font-weight=\"bold\""))
    }
    for (value, label) in zip(y.values, y.labels) {
      let row = place(Series.Point(x: xRange.lowerBound, y: value)).y
      elements.append(SVGText.line(frame.left, row, frame.right, row, SVGText.grid))
      elements.append(SVGText.text(label, frame.left - 8, row + 4, anchor: "end", color: SVGText.quiet))
    }
    for (value, label) in zip(x.values, x.labels) {
      let column = place(Series.Point(x: value, y: 0)).x
      elements.append(SVGText.line(column, frame.bottom, column, frame.bottom + 5, SVGText.quiet))
      elements.append(SVGText.text(label, column, frame.bottom + 20, anchor: "middle", color: SVGText.quiet))
    }
    elements.append(SVGText.line(frame.left, frame.bottom, frame.right, frame.bottom, SVGText.quiet))
    elements.append(SVGText.text(xLabel, (frame.left + frame.right) / 2, frame.bottom + 44, anchor: "middle"))
    let (middle, edge) = ((frame.top + frame.bottom) / 2, frame.width == Frame.sheet.width ? 22.0 : 13.0)
    let turn = "rotate(-90 \(SVGText.number(edge)) \(SVGText.number(middle)))"
    elements.append(SVGText.text(yLabel, edge, middle, anchor: "middle", more: " transform=\"\(turn)\""))
    return elements
  }

  private static func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    let span = range.upperBound - range.lowerBound
    return span > 0 ? (value - range.lowerBound) / span : 0.5
  }

  private func draw(_ bar: Bar, _ place: Place) -> String {
    let (left, top) = place(Series.Point(x: bar.range.lowerBound, y: bar.value))
    let right = place(Series.Point(x: bar.range.upperBound, y: bar.value)).x
    return
      "<rect x=\"\(SVGText.number(left + 1))\" y=\"\(SVGText.number(top))\" width=\"\(SVGText.number(right - left - 2))\" "
      + "height=\"\(SVGText.number(max(frame.bottom - top, 0)))\" fill=\"\(SVGText.series[0])\" fill-opacity=\"0.3\">"
      + "<title>\(SVGText.escape(bar.note))</title></rect>"
  }

  private func draw(
    _ series: Series, color: String, more: String = "", marks mostMarks: Int, _ place: Place
  ) -> [String] {
    var runs: [[Series.Point]] = [[]]
    for point in series.points {
      if point.x.isFinite && point.y.isFinite {
        runs[runs.count - 1].append(point)
      } else {
        runs.append([])
      }
    }
    let lines = runs.filter { $0.count > 1 }.map { run in
      let corners = run.map(place).map { "\(SVGText.number($0.x)),\(SVGText.number($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(corners)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"\(more)/>"
    }
    // Marks show where the measurements are, as long as they can be told apart, and say what they are to who points at them.
    let points = Array(runs.joined())
    guard points.count <= mostMarks else { return lines }
    return lines + points.map { circle($0, 3, color, note: series.name, place) }
  }

  /// - Parameter note: what it is, for who points at it; nothing where nil.
  private func circle(
    _ point: Series.Point, _ radius: Double, _ color: String, note: String? = nil, more: String = "", _ place: Place
  ) -> String {
    let (x, y) = place(point)
    let title = note.map {
      "<title>\(SVGText.escape("\($0): \(NumberText.short(point.y)) at \(NumberText.short(point.x))"))</title>"
    }
    return "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"\(SVGText.number(radius))\" "
      + "fill=\"\(color)\"\(more)" + (title.map { ">\($0)</circle>" } ?? "/>")
  }

  /// Names and last values at the right.
  private func legend() -> [String] {
    series.enumerated().flatMap { index, line -> [String] in
      let color = SVGText.series[index % SVGText.series.count]
      let row = frame.top + 10 + Double(index) * 40
      let last = line.points.last { $0.y.isFinite }.map { "last: \(NumberText.short($0.y))" } ?? "no value"
      return [
        "<rect x=\"\(SVGText.number(frame.right + 18))\" y=\"\(SVGText.number(row - 9))\" width=\"14\" height=\"4\" fill=\"\(color)\"/>",
        SVGText.text(line.name, frame.right + 40, row - 2),
        SVGText.text(last, frame.right + 40, row + 14, size: 12, color: SVGText.quiet),
      ]
    }
  }
}
