import Synchronization

/// Kernels by what tells them apart: pass, batch, layouts. A layer owns one, so that each is created once.
public final class KernelCache<Key: Hashable & Sendable>: Sendable {
  // A kernel is cut into threads when it is created.
  private struct Entry: Hashable {
    let key: Key
    let threads: Int
  }

  private let kernels = Mutex<[Entry: Kernel]>([:])

  public init() {}

  /// The kernel for `key` and the calling thread's number of threads, created by `make` where it is new.
  public func kernel(
    _ key: Key, make: (Key) throws(KernelError) -> Kernel
  ) throws(KernelError) -> Kernel {
    let entry = Entry(key: key, threads: KernelThreads.current)
    if let kernel = kernels.withLock({ $0[entry] }) { return kernel }
    let kernel = try make(key)
    return kernels.withLock { kernels in
      // Another thread may have been faster; one of the two kernels is enough.
      if let first = kernels[entry] { return first }
      kernels[entry] = kernel
      return kernel
    }
  }
}
