import Foundation
public import FoveaCore
import Glibc

/// The rows of a batch for `for try await`: in the order of the paths, as they are made.
///
/// Threads work ahead of whoever takes the rows, but only so far: at most `(threads + 3) · batchSize + 1` pictures are decoded
/// whose rows nobody has taken. When the task that takes them is cancelled, `next()` throws `CancellationError` after all
/// threads have ended; where a loop is left early, they end soon after.
public struct ResultSequence: AsyncSequence, Sendable {
  let classifier: BatchClassifier
  let paths: [FilePath]

  /// Nothing is begun before the first row is asked for; each iterator begins anew.
  public func makeAsyncIterator() -> Iterator { Iterator(classifier, paths) }

  public struct Iterator: AsyncIteratorProtocol {
    private let owner: Owner

    init(_ classifier: BatchClassifier, _ paths: [FilePath]) { owner = Owner(RowChannel(classifier, paths)) }

    /// - Throws: as ``BatchClassifier/run(_:cancellation:each:)-([FilePath],_,_)``, and `CancellationError`.
    public mutating func next() async throws -> ResultRow? {
      let channel = owner.channel
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { channel.take($0) }
      } onCancel: {
        channel.cancel()
      }
    }
  }

  /// Ends the threads when nobody iterates any more.
  private final class Owner: Sendable {
    let channel: RowChannel

    init(_ channel: RowChannel) { self.channel = channel }
    deinit { channel.cancel() }
  }
}

/// Hands rows from the thread that runs a batch to a task, one at a time; the thread waits while there is one.
private final class RowChannel: @unchecked Sendable {
  typealias Taker = CheckedContinuation<ResultRow?, any Error>

  private let classifier: BatchClassifier
  private let paths: [FilePath]
  private let cancellation = Cancellation()
  private let condition = NSCondition()
  // All that follows is guarded by the condition's lock. There is never both a row and a taker.
  private var isStarted = false
  private var row: ResultRow?
  private var taker: Taker?
  private var end: Result<Void, any Error>?

  init(_ classifier: BatchClassifier, _ paths: [FilePath]) {
    (self.classifier, self.paths) = (classifier, paths)
  }

  func take(_ taker: Taker) {
    condition.lock()
    defer { condition.unlock() }
    if let end, row == nil || cancellation.isCancelled {
      // Told once; after that there is nothing.
      self.end = .success(())
      return taker.resume(with: end.map { _ in ResultRow?.none })
    }
    if let row, !cancellation.isCancelled {
      self.row = nil
      condition.broadcast()
      return taker.resume(returning: row)
    }
    self.taker = taker
    guard !isStarted else { return }
    isStarted = true
    if !BackgroundThread.start({ self.run() }) { finish(.failure(SystemError(EAGAIN))) }
  }

  func cancel() {
    cancellation.cancel()
    condition.withLock { condition.broadcast() }
  }

  private func run() {
    let result = Result { _ = try classifier.run(paths, cancellation: cancellation, each: give) }
    condition.withLock {
      finish(result.mapError { error -> any Error in cancellation.isCancelled ? CancellationError() : error })
    }
  }

  private func give(_ row: ResultRow) throws {
    try condition.withLock {
      while self.row != nil, !cancellation.isCancelled { condition.wait() }
      guard !cancellation.isCancelled else { throw BatchError.cancelled }
      if let taker {
        self.taker = nil
        taker.resume(returning: row)
      } else {
        self.row = row
      }
    }
  }

  /// The lock is held.
  private func finish(_ result: Result<Void, any Error>) {
    end = result
    guard let taker else { return }
    self.taker = nil
    end = .success(())
    taker.resume(with: result.map { _ in ResultRow?.none })
  }
}

extension BatchClassifier {
  /// The rows that ``run(_:cancellation:each:)-([FilePath],_,_)`` hands out, for `for try await`.
  public func rows(of paths: [FilePath]) -> ResultSequence { ResultSequence(classifier: self, paths: paths) }
}

extension Pipeline {
  /// A row for each picture that files and folders hold, as it is made; see ``ResultSequence``.
  ///
  /// ```swift
  /// for try await row in try pipeline.results(of: ["photos"]) { print(row.path, row.label ?? row.error ?? "") }
  /// ```
  ///
  /// - Throws: ``BatchError/invalidSetting(name:expected:got:)``
  public func results(
    of paths: [String], settings: BatchClassifier.Settings = BatchClassifier.Settings()
  ) throws(BatchError) -> ResultSequence {
    try BatchClassifier(self, settings: settings).rows(of: paths.map { FilePath($0) })
  }
}
