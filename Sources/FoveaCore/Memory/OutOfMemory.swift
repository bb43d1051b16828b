import Glibc

/// Memory that is not to be had.
package struct OutOfMemory: Error, Equatable {
  package let bytes: Int

  /// So much no machine has.
  static let most = 1 << 46

  /// For memory that the standard library will take in its own way: asks the system whether so much is to be had now.
  package static func check(_ bytes: Int) throws(OutOfMemory) {
    guard bytes >= MemoryProbe.least else { return }
    guard bytes < most else { throw OutOfMemory(bytes: bytes) }
    MemoryProbe.lock()
    defer { MemoryProbe.unlock() }
    guard MemoryProbe.hasRoom(for: bytes) else { throw OutOfMemory(bytes: bytes) }
  }
}

extension Array {
  /// As `init(unsafeUninitializedCapacity:initializingWith:)`, which ends the program where memory is not to be had: a
  /// picture of a stranger must not end a run over thousands.
  ///
  /// - Parameter fill: initializes every element of the buffer. Where it returns false, the array is empty.
  package init(
    checkedCount count: Int, filledBy fill: (UnsafeMutableBufferPointer<Element>) -> Bool
  ) throws(OutOfMemory) {
    let (bytes, isTooMany) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !isTooMany, bytes < OutOfMemory.most else { throw OutOfMemory(bytes: isTooMany ? .max : bytes) }
    let isProbed = bytes >= MemoryProbe.least
    // From the probe to the array, nobody else may take what the probe has seen.
    if isProbed { MemoryProbe.lock() }
    guard !isProbed || MemoryProbe.hasRoom(for: bytes) else {
      MemoryProbe.unlock()
      throw OutOfMemory(bytes: bytes)
    }
    self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      if isProbed { MemoryProbe.unlock() }
      initialized = fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count])) ? count : 0
    }
  }
}

/// Asks the system whether memory is to be had, without touching it: two calls, a few microseconds.
private enum MemoryProbe {
  /// Less is not probed for: there is always a little left, since every probe asks for more than it needs.
  static let least = 1 << 20
  private static let spare = 48 << 20

  private nonisolated(unsafe) static let turn: UnsafeMutablePointer<pthread_mutex_t> = {
    let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(turn, nil)
    return turn
  }()

  static func lock() { pthread_mutex_lock(turn) }
  static func unlock() { pthread_mutex_unlock(turn) }

  static func hasRoom(for bytes: Int) -> Bool {
    if isThere(bytes) { return true }
    // What tensors have given back is memory, too.
    StoragePool.shared.trim()
    return isThere(bytes)
  }

  private static func isThere(_ bytes: Int) -> Bool {
    let place = mmap(nil, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let place, place != MAP_FAILED else { return false }
    munmap(place, bytes + spare)
    return true
  }
}
