public import FoveaCore

/// One JSON object in each line, with the keys `path` and `status`, the result's own, `reason`, `error` and `warning`; of one class,
/// these are `label`, `confidence` and `top`. What there is not is null. Scores that are no confidences are called `score` and
/// not `confidence`, here and in the other formats.
public struct JSONRows: LineFormat {
  public static let kind = "jsonl"
  public static let summary = "one JSON object in each line"

  public init() {}

  public func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines {
    Lines(top: top, fields: example.fields(top: top))
  }

  private struct Lines: RowLines {
    let top: Int
    /// Whose values only say what keys there are.
    let fields: [ResultField]

    func line(_ row: ResultRow) -> String {
      let own = row.result?.fields(top: top) ?? fields.map { ResultField($0.name, $0.value.blank) }
      let all =
        [ResultField("path", .text(row.path)), ResultField("status", .text(row.status.rawValue))] + own
        + [
          ResultField("reason", Self.text(row.reason?.rawValue)), ResultField("error", Self.text(row.error)),
          ResultField("warning", Self.text(row.warning)),
        ]
      return ResultValue.record(all).json
    }

    private static func text(_ text: String?) -> ResultValue { text.map { .text($0) } ?? .null }
  }
}

extension RowFormat where Self == JSONRows {
  public static var jsonl: JSONRows { JSONRows() }
}
