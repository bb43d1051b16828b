import COneDNN

/// How a tensor's elements lie in memory: row-major, or in the blocked order that a kernel chose.
///
/// Layouts are interned: the same order is the same layout, so comparing two costs one comparison of addresses.
public enum Layout: Sendable, Hashable {
  /// Row-major: the last axis is contiguous.
  case plain
  case blocked(BlockedLayout)
}

/// An order that a kernel prefers over the plain one. It may hold padding, which is zero.
public struct BlockedLayout: @unchecked Sendable, Hashable {
  // Interned by COneDNN and never freed, so that sharing it between threads is safe.
  let handle: fovea_dnn_layout

  var byteCount: Int { Int(fovea_dnn_layout_byte_count(handle)) }
}

extension Layout {
  init(_ handle: fovea_dnn_layout) {
    self = fovea_dnn_layout_is_plain(handle) ? .plain : .blocked(BlockedLayout(handle: handle))
  }

  func byteCount(_ shape: Shape) -> Int {
    switch self {
    case .plain: shape.count * MemoryLayout<Float>.stride
    case .blocked(let blocked): blocked.byteCount
    }
  }
}
