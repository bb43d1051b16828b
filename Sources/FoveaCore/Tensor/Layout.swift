import COneDNN

/// How a tensor's elements lie in memory: row-major, in the blocked order that a kernel chose, or examples side by side.
///
/// Orders are interned: the same order is the same layout, so comparing two costs one comparison of addresses. Dimensions
/// are no part of it, which tensors have themselves, so that there are few.
public enum Layout: Sendable, Hashable {
  /// Row-major: the last axis is contiguous.
  case plain
  case blocked(BlockedLayout)

  /// Sixteen examples side by side, `[groups of 16][elements][16]`: a kernel that computes sixteen examples at once fills
  /// the widest vectors, however few channels or units a layer has. The last group is filled up with what does not count.
  ///
  /// No case of its own, for with three a layout would take a second word, and a tensor four, which each copy pays for.
  package static var interleaved: Layout { .blocked(.interleaved) }

  /// Bytes, channels last, for the kernels of networks in use that multiply such.
  package static func bytes(_ scale: ByteScale) -> Layout { .blocked(.bytes(scale)) }

  /// What bytes stand for; nil for a layout of anything else.
  package var byteScale: ByteScale? {
    switch self {
    case .plain: nil
    case .blocked(let blocked): blocked.byteScale
    }
  }

  /// Whether float32 elements are floats in memory too; else they are bfloat16 or bytes, for a kernel with such factors. That is
  /// the kernel's own way to keep them, as an order is, and no ``ElementType``: whoever asks for them gets floats.
  package var holdsFloats: Bool {
    switch self {
    case .plain: true
    case .blocked(let blocked):
      blocked == .interleaved || blocked.byteScale == nil && fovea_dnn_order_is_float32(blocked.order)
    }
  }

  /// How many examples lie side by side.
  package static let examplesInGroup = 16

  /// Whether at most a quarter of an interleaved batch's elements would be for examples that do not count; more would
  /// cost what the kernels for interleaved examples gain.
  package static func fillsGroups(_ batch: Int) -> Bool {
    let padded = (batch + examplesInGroup - 1) / examplesInGroup * examplesInGroup
    return batch * 4 >= padded * 3
  }
}

/// An order that a kernel prefers over the plain one. It may hold padding, which is zero unless examples are interleaved.
public struct BlockedLayout: @unchecked Sendable, Hashable {
  // Interned by COneDNN, or as bytes' scales are, and never freed, so that sharing it between threads is safe.
  let order: fovea_dnn_order

  // An address that is none of oneDNN's orders, that nobody looks behind, and that is the same in a plugin's copy of
  // this code.
  static var interleaved: BlockedLayout { BlockedLayout(order: fovea_dnn_order(bitPattern: 1).unsafelyUnwrapped) }

  func byteCount(_ shape: Shape) -> Int {
    guard self == .interleaved else {
      if byteScale != nil { return ByteMaps(shape).byteCount }
      let bytes = shape.withRawDimensions { Int(fovea_dnn_order_byte_count(order, $0, $1)) }
      require(bytes > 0 || shape.count == 0, "no tensor of shape \(shape) lies in an order for other axes")
      return bytes
    }
    let groups = (shape[0] + Layout.examplesInGroup - 1) / Layout.examplesInGroup
    return groups * Layout.examplesInGroup * shape.withoutBatch.count * MemoryLayout<Float>.stride
  }
}

extension Layout {
  init(_ handle: fovea_dnn_layout) {
    self = fovea_dnn_layout_order(handle).map { .blocked(BlockedLayout(order: $0)) } ?? .plain
  }

  func byteCount(_ shape: Shape) -> Int {
    switch self {
    case .plain: shape.count * MemoryLayout<Float>.stride
    case .blocked(let blocked): blocked.byteCount(shape)
    }
  }
}
