public import FoveaCore
import Glibc

/// Writes the rows of a run to standard output, or to a file that can be read while it grows and gone on with after any end.
///
/// Beside the file lies `FILE.progress` until the run is finished, which says which rows are whole. Where there is a file of the
/// name already, it stays as it is until all rows are there; they grow in `FILE.partial` meanwhile. Nothing is kept of a run
/// that ends before its first rows are written.
///
/// ```swift
/// let writer = try RowWriter(.csv, like: pipeline.blankResult, to: .file("rows.csv"))
/// _ = try classifier.run(paths, takes: writer.takes, batchEnded: writer.batchEnded, each: writer.write)
/// try writer.finish()
/// ```
public final class RowWriter {
  public enum Destination: Sendable, Hashable {
    case standardOutput
    case file(String)
  }

  public enum Start: String, Sendable {
    /// With the first row.
    case anew
    /// Behind the last row that is whole; with the first one where there is none.
    case resumed
    /// With the rows that failed; the others stay.
    case retried
  }

  /// Rows in the file, with those of earlier processes.
  public private(set) var count = 0
  /// How many of them failed, by reason.
  public private(set) var failures: [FailureReason: Int] = [:]
  /// How many rows were in the file before.
  public private(set) var earlier = 0

  /// Whether rows come one by one, so that whoever looks on does not wait for those that a table is measured by.
  public var isLive = false

  private let start: Start
  /// Nil where nothing is left to write.
  private var store: (any RowStore)?
  private let files: RowFiles?
  private var record: RunRecord
  private var progress: ProgressFile?
  private var isDone = false
  // The first rows of a format that measures some; nil when that is done.
  private var waiting: [ResultRow]?
  /// Of rows that may not be on the disk yet.
  private var marks: [RowMark] = []
  private var beginning: Int?
  private var nextCheckpoint = ContinuousClock.now
  private var isMarked = false
  private let inputs: RunInputs
  /// What is kept of a run whose failed rows are tried again.
  private var kept: KeptRows?

  private static let leastInterval = Duration.milliseconds(250)
  /// Marks that may wait for a checkpoint: half a megabyte.
  private static let mostMarks = 1 << 14

  /// - Parameters:
  ///   - example: any result of the pipeline, for what it has in common with the others: ``Pipeline/blankResult``.
  ///   - top: how many of the best a row names at most.
  ///   - width: of the terminal that shows a table, in columns; nil where lines may be of any length.
  ///   - record: what the rows are made with.
  /// - Throws: ``FileError/unwritable(path:reason:)`` at once where a file could not be written, and ``BatchError`` where one is
  ///   there that this run may not go on with, or that it would destroy.
  public init(
    _ format: any RowFormat, like example: any TaskResult, top: Int = 5, to destination: Destination, width: Int? = nil,
    record: RunRecord = RunRecord(), start: Start = .anew
  ) throws {
    var record = record
    func plan(_ place: RowPlan.Place) -> RowPlan {
      RowPlan(place, like: example, top: top, width: width, run: record.facts)
    }
    guard case .file(let name) = destination else {
      store = try format.makeStore(plan(.standardOutput))
      (files, self.record, self.start, inputs) = (nil, record, .anew, RunInputs(shard: record.shard))
      waiting = try opened()
      return
    }
    let files = try RowFiles(name, type(of: format))
    self.files = files
    try ProgressFile.checkIsFree(files.progress)
    let found = try start == .anew ? nil : FoundRun(files, for: record)
    self.start = found == nil ? .anew : start
    if self.start == .resumed, let found, !found.isFinished {
      // Before anybody reads it on.
      progress = try ProgressFile(files.progress, keeping: found.offset)
    }
    inputs = try RunInputs(shard: record.shard, behind: found, retries: self.start == .retried)
    if let found {
      (count, failures, earlier) = (found.count, found.failures, found.count)
      record.isBeside = found.record.isBeside
    }
    switch (self.start, found) {
    case (.resumed, let found?):
      self.record = record
      guard !found.isFinished else {
        store = nil
        try files.replace()
        return
      }
      let store = try format.makeStore(plan(.file(files.rows(of: record))))
      guard store.measuredRows == 0 || found.measured != nil else { throw Self.cannotMeasure(type(of: format).kind) }
      self.store = store
      try store.resume(behind: found.last, measured: found.measured)
    case (.retried, let found?):
      guard found.isFinished else { throw BatchError.unfinished(path: name) }
      try files.replace()
      guard !found.failures.isEmpty else {
        (store, self.record) = (nil, record)
        return
      }
      record.isBeside = true
      self.record = record
      (count, failures) = (0, [:])
      let store = try format.makeStore(plan(.file(files.retry)))
      self.store = store
      kept = try KeptRows(files, found)
      progress = try ProgressFile(ProgressFile.path(of: files.retry), record)
      files.remove(files.retry)
      try store.begin(measured: found.measured)
      beginning = store.end
      try progress?.begin(at: store.end, measured: found.measured)
    default:
      record.isBeside = try files.isThere && !FoundRun.isLeftover(files)
      let rows = record.isBeside ? files.beside : files.path
      let store = try format.makeStore(plan(.file(rows)))
      guard store.measuredRows == 0 || record.shard == nil else { throw Self.cannotMeasure(type(of: format).kind) }
      progress = try ProgressFile(files.progress, record)
      if record.isBeside { files.remove(files.beside) }
      (self.store, self.record) = (store, record)
      waiting = try opened()
    }
  }

  deinit { if !isDone { _ = try? abandon() } }

  private static func cannotMeasure(_ kind: String) -> BatchError {
    .unsuitableFormat(
      kind: kind,
      reason: "how its rows look depends on the first ones, so that parts of it do not go together; choose csv or jsonl"
    )
  }

  /// Whether the run still wants the row of an input: the classifier is to ask for all, in order.
  public func takes(_ number: Int, _ path: String) -> Bool { inputs.takes(number, path) }

  public func write(_ row: ResultRow) throws {
    if waiting != nil {
      waiting?.append(row)
      if let rows = waiting, rows.count >= store?.measuredRows ?? 0 { try settle(rows) }
    } else {
      try append(row)
    }
  }

  /// To be called when the rows of a batch are written: they can be read from now on.
  public func batchEnded() throws {
    if isLive, files == nil, let rows = waiting, !rows.isEmpty { try settle(rows) }
    guard waiting == nil else { return }
    try store?.flush()
    let begun = ContinuousClock.now
    guard progress != nil, begun > nextCheckpoint || marks.count >= Self.mostMarks else { return }
    try checkpoint()
    let now = ContinuousClock.now
    // A slow disk is waited for a fiftieth of the time at most, unless so many rows wait for it that they fill the memory.
    nextCheckpoint = now + max(Self.leastInterval, (now - begun) * 50)
  }

  /// Ends with what is there, since no others will come. A file keeps the rows that are whole; of a run without any, or whose
  /// failed rows were tried again, nothing is left.
  ///
  /// - Returns: whether there is something to go on with.
  @discardableResult
  public func abandon() throws -> Bool {
    guard !isDone else { return false }
    defer { close() }
    guard let files else {
      if let rows = waiting, !rows.isEmpty { try settle(rows) }
      try store?.flush()
      return false
    }
    guard let store else { return false }
    if start == .retried {
      files.remove(files.retry)
      progress?.remove()
      return false
    }
    guard waiting == nil, count > 0 else {
      if start == .anew {
        files.remove(record.isBeside ? files.beside : files.path)
        progress?.remove()
      }
      return earlier > 0
    }
    // Whatever cannot be written now, such as to a full disk, is not said to be there.
    _ = try? store.flush()
    _ = try? checkpoint(isLast: true)
    return true
  }

  /// Writes what is left and puts a file in its place.
  ///
  /// - Parameter keepsProgress: whether a run that is finished may be asked for again; one with failed rows, and a part of a run,
  ///   always may.
  public func finish(keepsProgress: Bool = false) throws {
    try inputs.checkEnd(files?.name ?? "")
    if let rows = waiting { try settle(rows) }
    try copyKept(before: .max)
    if let store {
      if files != nil { try checkpoint() }
      try store.finish()
      try progress?.end(count: inputs.seen.count, fingerprint: inputs.seen.fingerprint.value)
    }
    defer { close() }
    guard let files else { return }
    if kept != nil {
      try files.move(files.retry, files.beside)
      guard rename(ProgressFile.path(of: files.retry), files.progress) == 0 else {
        throw FileError.unwritable(path: files.progress, reason: SystemError().description)
      }
    }
    if record.isBeside { try files.replace() }
    if !keepsProgress, failures.isEmpty, record.shard == nil { unlink(files.progress) }
  }

  /// Lets go of the files, so that another writer may have them at once.
  private func close() {
    isDone = true
    (store, progress, kept) = (nil, nil, nil)
  }

  /// - Returns: what is to wait for being measured.
  private func opened() throws -> [ResultRow]? {
    guard let store else { return nil }
    guard store.measuredRows == 0 else { return [] }
    try store.begin(measured: nil)
    beginning = store.end
    return nil
  }

  private func settle(_ rows: [ResultRow]) throws {
    waiting = nil
    store?.measure(rows)
    try store?.begin(measured: nil)
    beginning = store?.end
    for row in rows { try append(row) }
  }

  private func append(_ row: ResultRow) throws {
    try copyKept(before: row.number)
    try store?.append(row)
    note(RowMark(number: row.number, end: store?.end ?? 0, reason: row.reason, path: Fingerprint(of: row.path).value))
  }

  private func note(_ mark: RowMark) {
    if files != nil { marks.append(mark) }
    count += 1
    if let reason = mark.reason { failures[reason, default: 0] += 1 }
  }

  private func copyKept(before number: Int) throws {
    guard let store else { return }
    while let row = try kept?.next(before: number) {
      try store.append(row: row.mark.number, range: row.range, of: row.path)
      note(RowMark(number: row.mark.number, end: store.end, reason: nil, path: row.mark.path))
      if marks.count >= Self.mostMarks { try checkpoint() }
    }
  }

  private func checkpoint(isLast: Bool = false) throws {
    guard let store, let progress else { return }
    if isLast { _ = try? store.sync() } else { try store.sync() }
    if let position = beginning, start == .anew, !isMarked {
      try progress.begin(at: position, measured: store.measured)
      isMarked = true
    }
    let visible = store.visibleEnd
    try progress.append(marks.filter { $0.end <= visible })
    marks.removeAll(keepingCapacity: true)
  }
}
