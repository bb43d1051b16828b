import COneDNN
import Glibc
import Synchronization

/// Memory that tensors give back when they end and take again when they start.
///
/// A training step has the same tensors each time, so after the first step none of its memory comes from the system.
/// Blocks are kept in size classes, four to each power of two: at most a quarter of a block is unused. Where the system is
/// asked for more while over ``mostFree`` bytes lie free, in classes that nobody asks for now, those go back first: so ever
/// new sizes do not add up.
///
/// There is one for the process, as there is one `malloc`: tensors go from model to model and from thread to thread, and a
/// reference from each to a pool of its own would cost small networks more than it is worth.
public final class StoragePool: Sendable {
  public static let shared = StoragePool()

  /// oneDNN's widest vectors and the processor's cache lines are 64 bytes.
  static let alignment = 64

  struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let size: Int
    fileprivate let classNumber: Int
  }

  // Free blocks lie on shelves. Threads begin their search at different ones, and pass over those that another thread looks
  // through just now: nobody waits.
  private let shelves: Shelves
  private let allocations = Atomic<Int>(0)
  private let held = Atomic<Int>(0)
  private let freeLimit = Atomic<Int>(1 << 30)

  init() { shelves = Shelves() }

  /// Bytes that may lie free when the system is asked for more; 1 GiB at first.
  public var mostFree: Int {
    get { freeLimit.load(ordering: .relaxed) }
    set { freeLimit.store(newValue, ordering: .relaxed) }
  }

  /// How many blocks have come from the system so far. At steady state this number stands still.
  public var systemAllocations: Int { allocations.load(ordering: .relaxed) }

  /// Bytes that the pool holds, in use or free.
  public var bytes: Int { held.load(ordering: .relaxed) }

  /// Gives all free blocks back to the system.
  public func trim() { held.subtract(shelves.clear(), ordering: .relaxed) }

  /// A block of at least so many bytes; nil where the system has no memory for it.
  func take(_ byteCount: Int) -> Block? {
    let wanted = max(byteCount, Self.alignment)
    let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let quarter = (1 << power) / 4
    let number = 4 * power + (wanted - (1 << power) + quarter - 1) / quarter
    let size = Self.size(ofClass: number)
    if let address = shelves.pop(number, size) { return Block(address: address, size: size, classNumber: number) }
    if shelves.bytes > mostFree { trim() }
    var address = Self.allocate(size)
    if address == nil {
      // What lies free in other classes is memory, too.
      trim()
      address = Self.allocate(size)
    }
    guard let address else { return nil }
    allocations.add(1, ordering: .relaxed)
    held.add(size, ordering: .relaxed)
    return Block(address: address, size: size, classNumber: number)
  }

  /// What all blocks of a class have.
  fileprivate static func size(ofClass number: Int) -> Int {
    let size = (1 << (number / 4)) + (number % 4) * ((1 << (number / 4)) / 4)
    return (size + alignment - 1) / alignment * alignment
  }

  /// Large blocks are the system's pages: among those of `malloc`, what lies free between others in use does not go back.
  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= fewestMapped else { return .allocate(byteCount: size, alignment: alignment) }
    let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return pages == MAP_FAILED ? nil : pages
  }

  fileprivate static func deallocate(_ block: UnsafeMutableRawPointer, _ size: Int) {
    if size < fewestMapped { block.deallocate() } else { munmap(block, size) }
  }

  private static let fewestMapped = 1 << 18

  func give(_ block: Block) { shelves.push(block.address, block.classNumber, block.size) }
}

/// Free blocks of memory, by thread and by class. All that lie in one class are of one size, and each holds the address of
/// the next one.
private struct Shelves: @unchecked Sendable {
  // Powers of two.
  private static var count: Int { 16 }
  private static var classes: Int { 256 }
  // Each in a cache line of its own.
  private static var apart: Int { StoragePool.alignment }
  /// Whether a thread looks through the shelf.
  private let isTaken: UnsafeMutablePointer<Atomic<Bool>>
  // Of each shelf, changed by who has taken it. The sizes may be looked at by all.
  private let sizes: UnsafeMutablePointer<Atomic<Int>>
  private let first: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  init() {
    isTaken = .allocate(capacity: Self.count * Self.apart)
    sizes = .allocate(capacity: Self.count * Self.apart)
    first = .allocate(capacity: Self.count * Self.classes)
    first.initialize(repeating: nil, count: Self.count * Self.classes)
    for index in 0..<Self.count * Self.apart {
      (isTaken + index).initialize(to: Atomic(false))
      (sizes + index).initialize(to: Atomic(0))
    }
  }

  var bytes: Int { (0..<Self.count).reduce(0) { $0 + sizes[$1 * Self.apart].load(ordering: .relaxed) } }

  func pop(_ classNumber: Int, _ size: Int) -> UnsafeMutableRawPointer? {
    let own = Int(fovea_dnn_this_thread().pointee.number)
    for offset in 0..<Self.count {
      let shelf = (own + offset) & (Self.count - 1)
      guard take(shelf) else { continue }
      let place = first + (shelf * Self.classes + classNumber)
      if let block = place.pointee {
        place.pointee = block.load(as: UnsafeMutableRawPointer?.self)
        add(-size, to: shelf)
        leave(shelf)
        return block
      }
      leave(shelf)
    }
    return nil
  }

  func push(_ block: UnsafeMutableRawPointer, _ classNumber: Int, _ size: Int) {
    var shelf = Int(fovea_dnn_this_thread().pointee.number) & (Self.count - 1)
    while !take(shelf) {
      shelf = (shelf + 1) & (Self.count - 1)
      // Those that have taken all of them need a core to go on.
      if shelf == 0 { sched_yield() }
    }
    let place = first + (shelf * Self.classes + classNumber)
    block.storeBytes(of: place.pointee, as: UnsafeMutableRawPointer?.self)
    place.pointee = block
    add(size, to: shelf)
    leave(shelf)
  }

  /// Gives all blocks back to the system.
  ///
  /// - Returns: how many bytes they had.
  func clear() -> Int {
    var freed = 0
    for shelf in 0..<Self.count where take(shelf) {
      for number in 0..<Self.classes {
        let place = first + (shelf * Self.classes + number)
        while let block = place.pointee {
          place.pointee = block.load(as: UnsafeMutableRawPointer?.self)
          StoragePool.deallocate(block, StoragePool.size(ofClass: number))
        }
      }
      let size = sizes[shelf * Self.apart].load(ordering: .relaxed)
      add(-size, to: shelf)
      freed += size
      leave(shelf)
    }
    return freed
  }

  private func add(_ size: Int, to shelf: Int) {
    let sum = sizes[shelf * Self.apart].load(ordering: .relaxed) + size
    sizes[shelf * Self.apart].store(sum, ordering: .relaxed)
  }

  private func take(_ shelf: Int) -> Bool { !isTaken[shelf * Self.apart].exchange(true, ordering: .acquiring) }

  private func leave(_ shelf: Int) { isTaken[shelf * Self.apart].store(false, ordering: .releasing) }
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
    guard let block = StoragePool.shared.take(byteCount) else { stop("no memory for \(byteCount) bytes") }
    self.byteCount = byteCount
    address = block.address
    memory = .own(block)
  }

  init(checkedByteCount byteCount: Int) throws(OutOfMemory) {
    // Blocks are somewhat larger, and their classes end somewhere.
    guard byteCount < OutOfMemory.most, let block = StoragePool.shared.take(byteCount) else {
      throw OutOfMemory(bytes: byteCount)
    }
    self.byteCount = byteCount
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
