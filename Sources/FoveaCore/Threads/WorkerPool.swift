import Foundation
import Synchronization

/// Threads that own a core each and share out the parts of one job; the caller is the first of them.
///
/// On every worker the kernels run on one thread (see ``KernelThreads``), so that parts do not compete for cores. A
/// training step takes a few milliseconds, and waking a sleeping thread takes a noticeable part of one: a worker
/// therefore looks for the next job for a moment before it sleeps.
public final class WorkerPool: Sendable {
  /// How many workers there are, the calling thread included.
  public let count: Int

  private final class Job: @unchecked Sendable {
    // Called only by who has claimed a part, and taken away when all parts are done.
    var body: ((Int) -> Void)?
    let parts: Int
    let next = Atomic<Int>(0)
    let unfinished: Atomic<Int>

    init(parts: Int, body: @escaping (Int) -> Void) {
      self.parts = parts
      self.body = body
      unfinished = Atomic(parts)
    }

    func work() {
      while true {
        let part = next.add(1, ordering: .acquiringAndReleasing).oldValue
        guard part < parts else { return }
        body?(part)
        unfinished.subtract(1, ordering: .releasing)
      }
    }
  }

  /// What the workers share. They hold it, and not the pool, so that the pool can end while they sleep.
  private final class Shared: @unchecked Sendable {
    /// Rises with each job, so that a worker may look for one without the lock.
    let generation = Atomic<Int>(0)
    let condition = NSCondition()
    // Guarded by `condition`.
    var job: Job?
    var isEnding = false

    func awaitJob(after seen: inout Int) -> Job? {
      for _ in 0..<20_000 where generation.load(ordering: .relaxed) == seen {}
      condition.lock()
      defer { condition.unlock() }
      while generation.load(ordering: .relaxed) == seen, !isEnding { condition.wait() }
      seen = generation.load(ordering: .relaxed)
      return isEnding ? nil : job
    }
  }

  private let shared = Shared()
  // One job at a time; a second caller waits.
  private let turn = Mutex(())

  public init(count: Int) {
    self.count = max(1, count)
    for _ in 1..<max(2, count) where count > 1 {
      let thread = Thread { [shared] in
        KernelThreads.set(1)
        var seen = 0
        while let job = shared.awaitJob(after: &seen) { job.work() }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit {
    shared.condition.lock()
    shared.isEnding = true
    shared.condition.broadcast()
    shared.condition.unlock()
  }

  /// Calls `body` with each number 0 ..< `parts`, on all workers, and returns when every call has.
  public func run(_ parts: Int, _ body: (Int) -> Void) {
    guard count > 1, parts > 1 else {
      for part in 0..<parts { body(part) }
      return
    }
    turn.withLock { _ in
      let threads = KernelThreads.current
      KernelThreads.set(1)
      defer { KernelThreads.set(threads) }
      withoutActuallyEscaping(body) { body in
        let job = Job(parts: parts, body: body)
        shared.condition.lock()
        shared.job = job
        shared.generation.add(1, ordering: .relaxed)
        shared.condition.broadcast()
        shared.condition.unlock()
        job.work()
        // Parts are of like size: what is left takes no longer than what was just done.
        var turns = 0
        while job.unfinished.load(ordering: .acquiring) > 0 {
          turns += 1
          if turns > 1 << 14 { sched_yield() }
        }
        job.body = nil
      }
    }
  }

  /// The results of `body` for 0 ..< `parts`, in order.
  public func map<T>(_ parts: Int, _ body: (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: parts) { buffer, initialized in
      let results = buffer
      run(parts) { part in results.initializeElement(at: part, to: body(part)) }
      initialized = parts
    }
  }
}
