import Synchronization

/// Memory that tensors give back when they end and take again when they start.
///
/// A training step has the same tensors each time, so after the first step none of its memory comes from the system.
/// Blocks are kept in size classes, four to each power of two: at most a quarter of a block is unused.
public final class StoragePool: Sendable {
  public static let shared = StoragePool()

  /// oneDNN's widest vectors and the processor's cache lines are 64 bytes.
  static let alignment = 64

  private struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
  }

  private struct State {
    var free: [Int: [Block]] = [:]
    var allocations = 0
    var bytes = 0
  }

  private let state = Mutex(State())

  init() {}

  /// How many blocks have come from the system so far. At steady state this number stands still.
  public var systemAllocations: Int { state.withLock(\.allocations) }

  /// Bytes that the pool holds, in use or free.
  public var bytes: Int { state.withLock(\.bytes) }

  /// Gives all free blocks back to the system.
  public func trim() {
    state.withLock { state in
      for (size, blocks) in state.free {
        for block in blocks { block.address.deallocate() }
        state.bytes -= size * blocks.count
      }
      state.free.removeAll()
    }
  }

  static func sizeClass(_ byteCount: Int) -> Int {
    let wanted = max(byteCount, alignment)
    let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let step = max(alignment, (1 << power) / 4)
    return (wanted + step - 1) / step * step
  }

  func take(_ size: Int) -> UnsafeMutableRawPointer {
    state.withLock { state in
      if let block = state.free[size]?.popLast() { return block }
      state.allocations += 1
      state.bytes += size
      return Block(address: .allocate(byteCount: size, alignment: Self.alignment))
    }.address
  }

  func give(_ address: UnsafeMutableRawPointer, size: Int) {
    let block = Block(address: address)
    state.withLock { $0.free[size, default: []].append(block) }
  }
}

/// A block of memory from the pool, given back when its last owner ends.
final class Storage {
  let address: UnsafeMutableRawPointer
  let byteCount: Int
  private let size: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    size = StoragePool.sizeClass(byteCount)
    address = StoragePool.shared.take(size)
  }

  deinit { StoragePool.shared.give(address, size: size) }
}
