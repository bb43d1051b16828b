import FoveaCore

/// How far an earlier process has come.
struct FoundRun {
  let record: RunRecord
  let begin: Int
  let measured: String?
  let last: RowMark
  let count: Int
  let failures: [FailureReason: Int]
  /// Of its progress file, behind the last row that counts.
  let offset: Int
  /// Nil where it is not finished.
  let end: (inputs: Int, fingerprint: UInt64)?
  let progress: String

  var isFinished: Bool { end != nil }

  /// Nil where nothing is there to go on with.
  ///
  /// - Throws: ``BatchError/otherRun(path:difference:)``, ``BatchError/noProgress(path:)``
  init?(_ files: RowFiles, for wanted: RunRecord) throws {
    guard var reader = try ProgressReader(files.progress) else {
      if files.isThere { throw BatchError.noProgress(path: files.name) }
      return nil
    }
    guard let begin = reader.begin, let first = try reader.next(), RowFiles.exists(files.rows(of: reader.record)) else {
      return nil
    }
    if let difference = wanted.difference(from: reader.record) {
      throw BatchError.otherRun(path: files.name, difference: difference)
    }
    var (last, count, failures) = (first, 0, [FailureReason: Int]())
    var mark: RowMark? = first
    while let row = mark {
      (last, count) = (row, count + 1)
      if let reason = row.reason { failures[reason, default: 0] += 1 }
      mark = try reader.next()
    }
    (self.last, self.count, self.failures, self.begin) = (last, count, failures, begin)
    (record, measured, offset, end) = (reader.record, reader.measured, reader.offset, reader.end)
    progress = files.progress
  }

  /// Whether the file is what a run has left that came to no row.
  ///
  /// - Throws: ``BatchError/unfinished(path:)`` where it came to some, which a new run would destroy.
  static func isLeftover(_ files: RowFiles) throws -> Bool {
    guard var reader = try ProgressReader(files.progress), RowFiles.exists(files.rows(of: reader.record)) else {
      return false
    }
    let isEmpty = try reader.next() == nil
    while try reader.next() != nil {}
    if reader.end == nil, !isEmpty { throw BatchError.unfinished(path: files.name) }
    return reader.end == nil && !reader.record.isBeside
  }
}

/// The inputs of a run as they come, held against those that an earlier process has seen.
///
/// The classifier asks from its threads, one at a time.
final class RunInputs {
  private(set) var seen = InputCount()
  private let shard: Shard?
  private let retries: Bool
  private let found: FoundRun?
  private var reader: ProgressReader?
  /// Of the next row that is there already.
  private var upcoming: RowMark?
  private var difference: String?

  init(shard: Shard?) { (self.shard, found, retries) = (shard, nil, false) }

  init(shard: Shard?, behind found: FoundRun?, retries: Bool) throws {
    (self.shard, self.found, self.retries) = (shard, found, retries)
    guard let found else { return }
    reader = try ProgressReader(found.progress)
    try advance()
  }

  func takes(_ number: Int, _ path: String) -> Bool {
    guard difference == nil else { return false }
    seen.add(path)
    let fingerprint = Fingerprint(of: path).value
    guard shard?.holds(fingerprint) ?? true else {
      if upcoming?.number == number { difference = Self.other(number, path) }
      return false
    }
    guard let mark = upcoming else {
      if found?.isFinished == true { difference = "there are more inputs than there were, such as '\(path.printable)'" }
      return difference == nil
    }
    guard mark.number == number, mark.path == fingerprint else {
      difference = Self.other(number, path)
      return false
    }
    do { try advance() } catch { difference = "\(error)" }
    return retries && mark.reason != nil && difference == nil
  }

  /// - Throws: ``BatchError/otherRun(path:difference:)`` where the inputs were not those of the first part.
  func checkEnd(_ path: String) throws(BatchError) {
    if difference == nil, let mark = upcoming {
      difference = "there are fewer inputs than there were: row \(mark.number) is of none of them"
    }
    if difference == nil, let end = found?.end, end.inputs != seen.count || end.fingerprint != seen.fingerprint.value {
      difference = "the inputs are others"
    }
    if let difference { throw .otherRun(path: path, difference: difference) }
  }

  private static func other(_ number: Int, _ path: String) -> String {
    "the inputs are others: number \(number) is '\(path.printable)' now"
  }

  private func advance() throws {
    guard let found else { return }
    let mark = try reader?.next()
    // This process writes behind the last one meanwhile.
    upcoming = mark.flatMap { $0.number <= found.last.number ? $0 : nil }
  }
}

/// The rows of a finished run that have results, one after the other.
struct KeptRows {
  private let path: String
  private var reader: ProgressReader?
  private var position: Int
  private var upcoming: RowMark?
  private let lock: ProgressFile

  init(_ files: RowFiles, _ found: FoundRun) throws {
    path = files.path
    lock = try ProgressFile(found.progress, keeping: FileReader(found.progress).count)
    reader = try ProgressReader(found.progress)
    position = found.begin
    upcoming = try reader?.next()
  }

  mutating func next(before number: Int) throws -> (mark: RowMark, range: Range<Int>, path: String)? {
    while let mark = upcoming, mark.number < number {
      let range = position..<max(mark.end, position)
      position = mark.end
      upcoming = try reader?.next()
      if mark.reason == nil { return (mark, range, path) }
    }
    // The row of that number is made anew.
    return nil
  }
}
