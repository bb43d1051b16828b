import FoveaCore
import Synchronization

/// Pictures after the expensive steps, kept from one epoch to the next as far as the memory allows, or in a file.
///
/// All have one shape, and are bytes or all floats. Memory is taken as pictures come in.
final class PreparedCache: Sendable {
  private struct State {
    // 0 for none, otherwise the slot's number + 1.
    var slots: [UInt32]
    var taken = 0
  }

  let shape: Shape
  let holdsBytes: Bool
  private let itemByteCount: Int
  private let capacity: Int
  private let block: ByteBlock?
  private let file: PreparedFile?
  private let state: Mutex<State>

  static func itemByteCount(_ shape: Shape, holdsBytes: Bool) -> Int {
    shape.count * (holdsBytes ? 1 : MemoryLayout<Float>.stride)
  }

  /// Nil where not one picture fits.
  ///
  /// - Parameter file: where they are kept; in memory where nil.
  init?(count: Int, shape: Shape, holdsBytes: Bool, limit: Int, file: PreparedFile? = nil) {
    itemByteCount = Self.itemByteCount(shape, holdsBytes: holdsBytes)
    capacity = file?.capacity ?? min(count, limit / max(1, itemByteCount))
    block = file == nil ? ByteBlock(byteCount: capacity * itemByteCount) : nil
    guard capacity > 0, file != nil || block != nil else { return nil }
    self.file = file
    self.shape = shape
    self.holdsBytes = holdsBytes
    state = Mutex(State(slots: Array(repeating: 0, count: file == nil ? count : 0)))
  }

  /// A picture's memory, where it was stored.
  func bytes(of index: Int) -> UnsafeRawBufferPointer? {
    if let file { return file.bytes(of: index) }
    let slot = Int(state.withLock { $0.slots[index] })
    return slot == 0 ? nil : memory(slot - 1).map { UnsafeRawBufferPointer($0) }
  }

  func image(_ index: Int) throws(ImageError) -> Image? {
    guard let bytes = bytes(of: index) else { return nil }
    let pixels: Image.Pixels =
      holdsBytes ? .bytes(Array(bytes)) : .floats(Array(bytes.assumingMemoryBound(to: Float.self)))
    return try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: pixels)
  }

  func store(_ image: Image, at index: Int) {
    guard image.shape == shape else { return }
    switch image.pixels {
    case .bytes(let bytes) where holdsBytes: keep(index) { $0.copyBytes(from: bytes) }
    case .floats(let floats) where !holdsBytes:
      floats.withUnsafeBytes { floats in keep(index) { $0.copyMemory(from: floats) } }
    default: break
    }
  }

  private func keep(_ index: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
    if let file { return file.store(at: index, write) }
    // The slot is written before anybody is told of it, so that no lock is held meanwhile.
    guard let slot = reserve(), let memory = memory(slot) else { return }
    write(memory)
    publish(slot, for: index)
  }

  private func memory(_ slot: Int) -> UnsafeMutableRawBufferPointer? {
    block.map { UnsafeMutableRawBufferPointer(rebasing: $0.bytes[slot * itemByteCount..<(slot + 1) * itemByteCount]) }
  }

  private func reserve() -> Int? {
    state.withLock { state in
      guard state.taken < capacity else { return nil }
      state.taken += 1
      return state.taken - 1
    }
  }

  private func publish(_ slot: Int, for index: Int) {
    state.withLock { $0.slots[index] = UInt32(slot + 1) }
  }
}
