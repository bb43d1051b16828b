/// How the rows of pictures that are classified are written: as text, a line or several for each.
public protocol RowFormat: ConfigurableKind {
  /// - Parameters:
  ///   - example: any result of the pipeline, for what it has in common with the others.
  ///   - top: how many of the best a row names at most.
  ///   - width: of the terminal that shows the rows, in columns; nil where lines may be of any length.
  func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines
}

/// What turns rows into lines of text, without the end of the last one.
public protocol RowLines {
  /// How many of the first rows are looked at before any is written, such as for the widths of columns; none at first.
  var measuredRows: Int { get }

  /// Looks at these; as many as are measured, or all where there are fewer.
  mutating func measure(_ rows: [ResultRow])

  /// What stands before the first row; nil, as at first, for nothing.
  var header: String? { get }

  func line(_ row: ResultRow) -> String

  /// What stands behind the last row; nil, as at first, for nothing.
  var footer: String? { get }
}

extension RowLines {
  public var measuredRows: Int { 0 }
  public mutating func measure(_ rows: [ResultRow]) {}
  public var header: String? { nil }
  public var footer: String? { nil }
}

extension Sort where Member == any RowFormat.Type {
  public static var rowFormats: Sort { Sort("rowFormats", noun: "row format", place: .option("--format")) { $0 } }
}

extension Registry {
  public var rowFormats: KindRegistry<any RowFormat.Type> { self[.rowFormats] }

  public mutating func register<F: RowFormat>(_ type: F.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .rowFormats, from: origin)
  }

  public func makeRowFormat(_ description: KindDescription) throws(KindError) -> any RowFormat {
    try make(description, of: .rowFormats) { settings, type throws(KindError) in try settings.read(type) }
  }
}

extension RowFormat {
  public static var noun: String { Sort.rowFormats.noun }

  /// A row format writes every row, whatever the result, with the picture's path and with what is wrong with it; the same rows
  /// give the same text.
  public func checkContract(_ report: inout ContractReport) {
    for result in Self.results {
      report.check("rows of \(type(of: result).kind)") {
        let rows = [
          ResultRow(path: "a.png", result: result), ResultRow(path: "b.png", result: result, warnings: ["it is odd"]),
          ResultRow(path: "c.png", error: "no picture"), ResultRow(path: "d\n\"é\".png", result: result),
        ]
        let (lines, again) = (written(rows, like: result), written(rows, like: result))
        guard lines == again else { throw Breach("the same rows give two texts") }
        for (line, row) in zip(lines, rows).prefix(3) {
          guard line.contains(row.path) else { throw Breach("the path '\(row.path)' is not in '\(line.printable)'") }
        }
        guard lines[2].contains("no picture") else { throw Breach("what is wrong is not in '\(lines[2].printable)'") }
        return lines[0].printable
      }
    }
  }

  private func written(_ rows: [ResultRow], like example: any TaskResult) -> [String] {
    var lines = begin(like: example, top: 2, width: nil)
    if lines.measuredRows > 0 { lines.measure(Array(rows.prefix(lines.measuredRows))) }
    _ = (lines.header, lines.footer)
    return rows.map(lines.line)
  }

  private static var results: [any TaskResult] {
    [
      Prediction(labels: ["x", "y"], scores: [0.75, 0.25], areConfidences: true, decision: 0),
      Labels([Labels.Label("x", confidence: 0.75), Labels.Label("y", confidence: 0.25)]),
      Numbers([Numbers.Number("x", 1.5)]), Embedding([0.5, -0.5]),
    ]
  }
}
