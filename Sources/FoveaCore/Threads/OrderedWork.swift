import Foundation

/// Jobs that threads do ahead, and whose results one consumer takes in the order of the jobs.
///
/// A job may have several parts, which several threads share; whoever completes the last one makes the result. At most
/// `ahead` jobs are begun or their results not taken, so that memory does not grow with their number. The job that the
/// consumer waits for is always being done, so nobody waits for ever; where there are no threads, the consumer does it.
package final class OrderedWork<Job: Sendable, Part: Sendable, Output: Sendable>: @unchecked Sendable {
  /// The next job and the number of its parts, one at least.
  package struct Order {
    let job: Job
    let parts: Int
    let isLast: Bool

    /// - Parameter isLast: whether it is known that no other comes.
    package init(_ job: Job, parts: Int = 1, isLast: Bool) {
      (self.job, self.parts, self.isLast) = (job, parts, isLast)
    }
  }

  private final class Begun {
    let number: Int
    let job: Job
    var parts: [Part?]
    var claimed = 0
    var unfinished: Int

    init(number: Int, _ order: Order) {
      self.number = number
      job = order.job
      parts = Array(repeating: nil, count: order.parts)
      unfinished = order.parts
    }
  }

  /// How often somebody who waits asks whether the work has been cancelled; seconds.
  private static var patience: Double { 0.05 }
  private let ahead: Int
  private let part: @Sendable (Job, Int) -> Part
  private let finish: @Sendable (Job, [Part]) -> Output
  private let condition = NSCondition()
  // All that follows is guarded by the condition's lock.
  private let next: () -> Order?
  private var open: Begun?
  private var begun = 0
  private var isAtEnd = false
  private var ready: [Int: Output] = [:]
  private var taken = 0
  private var isCancelled = false
  private var threads = 0

  /// - Parameters:
  ///   - next: gives one job after the other, nil after the last; never called twice at a time.
  ///   - part: does one part of a job.
  ///   - finish: makes the result of a job's parts, which are in order.
  package init(
    ahead: Int, next: @escaping () -> Order?, part: @escaping @Sendable (Job, Int) -> Part,
    finish: @escaping @Sendable (Job, [Part]) -> Output
  ) {
    self.ahead = ahead
    self.next = next
    self.part = part
    self.finish = finish
  }

  /// Opens the first job: how many parts it has, 0 where there is none, and whether no other comes.
  package func begin() -> (parts: Int, isAll: Bool) {
    condition.withLock {
      beginNext()
      return (open?.parts.count ?? 0, isAtEnd)
    }
  }

  /// Starts threads that work until nothing is left. Where the system has fewer to give, there are fewer.
  package func start(threads count: Int) {
    for _ in 0..<count {
      condition.withLock { threads += 1 }
      let isStarted = BackgroundThread.start { [self] in
        while let (begun, index) = claimNext() { work(on: begun, index) }
        endThread()
      }
      if !isStarted { endThread() }
    }
  }

  /// Waits for the result of the next job in order; nil after the last, and soon after somebody has cancelled.
  package func take(_ cancellation: Cancellation? = nil) -> Output? {
    condition.lock()
    defer { condition.unlock() }
    while !isCancelled, cancellation?.isCancelled != true {
      if let output = ready.removeValue(forKey: taken) {
        taken += 1
        condition.broadcast()
        return output
      }
      if isAtEnd && taken == begun { return nil }
      if threads == 0, let (begun, index) = claim() {
        condition.unlock()
        work(on: begun, index)
        condition.lock()
      } else if cancellation == nil {
        condition.wait()
      } else {
        _ = condition.wait(until: Date(timeIntervalSinceNow: Self.patience))
      }
    }
    return nil
  }

  /// Lets all threads end after the part that they are at, and forgets what nobody has taken.
  ///
  /// - Parameter waits: whether to return only when they have ended.
  package func cancel(waits: Bool) {
    condition.withLock {
      isCancelled = true
      ready.removeAll()
      condition.broadcast()
      while waits && threads > 0 { condition.wait() }
    }
  }

  private func work(on begun: Begun, _ index: Int) {
    let result = part(begun.job, index)
    let parts: [Part]? = condition.withLock {
      begun.parts[index] = result
      begun.unfinished -= 1
      return begun.unfinished == 0 ? begun.parts.compactMap { $0 } : nil
    }
    guard let parts else { return }
    let output = finish(begun.job, parts)
    condition.withLock {
      if !isCancelled { ready[begun.number] = output }
      condition.broadcast()
    }
  }

  private func endThread() {
    condition.withLock {
      threads -= 1
      condition.broadcast()
    }
  }

  private func claimNext() -> (Begun, Int)? {
    condition.withLock {
      while !isCancelled {
        if let claimed = claim() { return claimed }
        if isAtEnd { return nil }
        condition.wait()
      }
      return nil
    }
  }

  /// A part that nobody does yet; nil where none may be begun now. The lock is held.
  private func claim() -> (Begun, Int)? {
    if open == nil && !isAtEnd && begun < taken + ahead { beginNext() }
    guard let open else { return nil }
    open.claimed += 1
    if open.claimed == open.parts.count { self.open = nil }
    return (open, open.claimed - 1)
  }

  private func beginNext() {
    guard !isAtEnd, open == nil else { return }
    let order = next()
    if let order {
      open = Begun(number: begun, order)
      begun += 1
    }
    isAtEnd = order?.isLast ?? true
    // The consumer may be waiting for a job that will not come.
    if isAtEnd { condition.broadcast() }
  }
}
