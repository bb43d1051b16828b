import FoveaCore
import Synchronization

/// Pictures after the expensive steps, kept from one epoch to the next as far as the memory allows.
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
  private let block: ByteBlock
  private let state: Mutex<State>

  /// Nil where not one picture fits.
  init?(count: Int, shape: Shape, holdsBytes: Bool, limit: Int) {
    itemByteCount = shape.count * (holdsBytes ? 1 : MemoryLayout<Float>.stride)
    capacity = min(count, limit / max(1, itemByteCount))
    guard capacity > 0, let block = ByteBlock(byteCount: capacity * itemByteCount) else { return nil }
    self.block = block
    self.shape = shape
    self.holdsBytes = holdsBytes
    state = Mutex(State(slots: Array(repeating: 0, count: count)))
  }

  /// A picture's memory, where it was stored.
  func bytes(of index: Int) -> UnsafeRawBufferPointer? {
    let slot = Int(state.withLock { $0.slots[index] })
    return slot == 0 ? nil : UnsafeRawBufferPointer(memory(slot - 1))
  }

  func image(_ index: Int) throws(ImageError) -> Image? {
    guard let bytes = bytes(of: index) else { return nil }
    let pixels: Image.Pixels =
      holdsBytes ? .bytes(Array(bytes)) : .floats(Array(bytes.assumingMemoryBound(to: Float.self)))
    return try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: pixels)
  }

  func store(_ image: Image, at index: Int) {
    guard image.shape == shape else { return }
    // The slot is written before anybody is told of it, so that no lock is held meanwhile.
    switch image.pixels {
    case .bytes(let bytes) where holdsBytes:
      guard let slot = reserve() else { return }
      memory(slot).copyBytes(from: bytes)
      publish(slot, for: index)
    case .floats(let floats) where !holdsBytes:
      guard let slot = reserve() else { return }
      floats.withUnsafeBytes { memory(slot).copyMemory(from: $0) }
      publish(slot, for: index)
    default: break
    }
  }

  private func memory(_ slot: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: block.bytes[slot * itemByteCount..<(slot + 1) * itemByteCount])
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
