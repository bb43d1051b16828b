/// How the rows of pictures that are classified are written: as lines of text, which is a ``LineFormat``, or in a container of
/// another kind.
public protocol RowFormat: ConfigurableKind, Configurable {
  /// - Throws: where rows of such results cannot be written so, or not to such a place.
  func makeStore(_ plan: RowPlan) throws -> any RowStore

  /// A store for rows that are copied from files of the same run.
  ///
  /// - Parameters:
  ///   - part: one of these files, which are finished.
  ///   - rows: from where to where the rows lie in it, as ``RowStore/end`` counts.
  func makeStore(_ place: RowPlan.Place, like part: String, rows: Range<Int>) throws -> any RowStore

  /// What lies beside a file of this format and belongs to it, by what is appended to the file's name; nothing at first.
  static var companions: [String] { get }
}

extension RowFormat {
  public static var companions: [String] { [] }
}

/// Rows as text, a line or several for each.
public protocol LineFormat: RowFormat {
  /// - Parameters:
  ///   - example: any result of the pipeline, for what it has in common with the others.
  ///   - top: how many of the best a row names at most.
  ///   - width: of the terminal that shows the rows, in columns; nil where lines may be of any length.
  func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines
}

extension LineFormat {
  public func makeStore(_ plan: RowPlan) throws -> any RowStore {
    LineStore(begin(like: plan.example, top: plan.top, width: plan.width), to: plan.place)
  }

  public func makeStore(_ place: RowPlan.Place, like part: String, rows: Range<Int>) throws -> any RowStore {
    try LineStore(like: part, rows: rows, to: place)
  }
}

/// What turns rows into lines of text, without the end of the last one.
public protocol RowLines {
  /// How many of the first rows are looked at before any is written, such as for the widths of columns; none at first.
  var measuredRows: Int { get }

  /// Looks at these; as many as are measured, or all where there are fewer.
  mutating func measure(_ rows: [ResultRow])

  /// What was measured, as one line of text, for a file that another process goes on with; nil, as at first, where that
  /// cannot be.
  var measured: String? { get }

  /// Takes what was measured before.
  mutating func restore(_ measured: String)

  /// What stands before the first row; nil, as at first, for nothing.
  var header: String? { get }

  func line(_ row: ResultRow) -> String

  /// What stands behind the last row; nil, as at first, for nothing.
  var footer: String? { get }
}

extension RowLines {
  public var measuredRows: Int { 0 }
  public mutating func measure(_ rows: [ResultRow]) {}
  public var measured: String? { nil }
  public mutating func restore(_ measured: String) {}
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
}

extension LineFormat {
  /// A format of lines writes every row, whatever the result, with the picture's path and with what is wrong with it; the same rows
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
