import Foundation
import FoveaCore
import FoveaImage

/// Hands single pictures to threads and the batches that they fill to one consumer, in order.
///
/// At most `ahead` batches are open or unread, so that memory does not grow with the number of pictures. The batch
/// that the consumer waits for is always being made, so nobody waits for ever.
final class BatchQueue: @unchecked Sendable {
  /// What became of a picture on its way into a batch.
  enum Outcome {
    case ready(warnings: [String], geometry: PictureGeometry)
    /// Its place is empty, and why.
    case failed(String)
  }

  /// Pictures that go through the network together.
  final class Batch: @unchecked Sendable {
    let number: Int
    let steps: [PictureWalk.Step]
    /// `[pictures, …input]`; each thread writes the rows that it has claimed.
    let input: Tensor
    /// What became of each picture, in its place.
    fileprivate(set) var outcomes: [Outcome]
    fileprivate var claimed = 0
    fileprivate var unfinished: Int

    init(number: Int, steps: [PictureWalk.Step], inputShape: Shape) {
      self.number = number
      self.steps = steps
      input = Tensor(zeros: inputShape.batched(steps.count))
      outcomes = Array(repeating: .failed("nobody has read it"), count: steps.count)
      unfinished = steps.count
    }
  }

  typealias Rows = Result<[ResultRow], PipelineError>

  /// How often somebody who waits asks whether the batch has been cancelled; seconds.
  private static let patience = 0.05
  private let condition = NSCondition()
  // All that follows is guarded by the condition's lock.
  private var walk: PictureWalk
  private var open: Batch?
  private var opened = 0
  private var isAtEnd = false
  private var ready: [Int: Rows] = [:]
  private var delivered = 0
  private var isCancelled = false
  private var workers = 0
  private let batchSize: Int
  private let ahead: Int
  private let inputShape: Shape

  init(_ walk: PictureWalk, batchSize: Int, ahead: Int, inputShape: Shape) {
    self.walk = walk
    self.batchSize = batchSize
    self.ahead = ahead
    self.inputShape = inputShape
  }

  /// How many pictures there are, as far as the first batch tells, and whether there may be more.
  func firstBatch() -> (count: Int, isAll: Bool) {
    condition.withLock {
      openBatch()
      return (open?.steps.count ?? 0, isAtEnd)
    }
  }

  var passedOver: PassedOverFiles { condition.withLock { walk.passedOver } }

  /// Fills batches until none is left or nobody wants them any more: what each thread runs.
  ///
  /// - Parameters:
  ///   - fill: writes one picture's row, or says what is wrong with the picture.
  ///   - finish: makes rows of a full batch.
  func work(fill: (Batch, Int) -> Outcome, finish: (Batch) -> Rows) {
    while let (batch, slot) = claim() {
      let outcome = fill(batch, slot)
      let isFull = condition.withLock {
        batch.outcomes[slot] = outcome
        batch.unfinished -= 1
        return batch.unfinished == 0
      }
      guard isFull else { continue }
      let rows = finish(batch)
      condition.withLock {
        ready[batch.number] = rows
        condition.broadcast()
      }
    }
  }

  /// Starts a thread for `body`; ``cancel()`` waits for it.
  func startWorker(_ body: @escaping @Sendable () -> Void) {
    condition.withLock { workers += 1 }
    let thread = Thread { [self] in
      body()
      condition.withLock {
        workers -= 1
        condition.broadcast()
      }
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the next batch in order; nil after the last, and soon after somebody has cancelled.
  func take(_ cancellation: Cancellation?) -> Rows? {
    condition.withLock {
      while cancellation?.isCancelled != true {
        if let rows = ready.removeValue(forKey: delivered) {
          delivered += 1
          condition.broadcast()
          return rows
        }
        if isAtEnd && delivered == opened { return nil }
        if cancellation == nil {
          condition.wait()
        } else {
          _ = condition.wait(until: Date(timeIntervalSinceNow: Self.patience))
        }
      }
      return nil
    }
  }

  /// Lets all workers end after the picture that they are at, and waits for that.
  func cancel() {
    condition.withLock {
      isCancelled = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }

  private func claim() -> (Batch, Int)? {
    condition.withLock {
      while !isCancelled {
        if let batch = open {
          batch.claimed += 1
          if batch.claimed == batch.steps.count { open = nil }
          return (batch, batch.claimed - 1)
        }
        if isAtEnd { return nil }
        if opened < delivered + ahead { openBatch() } else { condition.wait() }
      }
      return nil
    }
  }

  private func openBatch() {
    var steps: [PictureWalk.Step] = []
    while steps.count < batchSize {
      guard let step = walk.next() else {
        isAtEnd = true
        // The consumer may be waiting for a batch that will not come.
        condition.broadcast()
        break
      }
      steps.append(step)
    }
    guard !steps.isEmpty else { return }
    open = Batch(number: opened, steps: steps, inputShape: inputShape)
    opened += 1
  }
}
