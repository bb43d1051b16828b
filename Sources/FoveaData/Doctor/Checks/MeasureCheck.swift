import FoveaCore

/// A check that holds one figure of each picture against one threshold.
///
/// Where more than half of the pictures lie beyond the threshold, the data is of another sort than the photographs that it was
/// chosen for, such as digits on black: then Tukey's fence takes its place, and this is told.
protocol MeasureCheck: DataCheck {
  var threshold: Double { get }
  /// Whether pictures are found whose figure is above the threshold, and not below it.
  static var findsAbove: Bool { get }
  /// `entropy`, to stand before the figure.
  static var measure: String { get }
  /// `bits`, to stand behind it.
  static var unit: String { get }
  static var advice: String { get }
  /// Nil where the picture has none, or nothing that could be found.
  static func figure(of picture: ExaminedPicture) -> Double?
}

extension MeasureCheck {
  public func checkSettings() throws {
    guard threshold.isFinite else {
      throw CheckSettingError(key: "threshold", expected: "a number", got: "\(threshold)")
    }
  }

  public func report(on survey: DataSurvey) -> CheckReport {
    let figures = survey.pictures.map(Self.figure)
    let known = figures.compactMap(\.self)
    func isBeyond(_ figure: Double, _ threshold: Double) -> Bool {
      Self.findsAbove ? figure > threshold : figure < threshold
    }
    var (used, remark) = (threshold, nil as String?)
    // Of a handful of pictures, nothing is usual.
    if known.count >= 20, known.count(where: { isBeyond($0, threshold) }) * 2 > known.count {
      let fences = Fences(known)
      // Where figures are far apart, the fence may lie below all that there can be.
      used = Self.findsAbove ? fences.upper : max(fences.lower, fences.median / 10)
      remark =
        "more than half of the images are beyond \(NumberText.short(threshold)), as is usual here; those far from the "
        + "others are told"
    }
    let found = figures.indices.filter { figures[$0].map { isBeyond($0, used) } ?? false }
      .sorted { (a, b) in
        let (x, y) = (figures[a] ?? 0, figures[b] ?? 0)
        return x == y ? a < b : (x > y) == Self.findsAbove
      }
    let unit = Self.unit.isEmpty ? "" : " " + Self.unit
    let bound = "\(Self.measure) \(Self.findsAbove ? "above" : "below") \(NumberText.short(used))\(unit)"
    return CheckReport(
      self, bound: bound, remark: remark,
      found.map { number in
        Finding(
          text: "\(Self.measure) \(NumberText.short(figures[number] ?? 0))\(unit)", figure: figures[number],
          threshold: used, advice: Self.advice, pictures: [number])
      })
  }
}
