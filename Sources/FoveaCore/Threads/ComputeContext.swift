import COneDNN
import Dispatch
import Foundation
import Synchronization

/// Cores that several models, pools and threads share.
///
/// Each call of a ``WorkerPool`` or a model takes as many cores as it computes on, and gives them back; where they are not
/// free, the calling thread sleeps until it is its turn, in the order in which the calls came. So however many threads
/// compute, no more of them run than there are cores, and a call computes on as many as it does alone: its numbers do not
/// depend on what else there is to do. A call within another one, of the same or another context, takes no more.
public final class ComputeContext: Sendable {
  /// All cores of the process: what models and pools take theirs from until they are given another context.
  public static let process = ComputeContext(
    cores: ProcessInfo.processInfo.activeProcessorCount, mostForACall: .max)

  /// How many threads may compute at once.
  public let cores: Int
  private let mostForACall: Int
  /// How many threads may wait in OpenMP's teams.
  private var mostResting: Int { max(4 * cores, 32) }
  /// Free cores, and from bit 32 on how many wait for some.
  private let state: Atomic<Int>
  private static var oneWaiting: Int { 1 << 32 }
  private let waiting = Mutex([Waiter]())

  private final class Waiter: Sendable {
    let count: Int
    let turn = DispatchSemaphore(value: 0)

    init(_ count: Int) { self.count = count }
  }

  /// What a call has taken.
  package struct Cores {
    /// 0 within another call, which has taken them.
    let count: Int
    /// How many threads the calling thread's kernels had before; 0 where that has not changed.
    let threadsBefore: Int
  }

  /// - Parameters:
  ///   - cores: how many threads may compute at once, 1 at least.
  ///   - coresPerCall: at most so many for one call of a model without a pool; nil for all. With 1, many threads that call
  ///     models neither wait for each other within a kernel nor keep threads of their own.
  public convenience init(cores: Int, coresPerCall: Int? = nil) {
    self.init(cores: cores, mostForACall: min(coresPerCall ?? cores, cores))
  }

  private init(cores: Int, mostForACall: Int) {
    self.cores = max(1, cores)
    self.mostForACall = max(1, mostForACall)
    state = Atomic(max(1, cores))
  }

  /// Takes cores for kernels on as many threads as the calling thread is to use, and lets these use no more than the
  /// context gives.
  package func take() -> Cores {
    guard !fovea_dnn_this_thread().pointee.has_cores else { return Cores(count: 0, threadsBefore: 0) }
    let asked = KernelThreads.current
    let threads = min(asked, mostForACall)
    let count = acquire(threads)
    guard threads < asked else { return Cores(count: count, threadsBefore: 0) }
    KernelThreads.set(threads)
    return Cores(count: count, threadsBefore: asked)
  }

  /// Takes cores for so many threads; all there are, where there are not as many.
  package func take(_ threads: Int) -> Cores {
    guard !fovea_dnn_this_thread().pointee.has_cores else { return Cores(count: 0, threadsBefore: 0) }
    return Cores(count: acquire(threads), threadsBefore: 0)
  }

  package func give(_ taken: Cores) {
    guard taken.count > 0 else { return }
    fovea_dnn_this_thread().pointee.has_cores = false
    // OpenMP keeps threads for each one that had help, however long there is nothing to do for them. Ending them and
    // starting them again takes as long as a small network, so some may stay.
    if taken.count > 1 { fovea_dnn_rest(Int32(clamping: taken.count - 1), Int32(clamping: mostResting)) }
    if taken.threadsBefore > 0 { KernelThreads.set(taken.threadsBefore) }
    let now = state.add(taken.count, ordering: .acquiringAndReleasing).newValue
    if now >= Self.oneWaiting { waiting.withLock { admit(&$0) } }
  }

  /// For a thread that only works for others, who have taken cores for it.
  static func enterForOthers() { fovea_dnn_this_thread().pointee.has_cores = true }

  private func acquire(_ threads: Int) -> Int {
    let count = max(1, min(threads, cores))
    if !acquireAtOnce(count) {
      let waiter = Waiter(count)
      waiting.withLock { waiting in
        state.add(Self.oneWaiting, ordering: .acquiringAndReleasing)
        waiting.append(waiter)
        admit(&waiting)
      }
      waiter.turn.wait()
    }
    fovea_dnn_this_thread().pointee.has_cores = true
    return count
  }

  /// Whoever waits comes first.
  private func acquireAtOnce(_ count: Int) -> Bool {
    var now = state.load(ordering: .relaxed)
    while now < Self.oneWaiting, now >= count {
      let (done, original) = state.compareExchange(
        expected: now, desired: now - count, ordering: .acquiring)
      if done { return true }
      now = original
    }
    return false
  }

  /// While somebody waits, nobody else takes any.
  private func admit(_ waiting: inout [Waiter]) {
    while let first = waiting.first, state.load(ordering: .acquiring) % Self.oneWaiting >= first.count {
      state.subtract(first.count + Self.oneWaiting, ordering: .acquiringAndReleasing)
      waiting.removeFirst()
      first.turn.signal()
    }
  }
}
