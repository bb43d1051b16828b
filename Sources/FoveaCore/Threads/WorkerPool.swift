import Foundation
import Synchronization

/// Threads that own a core each and share out the parts of one job; the caller is the first of them.
///
/// On every worker the kernels run on one thread (see ``KernelThreads``), so that parts do not compete for cores. A
/// training step takes a few milliseconds, and waking a sleeping thread takes a noticeable part of one: whoever waits
/// therefore looks on for a moment before it sleeps.
///
/// Several models, and several threads, may share a pool: one job is done at a time, and callers whose turn it is not sleep.
/// Several pools keep to the cores of their ``ComputeContext`` together.
public final class WorkerPool: Sendable {
  /// How many workers there are, the calling thread included.
  public let count: Int
  /// Whose cores the workers compute on.
  public let context: ComputeContext

  private final class Job: @unchecked Sendable {
    // Called only by who has claimed a part, and taken away when all parts are done.
    var body: ((Int) -> Void)?
    let parts: Int
    let next = Atomic<Int>(0)
    let unfinished: Atomic<Int>
    /// Whether the caller sleeps until the last part is done.
    let isAwaited = Atomic<Bool>(false)

    init(parts: Int, body: @escaping (Int) -> Void) {
      self.parts = parts
      self.body = body
      unfinished = Atomic(parts)
    }

    /// - Returns: whether the caller is to be woken.
    func work() -> Bool {
      while true {
        let part = next.add(1, ordering: .acquiringAndReleasing).oldValue
        guard part < parts else { return false }
        body?(part)
        if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 {
          return isAwaited.load(ordering: .sequentiallyConsistent)
        }
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

    /// Parts are of like size: what is left takes no longer than what was just done, as long as nobody else wants the
    /// cores. Else a caller that looked on would take one from who works.
    func awaitEnd(of job: Job) {
      for turn in 0..<1 << 15 {
        if job.unfinished.load(ordering: .acquiring) == 0 { return }
        if turn > 1 << 14 { sched_yield() }
      }
      job.isAwaited.store(true, ordering: .sequentiallyConsistent)
      condition.lock()
      while job.unfinished.load(ordering: .sequentiallyConsistent) > 0 { condition.wait() }
      condition.unlock()
    }

    func wakeAll() {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
  }

  private let shared = Shared()
  // One job at a time; a second caller waits.
  private let turn = Mutex(())

  public init(count: Int, context: ComputeContext = .process) {
    self.count = max(1, count)
    self.context = context
    for _ in 1..<max(2, count) where count > 1 {
      let thread = Thread { [shared] in
        KernelThreads.set(1)
        ComputeContext.enterForOthers()
        var seen = 0
        while let job = shared.awaitJob(after: &seen) {
          if job.work() { shared.wakeAll() }
        }
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
    // Before the turn: whoever has it waits for nobody.
    let cores = context.take(count)
    defer { context.give(cores) }
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
        _ = job.work()
        shared.awaitEnd(of: job)
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
