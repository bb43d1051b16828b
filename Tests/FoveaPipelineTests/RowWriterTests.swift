import Foundation
import FoveaCore
import FoveaPipeline
import Testing

@Suite struct RowWriterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let labels = ["7", "one\nline"]
  private let ok = ResultRow(
    path: "a, \"b\".png",
    result: Prediction(labels: labels, scores: [0.75, 0.25], areConfidences: true, decision: 0))
  private let rejected = ResultRow(
    path: "r.png", result: Prediction(labels: ["7"], scores: [0.5], areConfidences: true),
    warnings: ["its end is missing", "it is odd"])
  private let failed = ResultRow(path: "é\u{1}\\.png", error: "cannot decode 'x'")
  private let example = Prediction(labels: labels, scores: [0, 0], areConfidences: true)

  private func written(_ format: any RowFormat) throws -> String {
    let writer = try RowWriter(format, like: example, top: 2, to: .file(folder("out")))
    for row in [ok, rejected, failed] { try writer.write(row) }
    try writer.finish()
    return try folder.text("out")
  }

  /// A format of one's own, with something before and behind the rows.
  private struct List: LineFormat {
    static let kind = "list"
    func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines { Lines() }

    struct Lines: RowLines {
      var measuredRows: Int { 2 }
      var measured = 0
      mutating func measure(_ rows: [ResultRow]) { measured = rows.count }
      var header: String? { "begin \(measured)" }
      var footer: String? { "end" }
      func line(_ row: ResultRow) -> String { "- \(row.status.rawValue)" }
    }
  }

  @Test func anyFormatIsWritten() throws {
    #expect(try written(List()) == "begin 2\n- ok\n- ok\n- error\nend\n")
  }

  @Test func csvQuotesWhatNeedsIt() throws {
    #expect(
      try written(.csv) == """
        path,status,label,confidence,reason,error,top1_label,top1_confidence,top2_label,top2_confidence,warning
        "a, ""b"".png",ok,7,0.75,,,7,0.75,"one
        line",0.25,
        r.png,ok,,,,,7,0.5,,,its end is missing; it is odd
        é\u{1}\\.png,error,,,failed,cannot decode 'x',,,,,

        """)
  }

  @Test func rawOutputsAreCalledScoresAndNotConfidences() throws {
    let prediction = Prediction(labels: ["7"], scores: [-12.5], decision: 0)
    let raw = ResultRow(path: "a.png", result: prediction)
    func written(_ format: any RowFormat) throws -> String {
      let writer = try RowWriter(format, like: prediction, top: 1, to: .file(folder("raw")))
      for row in [raw, failed] { try writer.write(row) }
      try writer.finish()
      return try folder.text("raw")
    }
    #expect(
      try written(.csv).hasPrefix(
        "path,status,label,score,reason,error,top1_label,top1_score,warning\na.png,ok,7,-12.5,,,7,-12.5,\n"))
    #expect(
      try written(.jsonl).hasPrefix(
        #"{"path":"a.png","status":"ok","label":"7","score":-12.5,"top":[{"label":"7","score":-12.5}],"reason":null,"error":null,"#
      ))
    let table = try written(.table)
    #expect(table.contains("score") && table.contains("-12.5") && !table.contains("%") && !table.contains("confidence"))
  }

  @Test func jsonLinesHaveTheSameKeysInEachLine() throws {
    let lines = try written(.jsonl).split(separator: "\n")
    #expect(
      lines[0]
        == #"{"path":"a, \"b\".png","status":"ok","label":"7","confidence":0.75,"top":[{"label":"7","confidence":0.75},{"label":"one\nline","confidence":0.25}],"reason":null,"error":null,"warning":null}"#
    )
    #expect(
      lines[2]
        == #"{"path":"é\u0001\\.png","status":"error","label":null,"confidence":null,"top":[],"reason":"failed","error":"cannot decode 'x'","warning":null}"#
    )
    for line in lines {
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(object.keys) == ["path", "status", "label", "confidence", "top", "reason", "error", "warning"])
    }
    #expect(lines[1].hasSuffix(#""warning":"its end is missing; it is odd"}"#))
  }

  @Test func aTableIsAlignedAndEachRowIsALine() throws {
    #expect(
      try written(.table) == """
        path        label       confidence  then
        a, "b".png  7              75.00 %  one\\x0Aline 25.00 %
        r.png       (rejected)           -  7 50.00 %  (warning: its end is missing; it is odd)
        é\\x01\\.png  error       failed: cannot decode 'x'

        """)
  }

  @Test func aFileIsReplacedOnlyWhenAllIsWritten() throws {
    try folder.write("before", "out")
    do {
      let writer = try RowWriter(.jsonl, like: example, top: 1, to: .file(folder("out")))
      for _ in 0..<10_000 { try writer.write(ok) }
    }
    #expect(try folder.text("out") == "before")
    #expect(folder.names == ["out", "out.partial", "out.progress"])
    // What has grown beside it may not be lost by accident.
    #expect(throws: BatchError.unfinished(path: folder("out"))) {
      try RowWriter(.jsonl, like: example, top: 1, to: .file(folder("out")))
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsToldAtOnce() throws {
    #expect(throws: FileError.self) { try RowWriter(.csv, like: example, top: 1, to: .file(folder("missing/out.csv"))) }
    #expect(throws: FileError.self) { try RowWriter(.csv, like: example, top: 1, to: .file(folder.path)) }
  }
}
