import Synchronization

/// Memory that tensors give back when they end and take again when they start.
///
/// A training step has the same tensors each time, so after the first step none of its memory comes from the system.
/// Blocks are kept in size classes, four to each power of two: at most a quarter of a block is unused. Where the system is
/// asked for more while over ``mostFree`` bytes lie free, in classes that nobody asks for now, those go back first: so ever
/// new sizes do not add up.
///
/// There is one for the process, since tensors go from model to model and from thread to thread.
public final class StoragePool: Sendable {
  public static let shared = StoragePool()

  /// oneDNN's widest vectors and the processor's cache lines are 64 bytes.
  static let alignment = 64

  /// Bytes that may lie free when the system is asked for more.
  static let mostFree = 1 << 30

  struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let size: Int
    fileprivate let classNumber: Int
  }

  private struct State {
    /// By number of the size class.
    var free = [[Block]](repeating: [], count: 4 * Int.bitWidth + 1)
    var allocations = 0
    var bytes = 0
    /// Of them, those that tensors have.
    var bytesInUse = 0

    mutating func trim() {
      for number in free.indices {
        for block in free[number] {
          block.address.deallocate()
          bytes -= block.size
        }
        free[number].removeAll()
      }
    }
  }

  private let state = Mutex(State())

  init() {}

  /// How many blocks have come from the system so far. At steady state this number stands still.
  public var systemAllocations: Int { state.withLock(\.allocations) }

  /// Bytes that the pool holds, in use or free.
  public var bytes: Int { state.withLock(\.bytes) }

  /// Gives all free blocks back to the system.
  public func trim() { state.withLock { $0.trim() } }

  /// A block of at least so many bytes.
  func take(_ byteCount: Int) -> Block {
    let wanted = max(byteCount, Self.alignment)
    let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let quarter = (1 << power) / 4
    let number = 4 * power + (wanted - (1 << power) + quarter - 1) / quarter
    return state.withLock { state in
      if let block = state.free[number].popLast() {
        state.bytesInUse += block.size
        return block
      }
      if state.bytes - state.bytesInUse > Self.mostFree { state.trim() }
      let step = max(Self.alignment, quarter)
      let size = (wanted + step - 1) / step * step
      state.allocations += 1
      state.bytes += size
      state.bytesInUse += size
      return Block(
        address: .allocate(byteCount: size, alignment: Self.alignment), size: size, classNumber: number)
    }
  }

  func give(_ block: Block) {
    state.withLock { state in
      state.bytesInUse -= block.size
      state.free[block.classNumber].append(block)
    }
  }
}

/// A block of memory from the pool, given back when its last owner ends; or a part of one that keeps the whole alive.
final class Storage {
  let address: UnsafeMutableRawPointer
  let byteCount: Int
  private let memory: Memory

  private enum Memory {
    case own(StoragePool.Block)
    case part(of: Storage)
  }

  /// Whether this is a part of another storage, so that whoever wants to write needs a copy.
  var isPart: Bool { if case .part = memory { true } else { false } }

  init(byteCount: Int) {
    self.byteCount = byteCount
    let block = StoragePool.shared.take(byteCount)
    address = block.address
    memory = .own(block)
  }

  init(_ whole: Storage, from start: Int, byteCount: Int) {
    self.byteCount = byteCount
    address = whole.address + start
    memory = .part(of: whole)
  }

  deinit {
    if case .own(let block) = memory { StoragePool.shared.give(block) }
  }
}
