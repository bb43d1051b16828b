import Foundation

/// Hands numbers of batches to threads, and their batches to one consumer in order.
///
/// The next batch that the consumer wants is always made or in the making, so nobody waits for ever.
final class BatchQueue: @unchecked Sendable {
  private let condition = NSCondition()
  // These four are guarded by the condition's lock.
  private var ready: [Int: Result<LoadedBatch, DataError>] = [:]
  private var claimed = 0
  private var delivered = 0
  private var isCancelled = false
  private let count: Int
  private let ahead: Int

  init(count: Int, ahead: Int) {
    self.count = count
    self.ahead = ahead
  }

  /// Makes batches until none is left or nobody wants them any more: what each thread runs.
  func work(_ make: BatchStream.Maker) {
    while let number = claim() {
      let result = make(number)
      locked { ready[number] = result }
    }
  }

  /// Waits for batch `number`; each is taken once, in order.
  func take(_ number: Int) -> Result<LoadedBatch, DataError>? {
    locked {
      while !isCancelled {
        if let result = ready.removeValue(forKey: number) {
          delivered = number + 1
          return result
        }
        condition.wait()
      }
      return nil
    }
  }

  /// Lets all threads end after the batch that they are at, and forgets what nobody has taken.
  func cancel() {
    locked {
      isCancelled = true
      ready.removeAll()
    }
  }

  private func claim() -> Int? {
    locked {
      while !isCancelled && claimed < count {
        if claimed < delivered + ahead {
          claimed += 1
          return claimed - 1
        }
        condition.wait()
      }
      return nil
    }
  }

  /// Whatever is done under the lock may be what another thread waits for.
  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return body()
  }
}
