public import FoveaCore
import Glibc

/// Puts the parts of a run together: the rows of all shards in the order of the inputs, as one run would have written them.
public enum RowMerger {
  /// What came of it.
  public struct Summary: Sendable, Equatable {
    public var count = 0
    public var failures: [FailureReason: Int] = [:]
  }

  private struct Part {
    let name: String
    let rows: String
    var reader: ProgressReader
    var position: Int
    var end: Int
    let inputs: Int
    let fingerprint: UInt64
  }

  /// - Parameters:
  ///   - parts: the files of all shards, each with its `.progress` beside it, in any order.
  ///   - output: what is written; an older file stays as it is until all rows are there.
  /// - Throws: ``BatchError/unsuitableParts(_:)`` where they are not all parts of one run, each once and finished.
  public static func merge(_ parts: [String], to output: String, registry: Registry) throws -> Summary {
    var sources = try parts.map(open)
    let record = try check(sources)
    let format = try registry.makeRowFormat(record.format)
    let files = try RowFiles(output, type(of: format))
    guard !sources.contains(where: { FileIdentity(FilePath($0.rows)) == FileIdentity(FilePath(files.path)) }) else {
      throw BatchError.unsuitableParts("'\(output)' is one of the parts; choose another name")
    }
    let isLeftover = try FoundRun.isLeftover(files)
    var whole = record
    whole.shard = nil
    whole.isBeside = files.isThere && !isLeftover
    let target = whole.isBeside ? files.beside : files.path
    let progress = try ProgressFile(files.progress, whole)
    var isWritten = false
    defer {
      if !isWritten {
        files.remove(target)
        progress.remove()
      }
    }
    // What stands before and behind the rows is the same in all; of a part without rows, there may be nothing to copy.
    let model = sources.max { $0.end < $1.end } ?? sources[0]
    let store = try format.makeStore(.file(target), like: model.rows, rows: model.position..<model.end)
    try store.begin(measured: nil)
    try progress.begin(at: store.end, measured: nil)
    var (summary, marks): (Summary, [RowMark]) = (Summary(), [])
    // Which part has the row of a number.
    var heads: [Int: (part: Int, mark: RowMark)] = [:]
    func advance(_ part: Int) throws {
      guard let mark = try sources[part].reader.next() else { return }
      if let other = heads.updateValue((part, mark), forKey: mark.number) {
        throw BatchError.unsuitableParts(
          "row \(mark.number) is in '\(sources[part].name)' and in '\(sources[other.part].name)'; give each part once")
      }
    }
    for part in sources.indices { try advance(part) }
    for number in 1...max(sources[0].inputs, 1) where sources[0].inputs > 0 {
      guard let (part, mark) = heads.removeValue(forKey: number) else {
        throw BatchError.unsuitableParts(
          "row \(number) of \(sources[0].inputs) is in no part; give all parts of the run")
      }
      try store.append(
        row: number, range: sources[part].position..<max(mark.end, sources[part].position), of: sources[part].rows)
      sources[part].position = mark.end
      summary.count += 1
      if let reason = mark.reason { summary.failures[reason, default: 0] += 1 }
      marks.append(RowMark(number: number, end: store.end, reason: mark.reason, path: mark.path))
      if marks.count >= 1 << 14 {
        try progress.append(marks)
        marks = []
      }
      try advance(part)
    }
    try store.finish()
    try progress.append(marks)
    try progress.end(count: sources[0].inputs, fingerprint: sources[0].fingerprint)
    isWritten = true
    if whole.isBeside { try files.replace() }
    if summary.failures.isEmpty { progress.remove() }
    return summary
  }

  private static func open(_ name: String) throws -> Part {
    let progress = ProgressFile.path(of: name)
    guard var scan = try ProgressReader(progress) else {
      throw BatchError.unsuitableParts(
        "there is no '\(progress)' beside '\(name)', which says what part it is of what run")
    }
    let begin = scan.begin ?? 0
    var end = begin
    while let mark = try scan.next() { end = mark.end }
    guard let last = scan.end, let reader = try ProgressReader(progress) else {
      throw BatchError.unsuitableParts(
        "'\(name)' is not finished; go on with it with 'fovea classify … --resume' first")
    }
    let rows = scan.record.isBeside && RowFiles.exists(name + ".partial") ? name + ".partial" : name
    guard RowFiles.exists(rows) else { throw FileError.unreadable(path: name, reason: "there is no such file") }
    return Part(
      name: name, rows: rows, reader: reader, position: begin, end: end, inputs: last.inputs,
      fingerprint: last.fingerprint)
  }

  /// What the run was made with, if they are all its parts.
  private static func check(_ parts: [Part]) throws -> RunRecord {
    guard let first = parts.first else { throw BatchError.unsuitableParts("no part was given") }
    var known: [Shard: String] = [:]
    for part in parts {
      let record = part.reader.record
      guard let shard = record.shard else {
        throw BatchError.unsuitableParts("'\(part.name)' is no part of a run: it was written without --shard")
      }
      if let difference = record.difference(from: first.reader.record, includingShard: false) {
        throw BatchError.unsuitableParts("'\(first.name)' and '\(part.name)' are of two runs: \(difference)")
      }
      guard shard.count == first.reader.record.shard?.count else {
        throw BatchError.unsuitableParts(
          "'\(first.name)' is part \(first.reader.record.shard?.description ?? "") and '\(part.name)' part \(shard)")
      }
      guard part.inputs == first.inputs, part.fingerprint == first.fingerprint else {
        throw BatchError.unsuitableParts(
          "'\(first.name)' and '\(part.name)' were made of other inputs: \(first.inputs) and \(part.inputs), or in another order"
        )
      }
      if let other = known.updateValue(part.name, forKey: shard) {
        throw BatchError.unsuitableParts("'\(other)' and '\(part.name)' are both part \(shard)")
      }
    }
    let count = first.reader.record.shard?.count ?? 0
    let missing = (1...max(count, 1)).compactMap { Shard($0, of: count) }.filter { known[$0] == nil }
    guard missing.isEmpty else {
      throw BatchError.unsuitableParts(
        "\(missing.count == 1 ? "part" : "parts") \(missing.prefix(5).map(\.description).joined(separator: ", "))"
          + "\(missing.count > 5 ? " and more are" : missing.count == 1 ? " is" : " are") missing")
    }
    return first.reader.record
  }
}
