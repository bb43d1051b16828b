import FoveaCore

/// Values with tabs between them: the path, then the fields of the result, or what went wrong. Tabs and ends of lines in them
/// become spaces.
public struct TabRows: LineFormat {
  public static let kind = "tabs"
  public static let summary = "values with tabs between them, a line for each image"
  public static let explanations = ["names": "whether a line of names comes first"]

  public var names = true

  public init() {}

  public func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines {
    Lines(settings: self, fields: example.fields(top: top), top: top)
  }

  private struct Lines: RowLines {
    let settings: TabRows
    /// Whose values only say what columns there are.
    let fields: [ResultField]
    let top: Int

    var header: String? {
      guard settings.names else { return nil }
      return (["path"] + fields.flatMap { $0.value.columns($0.name) } + ["error"]).joined(separator: "\t")
    }

    func line(_ row: ResultRow) -> String {
      let own = row.result?.fields(top: top) ?? []
      let cells = fields.enumerated().flatMap { $1.value.cells(of: own.value(of: $1.name, at: $0)) }
      return ([row.path] + cells + [row.error ?? ""])
        .map { String($0.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }.joined(separator: "\t")
    }
  }
}
