import Foundation
import FoveaCore
import FoveaPipeline
import Testing

/// Runs that are cut, gone on with, tried again and put together.
@Suite struct RunWriterTests {
  let folder: TemporaryFolder
  private let blank = Prediction(labels: ["a", "b"], scores: [0, 0], areConfidences: true)
  private let record = RunRecord(model: "m", options: ["--top": "2"], format: KindDescription(kind: "x"))

  init() throws { folder = try TemporaryFolder() }

  private static let formats: [any RowFormat] = [.csv, .jsonl, .table, .sqlite]

  /// Every seventh fails, until it is mended.
  private func rows(_ count: Int, isMended: Bool = false) -> [ResultRow] {
    (0..<count).map { number in
      let path = "folder/\(number), \"x\".png"
      if number % 7 == 3, !isMended {
        return ResultRow(path: path, error: "it is\ncut short", reason: number % 2 == 0 ? .truncated : .missing)
      }
      let share = Float(number % 100) / 100
      return ResultRow(
        path: path,
        result: Prediction(
          labels: ["a", "b"], scores: [share, 1 - share], areConfidences: true, decision: number % 2),
        warnings: number % 5 == 0 ? ["odd"] : [])
    }
  }

  private struct Cut: Error {}

  /// Writes what a classifier would yield; with an end behind some rows, as of a process that is killed between two batches.
  @discardableResult
  private func run(
    _ format: any RowFormat, _ rows: [ResultRow], to name: String, _ start: RowWriter.Start = .anew,
    cutAfter: Int = .max,
    shard: Shard? = nil, record: RunRecord? = nil, keepsProgress: Bool = false
  ) throws -> RowWriter {
    var record = record ?? self.record
    record.format = KindDescription(kind: type(of: format).kind)
    record.shard = shard
    let example: any TaskResult = rows.lazy.compactMap(\.result).first { $0 is Embedding } ?? blank
    let writer = try RowWriter(format, like: example, top: 2, to: .file(folder(name)), record: record, start: start)
    var written = 0
    for (index, row) in rows.enumerated() where writer.takes(index + 1, row.path) {
      if written == cutAfter { throw Cut() }
      var row = row
      row.number = index + 1
      try writer.write(row)
      written += 1
      if written % 4 == 0 { try writer.batchEnded() }
    }
    try writer.finish(keepsProgress: keepsProgress)
    return writer
  }

  /// The file's bytes; of a database, what it holds.
  private func content(_ name: String) throws -> [String] {
    guard name.hasPrefix("sqlite") else { return [try folder.text(name)] }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sqlite3, sys\nfor line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)",
      folder(name),
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return text.split(separator: "\n").map(String.init)
  }

  @Test(arguments: formats.indices) func aRunThatIsCutGoesOnWithTheSameBytes(format: Int) throws {
    let format = Self.formats[format]
    let (kind, all) = (type(of: format).kind, rows(900))
    try run(format, all, to: "\(kind)-whole")
    for cuts in [[300], [1, 299, 1, 400], [899]] {
      for (number, cut) in cuts.enumerated() {
        #expect(throws: Cut.self) {
          try run(format, all, to: "\(kind)-cut", number == 0 ? .anew : .resumed, cutAfter: cut)
        }
      }
      if folder.names.contains("\(kind)-cut"), kind != "sqlite" {
        // What a process that was killed while it wrote may leave.
        for (name, rest) in [("\(kind)-cut", "half a ro"), ("\(kind)-cut.progress", "301 99")] {
          let file = try #require(FileHandle(forWritingAtPath: folder(name)))
          try file.seekToEnd()
          try file.write(contentsOf: Data(rest.utf8))
          try file.close()
        }
      }
      let writer = try run(format, all, to: "\(kind)-cut", .resumed)
      #expect(writer.count == 900 && writer.failures.values.reduce(0, +) == 129)
      #expect(try content("\(kind)-cut") == content("\(kind)-whole"))
      // Failed rows may be tried again, and a finished run is one that has nothing to do.
      #expect(folder.names.contains("\(kind)-cut.progress"))
      #expect(try run(format, all, to: "\(kind)-cut", .resumed).count == 900)
      try FileManager.default.removeItem(atPath: folder("\(kind)-cut"))
      try FileManager.default.removeItem(atPath: folder("\(kind)-cut.progress"))
    }
  }

  @Test(arguments: formats.indices) func failedRowsAreTriedAgain(format: Int) throws {
    let format = Self.formats[format]
    let kind = type(of: format).kind
    try run(format, rows(600, isMended: true), to: "\(kind)-mended")
    try run(format, rows(600), to: "\(kind)-rows")
    let writer = try run(format, rows(600, isMended: true), to: "\(kind)-rows", .retried)
    #expect(writer.count == 600 && writer.failures.isEmpty)
    if kind != "table" { #expect(try content("\(kind)-rows") == content("\(kind)-mended")) }
    #expect(folder.names == ["\(kind)-mended", "\(kind)-rows"])
  }

  @Test func retryingThatIsCutChangesNothing() throws {
    try run(.csv, rows(100), to: "rows")
    let before = try folder.text("rows")
    #expect(throws: Cut.self) { try run(.csv, rows(100, isMended: true), to: "rows", .retried, cutAfter: 5) }
    #expect(try folder.text("rows") == before && folder.names == ["rows", "rows.progress"])
  }

  @Test(arguments: [0, 1, 3]) func shardsMakeTheWhole(format: Int) throws {
    let format = Self.formats[format]
    let (kind, all) = (type(of: format).kind, rows(500))
    try run(format, all, to: "\(kind)-whole")
    var counts: [Int] = []
    for index in 1...3 {
      let shard = try #require(Shard(index, of: 3))
      #expect(throws: Cut.self) { try run(format, all, to: "\(kind)-\(index)", cutAfter: 50, shard: shard) }
      counts.append(try run(format, all, to: "\(kind)-\(index)", .resumed, shard: shard).count)
    }
    #expect(counts.reduce(0, +) == 500 && counts.allSatisfy { (100...240).contains($0) })
    var registry = Registry()
    try BuiltinRowFormats.register(in: &registry)
    func merge(_ parts: Int...) throws -> RowMerger.Summary {
      try RowMerger.merge(parts.map { folder("\(kind)-\($0)") }, to: folder("\(kind)-merged"), registry: registry)
    }
    let summary = try merge(3, 1, 2)
    #expect(summary.count == 500 && summary.failures.values.reduce(0, +) == 71)
    #expect(try content("\(kind)-merged") == content("\(kind)-whole"))
    for parts in [[1, 2], [1, 2, 2], [1]] {
      #expect(throws: BatchError.self) {
        try RowMerger.merge(parts.map { folder("\(kind)-\($0)") }, to: folder("none"), registry: registry)
      }
    }
    #expect(!folder.names.contains("none") && !folder.names.contains("none.progress"))
  }

  @Test func aMergedRunMayBeTriedAgain() throws {
    for index in 1...2 { try run(.csv, rows(60), to: "\(index)", shard: Shard(index, of: 2)) }
    var registry = Registry()
    try BuiltinRowFormats.register(in: &registry)
    _ = try RowMerger.merge([folder("1"), folder("2")], to: folder("merged"), registry: registry)
    try run(.csv, rows(60, isMended: true), to: "merged", .retried)
    try run(.csv, rows(60, isMended: true), to: "mended")
    #expect(try folder.text("merged") == folder.text("mended"))
  }

  @Test func aShardFollowsFromThePathAlone() throws {
    // FNV-1a of "a" is af63dc4c8601ec8c: 0xaf63dc4c mod 8 is 4.
    #expect(try #require(Shard("5/8")).holds("a") && (1...8).filter { Shard($0, of: 8)?.holds("a") == true } == [5])
    for text in ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", ""] { #expect(Shard(text) == nil) }
  }

  @Test func anotherRunIsRefused() throws {
    let all = rows(100)
    func expectRefusal(_ rows: [ResultRow], _ record: RunRecord? = nil, saying words: String) {
      do {
        try run(.csv, rows, to: "rows", .resumed, record: record)
        Issue.record("it went on")
      } catch { #expect("\(error)".contains(words), "\(error)") }
    }
    for isFinished in [false, true] {
      if isFinished {
        try run(.csv, all, to: "rows", .resumed)
      } else {
        #expect(throws: Cut.self) { try run(.csv, all, to: "rows", cutAfter: 60) }
      }
      let before = try folder.text("rows")
      var swapped = all
      swapped.swapAt(10, 11)
      expectRefusal(swapped, saying: "the inputs are others: number 11 is 'folder/11")
      expectRefusal(Array(all.dropFirst()), saying: "the inputs are others")
      expectRefusal(Array(all.prefix(20)), saying: "there are fewer inputs than there were")
      expectRefusal(all, RunRecord(model: "n", options: ["--top": "2"]), saying: "the model is another")
      expectRefusal(all, RunRecord(model: "m", options: ["--top": "3"]), saying: "--top was 2, and is 3")
      if isFinished { expectRefusal(all + rows(101).suffix(1), saying: "there are more inputs than there were") }
      #expect(try folder.text("rows") == before)
    }
  }

  @Test func nothingIsDestroyedByAccident() throws {
    #expect(throws: Cut.self) { try run(.csv, rows(100), to: "rows", cutAfter: 60) }
    let before = try folder.text("rows")
    #expect(throws: BatchError.unfinished(path: folder("rows"))) { try run(.csv, rows(100), to: "rows") }
    #expect(try folder.text("rows") == before)
    try folder.write("mine", "other")
    #expect(throws: BatchError.noProgress(path: folder("other"))) { try run(.csv, rows(100), to: "other", .resumed) }
    #expect(throws: Cut.self) { try run(.csv, rows(100), to: "other", cutAfter: 0) }
    #expect(try folder.text("other") == "mine" && folder.names == ["other", "rows", "rows.progress"])
    let writer = try RowWriter(.csv, like: blank, to: .file(folder("busy")))
    for start in [RowWriter.Start.anew, .resumed, .retried] {
      #expect(throws: BatchError.busy(path: folder("busy"))) { try run(.csv, rows(3), to: "busy", start) }
    }
    try writer.abandon()
    #expect(folder.names == ["other", "rows", "rows.progress"])
  }

  /// Whoever has changed the side file: a part that cannot be is not looked for, nor divided by.
  @Test(arguments: ["\"count\":0", "\"count\":9000000000000000000", "\"count\":-1"])
  func aPartThatCannotBeIsNone(_ count: String) throws {
    try run(.csv, rows(9), to: "1", shard: Shard(1, of: 3))
    let progress = try folder.text("1.progress")
    try folder.write(progress.replacing("\"count\":3", with: count), "1.progress")
    var registry = Registry()
    try BuiltinRowFormats.register(in: &registry)
    let error = #expect(throws: FileError.self) {
      try RowMerger.merge([folder("1")], to: folder("merged"), registry: registry)
    }
    #expect(error?.description.contains("does not say how far rows are") == true)
    #expect(try folder.text("1.progress") != progress && !folder.names.contains("merged"))
  }

  /// Nor is one behind the rows, which a fuzzer found.
  @Test(arguments: ["-", "9999"]) func aBeginningThatCannotBeIsNone(_ digits: String) throws {
    try run(.csv, rows(9), to: "1", shard: Shard(1, of: 1))
    var registry = Registry()
    try BuiltinRowFormats.register(in: &registry)
    let progress = try folder.text("1.progress")
    try folder.write(progress.replacing("\nbegin ", with: "\nbegin " + digits), "1.progress")
    let error = #expect(throws: BatchError.self) {
      try RowMerger.merge([folder("1")], to: folder("merged"), registry: registry)
    }
    #expect(error?.description.contains("is not finished") == true)
  }

  @Test func aRunWithoutFailuresLeavesTheFileAlone() throws {
    try folder.write("old", "rows")
    try run(.csv, rows(3), to: "rows")
    #expect(folder.names == ["rows"])
    #expect(try folder.text("rows").hasPrefix("path,"))
    try run(.csv, rows(3), to: "rows", keepsProgress: true)
    #expect(folder.names == ["rows", "rows.progress"])
  }

  @Test func embeddingsAreAnArray() throws {
    let all = (0..<300).map { number in
      number % 50 == 7
        ? ResultRow(path: "\(number)", error: "gone", reason: .missing)
        : ResultRow(path: "\(number)", result: Embedding([Float(number), -0.5, 0.25]))
    }
    try run(.npy, all, to: "whole.npy")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder("whole.npy"))))
    #expect(bytes.count == 128 + 300 * 12 && String(decoding: bytes[10..<128], as: UTF8.self).contains("(300, 3)"))
    let values = bytes[128...].withUnsafeBytes { bytes in
      (0..<900).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(values[3 * 12] == 12 && values[3 * 12 + 1] == -0.5 && values[3 * 57].isNaN)
    let list = try folder.text("whole.npy.jsonl").split(separator: "\n")
    #expect(list.count == 300)
    #expect(list[57] == #"{"path":"57","status":"error","reason":"missing","error":"gone","warning":null}"#)
    #expect(throws: Cut.self) { try run(.npy, all, to: "cut.npy", cutAfter: 150) }
    try run(.npy, all, to: "cut.npy", .resumed)
    for index in 1...2 { try run(.npy, all, to: "\(index).npy", shard: Shard(index, of: 2)) }
    var registry = Registry()
    try BuiltinRowFormats.register(in: &registry)
    _ = try RowMerger.merge([folder("1.npy"), folder("2.npy")], to: folder("merged.npy"), registry: registry)
    for name in ["cut.npy", "merged.npy"] {
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder(name))) == Data(bytes))
      #expect(try folder.text(name + ".jsonl") == folder.text("whole.npy.jsonl"))
    }
    #expect(throws: BatchError.self) { try run(.npy, rows(10), to: "classes.npy") }
    #expect(throws: BatchError.self) { try RowWriter(.npy, like: Embedding([1]), to: .standardOutput) }
  }
}
