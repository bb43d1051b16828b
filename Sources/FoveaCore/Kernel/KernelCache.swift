import Synchronization

/// Kernels by what tells them apart: pass, batch, layouts. A layer owns one, so that each is created once.
///
/// It is bounded: where a network meets ever new batch sizes, the kernel that was not used for longest makes room.
public final class KernelCache<Key: Hashable & Sendable>: Sendable {
  /// The most kernels that are kept. A training and its evaluations need about ten of a layer.
  public let limit: Int

  // A kernel is cut into threads when it is created.
  private struct Entry: Hashable {
    let key: Key
    let threads: Int
  }

  /// An object, so that a use is noted without another search.
  private final class Slot {
    let kernel: Kernel
    var lastUse: UInt64

    init(_ kernel: Kernel, _ use: UInt64) { (self.kernel, lastUse) = (kernel, use) }
  }

  private struct State {
    var slots: [Entry: Slot] = [:]
    /// Rises with each use.
    var clock: UInt64 = 0

    mutating func use(_ entry: Entry) -> Kernel? {
      guard let slot = slots[entry] else { return nil }
      clock &+= 1
      slot.lastUse = clock
      return slot.kernel
    }
  }

  private let state = Mutex(State())

  /// - Parameter limit: the most kernels that are kept, at least 1.
  public init(limit: Int = 64) {
    self.limit = max(1, limit)
  }

  /// How many kernels are kept now.
  public var count: Int { state.withLock(\.slots.count) }

  /// The kernel for `key` and the calling thread's number of threads, created by `make` where it is new.
  public func kernel(
    _ key: Key, make: (Key) throws(KernelError) -> Kernel
  ) throws(KernelError) -> Kernel {
    let entry = Entry(key: key, threads: KernelThreads.current)
    if let kernel = state.withLock({ $0.use(entry) }) { return kernel }
    let kernel = try make(key)
    return state.withLock { state in
      // Another thread may have been faster; one of the two kernels is enough.
      if let first = state.use(entry) { return first }
      // Whoever still runs the kernel that goes holds it until the end.
      if state.slots.count >= limit, let oldest = state.slots.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        state.slots[oldest.key] = nil
      }
      state.clock &+= 1
      state.slots[entry] = Slot(kernel, state.clock)
      return kernel
    }
  }
}
